#pragma once

#include "transport/body_decoder.hpp"
#include "transport/body_reader.hpp"
#include "transport/byte_stream.hpp"
#include "transport/limits.hpp"
#include "transport/read_buffer.hpp"

#include <optional>

// Private to transport.

namespace tongbao::transport {

/// A body on a connection, in both directions of use: a request's at the server, an answer's at the
/// client.
class FramedBody final : public BodyReader {
public:
    /// `owes_continue`: the other side waits for `100 Continue`, which the first read sends.
    /// `broken`: what framing is called that has no one reading.
    FramedBody(ByteStream& stream, ReadBuffer& buffer, const Limits& limits, BodyDecoder decoder,
               bool owes_continue, Errc broken = Errc::bad_request);

    [[nodiscard]] asio::awaitable<Result<std::size_t>> read_some(
        std::span<std::uint8_t> into) override;

    /// Whether the rest is known to be at most `max` bytes and will come without `100 Continue`.
    [[nodiscard]] bool ends_within(std::uint64_t max) const noexcept;

    /// Throws the rest away.
    ///
    /// Errors: Errc::too_large unless ends_within(max); those of read_some.
    [[nodiscard]] asio::awaitable<Result<void>> drain(std::uint64_t max);

private:
    [[nodiscard]] asio::awaitable<Result<void>> send_continue();
    /// Waits for more input.
    [[nodiscard]] asio::awaitable<Result<void>> fill();
    /// Takes what the buffer holds of the body; 0 if more input is needed or it is finished.
    [[nodiscard]] Result<std::size_t> take(std::span<std::uint8_t> into);

    ByteStream& stream_;
    ReadBuffer& buffer_;
    const Limits& limits_;
    BodyDecoder decoder_;
    bool owes_continue_;
    Errc broken_;
    Allowance allowance_;
    std::uint64_t taken_ = 0;
    /// Bytes since allowance_ was renewed.
    std::uint64_t progress_ = 0;
    std::optional<Errc> failed_;
};

/// The step of a body that each get Limits::body.
inline constexpr std::size_t kBodyStep = std::size_t{64} * 1024;

}  // namespace tongbao::transport
