#include "client/sandbox/readiness.hpp"

#include "protocol/json_value.hpp"
#include "protocol/object_reader.hpp"
#include "transport/http_client.hpp"
#include "transport/run_to_end.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMaxAnswer = 1024 * 1024;
constexpr std::chrono::seconds kPatience{5};

transport::Limits limits() {
    return {.header_bytes = 16 * 1024,
            .header_fields = 64,
            .body_bytes = kMaxAnswer,
            .drain_bytes = 64 * 1024,
            .websocket_message_bytes = 1024,
            .handshake = kPatience,
            .header = kPatience,
            .body = kPatience,
            .idle = kPatience,
            .connections = 1,
            .connections_per_address = 1,
            .connections_per_certificate = 1};
}

/// One GET; its answer goes to `answer`, which outlives the coroutine.
asio::awaitable<Result<void>> get_from(transport::HttpClient& client, std::string target,
                                       transport::Response& answer) {
    transport::ClientRequest request;
    request.target = std::move(target);
    Result<transport::Response> response = co_await client.exchange(request, kMaxAnswer);
    if (!response) co_return response.error();
    answer = *std::move(response);
    // The answer is there whole: how the connection ends does not matter any more.
    [[maybe_unused]] const Result<void> closed = co_await client.close();
    co_return Result<void>();
}

asio::awaitable<Result<void>> get_by_tls(transport::HttpsAddress address, transport::TlsSide tls,
                                         std::string target, transport::Response& answer) {
    const auto client =
        co_await transport::connect_https(std::move(address), std::move(tls), limits());
    if (!client) co_return client.error();
    const Result<void> got = co_await get_from(**client, std::move(target), answer);
    co_return got;
}

asio::awaitable<Result<void>> get_by_socket(std::string socket, std::string target,
                                            transport::Response& answer) {
    const auto client = co_await transport::connect_unix(std::move(socket), limits());
    if (!client) co_return client.error();
    const Result<void> got = co_await get_from(**client, std::move(target), answer);
    co_return got;
}

/// Members that are not asked for are passed over: a newer daemon may say more.
std::optional<DaemonCondition> read_condition(BytesView body) {
    const Checked<protocol::JsonDocument> json = protocol::read_json(body, kMaxAnswer);
    if (!json) return std::nullopt;
    protocol::ObjectReader status(*json, "");
    const protocol::JsonValue* const hub_value = status.value("hub");
    if (hub_value == nullptr) return std::nullopt;
    protocol::ObjectReader hub(*hub_value, "hub");
    const auto text_of = [](const protocol::JsonValue* value) {
        const auto* const text =
            value == nullptr ? nullptr : std::get_if<std::string_view>(&value->value);
        return text == nullptr ? std::string() : std::string(*text);
    };
    DaemonCondition condition;
    condition.connected = hub.boolean("connected");
    condition.last_error = text_of(hub.value("last_error"));
    condition.alarm = text_of(status.value("alarm"));
    if (hub.fault() || status.fault()) return std::nullopt;
    return condition;
}

}  // namespace

Result<void> ask_hub(const HubQuestion& question, const Clock& clock) {
    constexpr unsigned kGood = 200;
    std::string ignored;
    const Result<program::TlsMaterial> material =
        program::read_tls_files(question.tls, question.trust_domain, ignored);
    if (!material) return material.error();
    Result<transport::TlsSide> tls = program::client_side(*material, clock);
    if (!tls) return tls.error();
    transport::Response answer;
    const Result<void> got = transport::run_to_end(
        get_by_tls({"127.0.0.1", question.port, ""}, *std::move(tls), "/log/checkpoint", answer));
    if (!got) return got.error();
    if (answer.status != kGood) return Errc::hub_unavailable;
    return {};
}

Result<DaemonCondition> ask_daemon(const std::filesystem::path& socket) {
    transport::Response answer;
    const Result<void> got =
        transport::run_to_end(get_by_socket(socket.string(), "/v1/status", answer));
    if (!got) return got.error();
    std::optional<DaemonCondition> condition = read_condition(answer.body);
    if (!condition) return Errc::protocol_violation;
    return *std::move(condition);
}

}  // namespace tongbao::client
