#include "program/key_file.hpp"

#include "program/files.hpp"

#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace tongbao::program {
namespace {

constexpr std::size_t kMaxFileBytes = 64 * 1024;

}  // namespace

Result<crypto::SecretBytes> read_passphrase_file(const std::filesystem::path& file) {
    Result<std::string> text = read_secret_file(file, kMaxFileBytes);
    if (!text) return text.error();
    std::string_view line = std::string_view(*text).substr(0, text->find('\n'));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool good = !line.empty() && line.size() <= crypto::kMaxPassphrase;
    crypto::SecretBytes passphrase;
    if (good) passphrase = crypto::SecretBytes(as_bytes(line));
    crypto::wipe_memory(std::span<char>(*text));
    if (!good) return Errc::bad_value;
    return passphrase;
}

Result<crypto::SigningKey> read_key(const std::filesystem::path& file,
                                    const std::optional<std::filesystem::path>& passphrase_file,
                                    std::string& words) {
    std::optional<crypto::SecretBytes> passphrase;
    if (passphrase_file) {
        words = passphrase_file->string();
        Result<crypto::SecretBytes> read = read_passphrase_file(*passphrase_file);
        if (!read) return read.error();
        passphrase = *std::move(read);
    }
    words = file.string();
    Result<std::string> text = read_secret_file(file, kMaxFileBytes);
    if (!text) return text.error();
    Result<crypto::SigningKey> key =
        crypto::SigningKey::from_pem(*text, passphrase ? &*passphrase : nullptr);
    crypto::wipe_memory(std::span<char>(*text));
    return key;
}

}  // namespace tongbao::program
