#pragma once

#include "client/daemon/services.hpp"
#include "domain/time.hpp"
#include "protocol/message.hpp"

#include <chrono>
#include <vector>

/// Compares this computer's clock with the hub's, whose time decides, by what the log shows. A
/// delay is no difference: what was logged long ago, or was sent long after it was written, says
/// nothing. What can't be by any delay does: an entry from the future, and an entry of our own that
/// is older than what it logs. Each change is said once in the running log, and stands in HubState.
/// On the daemon's thread.
namespace tongbao::client {

/// Clocks that differ by less agree.
inline constexpr std::chrono::minutes kClockTolerance{5};

/// An entry that was delivered bears `logged_at`.
void compare_with_delivered(Services& services, UtcTime logged_at);

/// The hub answered a batch of ours, and the answer was checked. What it logged just now counts;
/// repetitions of earlier answers do not.
void compare_with_answer(Services& services, const protocol::Outcome& outcome,
                         const std::vector<storage::SentItem>& items);

}  // namespace tongbao::client
