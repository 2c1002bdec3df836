#include "hub/clock_rules.hpp"

#include "crypto/sha256.hpp"
#include "program/files.hpp"
#include "program/tz_database.hpp"
#include "protocol/calendar_json.hpp"

#include <utility>
#include <variant>
#include <vector>

namespace tongbao::hub {
namespace {

/// A file for each year.
constexpr std::size_t kMostCalendarFiles = 1'000;

Errc not_loaded(const Reason& reason, const std::string& what, std::string& words) {
    words = "the charter's " + what + ": " + reason.place + ": " + reason.explanation;
    return reason.code;
}

}  // namespace

Result<std::shared_ptr<const ClockRules>> load_clock_rules(const Charter& charter,
                                                           const program::ShippedFiles& shipped,
                                                           std::string& words) {
    const std::string& zone_name = charter.parts().timezone;
    Checked<std::shared_ptr<const TimeZone>> zone = program::load_time_zone(zone_name);
    if (!zone) return not_loaded(zone.error(), "timezone " + zone_name, words);

    const std::string& name = charter.parts().calendar;
    const std::string what = "calendar " + name;
    const auto folder = shipped.calendar(name);
    if (!folder) return not_loaded(folder.error(), what, words);
    Checked<std::vector<program::FolderFile>> found =
        program::read_folder(*folder, ".json", kMostCalendarFiles, protocol::kMaxCalendarBytes + 1);
    if (!found) return not_loaded(found.error(), what, words);
    std::string digested = zone_name;
    std::vector<protocol::CalendarFile> files;
    for (program::FolderFile& file : *found) {
        digested += '\n' + file.name + '\n' + file.contents;
        files.push_back({std::move(file.name), std::move(file.contents)});
    }
    protocol::LoadedCalendar calendar = protocol::load_calendar(name, files);
    if (const auto* const reasons = std::get_if<Reasons>(&calendar)) {
        return not_loaded({Errc::bad_charter, reasons->front().place, reasons->front().explanation},
                          what, words);
    }
    return std::make_shared<const ClockRules>(ClockRules{std::get<Calendar>(std::move(calendar)),
                                                         *std::move(zone),
                                                         crypto::sha256(as_bytes(digested))});
}

}  // namespace tongbao::hub
