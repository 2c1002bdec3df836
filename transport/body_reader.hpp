#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <span>

namespace tongbao::transport {

namespace asio = boost::asio;

/// The body of a message while it arrives. One coroutine reads it.
class BodyReader {
public:
    virtual ~BodyReader() = default;

    /// Waits for some bytes of the body, writes them to `into` (not empty) and gives their number;
    /// 0 is the end of the whole body: a body that was cut off never ends with 0.
    ///
    /// Errors: Errc::too_large beyond Limits::body_bytes; Errc::timed_out beyond Limits::body;
    /// Errc::bad_request for broken framing; Errc::connection_closed if the peer went away in the
    /// middle; Errc::connection_failed. Each is given again to every later call.
    [[nodiscard]] virtual asio::awaitable<Result<std::size_t>> read_some(
        std::span<std::uint8_t> into) = 0;

    /// The rest of the body, of at most `max` bytes.
    ///
    /// Errors: those of read_some; Errc::too_large if there is more than `max`.
    [[nodiscard]] asio::awaitable<Result<Bytes>> read_all(std::size_t max);
};

}  // namespace tongbao::transport
