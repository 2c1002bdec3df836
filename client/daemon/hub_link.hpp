#pragma once

#include "client/daemon/hub_stream.hpp"
#include "client/daemon/key_copy.hpp"
#include "client/daemon/log_follower.hpp"
#include "client/daemon/reminder_watch.hpp"
#include "client/daemon/services.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace tongbao::client {

/// Keeps the daemon connected: makes the stream, serves it, makes it again after a growing,
/// jittered pause, until it is told to stop. Meanwhile it watches what the unit is reminded of.
class HubLink {
public:
    /// `services`, `follower` and `keys` outlive the object; `executor` is the daemon's thread.
    HubLink(Services& services, LogFollower& follower, KeyCopy& keys,
            boost::asio::any_io_executor executor)
        : services_(services),
          follower_(follower),
          keys_(keys),
          reminders_(services, follower, executor),
          pause_bell_(std::move(executor)) {}

    /// Ends after stop(), once the stream is closed.
    [[nodiscard]] boost::asio::awaitable<void> run();

    /// On the daemon's thread.
    void stop();

private:
    [[nodiscard]] boost::asio::awaitable<void> keep_connected();
    [[nodiscard]] boost::asio::awaitable<Result<void>> connect_and_serve();

    Services& services_;
    LogFollower& follower_;
    KeyCopy& keys_;
    Retries retries_;
    std::weak_ptr<HubStream> stream_;
    ReminderWatch reminders_;
    Bell pause_bell_;
    bool stopping_{false};
};

}  // namespace tongbao::client
