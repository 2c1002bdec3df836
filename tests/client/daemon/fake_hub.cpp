#include "tests/client/daemon/fake_hub.hpp"

#include "protocol/json_writer.hpp"
#include "protocol/message_codec.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace tongbao::testing {
namespace {

namespace asio = boost::asio;

class FakeBody final : public transport::BodyReader {
public:
    Bytes rest;

    asio::awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into) override {
        const std::size_t count = std::min(into.size(), rest.size());
        const auto end = rest.begin() + static_cast<std::ptrdiff_t>(count);
        std::copy(rest.begin(), end, into.begin());
        rest.erase(rest.begin(), end);
        co_return count;
    }
};

class FakeClient final : public transport::HttpClient {
public:
    explicit FakeClient(FakeHub& hub) : hub_(hub) {}

    asio::awaitable<Result<transport::ResponseHead>> send(
        const transport::ClientRequest& request) override {
        if (aborted_ || (std::exchange(used_, true) && hub_.forgets_connections)) {
            reusable_ = false;
            co_return Errc::connection_closed;
        }
        const std::string asked = request.method + ' ' + request.target;
        hub_.asked.push_back(asked);
        hub_.uploaded = request.body;
        Bytes buffer(1024);
        while (request.source) {
            const Result<std::size_t> count = co_await request.source(buffer);
            if (!count) co_return count.error();
            if (*count == 0) break;
            hub_.uploaded.insert(hub_.uploaded.end(), buffer.begin(),
                                 buffer.begin() + static_cast<std::ptrdiff_t>(*count));
        }
        FakeHub::Answer answer = hub_.answer(asked);
        transport::ResponseHead head;
        head.status = answer.status;
        body_.rest = std::move(answer.body);
        co_return head;
    }
    transport::BodyReader& body() override { return body_; }
    [[nodiscard]] bool reusable() const noexcept override { return reusable_; }
    asio::awaitable<Result<std::shared_ptr<transport::WebSocket>>> open_websocket(
        std::string) override {
        co_return Errc::connection_failed;
    }
    asio::awaitable<Result<void>> close() override { co_return Result<void>(); }
    void abort() noexcept override { aborted_ = true; }

private:
    FakeHub& hub_;
    FakeBody body_;
    bool used_{false};
    bool reusable_{true};
    bool aborted_{false};
};

}  // namespace

void FakeSocket::say(const protocol::Message& message) {
    frames_.push_back(protocol::encode(message));
    bell_.ring();
}

asio::awaitable<Result<Bytes>> FakeSocket::read() {
    while (frames_.empty() && !closed_) {
        static_cast<void>(co_await bell_.wait(bell_.rings(), std::chrono::minutes(1)));
    }
    if (closed_) co_return Errc::connection_closed;
    Bytes frame = std::move(frames_.front());
    frames_.pop_front();
    co_return frame;
}

asio::awaitable<Result<void>> FakeSocket::write(Bytes message) {
    if (closed_) co_return Errc::connection_closed;
    heard.push_back(must(protocol::decode(message)));
    hears(heard.back());
    co_return Result<void>();
}

asio::awaitable<Result<void>> FakeSocket::close(transport::CloseCode, std::string) {
    abort();
    co_return Result<void>();
}

void FakeSocket::abort() noexcept {
    closed_ = true;
    bell_.ring();
}

std::unique_ptr<transport::HttpClient> FakeHub::connect() {
    ++connections;
    return std::make_unique<FakeClient>(*this);
}

FakeHub::Answer FakeHub::answer(const std::string& request) const {
    const auto found = answers.find(request);
    if (found != answers.end()) return found->second;
    if (request == "GET /v1/register") return {200, register_of(parts_)};
    constexpr std::string_view kAfter = "GET /v1/register?after=";
    if (request.starts_with(kAfter)) {
        return {200, register_of(parts_, LogIndex(std::stoull(request.substr(kAfter.size()))))};
    }
    return {404, {}};
}

Bytes register_of(const HubParts& parts, std::optional<LogIndex> after) {
    protocol::JsonWriter writer;
    writer.begin_object().key("entries").begin_array();
    for (const LogIndex index : must(parts.store.read_register())) {
        if (after && index <= *after) continue;
        const Bytes entry = must(parts.store.read_entries(index, 1)).front();
        writer.begin_object().key("index").number(index.value());
        writer.member("entry", to_base64(entry)).end_object();
    }
    writer.end_array().end_object();
    return to_bytes(writer.take());
}

}  // namespace tongbao::testing
