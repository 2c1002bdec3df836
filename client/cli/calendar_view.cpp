#include "client/cli/calendar_view.hpp"

#include "client/cli/table.hpp"
#include "client/cli/terminal_text.hpp"
#include "protocol/json_writer.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ostream>
#include <vector>

namespace tongbao::client {
namespace {

using protocol::JsonWriter;

/// Days on end that are alike.
struct Stretch {
    LocalDay first;
    LocalDay last;
    std::string_view is;
};

void add_stretches(std::vector<Stretch>& out, const std::vector<LocalDay>& list,
                   std::string_view is) {
    for (std::size_t at = 0; at < list.size(); ++at) {
        if (at > 0 && list[at] == list[at - 1] + std::chrono::days(1)) {
            out.back().last = list[at];
        } else {
            out.push_back({list[at], list[at], is});
        }
    }
}

void print_version(std::ostream& out, const CalendarVersion& version) {
    out << "\nVersion " << version.version;
    if (version.published) out << ", published on " << format_day(*version.published);
    out << '\n';
    std::vector<Stretch> stretches;
    add_stretches(stretches, version.off_days, "free");
    add_stretches(stretches, version.work_days, "worked");
    std::sort(stretches.begin(), stretches.end(),
              [](const Stretch& a, const Stretch& b) { return a.first < b.first; });
    TextTable table({"from", "to", "is"});
    for (const Stretch& each : stretches) {
        table.add({format_day(each.first), format_day(each.last), std::string(each.is)});
    }
    table.print(out, "  ");
}

void write_days(JsonWriter& json, std::string_view name, const std::vector<LocalDay>& list) {
    json.key(name).begin_array();
    for (const LocalDay day : list) json.text(format_day(day));
    json.end_array();
}

void write_day_or_null(JsonWriter& json, std::string_view name,
                       const std::optional<LocalDay>& day) {
    json.key(name);
    if (day) {
        json.text(format_day(*day));
    } else {
        json.null();
    }
}

}  // namespace

std::string time_of_day(const DueTime& due, const TimeZone& zone) {
    if (due.at == zone.start_of(due.day + std::chrono::days(1))) return "24:00";
    const std::chrono::hh_mm_ss clock(local_time_in(zone, due.at) - due.day);
    std::array<char, 16> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%02d:%02d",
                                     static_cast<int>(clock.hours().count()),
                                     static_cast<int>(clock.minutes().count()));
    return {buffer.data(), static_cast<std::size_t>(length)};
}

void print_due(std::ostream& out, const DueView& view) {
    out << "due  " << format_day(view.due.day) << ' ' << time_of_day(view.due, view.zone) << "  "
        << printable(view.zone_name) << "\nUTC  " << format_utc(view.due.at) << '\n';
}

std::string due_json(const DueView& view) {
    JsonWriter json;
    json.begin_object()
        .member("due", format_utc(view.due.at))
        .member("day", format_day(view.due.day))
        .member("time", time_of_day(view.due, view.zone))
        .member("zone", view.zone_name)
        .member("calendar", as_utf8(view.calendar));
    write_day_or_null(json, "known_at", view.known_at);
    return json.end_object().take();
}

void print_calendar_year(std::ostream& out, const Calendar& calendar, const CalendarYear& year) {
    out << printable(calendar.name()) << ' ' << static_cast<int>(year.year) << '\n';
    for (const CalendarVersion& version : year.versions) print_version(out, version);
    out << "\nAll other Saturdays and Sundays are free, all other days are worked.\n";
}

std::string calendar_year_json(const Calendar& calendar, const CalendarYear& year) {
    JsonWriter json;
    json.begin_object().member("calendar", as_utf8(calendar.name())).key("year");
    json.number(std::int64_t{static_cast<int>(year.year)}).key("versions").begin_array();
    for (const CalendarVersion& version : year.versions) {
        json.begin_object().key("version").number(std::int64_t{version.version});
        write_day_or_null(json, "published", version.published);
        write_days(json, "off_days", version.off_days);
        write_days(json, "work_days", version.work_days);
        json.end_object();
    }
    return json.end_array().end_object().take();
}

}  // namespace tongbao::client
