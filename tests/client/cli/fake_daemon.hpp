#pragma once

#include "tests/client/cli/client_command.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "transport/listener.hpp"

#include <boost/asio/io_context.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tongbao::client::testing {

/// What a daemon answers to one request.
struct FakeAnswer {
    unsigned status{200};
    std::string body;
};

/// A request as it came.
struct SeenRequest {
    std::string method;
    std::string target;
    std::string body;
    std::string last_event_id{};
};

/// Answers over a Unix socket what it was told to, as a daemon would; anything else with 404.
class FakeDaemon final : public transport::HttpHandler {
public:
    FakeDaemon();
    FakeDaemon(const FakeDaemon&) = delete;
    FakeDaemon& operator=(const FakeDaemon&) = delete;
    FakeDaemon(FakeDaemon&&) = delete;
    FakeDaemon& operator=(FakeDaemon&&) = delete;
    ~FakeDaemon() override;

    /// `request` is such as `GET /v1/status`. Several answers are given one after the other, the
    /// last one again and again.
    void answer(const std::string& request, FakeAnswer answer);

    [[nodiscard]] std::string socket() const { return (folder_.path() / "api").string(); }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
    /// A configuration file for `tongbao` that names the socket.
    [[nodiscard]] std::string config() const { return (folder_.path() / "tongbao.toml").string(); }
    [[nodiscard]] std::vector<SeenRequest> seen() const;

    [[nodiscard]] bool is_websocket(const transport::RequestHead& request) const override;
    boost::asio::awaitable<Result<void>> handle(const transport::Peer& peer,
                                                const transport::RequestHead& request,
                                                transport::BodyReader& body,
                                                transport::Responder& responder) override;
    boost::asio::awaitable<Result<void>> stream(
        const transport::Peer& peer, const transport::RequestHead& request,
        std::shared_ptr<transport::WebSocket> socket) override;

private:
    [[nodiscard]] FakeAnswer next_answer(const std::string& request);

    storage::TemporaryFolder folder_;
    mutable std::mutex mutex_;
    std::map<std::string, std::vector<FakeAnswer>> answers_;
    std::vector<SeenRequest> seen_;
    boost::asio::io_context context_;
    std::unique_ptr<transport::Listener> listener_;
    std::thread thread_;
};

/// Runs `tongbao` with the fake daemon's configuration.
[[nodiscard]] CommandOutcome run_with(const FakeDaemon& daemon, std::vector<std::string> arguments);

/// The text of the shipped charter `name`.
[[nodiscard]] std::string charter_text(const std::string& name);

}  // namespace tongbao::client::testing
