#include "client/daemon/due_question.hpp"

#include <algorithm>
#include <utility>

namespace tongbao::client {

bool is_due_cursor(std::string_view text) noexcept {
    return !text.empty() && text.size() <= kMaxDueCursorBytes &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

Checked<DueQuestion> due_question(const transport::Fields& query, const Charter& charter) {
    DueQuestion question;
    for (const transport::Field& field : query) {
        const bool again = (field.name == "unit" && question.unit) ||
                           (field.name == "until" && question.until) ||
                           (field.name == "after" && question.after);
        if (again) return Reason{Errc::duplicate_member, field.name, "once in the query"};
        if (field.name == "unit") {
            Result<UnitId> unit = parse_unit_id(field.value);
            if (!unit || !charter.knows(*unit)) {
                return Reason{Errc::bad_value, "unit", "the charter has no such unit"};
            }
            question.unit = *std::move(unit);
        } else if (field.name == "until") {
            const Result<UtcTime> until = parse_utc(field.value);
            if (!until) {
                return Reason{Errc::bad_value, "until",
                              "a UTC time such as 2026-11-22T09:30:00.123Z"};
            }
            question.until = *until;
        } else if (field.name == "after") {
            if (!is_due_cursor(field.value)) {
                return Reason{Errc::bad_value, "after", "the `next` of the page before"};
            }
            question.after = field.value;
        } else {
            return Reason{Errc::unknown_member, field.name, "unit, until and after are known"};
        }
    }
    return question;
}

std::string due_target(const DueQuestion& question) {
    std::string target = "/v1/due";
    char before = '?';
    const auto add = [&target, &before](std::string_view name, const std::string& value) {
        target += std::exchange(before, '&');
        target += name;
        target += '=' + transport::percent_encode(value);
    };
    if (question.unit) add("unit", question.unit->value());
    if (question.until) add("until", format_utc(*question.until));
    if (question.after) add("after", *question.after);
    return target;
}

}  // namespace tongbao::client
