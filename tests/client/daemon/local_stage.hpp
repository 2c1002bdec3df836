#pragma once

#include "client/daemon/local_api.hpp"
#include "protocol/message_codec.hpp"
#include "tests/client/daemon/daemon_parts.hpp"
#include "tests/protocol/notice_fixture.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

/// The local API of a daemon, asked without a socket.
namespace tongbao::testing {

using namespace client;
namespace asio = boost::asio;

class GivenBody final : public transport::BodyReader {
public:
    explicit GivenBody(Bytes bytes) : rest_(std::move(bytes)) {}
    asio::awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into) override {
        const std::size_t count = std::min(into.size(), rest_.size());
        const auto end = rest_.begin() + static_cast<std::ptrdiff_t>(count);
        std::copy(rest_.begin(), end, into.begin());
        rest_.erase(rest_.begin(), end);
        co_return count;
    }

private:
    Bytes rest_;
};

/// Keeps the answer.
class Answered final : public transport::Responder {
public:
    transport::Response response;
    /// Called with each piece of the body; its error is the connection's.
    std::function<Result<void>(std::string_view)> on_piece;

    asio::awaitable<Result<void>> send(transport::Response whole) override {
        response = std::move(whole);
        co_return Result<void>();
    }
    asio::awaitable<Result<void>> begin(unsigned status, transport::Fields fields,
                                        std::optional<std::uint64_t>) override {
        response.status = status;
        response.fields = std::move(fields);
        co_return Result<void>();
    }
    asio::awaitable<Result<void>> write(BytesView piece) override {
        response.body.insert(response.body.end(), piece.begin(), piece.end());
        if (on_piece) co_return on_piece(as_text(piece));
        co_return Result<void>();
    }
    asio::awaitable<Result<void>> finish() override { co_return Result<void>(); }
    [[nodiscard]] bool begun() const noexcept override { return false; }
};

struct StartedHub : HubParts {
    StartedHub() { start(); }
};

/// Dike's daemon, to which lake's alarm came as entry 7.
struct Asking {
    StartedHub hub;
    DaemonParts daemon{hub, "dike"};
    /// The group `clerks` has the user 4711 in it.
    struct Clerks final : LocalGroups {
        [[nodiscard]] bool contains(const std::string& group,
                                    const transport::LocalPeer& peer) const override {
            return group == "clerks" && peer.uid == 4711;
        }
    };
    Clerks groups;
    PeerCheck peers{1000, "clerks", groups};
    LocalApi api{*daemon.services, *daemon.follower, peers};
    transport::Peer caller{"unix:uid=1000", transport::LocalPeer{1000, 1000, 1}};

    Asking() { arrives(numbered_alarm(1), 7); }

    void arrives(const Notice& notice, std::uint64_t index) {
        protocol::Delivery delivery;
        delivery.batch = LogIndex(index);
        delivery.leaves = {protocol::DeliveredLeaf{LogIndex(index), leaf_of(notice)}};
        storage::Received received;
        received.batch = LogIndex(index);
        received.delivery = protocol::encode(delivery);
        storage::InboxRow row;
        row.index = row.batch = LogIndex(index);
        row.id = notice.id.value();
        row.from = notice.from;
        row.kind = notice.kind;
        received.notices = {row};
        REQUIRE(daemon.store->receive(received).has_value());
    }

    transport::Response ask(const std::string& method, const std::string& target,
                            const std::string& body = {}) {
        transport::RequestHead request;
        request.method = method;
        request.target = target;
        GivenBody given(to_bytes(body));
        Answered answered;
        const Result<void> done = daemon.run(api.handle(caller, request, given, answered));
        if (!done) answered.response.status = transport::status_of(to_errc(done.error()));
        return answered.response;
    }
    static nlohmann::json body_of(const transport::Response& response) {
        return nlohmann::json::parse(as_text(response.body));
    }
};

}  // namespace tongbao::testing
