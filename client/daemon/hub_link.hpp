#pragma once

#include "client/daemon/delivery_intake.hpp"
#include "client/daemon/key_copy.hpp"
#include "client/daemon/log_follower.hpp"
#include "client/daemon/outbox.hpp"
#include "client/daemon/services.hpp"
#include "protocol/client_session.hpp"
#include "transport/websocket.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <random>

namespace tongbao::client {

/// Keeps the daemon connected: makes the stream, serves it, makes it again after a growing,
/// jittered pause, until it is told to stop.
class HubLink {
public:
    /// `services`, `follower` and `keys` outlive the object; `executor` is the daemon's thread.
    HubLink(Services& services, LogFollower& follower, KeyCopy& keys,
            boost::asio::any_io_executor executor)
        : services_(services), follower_(follower), keys_(keys), pause_bell_(std::move(executor)) {}

    /// Ends after stop(), once the stream is closed.
    [[nodiscard]] boost::asio::awaitable<void> run();

    /// On the daemon's thread.
    void stop();

private:
    /// One connection from its making to its end: three coroutines share it.
    class Stream;

    [[nodiscard]] boost::asio::awaitable<Result<void>> connect_and_serve();
    [[nodiscard]] std::chrono::milliseconds next_pause();
    void tell(Errc errc);

    Services& services_;
    LogFollower& follower_;
    KeyCopy& keys_;
    std::weak_ptr<Stream> stream_;
    Bell pause_bell_;
    bool stopping_{false};
    /// Attempts since the last success.
    unsigned failures_{0};
    std::minstd_rand jitter_{std::random_device()()};
};

}  // namespace tongbao::client
