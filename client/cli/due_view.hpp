#pragma once

#include "domain/calendar.hpp"
#include "domain/charter.hpp"
#include "domain/due_time.hpp"
#include "domain/time.hpp"
#include "domain/time_zone.hpp"
#include "protocol/json_value.hpp"

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// By what a list of what is due is shown. Borrows all but the time.
struct DueListRules {
    const Charter& charter;
    /// The charter's, and its name.
    const TimeZone& zone;
    std::string_view zone_name;
    /// nullptr: it can't be read here, and days that are left are counted whether worked or not.
    const Calendar* calendar{nullptr};
    UtcTime now{};
};

/// Clocks as the daemon's GET /v1/due gives them, in the order in which they are shown.
using DueClocks = std::vector<const protocol::JsonValue*>;

/// Which clocks were asked for.
struct DueFilter {
    /// The one that owes; empty: each.
    std::string unit;
    /// Only those that have gone over a limit.
    bool overdue{false};
    /// Only limits that end not later.
    std::optional<DueTime> until{};
    /// Who sent the notice; empty: anybody.
    std::string from{};
    /// The notice's kind; empty: each.
    std::string kind{};
    /// `receipt` or `reply`; empty: both.
    std::string purpose{};
    /// The kind of the answer that is asked for; empty: each, and receipts.
    std::string reply{};
    /// A flag of the notice at who owes; empty: each.
    std::string flag{};
};

/// What `now` means for a limit: `3 working days left`, `2 days left, all free`, `today`,
/// `over today`, `2 days over`. Working days left are those after today up to the limit's day; in
/// years without a published calendar all days are counted, as `40 days left`. Days over are all
/// days.
[[nodiscard]] std::string time_left(const DueTime& due, const DueListRules& rules);

/// `2020-10-09 Fri 24:00`, in the zone.
[[nodiscard]] std::string limit_text(const DueTime& due, const TimeZone& zone);

/// `3 days`, `1 day`, `today` for none; empty for what has gone over no limit.
[[nodiscard]] std::string over_text(const std::optional<std::int64_t>& days);

/// The whole days since the day of the limit that a clock went over, 0 on that day; none if it has
/// gone over none. Counts from the limit before, where that was moved since.
[[nodiscard]] std::optional<std::int64_t> days_over(const protocol::JsonValue& clock,
                                                    const DueListRules& rules);

/// Prints a table: the limit in the charter's zone, what is left, who owes what for which notice;
/// `over`, where something is: days_over.
void print_due_table(std::ostream& out, const DueClocks& clocks, const DueListRules& rules);

/// Prints CSV (print_csv) under a line of names, one record a clock, with all that is known of it.
void print_due_csv(std::ostream& out, const DueClocks& clocks, const DueListRules& rules);

/// Whether the daemon's clock is one that was asked for; until is not looked at.
[[nodiscard]] bool fits(const protocol::JsonValue& clock, const DueFilter& filter);

/// That there is none, such as `Nothing is due of police until 2020-10-09 24:00 Asia/Shanghai.`
[[nodiscard]] std::string nothing_due(const DueFilter& filter, const DueListRules& rules);

/// `{"clocks": […]}`, each as the daemon gave it.
[[nodiscard]] std::string due_list_json(const DueClocks& clocks);

}  // namespace tongbao::client
