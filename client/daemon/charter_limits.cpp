#include "client/daemon/charter_limits.hpp"

#include "client/calendar_files.hpp"
#include "program/tz_database.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace tongbao::client {
namespace {

Checked<Calendar> shipped_calendar(const std::string& name, const program::ShippedFiles& shipped) {
    const Checked<std::filesystem::path> folder = shipped.calendar(name);
    if (!folder) return folder.error();
    const Checked<std::vector<protocol::CalendarFile>> files = read_calendar_files(*folder);
    if (!files) return files.error();
    protocol::LoadedCalendar loaded = protocol::load_calendar(name, *files);
    if (const auto* const reasons = std::get_if<Reasons>(&loaded)) return reasons->front();
    return std::get<Calendar>(std::move(loaded));
}

void say_not_read(program::Logging& logging, const char* what, const Reason& reason,
                  const char* consequence) {
    logging.warning(what, {{"code", std::string(code(reason.code))},
                           {"place", reason.place},
                           {"what", reason.explanation},
                           {"consequence", consequence}});
}

}  // namespace

std::shared_ptr<const CharterLimits> load_charter_limits(const Charter& charter,
                                                         const program::ShippedFiles& shipped,
                                                         program::Logging& logging) {
    const CharterParts& parts = charter.parts();
    const Checked<std::shared_ptr<const TimeZone>> zone = program::load_time_zone(parts.timezone);
    if (!zone) {
        say_not_read(logging, "time_zone_not_read", zone.error(),
                     "this daemon can't say until when a period is to be handed in");
        return nullptr;
    }
    Checked<Calendar> calendar = shipped_calendar(parts.calendar, shipped);
    if (!calendar) {
        say_not_read(logging, "calendar_not_read", calendar.error(),
                     "limits that working days decide are not known to this daemon");
        calendar = Calendar(parts.calendar, {});
    }
    return std::make_shared<const CharterLimits>(CharterLimits{*std::move(calendar), *zone});
}

}  // namespace tongbao::client
