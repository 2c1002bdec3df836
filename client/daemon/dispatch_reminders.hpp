#pragma once

#include "client/daemon/charter_limits.hpp"
#include "client/daemon/dispatch_list.hpp"
#include "client/daemon/hub_requests.hpp"
#include "client/daemon/log_follower.hpp"
#include "client/daemon/services.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"
#include "protocol/json_writer.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <vector>

namespace tongbao::client {

/// An item of the register of dispatches that its sender is reminded of.
struct DispatchReminder {
    DispatchItem item;
    /// Since when: domain/dispatch_stage, chased_from.
    UtcTime since{};
};

/// Those of `items` that `own` sent and is reminded of by now, the oldest first. Without `limits` a
/// working day is 24 hours.
[[nodiscard]] std::vector<DispatchReminder> dispatch_reminders(std::vector<DispatchItem> items,
                                                               const UnitId& own,
                                                               const CharterLimits* limits,
                                                               UtcTime now);

/// The items that something is waited for of.
struct ChasedItems {
    std::vector<DispatchItem> items;
    /// Whether these are all: not if there are more than kMaxChasedPages hold.
    bool complete{true};
};

/// Pages of GET /v1/dispatches that are asked for at most.
inline constexpr std::size_t kMaxChasedPages = 16;

/// Asks the hub for what is open, and for what is registered without evidence, page by page, each
/// checked as fetch_dispatches does. None from a hub that has no such list.
///
/// Errors: those of fetch_dispatches.
[[nodiscard]] boost::asio::awaitable<Checked<ChasedItems>> fetch_chased_items(
    Services& services, HubRequests& requests, const LogFollower& follower);

/// One of them, as a reminder of GET /v1/reminders.
void write_dispatch_reminder(protocol::JsonWriter& writer, const DispatchReminder& reminder);

}  // namespace tongbao::client
