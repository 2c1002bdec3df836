#pragma once

#include "crypto/secret_bytes.hpp"
#include "crypto/signing_key.hpp"
#include "domain/result.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace tongbao::program {

/// The first line of a file that is its owner's alone, without its line feed: at most
/// crypto::kMaxPassphrase bytes, at least one.
///
/// Errors: those of read_secret_file; Errc::bad_value for a first line that is empty or too long.
[[nodiscard]] Result<crypto::SecretBytes> read_passphrase_file(const std::filesystem::path& file);

/// A private key of a service, which nobody can ask: `passphrase_file` is none if it is not
/// encrypted. What is read is wiped from memory.
///
/// Errors, with the file in `words`: those of read_secret_file, read_passphrase_file and
/// crypto::SigningKey::from_pem.
[[nodiscard]] Result<crypto::SigningKey> read_key(
    const std::filesystem::path& file, const std::optional<std::filesystem::path>& passphrase_file,
    std::string& words);

}  // namespace tongbao::program
