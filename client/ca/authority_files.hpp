#pragma once

#include "crypto/secret_bytes.hpp"
#include "crypto/signing_key.hpp"
#include "domain/errc.hpp"
#include "domain/reason.hpp"

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace tongbao::client {

// Files of certification authorities and of units' keys: what goes wrong names the file and the
// cure.

inline constexpr unsigned kOwnerOnly = 0600;
inline constexpr unsigned kReadable = 0644;

inline constexpr std::string_view kWriteCure =
    "see that the folder can be written and the disk is not full";
inline constexpr std::string_view kNeverOverwritten =
    "keys and certificates are never overwritten: name another file, or move this one away";

[[nodiscard]] Reason file_reason(const boost::system::error_code& error,
                                 const std::filesystem::path& file, std::string_view cure);
[[nodiscard]] Reason file_reason(Errc errc, const std::filesystem::path& file,
                                 std::string_view cure);

/// Errors: Errc::already_exists, Errc::storage_failure.
[[nodiscard]] Checked<void> create_new(const std::filesystem::path& file, std::string_view contents,
                                       unsigned mode);
/// Errors: Errc::storage_failure.
[[nodiscard]] Checked<void> replace_file(const std::filesystem::path& file,
                                         std::string_view contents, unsigned mode);
/// At most 64 MiB. Errors: those of program::read_file.
[[nodiscard]] Checked<std::string> read_text(const std::filesystem::path& file,
                                             std::string_view cure);

/// Gives the passphrase of a key's file when that is encrypted; none if there is none to be had.
using AskPassphrase =
    std::function<Checked<crypto::SecretBytes>(const std::filesystem::path& file)>;

/// A new file of mode 0600, encrypted if there is a passphrase.
///
/// Errors: those of create_new and SigningKey::encrypted_pem.
[[nodiscard]] Checked<void> create_key_file(const std::filesystem::path& file,
                                            const crypto::SigningKey& key,
                                            const crypto::SecretBytes* passphrase = nullptr);
/// `ask` is called only if the key is encrypted, and may be empty.
///
/// Errors: Errc::not_found, Errc::not_permitted if others may read it, Errc::bad_key,
/// Errc::wrong_passphrase; those of `ask`.
[[nodiscard]] Checked<crypto::SigningKey> read_key_file(const std::filesystem::path& file,
                                                        const AskPassphrase& ask = {});

/// That a file can be made: it is not there, and its folder is and can be written.
///
/// Errors: Errc::already_exists, Errc::not_found, Errc::storage_failure.
[[nodiscard]] Checked<void> check_new_file(const std::filesystem::path& file);

}  // namespace tongbao::client
