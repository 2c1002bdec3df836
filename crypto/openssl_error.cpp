#include "crypto/openssl_error.hpp"

#include <openssl/err.h>

#include <cstdio>
#include <cstdlib>

namespace tongbao::crypto {

void clear_openssl_errors() noexcept {
    ERR_clear_error();
}

void abort_with_openssl_errors(std::string_view operation) noexcept {
    // Nothing is left to be done if this can not be written.
    static_cast<void>(std::fprintf(stderr, "tongbao: OpenSSL failed: %.*s\n",
                                   static_cast<int>(operation.size()), operation.data()));
    ERR_print_errors_fp(stderr);
    static_cast<void>(std::fflush(stderr));
    std::abort();
}

}  // namespace tongbao::crypto
