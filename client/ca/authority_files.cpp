#include "client/ca/authority_files.hpp"

#include "crypto/secret_bytes.hpp"
#include "program/files.hpp"

#include <unistd.h>

#include <optional>
#include <span>
#include <system_error>
#include <utility>

namespace tongbao::client {
namespace {

using std::filesystem::path;

constexpr std::size_t kMaxAuthorityFileBytes = 64 * 1024 * 1024;

}  // namespace

Reason file_reason(const boost::system::error_code& error, const path& file,
                   std::string_view cure) {
    return {to_errc(error), file.string(), std::string(cure)};
}

Reason file_reason(Errc errc, const path& file, std::string_view cure) {
    return {errc, file.string(), std::string(cure)};
}

Checked<void> create_new(const path& file, std::string_view contents, unsigned mode) {
    const Result<void> written = program::create_file(file, contents, mode);
    if (written) return {};
    const bool there = written.error() == Errc::already_exists;
    return file_reason(written.error(), file, there ? kNeverOverwritten : kWriteCure);
}

Checked<void> replace_file(const path& file, std::string_view contents, unsigned mode) {
    const Result<void> written = program::write_file(file, contents, mode);
    if (!written) return file_reason(written.error(), file, kWriteCure);
    return {};
}

Checked<std::string> read_text(const path& file, std::string_view cure) {
    Result<std::string> text = program::read_file(file, kMaxAuthorityFileBytes);
    if (!text) return file_reason(text.error(), file, cure);
    return *std::move(text);
}

Checked<void> create_key_file(const path& file, const crypto::SigningKey& key,
                              const crypto::SecretBytes* passphrase) {
    const Result<crypto::SecretBytes> pem =
        passphrase == nullptr ? key.private_pem() : key.encrypted_pem(*passphrase);
    if (!pem) return file_reason(pem.error(), file, "a passphrase has from 1 to 1000 bytes");
    return create_new(file, pem->text(), kOwnerOnly);
}

Checked<crypto::SigningKey> read_key_file(const path& file, const AskPassphrase& ask) {
    Result<std::string> text = program::read_secret_file(file, kMaxAuthorityFileBytes);
    if (!text) {
        const bool open = text.error() == Errc::not_permitted;
        return file_reason(text.error(), file,
                           open ? "others may read this key: chmod 600 it, and think about a new "
                                  "one"
                                : "bring the key back from where it is kept");
    }
    std::optional<crypto::SecretBytes> passphrase;
    if (crypto::is_encrypted_key(*text) && ask) {
        Checked<crypto::SecretBytes> given = ask(file);
        if (!given) return given.error();
        passphrase = *std::move(given);
    }
    Result<crypto::SigningKey> key =
        crypto::SigningKey::from_pem(*text, passphrase ? &*passphrase : nullptr);
    crypto::wipe_memory(std::span<char>(*text));
    if (key) return *std::move(key);
    const bool locked = key.error() == Errc::wrong_passphrase;
    return file_reason(key.error(), file,
                       locked ? "give the passphrase again" : "a P-256 key in PEM stands here");
}

Checked<void> check_new_file(const path& file) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) {
        return file_reason(Errc::already_exists, file, kNeverOverwritten);
    }
    const path parent = file.has_parent_path() ? file.parent_path() : path(".");
    if (!std::filesystem::is_directory(parent, ignored)) {
        return file_reason(Errc::not_found, parent, "make this folder first");
    }
    if (::access(parent.c_str(), W_OK) != 0) {
        return file_reason(Errc::storage_failure, parent, kWriteCure);
    }
    return {};
}

}  // namespace tongbao::client
