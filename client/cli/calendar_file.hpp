#pragma once

#include "client/cli/failure.hpp"
#include "domain/calendar.hpp"

#include <string>

namespace tongbao::client {

/// The calendar that a person names: a shipped one, or a folder of files named after their years.
///
/// Fails with usage if there is no such folder, with refused if a file is no calendar's, and then
/// names every fault.
[[nodiscard]] Attempt<Calendar> read_calendar(const std::string& name_or_folder);

/// A year that nobody has published: ExitCode::refused.
[[nodiscard]] Failure calendar_failure(const Reason& reason);

}  // namespace tongbao::client
