#include "protocol/calendar_json.hpp"

#include "protocol/json_reader.hpp"
#include "protocol/strict_json.hpp"

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace tongbao::protocol {
namespace reading {
namespace {

constexpr std::uint32_t kLastYear = 9999;
constexpr std::size_t kMostDays = 366;

LocalDay calendar_day(const Cell& cell) {
    return parsed_by(parse_day, "a date such as 2020-10-01")(cell);
}

std::optional<LocalDay> day_of_publication(const Cell& cell) {
    return calendar_day(cell);
}

}  // namespace

void read(Members& in, CalendarVersion& out) {
    in.required("version", out.version, integer(1));
    in.optional("published", out.published, day_of_publication);
    in.required("off_days", out.off_days, list_of(calendar_day, {.most = kMostDays}));
    in.required("work_days", out.work_days, list_of(calendar_day, {.most = kMostDays}));
}

}  // namespace reading

namespace {

/// Reads the files of one calendar, one after the other, and notes what is wrong with each.
class CalendarReading {
public:
    explicit CalendarReading(std::string_view name) : name_(name) {}

    void take(const CalendarFile& file) {
        Reasons found;
        if (std::optional<CalendarYear> year = read_year(file, found)) {
            check_place(file, year->year, found);
            years_.push_back(*std::move(year));
        }
        for (Reason& reason : found) {
            reason.place = file.name + (reason.place.empty() ? "" : ": ") + reason.place;
            reasons_.push_back(std::move(reason));
        }
    }

    LoadedCalendar finish() {
        if (!reasons_.empty()) return std::move(reasons_);
        return Calendar(std::string(name_), std::move(years_));
    }

private:
    /// The year, if its file follows the schema.
    std::optional<CalendarYear> read_year(const CalendarFile& file, Reasons& found) const {
        if (file.text.size() > kMaxCalendarBytes) {
            found.push_back({Errc::too_large, "", "a year's calendar has at most 64 KiB"});
            return std::nullopt;
        }
        JsonFault fault;
        const Result<nlohmann::json> json = parse_strict_json(file.text, &fault);
        if (!json) {
            found.push_back({fault.code, fault.place, "byte " + std::to_string(fault.offset)});
            return std::nullopt;
        }
        CalendarYear year = read_members(reading::Cell{*json, "", found});
        if (!found.empty()) return std::nullopt;
        found = check_calendar_year(year);
        return year;
    }

    CalendarYear read_members(const reading::Cell& cell) const {
        CalendarYear out;
        reading::Members in(cell);
        in.demand("calendar", reading::exactly(std::string(name_)));
        in.required("year", out.year, [](const reading::Cell& year) {
            return std::chrono::year(
                static_cast<int>(reading::integer(1, reading::kLastYear)(year)));
        });
        in.required("versions", out.versions,
                    reading::list_of(reading::record<CalendarVersion>, {.least = 1}));
        in.finish();
        return out;
    }

    /// That the file is named after its year, and no other is of the same.
    void check_place(const CalendarFile& file, std::chrono::year year, Reasons& found) {
        const std::string expected = std::to_string(static_cast<int>(year)) + ".json";
        if (file.name != expected) {
            found.push_back({Errc::bad_value, "year", "a file of this year is named " + expected});
        }
        const auto [before, is_first] = file_of_year_.emplace(year, file.name);
        if (!is_first) {
            found.push_back(
                {Errc::bad_value, "year", "this year stands in " + before->second + " already"});
        }
    }

    std::string_view name_;
    std::vector<CalendarYear> years_;
    std::map<std::chrono::year, std::string> file_of_year_;
    Reasons reasons_;
};

}  // namespace

LoadedCalendar load_calendar(std::string_view name, std::span<const CalendarFile> files) {
    CalendarReading reading(name);
    for (const CalendarFile& file : files) reading.take(file);
    return reading.finish();
}

}  // namespace tongbao::protocol
