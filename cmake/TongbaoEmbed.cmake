# tongbao_embed(TARGET FILE HEADER NAME): puts the text of FILE into TARGET. HEADER, in the folder
# that calls this, declares `std::string_view NAME() noexcept` in tongbao::client.
function(tongbao_embed target file header name)
    set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cpp)
    file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
    add_custom_command(
        OUTPUT ${source}
        COMMAND ${CMAKE_COMMAND} -DFILE=${file} -DSOURCE=${source} -DHEADER=${folder}/${header}
            -DNAME=${name} -P ${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake
        DEPENDS ${file} ${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake
        VERBATIM)
    target_sources(${target} PRIVATE ${source})
    # It need not be there for the others to be compiled, or read by a linter, as one.
    set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
