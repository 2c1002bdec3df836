#pragma once

#include "client/daemon/bell.hpp"
#include "protocol/message.hpp"
#include "tests/hub/hub_parts.hpp"
#include "transport/http_client.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::testing {

/// The hub's end of a stream, in the hands of a test.
class FakeSocket final : public transport::WebSocket {
public:
    explicit FakeSocket(boost::asio::any_io_executor executor)
        : executor_(executor), bell_(executor) {}

    /// Called for each message of the daemon; may say something in turn.
    std::function<void(const protocol::Message&)> hears = [](const protocol::Message&) {};

    /// All that the daemon said.
    std::vector<protocol::Message> heard;

    void say(const protocol::Message& message);

    [[nodiscard]] boost::asio::awaitable<Result<Bytes>> read() override;
    [[nodiscard]] boost::asio::awaitable<Result<void>> write(Bytes message) override;
    [[nodiscard]] boost::asio::awaitable<Result<void>> close(transport::CloseCode code,
                                                             std::string reason) override;
    void abort() noexcept override;
    [[nodiscard]] boost::asio::any_io_executor executor() override { return executor_; }

private:
    boost::asio::any_io_executor executor_;
    client::Bell bell_;
    std::deque<Bytes> frames_;
    bool closed_{false};
};

/// A hub's plain HTTP, without network: answers `GET /v1/register` from `parts`, and what a test
/// puts into `answers`.
class FakeHub {
public:
    /// `parts` outlives the object.
    explicit FakeHub(HubParts& parts) : parts_(parts) {}

    struct Answer {
        unsigned status{200};
        Bytes body;
    };

    /// By method and target, such as `GET /v1/charter`; 404 without one.
    std::map<std::string, Answer> answers;
    /// What was asked, in order, as in `answers`.
    std::vector<std::string> asked;
    /// What was sent with the last request.
    Bytes uploaded;
    /// Kept connections have gone when the next request comes.
    bool forgets_connections{false};
    /// How many connections were made.
    int connections{0};

    [[nodiscard]] std::unique_ptr<transport::HttpClient> connect();
    [[nodiscard]] Answer answer(const std::string& request) const;

private:
    HubParts& parts_;
};

/// What the hub of `parts` answers to `GET /v1/register`, or with `?after=`.
[[nodiscard]] Bytes register_of(const HubParts& parts, std::optional<LogIndex> after = {});

}  // namespace tongbao::testing
