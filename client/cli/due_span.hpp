#pragma once

#include "client/cli/failure.hpp"
#include "domain/charter_deadline.hpp"
#include "domain/due_time.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <string>

namespace tongbao::client {

/// The longest span, in any unit: more is a slip of the finger.
inline constexpr std::uint32_t kLongestSpan = 9999;

/// Reads how far ahead to look: `5wd`, `3d`, `8h`, from 1 to kLongestSpan.
///
/// Fails with ExitCode::usage and says what may stand there.
[[nodiscard]] Attempt<Duration> parse_span(const std::string& text);

/// When a span from `now` on ends, counted as the charter's limits are: days and working days at
/// 24:00 of the last one, today not counted; hours from the full minute on.
///
/// Errors: Errc::calendar_missing with the year for working days; Errc::too_large.
[[nodiscard]] Checked<DueTime> end_of_span(const Duration& span, UtcTime now,
                                           const LimitRules& rules);

}  // namespace tongbao::client
