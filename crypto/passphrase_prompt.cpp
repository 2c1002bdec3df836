#include "crypto/passphrase_prompt.hpp"

#include "crypto/openssl_error.hpp"
#include "crypto/signing_key.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <span>

namespace tongbao::crypto {
namespace {

/// Without one OpenSSL would take the first line of standard input, which is somebody's data.
bool has_terminal() {
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0) return false;
    ::close(terminal);
    return true;
}

}  // namespace

std::optional<SecretBytes> ask_passphrase(const std::string& question, bool twice) {
    if (!has_terminal()) return std::nullopt;
    std::array<char, kMaxPassphrase + 1> typed{};
    const int asked = EVP_read_pw_string_min(typed.data(), 1, static_cast<int>(typed.size()) - 1,
                                             question.c_str(), twice ? 1 : 0);
    clear_openssl_errors();
    std::optional<SecretBytes> passphrase;
    if (asked == 0) {
        passphrase.emplace(as_bytes(std::string_view(typed.data(), std::strlen(typed.data()))));
    }
    wipe_memory(std::span<char>(typed));
    return passphrase;
}

}  // namespace tongbao::crypto
