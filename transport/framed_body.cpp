#include "transport/framed_body.hpp"

#include <algorithm>

namespace tongbao::transport {

FramedBody::FramedBody(ByteStream& stream, ReadBuffer& buffer, const Limits& limits,
                       BodyDecoder decoder, bool owes_continue, Errc broken)
    : stream_(stream),
      buffer_(buffer),
      limits_(limits),
      decoder_(decoder),
      owes_continue_(owes_continue && !decoder_.finished()),
      broken_(broken),
      allowance_(limits.body) {}

asio::awaitable<Result<std::size_t>> FramedBody::read_some(std::span<std::uint8_t> into) {
    if (failed_) co_return *failed_;
    if (owes_continue_) {
        const Result<void> sent = co_await send_continue();
        if (!sent) co_return sent.error();
    }
    while (true) {
        const Result<std::size_t> size = take(into);
        if (!size || *size > 0 || decoder_.finished()) co_return size;
        const Result<void> filled = co_await fill();
        if (!filled) co_return filled.error();
    }
}

asio::awaitable<Result<void>> FramedBody::send_continue() {
    owes_continue_ = false;
    const std::array<BytesView, 3> pieces{as_bytes("HTTP/1.1 100 Continue\r\n\r\n")};
    const Result<void> sent = co_await stream_.write(pieces, limits_.body);
    if (!sent) failed_ = to_errc(sent.error());
    co_return sent;
}

asio::awaitable<Result<void>> FramedBody::fill() {
    const auto start = std::chrono::steady_clock::now();
    // What is left when nothing more can be read is framing that never ends.
    const bool can_wait = !buffer_.full() && !allowance_.spent();
    if (!can_wait) failed_ = buffer_.full() ? broken_ : Errc::timed_out;
    if (failed_) co_return *failed_;
    const Result<std::size_t> size = co_await buffer_.fill(stream_, allowance_.left());
    allowance_.count(start);
    if (!size) failed_ = to_errc(size.error());
    if (size && *size == 0) failed_ = Errc::connection_closed;
    if (failed_) co_return *failed_;
    co_return Result<void>();
}

Result<std::size_t> FramedBody::take(std::span<std::uint8_t> into) {
    while (true) {
        const Result<BodyDecoder::Step> step = decoder_.next(buffer_.data(), into.size());
        if (!step) failed_ = step.error() == Errc::bad_request ? broken_ : to_errc(step.error());
        if (step && step->data.size() > limits_.body_bytes - taken_) failed_ = Errc::too_large;
        if (failed_) return *failed_;
        const std::size_t size = step->data.size();
        std::copy(step->data.begin(), step->data.end(), into.begin());
        buffer_.consume(step->consumed);
        taken_ += size;
        progress_ += size;
        if (progress_ >= kBodyStep) {
            progress_ = 0;
            allowance_.renew();
        }
        if (size > 0 || step->consumed == 0) return size;
    }
}

bool FramedBody::ends_within(std::uint64_t max) const noexcept {
    if (decoder_.finished()) return true;
    const std::optional<std::uint64_t> left = decoder_.remaining();
    return !failed_ && !owes_continue_ && left && *left <= max;
}

asio::awaitable<Result<void>> FramedBody::drain(std::uint64_t max) {
    if (!ends_within(max)) co_return Errc::too_large;
    std::array<std::uint8_t, 4096> waste;
    while (!decoder_.finished()) {
        const Result<std::size_t> size = co_await read_some(waste);
        if (!size) co_return size.error();
    }
    co_return Result<void>();
}

}  // namespace tongbao::transport
