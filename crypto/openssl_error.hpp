#pragma once

#include <string_view>

namespace tongbao::crypto {

/// Empties this thread's OpenSSL error queue, where the failure was handled: its Errc says all that
/// a caller can act on, and a later call must not find what an earlier one left.
void clear_openssl_errors() noexcept;

/// For an operation that can only fail when memory is gone or OpenSSL itself is broken: writes
/// `operation` and the error queue to standard error and aborts.
[[noreturn]] void abort_with_openssl_errors(std::string_view operation) noexcept;

}  // namespace tongbao::crypto
