# How this project declares what it builds. Flags hang on one interface target; nothing is global
# but the standard and the tools that make builds faster.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(TONGBAO_CCACHE ccache)
if(TONGBAO_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${TONGBAO_CCACHE})
endif()
find_program(TONGBAO_MOLD mold)

set(TONGBAO_SANITIZE "" CACHE STRING "what -fsanitize= gets: address,undefined or thread")
option(TONGBAO_HARDEN "fortify, stack protector, full RELRO, PIE" OFF)
option(TONGBAO_TESTS "build the tests, not only what ships and the benchmark" ON)

add_library(tongbao_flags INTERFACE)
target_compile_options(tongbao_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Werror)
target_compile_definitions(tongbao_flags INTERFACE _GLIBCXX_ASSERTIONS)
if(TONGBAO_MOLD)
    target_link_options(tongbao_flags INTERFACE -fuse-ld=mold)
endif()
if(TONGBAO_SANITIZE)
    target_compile_options(tongbao_flags INTERFACE
        -fsanitize=${TONGBAO_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
        # g++'s manual: sanitizers make warnings err. Here it takes std::regex for uninitialised.
        -Wno-maybe-uninitialized)
    target_link_options(tongbao_flags INTERFACE -fsanitize=${TONGBAO_SANITIZE})
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
if(TONGBAO_HARDEN)
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
    target_compile_options(tongbao_flags INTERFACE -fstack-protector-strong)
    target_compile_definitions(tongbao_flags INTERFACE _FORTIFY_SOURCE=2)
    target_link_options(tongbao_flags INTERFACE -pie -Wl,-z,relro,-z,now)
endif()

# A library named after its folder. The DEPENDS line is the dependency rule; its public part is
# what the library's own headers include.
function(tongbao_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
    add_library(tongbao_${name} STATIC ${ARG_SOURCES})
    add_library(tongbao::${name} ALIAS tongbao_${name})
    target_include_directories(tongbao_${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(tongbao_${name} PUBLIC ${ARG_DEPENDS}
        PRIVATE tongbao_flags ${ARG_PRIVATE_DEPENDS})
endfunction()

function(tongbao_program name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE tongbao_flags ${ARG_DEPENDS})
    set_target_properties(${name} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

# One test program a folder, its cases listed one by one in ctest.
function(tongbao_tests name)
    cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPENDS;LABELS" ${ARGN})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    if(TONGBAO_SANITIZE)
        math(EXPR ARG_TIMEOUT "4 * ${ARG_TIMEOUT}")
    endif()
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE tongbao_flags tongbao_test_main ${ARG_DEPENDS})
    target_compile_definitions(${name} PRIVATE
        TONGBAO_SOURCE_DIR="${PROJECT_SOURCE_DIR}" TONGBAO_BINARY_DIR="${PROJECT_BINARY_DIR}")
    doctest_discover_tests(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()
