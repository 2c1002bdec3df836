#pragma once

#include "crypto/secret_bytes.hpp"

#include <optional>
#include <string>

namespace tongbao::crypto {

/// Asks for a passphrase on the terminal without showing what is typed; with `twice` it is typed
/// two times, which must be the same. The terminal is as before when this returns, after Ctrl-C
/// too.
///
/// None if the process has no terminal, the question was broken off, or the two differ.
[[nodiscard]] std::optional<SecretBytes> ask_passphrase(const std::string& question, bool twice);

}  // namespace tongbao::crypto
