#pragma once

#include "domain/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tongbao {

/// Where the limit of a reply comes from: `reply_10wd`, `field:due`, `row:due`.
struct Within {
    enum class Source : std::uint8_t { deadline, field, row };
    Source source{};
    /// The id of the deadline, the field or the column.
    std::string name;

    friend bool operator==(const Within&, const Within&) = default;
};

/// When a step of an escalation is taken: `due`, `due-8h`, `due+10wd`.
struct EscalationTime {
    enum class Unit : std::uint8_t { hours, days, working_days };
    /// Negative before the due time; -9999 to 9999.
    std::int32_t n{0};
    Unit unit{};

    friend bool operator==(const EscalationTime&, const EscalationTime&) = default;
};

/// What starts a deadline: `delivered`, `field:decision_date`.
struct DeadlineStart {
    enum class Event : std::uint8_t {
        logged,
        delivered,
        signed_for,
        answered_notice,
        period_end,
        year_start,
        field,
    };
    Event event{};
    /// The field's name; empty for the other events.
    std::string field;

    friend bool operator==(const DeadlineStart&, const DeadlineStart&) = default;
};

/// Errors: Errc::bad_expression, for each of the three.
[[nodiscard]] Result<Within> parse_within(std::string_view text);
[[nodiscard]] Result<EscalationTime> parse_escalation_time(std::string_view text);
[[nodiscard]] Result<DeadlineStart> parse_deadline_start(std::string_view text);

/// Whether `text` may be the name of a field in a condition: `[a-z][a-z0-9_]*`, at most 63
/// characters, none of the words and, or, not, in, present, true, false, reply.
[[nodiscard]] bool is_expression_name(std::string_view text) noexcept;

}  // namespace tongbao
