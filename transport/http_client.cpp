#include "transport/http_client.hpp"

#include "transport/framed_body.hpp"
#include "transport/head_reader.hpp"
#include "transport/http_head.hpp"
#include "transport/tls_stream.hpp"
#include "transport/unix_stream.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace tongbao::transport {
namespace {

/// A larger body is sent only when the server has agreed: answering early, it would have to cut us
/// off, and its answer could be lost.
constexpr std::uint64_t kAskFirst = std::uint64_t{1024} * 1024;
constexpr std::uint16_t kHttpsPort = 443;

std::string host_field(const HttpsAddress& address) {
    std::string host = address.server_name.empty() ? address.host : address.server_name;
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    if (address.port != kHttpsPort) host += ":" + std::to_string(address.port);
    return host;
}

bool asks_first(const ClientRequest& request) {
    if (!request.source) return request.body.size() > kAskFirst;
    return !request.source_length || *request.source_length > kAskFirst;
}

/// The head with its empty line. Errors: Errc::bad_value.
Result<std::string> make_head(const ClientRequest& request, const std::string& host) {
    Result<std::string> head = format_request_head(request.method, request.target, request.fields);
    if (!head) return head.error();
    head->append("Host: ").append(host).append("\r\n");
    const bool chunked = request.source && !request.source_length;
    const std::uint64_t length =
        request.source ? request.source_length.value_or(0) : request.body.size();
    const bool has_body = request.source || !request.body.empty();
    if (chunked) head->append("Transfer-Encoding: chunked\r\n");
    if (!chunked && (has_body || request.method == "POST" || request.method == "PUT")) {
        head->append("Content-Length: ").append(std::to_string(length)).append("\r\n");
    }
    if (asks_first(request)) head->append("Expect: 100-continue\r\n");
    head->append("\r\n");
    return head;
}

class StreamClient final : public HttpClient {
public:
    StreamClient(std::unique_ptr<ByteStream> stream, const Limits& limits, std::string host)
        : stream_(std::move(stream)),
          limits_(limits),
          host_(std::move(host)),
          buffer_(limits.header_bytes) {
        expect_body(BodyDecoder::fixed(0));
    }

    asio::awaitable<Result<ResponseHead>> send(const ClientRequest& request) override {
        const Result<std::string> head = make_head(request, host_);
        if (!head) co_return head.error();
        if (!reusable_) co_return Errc::connection_closed;
        reusable_ = false;  // until this exchange has gone well
        const Result<void> drained = co_await body_->drain(limits_.drain_bytes);
        if (!drained) co_return drained.error();

        const std::array<BytesView, 3> pieces{as_bytes(*head)};
        const Result<void> written = co_await stream_->write(pieces, limits_.body);
        // A server that refused us may have said so before it hung up: then there is an answer.
        bool may_send = written.has_value();
        if (!written && written.error() != Errc::connection_closed) co_return written.error();
        if (may_send && asks_first(request)) {
            Result<ResponseHead> early = co_await read_answer();
            if (!early) co_return early.error();
            if (early->status != 100) {
                const Result<void> begun = begin_answer(*early, request.method, false);
                if (!begun) co_return begun.error();
                co_return early;
            }
        }
        if (may_send) {
            const Result<void> sent = co_await send_body(request);
            may_send = sent.has_value();
            if (!sent && sent.error() != Errc::connection_closed) co_return sent.error();
        }
        Result<ResponseHead> answer = co_await read_answer();
        while (answer && answer->status < 200) answer = co_await read_answer();
        if (!answer) co_return answer.error();
        const Result<void> begun = begin_answer(*answer, request.method, may_send);
        if (!begun) co_return begun.error();
        co_return answer;
    }

    BodyReader& body() override { return *body_; }

    [[nodiscard]] bool reusable() const noexcept override {
        return reusable_ && body_->ends_within(limits_.drain_bytes);
    }

    asio::awaitable<Result<std::shared_ptr<WebSocket>>> open_websocket(
        std::string target) override {
        if (!is_origin_form(target)) co_return Errc::bad_value;
        if (!reusable_) co_return Errc::connection_closed;
        reusable_ = false;
        const WebSocketLimits bounds{limits_.websocket_message_bytes, limits_.handshake,
                                     limits_.idle, limits_.body};
        Result<std::shared_ptr<WebSocket>> socket =
            co_await stream_->connect_websocket(host_, std::move(target), bounds);
        co_return socket;
    }

    void abort() noexcept override {
        reusable_ = false;
        stream_->abort();
    }

