#include "transport/body_reader.hpp"

#include <algorithm>

namespace tongbao::transport {

asio::awaitable<Result<Bytes>> BodyReader::read_all(std::size_t max) {
    constexpr std::size_t kReadPiece = std::size_t{16} * 1024;
    Bytes all;
    while (true) {
        const std::size_t had = all.size();
        // One byte more than allowed is enough to know.
        const std::size_t room = max - had < kReadPiece ? max - had + 1 : kReadPiece;
        all.resize(had + room);
        const Result<std::size_t> size = co_await read_some(std::span(all).subspan(had));
        if (!size) co_return size.error();
        all.resize(had + *size);
        if (*size == 0) co_return all;
        if (all.size() > max) co_return Errc::too_large;
    }
}

}  // namespace tongbao::transport
