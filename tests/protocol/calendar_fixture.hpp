#pragma once

#include "protocol/calendar_json.hpp"
#include "tests/protocol/charter_fixture.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tongbao::testing {

inline constexpr const char* kShippedCalendar = "cn-state-council";
inline constexpr int kFirstShippedYear = 2019;
inline constexpr int kLastShippedYear = 2026;

/// The file of one shipped year.
inline protocol::CalendarFile calendar_file(int year) {
    const std::string name = std::to_string(year) + ".json";
    return {name,
            read_source_file(std::string("domain/calendars/") + kShippedCalendar + '/' + name)};
}

inline std::vector<protocol::CalendarFile> calendar_files() {
    std::vector<protocol::CalendarFile> files;
    for (int year = kFirstShippedYear; year <= kLastShippedYear; ++year) {
        files.push_back(calendar_file(year));
    }
    return files;
}

/// Everything that is wrong with `files`; empty if they load.
inline Reasons calendar_faults(const std::vector<protocol::CalendarFile>& files) {
    protocol::LoadedCalendar loaded = protocol::load_calendar(kShippedCalendar, files);
    if (auto* const reasons = std::get_if<Reasons>(&loaded)) return std::move(*reasons);
    return {};
}

/// The shipped calendar.
inline Calendar load_shipped_calendar() {
    protocol::LoadedCalendar loaded = protocol::load_calendar(kShippedCalendar, calendar_files());
    if (const auto* const reasons = std::get_if<Reasons>(&loaded)) {
        for (const Reason& reason : *reasons) {
            MESSAGE(code(reason.code) << " " << reason.place << ": " << reason.explanation);
        }
    }
    REQUIRE(std::holds_alternative<Calendar>(loaded));
    return std::get<Calendar>(std::move(loaded));
}

}  // namespace tongbao::testing
