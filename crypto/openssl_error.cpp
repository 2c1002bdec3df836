#include "crypto/openssl_error.hpp"

#include <openssl/err.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace tongbao::crypto {

std::string drain_openssl_errors() {
    std::string all;
    const char* data = nullptr;
    int flags = 0;
    while (const unsigned long code = ERR_get_error_all(nullptr, nullptr, nullptr, &data, &flags)) {
        std::array<char, 256> text{};
        ERR_error_string_n(code, text.data(), text.size());
        if (!all.empty()) all += "; ";
        all += text.data();
        if ((flags & ERR_TXT_STRING) != 0 && data != nullptr && *data != '\0') {
            all += " (";
            all += data;
            all += ')';
        }
    }
    return all;
}

void clear_openssl_errors() noexcept {
    ERR_clear_error();
}

void abort_with_openssl_errors(std::string_view operation) noexcept {
    std::fprintf(stderr, "tongbao: OpenSSL failed: %.*s\n", static_cast<int>(operation.size()),
                 operation.data());
    ERR_print_errors_fp(stderr);
    std::fflush(stderr);
    std::abort();
}

}  // namespace tongbao::crypto