    asio::awaitable<Result<void>> close() override {
        reusable_ = false;
        const Result<void> closed = co_await stream_->close(kGoodbye, limits_.drain_bytes);
        co_return closed;
    }

private:
    /// The next head from the server, an interim one included.
    asio::awaitable<Result<ResponseHead>> read_answer() {
        const Result<std::size_t> size =
            co_await read_head(*stream_, buffer_, limits_, limits_.idle);
        if (!size && size.error() == Errc::bad_request) co_return Errc::protocol_violation;
        if (!size) co_return size.error();
        if (*size == 0) co_return Errc::connection_closed;
        Result<ResponseHead> answer =
            parse_response_head(as_text(buffer_.data().first(*size)), limits_.header_fields);
        buffer_.consume(*size);
        // RFC 9110 section 15.2.2: only to one who asked, and requests here don't.
        if (answer && answer->status == 101) co_return Errc::protocol_violation;
        co_return answer;
    }

    /// Prepares to read the body that belongs to `answer`.
    Result<void> begin_answer(const ResponseHead& answer, const std::string& method,
                              bool request_sent) {
        if (answer.status < 200) return Errc::protocol_violation;
        const bool bodiless = method == "HEAD" || answer.status == 204 || answer.status == 304;
        // Without a length the body would end with the connection: cut off or whole, who knows.
        if (!bodiless && !answer.chunked && !answer.content_length) {
            return Errc::protocol_violation;
        }
        expect_body(answer.chunked && !bodiless
                        ? BodyDecoder::chunked()
                        : BodyDecoder::fixed(bodiless ? 0 : *answer.content_length));
        reusable_ = answer.keep_alive && request_sent;
        return {};
    }

    void expect_body(const BodyDecoder& decoder) {
        body_.emplace(*stream_, buffer_, limits_, decoder, false, Errc::protocol_violation);
    }

    asio::awaitable<Result<void>> send_body(const ClientRequest& request) {
        if (request.source) {
            const Result<void> sent = co_await send_source(request);
            co_return sent;
        }
        BytesView rest = request.body;
        while (!rest.empty()) {
            const BytesView step = rest.first(std::min(rest.size(), kBodyStep));
            rest = rest.subspan(step.size());
            const std::array<BytesView, 3> pieces{step};
            const Result<void> written = co_await stream_->write(pieces, limits_.body);
            if (!written) co_return written.error();
        }
        co_return Result<void>();
    }

    asio::awaitable<Result<void>> send_source(const ClientRequest& request) {
        const bool chunked = !request.source_length;
        std::uint64_t left = request.source_length.value_or(0);
        Bytes step(kBodyStep);
        while (true) {
            const Result<std::size_t> size = co_await request.source(step);
            if (!size) co_return size.error();
            if (*size == 0) break;
            if (*size > step.size() || (!chunked && *size > left)) co_return Errc::wrong_length;
            left -= chunked ? 0 : *size;
            std::array<char, 20> size_line{};
            std::array<BytesView, 3> pieces{BytesView(), BytesView(step).first(*size)};
            if (chunked) {
                const int length =
                    std::snprintf(size_line.data(), size_line.size(), "%zx\r\n", *size);
                pieces[0] = as_bytes({size_line.data(), static_cast<std::size_t>(length)});
                pieces[2] = as_bytes("\r\n");
            }
            const Result<void> written = co_await stream_->write(pieces, limits_.body);
            if (!written) co_return written.error();
        }
        if (left > 0) co_return Errc::wrong_length;
        if (!chunked) co_return Result<void>();
        const std::array<BytesView, 3> last{as_bytes("0\r\n\r\n")};
        const Result<void> written = co_await stream_->write(last, limits_.body);
        co_return written;
    }

    std::unique_ptr<ByteStream> stream_;
    Limits limits_;
    std::string host_;
    ReadBuffer buffer_;
    std::optional<FramedBody> body_;
    bool reusable_ = true;
};

}  // namespace

asio::awaitable<Result<Response>> HttpClient::exchange(const ClientRequest& request,
                                                       std::size_t max_body) {
    Result<ResponseHead> head = co_await send(request);
    if (!head) co_return head.error();
    Result<Bytes> content = co_await body().read_all(max_body);
    if (!content) co_return content.error();
    Response response;
    response.status = head->status;
    response.content_type = head->field("Content-Type").value_or("");
    response.fields = std::move(head->fields);
    response.body = *std::move(content);
    co_return response;
}

asio::awaitable<Result<std::unique_ptr<HttpClient>>> connect_https(HttpsAddress address,
                                                                   TlsSide tls, Limits limits) {
    std::string host = host_field(address);
    Result<std::unique_ptr<ByteStream>> stream =
        co_await connect_tls_stream(std::move(address), std::move(tls), limits.handshake);
    if (!stream) co_return stream.error();
    co_return std::unique_ptr<HttpClient>(
        std::make_unique<StreamClient>(*std::move(stream), limits, std::move(host)));
}

asio::awaitable<Result<std::unique_ptr<HttpClient>>> connect_unix(std::string path, Limits limits) {
    Result<std::unique_ptr<ByteStream>> stream =
        co_await connect_unix_stream(std::move(path), limits.handshake);
    if (!stream) co_return stream.error();
    co_return std::unique_ptr<HttpClient>(
        std::make_unique<StreamClient>(*std::move(stream), limits, "localhost"));
}

}  // namespace tongbao::transport
