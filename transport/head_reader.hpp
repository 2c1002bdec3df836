#pragma once

#include "transport/byte_stream.hpp"
#include "transport/limits.hpp"
#include "transport/read_buffer.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>

// Private to transport.

namespace tongbao::transport {

/// Waits until `buffer` begins with a whole head and gives its size; 0 if the stream ended before
/// the first byte. The first byte may take `first_byte`, the rest Limits::header in all.
///
/// Errors: Errc::too_large if the buffer is full; Errc::timed_out (before the first byte if the
/// buffer is empty then); Errc::bad_request; Errc::connection_closed in the middle; those of
/// ByteStream::read_some.
[[nodiscard]] asio::awaitable<Result<std::size_t>> read_head(ByteStream& stream, ReadBuffer& buffer,
                                                             const Limits& limits,
                                                             std::chrono::milliseconds first_byte);

}  // namespace tongbao::transport
