# Finds LZ4, whose Debian package brings no description for CMake: the target lz4::lz4_library.
find_path(Lz4_INCLUDE_DIR lz4.h)
find_library(Lz4_LIBRARY lz4)
mark_as_advanced(Lz4_INCLUDE_DIR Lz4_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Lz4 REQUIRED_VARS Lz4_LIBRARY Lz4_INCLUDE_DIR)

if(Lz4_FOUND AND NOT TARGET lz4::lz4_library)
    add_library(lz4::lz4_library UNKNOWN IMPORTED)
    set_target_properties(lz4::lz4_library PROPERTIES
        IMPORTED_LOCATION ${Lz4_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${Lz4_INCLUDE_DIR})
endif()
