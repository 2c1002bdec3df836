#include "tests/bench/local.hpp"

#include "tests/bench/stage.hpp"

#include <stdexcept>

namespace tongbao::bench {
namespace {

namespace asio = boost::asio;
using Json = nlohmann::json;

constexpr std::size_t kMaxBody = 4 * 1024 * 1024;

/// All of a draft but its summary. Drafts are put together as text: the load generator shares the
/// machine with what it measures.
std::string draft_head(const std::vector<std::string>& to) {
    std::string head = Json{{"kind", kKind}, {"to", to}}.dump();
    head.back() = ',';
    return head + R"("fields":{"summary":")";
}

}  // namespace

transport::Limits limits() {
    using std::chrono::seconds;
    return {.header_bytes = 16 * 1024,
            .header_fields = 64,
            .body_bytes = kMaxBody,
            .drain_bytes = kMaxBody,
            .websocket_message_bytes = kMaxBody,
            .handshake = seconds(10),
            .header = seconds(10),
            .body = seconds(30),
            .idle = seconds(90),
            .connections = 1,
            .connections_per_address = 1,
            .connections_per_certificate = 1};
}

asio::awaitable<Json> Local::ask(std::string method, std::string target, std::string body,
                                 unsigned expected) {
    if (!client_) {
        auto client = co_await transport::connect_unix(socket_, limits());
        if (!client) throw std::runtime_error("no connection to " + socket_);
        client_ = *std::move(client);
    }
    transport::ClientRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = to_bytes(body);
    const auto response = co_await client_->exchange(request, kMaxBody);
    if (!response) throw std::runtime_error("no answer from " + socket_);
    if (response->status != expected) {
        throw std::runtime_error(std::string(as_text(response->body)));
    }
    co_return Json::parse(as_text(response->body));
}

std::string summary_text(std::size_t number) {
    // Notices of this kind have about 450 bytes besides.
    return std::to_string(number) + std::string(600, 'x');
}

std::string drafts(const std::vector<std::string>& to, std::size_t first, std::size_t count) {
    const std::string head = draft_head(to);
    std::string text(count == 1 ? "" : "[");
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) text += ',';
        text += head + summary_text(first + i) + R"("}})";
    }
    return count == 1 ? text : text + ']';
}

}  // namespace tongbao::bench
