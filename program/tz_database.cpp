#include "program/tz_database.hpp"

#include "domain/code_points.hpp"

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>

#include <algorithm>
#include <string_view>

namespace tongbao::program {
namespace {

using std::chrono::seconds;

class DatabaseZone final : public TimeZone {
public:
    explicit DatabaseZone(cctz::time_zone zone) : zone_(zone) {}

    [[nodiscard]] seconds offset_at(UtcTime time) const override {
        return seconds(zone_.lookup(std::chrono::floor<cctz::seconds>(time)).offset);
    }

    [[nodiscard]] UtcTime start_of(LocalDay day) const override {
        const std::chrono::year_month_day date(day);
        const cctz::civil_second midnight(cctz::civil_day(
            static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
            static_cast<int>(static_cast<unsigned>(date.day()))));
        // Gives the moment of the change for a time that clocks skip, the first of two that they
        // show twice.
        return cctz::convert(midnight, zone_);
    }

private:
    cctz::time_zone zone_;
};

bool is_letter(char character) {
    return (character >= 'A' && character <= 'Z') || is_lower(character);
}

/// A part of a zone's name, between slashes: `Buenos_Aires`, `Port-au-Prince`, `GMT+8`.
bool is_part(std::string_view part) {
    const auto may_stand = [](char character) {
        return is_letter(character) || is_digit(character) || character == '_' ||
               character == '-' || character == '+';
    };
    // Folders of the database in other forms (`posix`, `right` with leap seconds) are in lower
    // case.
    return !part.empty() && part.front() >= 'A' && part.front() <= 'Z' &&
           std::all_of(part.begin(), part.end(), may_stand);
}

/// Whether a name is one that may be looked for: the library also opens paths, and has names of its
/// own for offsets and for the C library's zone.
bool is_zone_name(std::string_view name) {
    if (name == "UTC") return true;
    std::size_t parts = 0;
    for (;; ++parts) {
        const std::size_t slash = name.find('/');
        if (!is_part(name.substr(0, slash))) return false;
        if (slash == std::string_view::npos) return parts > 0;
        name.remove_prefix(slash + 1);
    }
}

}  // namespace

Checked<std::shared_ptr<const TimeZone>> load_time_zone(const std::string& name) {
    cctz::time_zone zone;
    if (!is_zone_name(name) || !cctz::load_time_zone(name, &zone)) {
        return Reason{Errc::not_found, name,
                      "name a zone of the tz database, such as Asia/Shanghai; the package tzdata "
                      "holds it"};
    }
    return std::shared_ptr<const TimeZone>(std::make_shared<DatabaseZone>(zone));
}

}  // namespace tongbao::program
