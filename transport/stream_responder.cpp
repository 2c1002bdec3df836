#include "transport/stream_responder.hpp"

#include "transport/framed_body.hpp"
#include "transport/http_head.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace tongbao::transport {
namespace {

/// RFC 9110 sections 15.3.5 and 15.4.5: these never have a body.
bool is_bodiless(unsigned status) noexcept {
    return status == 204 || status == 304;
}

}  // namespace

StreamResponder::StreamResponder(ByteStream& stream, const Limits& limits,
                                 const RequestHead& request, std::function<bool()> may_keep)
    : stream_(stream),
      limits_(limits),
      may_keep_(std::move(may_keep)),
      is_head_request_(request.method == "HEAD") {}

Result<std::string> StreamResponder::make_head(unsigned status, const Fields& fields,
                                               std::optional<std::uint64_t> length) {
    Result<std::string> head = format_response_head(status, fields);
    if (!head) return head.error();
    if (!is_bodiless(status)) {
        head->append(length ? "Content-Length: " + std::to_string(*length)
                            : std::string("Transfer-Encoding: chunked"));
        head->append("\r\n");
    }
    keeps_ = may_keep_();
    if (!keeps_) head->append("Connection: close\r\n");
    head->append("\r\n");
    return head;
}

asio::awaitable<Result<void>> StreamResponder::put(std::array<BytesView, 3> pieces) {
    const Result<void> written = co_await stream_.write(pieces, limits_.body);
    if (!written) state_ = State::broken;
    co_return written;
}

asio::awaitable<Result<void>> StreamResponder::send(Response response) {
    if (begun()) co_return Errc::act_out_of_order;
    Fields fields = std::move(response.fields);
    if (!response.content_type.empty()) {
        fields.push_back({"Content-Type", std::move(response.content_type)});
    }
    if (response.body.size() > kBodyStep) {
        const Result<void> opened =
            co_await begin(response.status, std::move(fields), response.body.size());
        if (!opened) co_return opened.error();
        const Result<void> written = co_await write(response.body);
        if (!written) co_return written.error();
        const Result<void> ended = co_await finish();
        co_return ended;
    }
    const Result<std::string> head = make_head(response.status, fields, response.body.size());
    if (!head) co_return head.error();
    const bool has_body = !is_head_request_ && !is_bodiless(response.status);
    state_ = State::finished;
    const std::array<BytesView, 3> pieces{as_bytes(*head),
                                          has_body ? BytesView(response.body) : BytesView()};
    const Result<void> written = co_await put(pieces);
    co_return written;
}

asio::awaitable<Result<void>> StreamResponder::begin(unsigned status, Fields fields,
                                                     std::optional<std::uint64_t> length) {
    if (begun()) co_return Errc::act_out_of_order;
    if (is_bodiless(status)) length = 0;
    const Result<std::string> head = make_head(status, fields, length);
    if (!head) co_return head.error();
    state_ = length ? State::fixed : State::chunked;
    left_ = length.value_or(0);
    const std::array<BytesView, 3> pieces{as_bytes(*head)};
    const Result<void> written = co_await put(pieces);
    co_return written;
}

asio::awaitable<Result<void>> StreamResponder::write(BytesView piece) {
    if (state_ == State::broken) co_return Errc::connection_closed;
    if (state_ != State::fixed && state_ != State::chunked) co_return Errc::act_out_of_order;
    if (state_ == State::fixed) {
        if (piece.size() > left_) co_return Errc::wrong_length;
        left_ -= piece.size();
    }
    if (is_head_request_) co_return Result<void>();
    while (!piece.empty()) {
        const BytesView step = piece.first(std::min(piece.size(), kBodyStep));
        piece = piece.subspan(step.size());
        std::array<char, 20> size_line{};
        std::array<BytesView, 3> pieces{BytesView(), step, BytesView()};
        if (state_ == State::chunked) {
            const int length =
                std::snprintf(size_line.data(), size_line.size(), "%zx\r\n", step.size());
            pieces[0] = as_bytes({size_line.data(), static_cast<std::size_t>(length)});
            pieces[2] = as_bytes("\r\n");
        }
        const Result<void> written = co_await put(pieces);
        if (!written) co_return written.error();
    }
    co_return Result<void>();
}

asio::awaitable<Result<void>> StreamResponder::finish() {
    if (state_ == State::broken) co_return Errc::connection_closed;
    if (state_ != State::fixed && state_ != State::chunked) co_return Errc::act_out_of_order;
    const bool missing = state_ == State::fixed && left_ > 0;
    const bool last_chunk = state_ == State::chunked && !is_head_request_;
    state_ = missing ? State::broken : State::finished;
    if (missing) co_return Errc::wrong_length;
    if (!last_chunk) co_return Result<void>();
    const std::array<BytesView, 3> pieces{as_bytes("0\r\n\r\n")};
    const Result<void> written = co_await put(pieces);
    co_return written;
}

}  // namespace tongbao::transport
