#pragma once

#include "domain/bytes.hpp"
#include "transport/byte_stream.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>

// Private to transport.

namespace tongbao::transport {

/// Input of a connection that was read and not used yet: the rest of a head may be the begin of a
/// body. Never grows.
class ReadBuffer {
public:
    explicit ReadBuffer(std::size_t capacity) : bytes_(capacity) {}

    [[nodiscard]] BytesView data() const noexcept {
        return BytesView(bytes_).subspan(begin_, end_ - begin_);
    }
    [[nodiscard]] bool full() const noexcept { return data().size() == bytes_.size(); }

    /// Forgets the first `count` bytes of data().
    void consume(std::size_t count) noexcept;

    /// Appends some bytes from `stream`; gives their number, 0 at its end. Not to be called when
    /// full().
    ///
    /// Errors: those of ByteStream::read_some.
    [[nodiscard]] asio::awaitable<Result<std::size_t>> fill(ByteStream& stream,
                                                            std::chrono::milliseconds within);

private:
    Bytes bytes_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

/// The time left for something, of which only the waiting for the other side counts.
class Allowance {
public:
    explicit Allowance(std::chrono::milliseconds limit) noexcept : limit_(limit), left_(limit) {}

    [[nodiscard]] std::chrono::milliseconds left() const noexcept { return left_; }
    [[nodiscard]] bool spent() const noexcept { return left_.count() <= 0; }

    /// Counts a wait that began at `start`.
    void count(std::chrono::steady_clock::time_point start) noexcept {
        // Rounded up: a peer that sends a byte every half millisecond must not wait for nothing.
        left_ -=
            std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    }
    void renew() noexcept { left_ = limit_; }

private:
    std::chrono::milliseconds limit_;
    std::chrono::milliseconds left_;
};

}  // namespace tongbao::transport
