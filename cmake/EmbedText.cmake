# Writes SOURCE, which holds the text of FILE as what NAME() of HEADER gives.
file(READ ${FILE} text)
if(text MATCHES "\\)embedded\"")
    message(FATAL_ERROR "${FILE} holds the end mark of a raw string")
endif()
file(WRITE ${SOURCE} "#include \"${HEADER}\"

namespace tongbao::client {

std::string_view ${NAME}() noexcept {
    return R\"embedded(")
file(APPEND ${SOURCE} "${text}")
file(APPEND ${SOURCE} ")embedded\";
}

}  // namespace tongbao::client
")
