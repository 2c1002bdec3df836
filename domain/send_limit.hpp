#pragma once

#include "domain/charter.hpp"
#include "domain/due_time.hpp"
#include "domain/limit_clock.hpp"
#include "domain/notice.hpp"
#include "domain/running_limit.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao {

// The limits of sending. A late notice is accepted and flagged, never refused: the law wants it
// sent.

/// One limit of a notice's own sending.
struct SendLimit {
    /// `send_within` or `checks[i]`.
    std::string rule;
    DueTime due;
    bool late{false};

    friend bool operator==(const SendLimit&, const SendLimit&) = default;
};

/// The notice that is answered, as it stood at who answers: its clocks' terms there and their
/// history. Borrows both.
struct AnsweredNotice {
    std::span<const ClockTerms> terms;
    const ClockHistory& history;
};

struct SendLimits {
    std::vector<SendLimit> limits;
    /// What could not be counted: Errc::calendar_missing, Errc::too_large, Errc::bad_time; the
    /// place is the rule's. Nothing of it refuses a notice.
    Reasons faults;
};

/// Where a rule stands in the order of SendLimits: 0 for `send_within`, i + 1 for `checks[i]`; none
/// for any other text.
[[nodiscard]] std::optional<std::size_t> send_rule_place(std::string_view rule);

/// Whether a notice of the kind can be late for the rule.
[[nodiscard]] bool has_send_rule(const Kind& kind, std::string_view rule);

/// Whether a notice of the kind can be late for any.
[[nodiscard]] bool has_send_rules(const Kind& kind);

/// The limits of sending `notice`, logged at `logged_at`: its kind's `send_within`, and its checks
/// with a deadline. One whose start is absent is no limit. A limit from the notice answered starts
/// when its sender signed for that, at the latest when the receipt was due; without `answered`, or
/// where it was neither signed for nor had to be, it does not start.
///
/// Reads fields as they are there: a check over fields that the hub may not read is a unit's to
/// judge. Source: lifecycle, "submit" and "Clocks" 1 and 6; charter expressions, "Checks".
[[nodiscard]] SendLimits send_limits(const Charter& charter, const Kind& kind, const Notice& notice,
                                     UtcTime logged_at, const AnsweredNotice* answered,
                                     const LimitCalendar& by);

}  // namespace tongbao
