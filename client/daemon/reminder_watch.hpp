#pragma once

#include "client/daemon/bell.hpp"
#include "client/daemon/dispatch_reminders.hpp"
#include "client/daemon/hub_requests.hpp"
#include "client/daemon/log_follower.hpp"
#include "client/daemon/reminders.hpp"
#include "client/daemon/services.hpp"
#include "client/daemon/tray.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

namespace tongbao::client {

/// Looks, on connecting and once a minute, what the posts of the unit are reminded of: counts it
/// for GET /v1/status, and tells what came since the look before as events and in the running log.
/// The first look after a start only says how many there are. On the daemon's thread.
class ReminderWatch {
public:
    /// So many new ones are told one by one at a look, the newest; of more the log says how many.
    static constexpr std::size_t kMostTold = 32;

    /// `services` and `follower` outlive the object; `executor` is the daemon's thread.
    ReminderWatch(Services& services, const LogFollower& follower,
                  boost::asio::any_io_executor executor)
        : services_(services),
          follower_(follower),
          requests_(services),
          tray_(services),
          stop_bell_(std::move(executor)) {}

    /// Ends after stop().
    [[nodiscard]] boost::asio::awaitable<void> run();
    void stop();

    /// One look. Errors: the code of those of fetch_open_steps, fetch_chased_items and
    /// TrayDesk::lying, which the running log says once until a look succeeds, unless the hub is
    /// away.
    [[nodiscard]] boost::asio::awaitable<Result<void>> look();

private:
    [[nodiscard]] Errc failed(const Reason& reason);
    void tell(const std::vector<Reminder>& reminders, std::size_t drafts);
    void tell(const std::vector<DispatchReminder>& dispatches);

    /// An item of the register at its stage: of each it is told once.
    using ChasedItem = std::tuple<LogIndex, UnitId, DispatchStage>;

    Services& services_;
    const LogFollower& follower_;
    HubRequests requests_;
    TrayDesk tray_;
    Bell stop_bell_;
    /// The newest entry that was seen to remind; none before the first look.
    std::optional<LogIndex> newest_;
    /// What of the register was reminded of at the look before; none before the first.
    std::optional<std::set<ChasedItem>> chased_;
    std::optional<Errc> told_failure_;
    bool stopping_{false};
};

}  // namespace tongbao::client
