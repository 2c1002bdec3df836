#pragma once

#include "client/daemon/backoff.hpp"
#include "client/daemon/delivery_intake.hpp"
#include "client/daemon/key_copy.hpp"
#include "client/daemon/log_follower.hpp"
#include "client/daemon/outbox.hpp"
#include "client/daemon/services.hpp"
#include "protocol/client_session.hpp"
#include "transport/websocket.hpp"

#include <boost/asio/awaitable.hpp>

#include <deque>
#include <memory>

namespace tongbao::client {

/// How often it went wrong, from stream to stream: a Welcome is no progress, only a batch that was
/// answered and a delivery that was stored are.
struct Retries {
    Backoff connecting;
    Backoff sending;
};

/// One stream from its opening to its end, served by four coroutines on the daemon's thread: one
/// reads and checks what comes, one sends, one stores what was checked, one keeps up with the
/// register while nothing comes. What the hub refuses, or
/// what can't be sent, pauses the sending alone. Whatever does not verify raises the alarm and ends
/// the stream.
class HubStream {
public:
    /// All outlive the object.
    HubStream(Services& services, LogFollower& follower, KeyCopy& keys, Retries& retries,
              std::shared_ptr<transport::WebSocket> socket);

    /// Serves until the stream ends. Why it did, never success.
    [[nodiscard]] boost::asio::awaitable<Result<void>> serve();

    /// Cuts the stream and every request that serves it. serve() ends then.
    void stop();

private:
    using Part = boost::asio::awaitable<Result<void>> (HubStream::*)();

    /// Whichever part ends first ends the others, and says why.
    [[nodiscard]] boost::asio::awaitable<Result<void>> until_end(Part part);
    [[nodiscard]] boost::asio::awaitable<Result<void>> read_all();
    [[nodiscard]] boost::asio::awaitable<Result<void>> send_all();
    [[nodiscard]] boost::asio::awaitable<Result<void>> store_all();
    [[nodiscard]] boost::asio::awaitable<Result<void>> follow_register();

    [[nodiscard]] boost::asio::awaitable<Result<void>> say_hello();
    [[nodiscard]] boost::asio::awaitable<Result<void>> on_frame(Bytes frame);
    [[nodiscard]] boost::asio::awaitable<Result<void>> on_welcome(protocol::Welcome welcome);
    [[nodiscard]] boost::asio::awaitable<Result<void>> on_outcome(protocol::Outcome outcome);
    [[nodiscard]] boost::asio::awaitable<Result<void>> on_delivery(protocol::Delivery delivery,
                                                                   Bytes frame);
    [[nodiscard]] boost::asio::awaitable<Result<void>> on_end(protocol::StreamEnded ended);

    /// Lets the follower take the next head.
    [[nodiscard]] boost::asio::awaitable<Result<void>> advance(protocol::HeadUpdate update);
    [[nodiscard]] boost::asio::awaitable<Result<void>> refresh_keys();
    /// Lets the follower take the head of an Outcome or a Delivery, and fetches what it rests on
    /// and the copy of the register does not have.
    template <typename Shown>
    [[nodiscard]] boost::asio::awaitable<Result<void>> make_ready(const Shown& shown);
    /// Waits before the next batch goes out.
    [[nodiscard]] boost::asio::awaitable<void> pause_sending();

    Services& services_;
    LogFollower& follower_;
    KeyCopy& keys_;
    Retries& retries_;
    std::shared_ptr<transport::WebSocket> socket_;
    protocol::ClientSession machine_;
    Outbox outbox_;
    DeliveryIntake intake_;
    HubRequests requests_;
    HubRequests register_requests_;
    std::deque<CheckedDelivery> arrivals_;
    Bell arrivals_bell_;
    Bell end_bell_;
    Errc why_{Errc::connection_closed};
    bool welcomed_{false};
    bool ended_{false};
};

}  // namespace tongbao::client
