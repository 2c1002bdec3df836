#include "tests/client/cli/fake_daemon.hpp"

#include "protocol/problem.hpp"
#include "tests/support/project_paths.hpp"

#include <boost/asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

namespace tongbao::client::testing {
namespace {

transport::Limits wide_limits() {
    using std::chrono::seconds;
    return {.header_bytes = 16 * 1024,
            .header_fields = 64,
            .body_bytes = 8 * 1024 * 1024,
            .drain_bytes = 64 * 1024,
            .websocket_message_bytes = 1024,
            .handshake = seconds(60),
            .header = seconds(60),
            .body = seconds(60),
            .idle = seconds(60),
            .connections = 10,
            .connections_per_address = 10,
            .connections_per_certificate = 10};
}

}  // namespace

FakeDaemon::FakeDaemon() {
    std::ofstream(config()) << "socket = \"api\"\n";
    const auto error_body = [](unsigned, Errc errc) { return protocol::write_problem(errc); };
    auto listener = transport::listen_unix(context_.get_executor(), socket(), 0600,
                                           {*this, wide_limits(), error_body, {}});
    REQUIRE(listener.has_value());
    listener_ = *std::move(listener);
    listener_->start();
    thread_ = std::thread([this] { context_.run(); });
}

FakeDaemon::~FakeDaemon() {
    boost::asio::co_spawn(context_, listener_->stop(std::chrono::seconds(10)),
                          [](std::exception_ptr, const Result<void>&) {});
    thread_.join();
}

void FakeDaemon::answer(const std::string& request, FakeAnswer answer) {
    const std::lock_guard lock(mutex_);
    answers_[request].push_back(std::move(answer));
}

std::vector<SeenRequest> FakeDaemon::seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
}

FakeAnswer FakeDaemon::next_answer(const std::string& request) {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(request);
    if (found == answers_.end()) return {404, protocol::write_problem(Errc::not_found)};
    FakeAnswer answer = found->second.front();
    if (found->second.size() > 1) found->second.erase(found->second.begin());
    return answer;
}

bool FakeDaemon::is_websocket(const transport::RequestHead& /*request*/) const {
    return false;
}

boost::asio::awaitable<Result<void>> FakeDaemon::handle(const transport::Peer& /*peer*/,
                                                        const transport::RequestHead& request,
                                                        transport::BodyReader& body,
                                                        transport::Responder& responder) {
    const Result<Bytes> content = co_await body.read_all(std::size_t{8} * 1024 * 1024);
    if (!content) co_return content.error();
    {
        const std::lock_guard lock(mutex_);
        seen_.push_back({request.method, request.target, std::string(as_text(*content)),
                         std::string(request.field("Last-Event-ID").value_or(""))});
    }
    const FakeAnswer answer = next_answer(request.method + ' ' + request.target);
    transport::Response response;
    response.status = answer.status;
    response.content_type = "application/json";
    response.body = to_bytes(answer.body);
    const Result<void> sent = co_await responder.send(std::move(response));
    co_return sent;
}

boost::asio::awaitable<Result<void>> FakeDaemon::stream(
    const transport::Peer& /*peer*/, const transport::RequestHead& /*request*/,
    std::shared_ptr<transport::WebSocket> /*socket*/) {
    co_return Errc::protocol_violation;
}

CommandOutcome run_with(const FakeDaemon& daemon, std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--config", daemon.config()});
    return run_tongbao(std::move(arguments));
}

std::string charter_text(const std::string& name) {
    std::ifstream file(testing::source_dir() + "/domain/charters/" + name + ".json");
    std::ostringstream text;
    text << file.rdbuf();
    REQUIRE(file.good());
    return text.str();
}

}  // namespace tongbao::client::testing
