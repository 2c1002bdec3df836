#include "hub/due_query.hpp"

#include "hub/http_answer.hpp"
#include "transport/http_message.hpp"

#include <charconv>
#include <limits>
#include <string_view>
#include <vector>

namespace tongbao::hub {
namespace {

constexpr std::string_view kNoDue = "none";

Reason bad(const char* place, const char* words) {
    return {Errc::bad_value, place, words};
}

/// The text up to the next dot, which is taken off.
std::string_view take_part(std::string_view& text) {
    const std::size_t dot = text.find('.');
    const std::string_view part = text.substr(0, dot);
    text = dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
    return part;
}

std::optional<UtcTime> milliseconds_from(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return UtcTime(std::chrono::milliseconds(value));
}

std::optional<storage::OpenClockPlace> place_from(std::string_view text) {
    storage::OpenClockPlace place;
    const std::string_view due = take_part(text);
    if (due != kNoDue) {
        place.due = milliseconds_from(due);
        if (!place.due) return std::nullopt;
    }
    const std::optional<LogIndex> notice = index_from(take_part(text));
    const std::optional<LogIndex> clock = index_from(take_part(text));
    // What is left is the unit, which may have dots of its own.
    const Result<UnitId> unit = parse_unit_id(text);
    if (!notice || !clock || !unit) return std::nullopt;
    if (clock->value() > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
    place.notice = *notice;
    place.clock = static_cast<std::uint16_t>(clock->value());
    place.unit = *unit;
    return place;
}

}  // namespace

Checked<DueQuery> read_due_query(const std::string& target) {
    const Result<transport::Fields> fields = transport::query_fields(target);
    if (!fields) return Reason{Errc::bad_request, "query", {}};
    DueQuery query;
    if (const auto text = transport::find_field(*fields, "unit")) {
        const Result<UnitId> unit = parse_unit_id(*text);
        if (!unit) return bad("unit", "the id of a unit");
        query.unit = *unit;
    }
    if (const auto text = transport::find_field(*fields, "until")) {
        const Result<UtcTime> until = parse_date_time(*text);
        if (!until) return bad("until", "a time, such as 2026-11-22T09:30:00.123Z");
        query.until = *until;
    }
    if (const auto text = transport::find_field(*fields, "after")) {
        query.after = place_from(*text);
        if (!query.after) return bad("after", "the `next` of the page before");
    }
    return query;
}

std::string cursor_text(const storage::OpenClockPlace& place) {
    const std::string due =
        place.due ? std::to_string(place.due->time_since_epoch().count()) : std::string(kNoDue);
    return due + '.' + std::to_string(place.notice.value()) + '.' + std::to_string(place.clock) +
           '.' + place.unit.value();
}

}  // namespace tongbao::hub
