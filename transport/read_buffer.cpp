#include "transport/read_buffer.hpp"

#include <algorithm>

namespace tongbao::transport {

void ReadBuffer::consume(std::size_t count) noexcept {
    begin_ += std::min(count, end_ - begin_);
    if (begin_ == end_) begin_ = end_ = 0;
}

asio::awaitable<Result<std::size_t>> ReadBuffer::fill(ByteStream& stream,
                                                      std::chrono::milliseconds within) {
    if (end_ == bytes_.size()) {
        std::copy(data().begin(), data().end(), bytes_.begin());
        end_ -= begin_;
        begin_ = 0;
    }
    const Result<std::size_t> size =
        co_await stream.read_some(std::span(bytes_).subspan(end_), within);
    if (!size) co_return size.error();
    end_ += *size;
    co_return *size;
}

}  // namespace tongbao::transport
