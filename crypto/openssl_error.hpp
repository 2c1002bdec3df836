#pragma once

#include <string>
#include <string_view>

namespace tongbao::crypto {

/// Empties this thread's OpenSSL error queue and gives its entries, oldest first, joined by "; ".
/// Empty if there was none. For the log only: what a peer sees is the Errc.
[[nodiscard]] std::string drain_openssl_errors();

/// Empties this thread's OpenSSL error queue, where the failure says all that there is to say.
void clear_openssl_errors() noexcept;

/// For an operation that can only fail when memory is gone or OpenSSL itself is broken: writes
/// `operation` and the error queue to standard error and aborts.
[[noreturn]] void abort_with_openssl_errors(std::string_view operation) noexcept;

}  // namespace tongbao::crypto
