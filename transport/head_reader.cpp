#include "transport/head_reader.hpp"

#include "transport/http_head.hpp"

namespace tongbao::transport {

asio::awaitable<Result<std::size_t>> read_head(ByteStream& stream, ReadBuffer& buffer,
                                               const Limits& limits,
                                               std::chrono::milliseconds first_byte) {
    HeadScanner scanner;
    Allowance allowance(limits.header);
    while (true) {
        const Result<std::optional<std::size_t>> size = scanner.scan(buffer.data());
        if (!size) co_return size.error();
        if (*size) co_return **size;
        if (buffer.full()) co_return Errc::too_large;

        const bool begun = !buffer.data().empty();
        if (begun && allowance.spent()) co_return Errc::timed_out;
        const auto start = std::chrono::steady_clock::now();
        const std::chrono::milliseconds wait = begun ? allowance.left() : first_byte;
        const Result<std::size_t> filled = co_await buffer.fill(stream, wait);
        if (!filled) co_return filled.error();
        if (*filled == 0 && begun) co_return Errc::connection_closed;
        if (*filled == 0) co_return 0;
        if (begun) allowance.count(start);
    }
}

}  // namespace tongbao::transport
