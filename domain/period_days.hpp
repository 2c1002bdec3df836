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

}  // namespace tongbao
