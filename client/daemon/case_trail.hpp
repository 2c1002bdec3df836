#pragma once

#include "client/daemon/log_follower.hpp"
#include "client/daemon/services.hpp"
#include "client/daemon/trail.hpp"
#include "domain/notice.hpp"
#include "domain/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace tongbao::client {

/// An event of one of a case's notices.
struct CaseEvent {
    TrailEvent event;
    LogIndex notice;
    KindId kind;  ///< the notice's
};

/// The events of all notices of a case which the unit may read, in the log's order.
struct CaseTrail {
    CaseNumber number;
    /// How long the log was when the last of them was proved.
    TreeSize size;
    std::vector<CaseEvent> events;
};

/// Puts trails together: `trails` holds each notice's, its `logged` event first. An event that
/// speaks of several notices stands there once for each.
///
/// Errors: Errc::bad_log_entry if one does not begin with its `logged` event.
[[nodiscard]] Result<CaseTrail> join_trails(CaseNumber number, std::vector<Trail> trails);

/// Asks the hub which notices of the case the unit may read, and for the trail of each, which is
/// checked as fetch_trail does. That the hub leaves out none of the case's notices can't be checked
/// here.
///
/// Errors: those of HubRequests::get and fetch_trail; Errc::protocol_violation for an answer that
/// can't be read; Errc::too_large for a case of more than 1,000 notices.
[[nodiscard]] boost::asio::awaitable<Result<CaseTrail>> fetch_case_trail(
    Services& services, const LogFollower& follower, CaseNumber number);

/// `{"case", "size": n, "events": [{"index", "time", "event", "unit", "kind", "notice"}, …]}`,
/// `notice` being the log index of the notice and `kind` its kind.
[[nodiscard]] std::string write_case_trail(const CaseTrail& trail);

}  // namespace tongbao::client
