# How this project declares what it builds. Flags hang on one interface target; nothing is global
# but the standard and the tools that make builds faster.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# One cache serves every checkout: paths below the source folder count as relative, here and in what
# the debugger is told. Precompiled headers want the sloppiness (ccache's manual, "Precompiled headers").
find_program(TONGBAO_CCACHE ccache)
if(TONGBAO_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}
        CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros ${TONGBAO_CCACHE})
endif()
find_program(TONGBAO_MOLD mold)

set(TONGBAO_SANITIZE "" CACHE STRING "what -fsanitize= gets: address,undefined or thread")
option(TONGBAO_HARDEN "fortify, stack protector, full RELRO, PIE" OFF)
option(TONGBAO_PRECOMPILE "take precompiled headers" OFF)
option(TONGBAO_TESTS "build the tests, not only what ships and the benchmark" ON)
option(TONGBAO_LINT "instead of building, one test a target that runs clang-tidy over its sources" OFF)
if(TONGBAO_LINT)
    find_program(TONGBAO_CLANG_TIDY NAMES clang-tidy-14 REQUIRED)
endif()

add_library(tongbao_flags INTERFACE)
target_compile_options(tongbao_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Werror)
target_compile_options(tongbao_flags INTERFACE -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
target_compile_definitions(tongbao_flags INTERFACE _GLIBCXX_ASSERTIONS)
if(TONGBAO_MOLD)
    target_link_options(tongbao_flags INTERFACE -fuse-ld=mold)
endif()
# Where several sources are compiled as one g++ warns of every coroutine that holds a lambda of an
# anonymous namespace: to it such a source is a header.
if(CMAKE_UNITY_BUILD AND NOT TONGBAO_LINT)
    target_compile_options(tongbao_flags INTERFACE -Wno-subobject-linkage)
    # Such a compilation takes a fifteenth less time if nothing is collected before it has 4 GB.
    target_compile_options(tongbao_flags INTERFACE --param=ggc-min-heapsize=4000000)
endif()
if(TONGBAO_SANITIZE)
    target_compile_options(tongbao_flags INTERFACE
        -fsanitize=${TONGBAO_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
        # g++'s manual: sanitizers make warnings err. Here it takes std::regex for uninitialised.
        -Wno-maybe-uninitialized)
    target_link_options(tongbao_flags INTERFACE -fsanitize=${TONGBAO_SANITIZE})
    # An assertion that doesn't catch by itself takes a tenth less time to compile: what an expression
    # throws ends its case, named without the line, which dev says.
    target_compile_definitions(tongbao_flags INTERFACE DOCTEST_CONFIG_NO_TRY_CATCH_IN_ASSERTS)
    if(TONGBAO_SANITIZE MATCHES "undefined")
        # The address sanitizer stops at a null pointer too; together these cost a quarter of the build.
        target_compile_options(tongbao_flags INTERFACE
            -fno-sanitize=null,alignment,object-size,vptr)
    endif()
    if(TONGBAO_SANITIZE MATCHES "thread")
        # Asio's fences: g++ says that tsan can't see them and, with -Werror, stops.
        target_compile_options(tongbao_flags INTERFACE -Wno-tsan)
    endif()
endif()
# Each process that a test begins would first relocate itself: with sanitizers some hundred thousand
# addresses, page by page. The thread sanitizer wants the address space that it knows.
if(CMAKE_BUILD_TYPE STREQUAL "Debug" AND NOT TONGBAO_SANITIZE MATCHES "thread")
    target_compile_options(tongbao_flags INTERFACE -fno-pie)
    target_link_options(tongbao_flags INTERFACE -no-pie)
endif()
if(TONGBAO_HARDEN)
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
    target_compile_options(tongbao_flags INTERFACE -fstack-protector-strong)
    target_compile_definitions(tongbao_flags INTERFACE _FORTIFY_SOURCE=2)
    target_link_options(tongbao_flags INTERFACE -pie -Wl,-z,relro,-z,now)
endif()

# Tests are most of what is compiled, each once, and spend their time in what they test: without
# optimisation they take two thirds of the time to compile.
function(tongbao_optimise_less target headers)
    if(headers MATCHES "tests$")
        target_compile_options(${target} PRIVATE $<$<CONFIG:Debug>:-O0>)
    endif()
endfunction()

# What most files include, compiled once for all of them: `plain` for what has no connections, `wired`
# for what has coroutines and sockets, `commands` for what has command lines, `tests` and `wired_tests`
# for tests. Which of them a target takes changes only how long it builds.
if(TONGBAO_PRECOMPILE)
    set(TONGBAO_STD <algorithm> <array> <charconv> <chrono> <cstddef> <cstdint> <deque> <filesystem>
        <fstream> <functional> <iostream> <limits> <map> <memory> <mutex> <optional> <set> <span>
        <sstream> <stdexcept> <string> <string_view> <thread> <unordered_map> <utility> <variant>
        <vector> <boost/system/error_code.hpp> <boost/system/result.hpp>)
    set(TONGBAO_ASIO <boost/asio/any_io_executor.hpp> <boost/asio/as_tuple.hpp>
        <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/io_context.hpp>
        <boost/asio/post.hpp> <boost/asio/steady_timer.hpp> <boost/asio/this_coro.hpp>
        <boost/asio/thread_pool.hpp> <boost/asio/use_awaitable.hpp>)
    file(WRITE ${PROJECT_BINARY_DIR}/precompiled.cpp "")
    function(tongbao_precompiled name)
        add_library(tongbao_precompiled_${name} OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
        target_link_libraries(tongbao_precompiled_${name} PRIVATE tongbao_flags)
        target_compile_options(tongbao_precompiled_${name} PRIVATE -fpch-preprocess)
        target_precompile_headers(tongbao_precompiled_${name} PRIVATE ${ARGN})
        tongbao_optimise_less(tongbao_precompiled_${name} ${name})
        set_target_properties(tongbao_precompiled_${name} PROPERTIES UNITY_BUILD OFF)
    endfunction()
    tongbao_precompiled(plain ${TONGBAO_STD})
    tongbao_precompiled(wired ${TONGBAO_STD} ${TONGBAO_ASIO})
    tongbao_precompiled(commands ${TONGBAO_STD} <CLI/CLI.hpp>)
    tongbao_precompiled(tests ${TONGBAO_STD} <doctest/doctest.h>)
    tongbao_precompiled(wired_tests ${TONGBAO_STD} ${TONGBAO_ASIO} <doctest/doctest.h>
        <nlohmann/json.hpp>)
    # g++ takes Asio's headers only as its user compiles them: declared here, defined in transport.
    foreach(name wired wired_tests)
        target_compile_definitions(tongbao_precompiled_${name} PRIVATE
            $<TARGET_PROPERTY:tongbao_transport,INTERFACE_COMPILE_DEFINITIONS>)
    endforeach()
endif()
function(tongbao_precompile target name)
    tongbao_optimise_less(${target} ${name})
    if(TARGET tongbao_precompiled_${name})
        target_compile_options(${target} PRIVATE -fpch-preprocess)
        target_precompile_headers(${target} REUSE_FROM tongbao_precompiled_${name})
    endif()
endfunction()

# A test that reads all sources of TARGET at once, so that what they include is read once: that is most
# of what clang-tidy spends. The preset puts them all into one unit.
function(tongbao_lint target)
    if(TONGBAO_LINT)
        file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
        add_test(NAME "clang-tidy finds nothing in ${target} of ${folder}"
            COMMAND ${TONGBAO_CLANG_TIDY} --quiet -p ${PROJECT_BINARY_DIR}
                --checks=-bugprone-suspicious-include  # the unit includes sources on purpose,
                --header-filter=${PROJECT_SOURCE_DIR}/  # so that they count as headers
                ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/Unity/unity_0_cxx.cxx)
        set_tests_properties("clang-tidy finds nothing in ${target} of ${folder}" PROPERTIES TIMEOUT 1800)
    endif()
endfunction()

# A library named after its folder. The DEPENDS line is the dependency rule; its public part is
# what the library's own headers include. HEADERS: which of the precompiled ones, `plain` unless said.
function(tongbao_library name)
    cmake_parse_arguments(ARG "" "HEADERS" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
    if(NOT ARG_HEADERS)
        set(ARG_HEADERS plain)
    endif()
    add_library(tongbao_${name} STATIC ${ARG_SOURCES})
    add_library(tongbao::${name} ALIAS tongbao_${name})
    target_include_directories(tongbao_${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(tongbao_${name} PUBLIC ${ARG_DEPENDS}
        PRIVATE tongbao_flags ${ARG_PRIVATE_DEPENDS})
    tongbao_precompile(tongbao_${name} ${ARG_HEADERS})
    tongbao_lint(tongbao_${name})
endfunction()

function(tongbao_program name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE tongbao_flags ${ARG_DEPENDS})
    set_target_properties(${name} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
    tongbao_lint(${name})
endfunction()

# One test program a folder. ctest knows its cases one by one; with a sanitizer, where beginning a process
# takes longer than most cases, its source files, but for the stories of integration. HEADERS: as above,
# `tests` unless said.
function(tongbao_tests name)
    cmake_parse_arguments(ARG "" "TIMEOUT;HEADERS" "SOURCES;DEPENDS;LABELS" ${ARGN})
    if(NOT ARG_HEADERS)
        set(ARG_HEADERS tests)
    endif()
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    if(TONGBAO_SANITIZE)
        math(EXPR ARG_TIMEOUT "4 * ${ARG_TIMEOUT}")
    endif()
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE tongbao_flags tongbao_test_main ${ARG_DEPENDS})
    tongbao_precompile(${name} ${ARG_HEADERS})
    # An empty list of labels would vanish on its way to ctest and take the next property for its own.
    set(properties TIMEOUT ${ARG_TIMEOUT})
    if(ARG_LABELS)
        # Stories wait for processes more than they compute: begun first, nothing waits for them at the end.
        list(APPEND properties LABELS "${ARG_LABELS}" COST 100)
    endif()
    if(TONGBAO_SANITIZE MATCHES "thread")
        list(APPEND properties ENVIRONMENT
            TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/fault/tsan_suppressions.txt)
    endif()
    if(NOT TONGBAO_SANITIZE OR ARG_LABELS)
        doctest_discover_tests(${name} PROPERTIES ${properties})
        return()
    endif()
    file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
    foreach(source ${ARG_SOURCES})
        if(source MATCHES "_test\\.cpp$")
            add_test(NAME "${folder}/${source}" COMMAND ${name} --source-file=*/${folder}/${source})
            set_tests_properties("${folder}/${source}" PROPERTIES ${properties})
        endif()
    endforeach()
endfunction()

# A service allocates a dozen times a notice on several threads: mimalloc takes a tenth of its time away.
# Sanitizers have allocators of their own.
function(tongbao_allocator program)
    if(NOT TONGBAO_SANITIZE)
        target_link_libraries(${program} PRIVATE -Wl,--no-as-needed mimalloc)
        target_compile_definitions(${program} PRIVATE TONGBAO_MIMALLOC)
    endif()
endfunction()
