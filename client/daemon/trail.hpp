#pragma once

#include "client/daemon/hub_requests.hpp"
#include "client/daemon/log_follower.hpp"
#include "client/daemon/proved_entry.hpp"
#include "client/daemon/services.hpp"
#include "domain/reason.hpp"
#include "domain/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {

struct Trail {
    std::string checkpoint;
    TreeSize size;
    std::vector<TrailEvent> events;
};

/// Checks what the hub answers for the trail of the notice logged at `notice` to a reader who knows
/// the log as `known` does: the head extends the one known; each entry stands in its tree, in log
/// order; the first is the notice's own, of `sha256` if that is known, and each other one is an act
/// on it, an answer to it, or what its clocks at a recipient brought: a step of an escalation, the
/// closing. That none is left out, only an audit of the whole log shows.
///
/// Errors: those of LogFollower::advance and check_entry; Errc::entry_mismatch for an entry that
/// speaks of something else; Errc::bad_log_entry for what can't be read.
[[nodiscard]] Checked<Trail> check_trail(BytesView answer, LogIndex notice,
                                         const std::optional<Digest>& sha256, LogFollower known);

/// Fetches a notice's trail and checks it. `sha256` is none only of a notice whose bytes are not
/// here.
///
/// Errors: those of HubRequests::get; those of check_trail, behind an alarm.
[[nodiscard]] boost::asio::awaitable<Result<Trail>> fetch_trail(
    Services& services, const LogFollower& follower, LogIndex notice,
    std::optional<Digest> sha256 = std::nullopt);

/// `{"checkpoint": …, "size": n, "events": [{"index", "time", "event", "unit", "sha256", "late"?,
/// "entry": base64, "proof": [base64, …]}, …]}`
[[nodiscard]] std::string write_trail(const Trail& trail);

}  // namespace tongbao::client
