#pragma once

#include "client/daemon/dispatch_question.hpp"
#include "client/daemon/hub_requests.hpp"
#include "client/daemon/log_follower.hpp"
#include "client/daemon/services.hpp"
#include "domain/act.hpp"
#include "domain/bytes.hpp"
#include "domain/charter.hpp"
#include "domain/ids.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {

/// The most that the hub may answer to one question.
inline constexpr std::size_t kMaxDispatchBytes = 16 * 1024 * 1024;
inline constexpr std::size_t kMaxDispatchItems = 1024;

/// The sender's act, as the log has it.
struct RegisteredDispatch {
    LogIndex index;
    UtcTime time{};
    /// What it says; none where this unit may not read it.
    std::optional<Dispatch> said{};
};

/// 登记. An item of the register of dispatches: a recipient of a notice to whom the hub delivers
/// nothing.
struct DispatchItem {
    NoticeRef notice;
    KindId kind;
    UnitId from;
    /// The recipient.
    UnitId unit;
    DispatchStage state{};
    /// Since when it is open: when the notice was logged.
    UtcTime logged{};
    std::optional<CaseNumber> case_number{};
    /// One, and one more that added the evidence.
    std::vector<RegisteredDispatch> acts{};
    /// The entry that says that the notice was withdrawn or corrected.
    std::optional<LogIndex> ended{};
    /// Of a notice that this daemon holds.
    std::optional<NoticeId> id{};
    std::string title{};
};

/// A page of the register.
struct DispatchList {
    std::vector<DispatchItem> items;
    /// The cursor of the next page; empty at the end.
    std::string next;
};

/// Reads what a hub answers to `question` of the unit `own`, which knows the log as `known` does.
/// A hub can turn: the head must extend the one known; every entry must stand in its tree and be of
/// its item: the notice's own, which names the recipient, the sender's acts for it, and what took
/// the notice back. Acts must be those that the entries name, and the state what follows from both.
/// The unit must be the sender, or the charter's office and the kind none that it is not to know
/// of. That none is left out, only an audit of the whole log shows.
///
/// Errors, with the place, such as `items[3].entries[0]`: Errc::protocol_violation for what has not
/// the form of an answer; those of LogFollower::advance and read_proved_entry;
/// Errc::entry_mismatch for what speaks of something else.
[[nodiscard]] Checked<DispatchList> read_dispatch_list(BytesView answer,
                                                       const DispatchQuestion& question,
                                                       const UnitId& own, const Charter& charter,
                                                       LogFollower known);

/// Asks the hub for a page of the register and checks it, also against the notices that are here.
///
/// Errors: Errc::hub_unavailable, whose place is the particular code, while it can't be reached;
/// Errc::unsupported_version from a hub that has no such list; Errc::protocol_violation for an
/// answer of another form; behind an alarm, what else read_dispatch_list refuses, and
/// Errc::entry_mismatch for a notice that is another than is held here; else the code of the hub's
/// problem, and those of the store.
[[nodiscard]] boost::asio::awaitable<Checked<DispatchList>> fetch_dispatches(
    Services& services, HubRequests& requests, const LogFollower& follower,
    DispatchQuestion question);

/// The page as the local API gives it.
[[nodiscard]] std::string write_dispatch_list(const DispatchList& list);

}  // namespace tongbao::client
