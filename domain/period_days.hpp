#pragma once

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <string_view>

namespace tongbao {

/// The days that a reporting period has, both included.
struct PeriodDays {
    LocalDay first{};
    LocalDay last{};

    friend bool operator==(const PeriodDays&, const PeriodDays&) = default;
};

/// Reads a period as check_period wants it: `2024`, `2024-H1`, `2024-Q3`, `2024-07`.
///
/// Errors: Errc::wrong_form.
[[nodiscard]] Result<PeriodDays> days_of_period(std::string_view text);

/// The first day of the year that the period lies in: where a limit from `year_start` starts.
[[nodiscard]] LocalDay year_start_of(const PeriodDays& period);

}  // namespace tongbao
