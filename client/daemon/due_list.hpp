#pragma once

#include "client/daemon/due_question.hpp"
#include "domain/act.hpp"
#include "domain/bytes.hpp"
#include "domain/charter.hpp"
#include "domain/clock_terms.hpp"
#include "domain/due_time.hpp"
#include "domain/ids.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {

/// The most that the hub may answer to one question.
inline constexpr std::size_t kMaxDueBytes = 16 * 1024 * 1024;
inline constexpr std::size_t kMaxDueClocks = 1024;

/// A step of an escalation that was done.
struct DueStep {
    /// Its place among the steps of the escalation by which the clock runs, from 0.
    std::uint16_t step{0};
    std::string deed;
    UtcTime due{};
    UtcTime done{};
    /// Of the entry that says so.
    LogIndex index{};
};

/// One clock of one notice at one recipient, as the hub says it stands.
struct DueClock {
    NoticeRef notice;
    Uuid id;
    KindId kind;
    UnitId from;
    /// The recipient: the one that owes.
    UnitId unit;
    ClockId::Purpose purpose{};
    /// The answer that is asked for; none for a receipt.
    std::optional<KindId> reply{};
    /// The row's key, where each row has a clock; else empty.
    std::string row{};
    bool running{false};
    std::optional<MomentOrDay> start{};
    std::optional<UtcTime> due{};
    bool owed{true};
    std::vector<std::string> flags{};
    std::optional<UtcTime> overdue_since{};
    /// Why there is no limit though there should be.
    std::optional<Reason> fault{};
    std::vector<DueStep> steps{};
    /// Whether this daemon holds the notice, and it is the one that the hub names.
    bool held{false};
};

/// A page of what is due, the earliest limit first, those without one last.
struct DueList {
    std::vector<DueClock> clocks;
    /// The cursor of the next page; empty at the end.
    std::string next;
};

/// Reads what a hub answers to `question` of the unit `own`. A hub can turn, so every value must
/// have its form and its bounds, the page its order, and each clock must be one that was asked for
/// and that `own` may know of: it is its sender or recipient, or the charter's office. Kinds and
/// units need not be in the charter of today, since a notice may be older than that.
///
/// Errors: those of protocol::read_json and protocol::ObjectReader, Errc::too_large for more than
/// the bounds, each with its place, such as `clocks[3].due`.
[[nodiscard]] Checked<DueList> read_due_list(BytesView answer, const DueQuestion& question,
                                             const UnitId& own, const Charter& charter);

/// The page as the local API gives it: in the hub's form, with `held` for each clock.
[[nodiscard]] std::string write_due_list(const DueList& list);

}  // namespace tongbao::client
