#pragma once

#include "domain/reason.hpp"
#include "protocol/calendar_json.hpp"

#include <filesystem>
#include <vector>

namespace tongbao::client {

/// The files of a calendar's folder, one for each year, as load_calendar takes them.
///
/// Errors: those of program::read_folder, with the path as place.
[[nodiscard]] Checked<std::vector<protocol::CalendarFile>> read_calendar_files(
    const std::filesystem::path& folder);

}  // namespace tongbao::client
