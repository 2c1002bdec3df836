#include "domain/period_days.hpp"

#include "domain/digits.hpp"
#include "domain/identifiers.hpp"

namespace tongbao {
namespace {

struct MonthSpan {
    unsigned first{1};
    unsigned count{12};
};

/// `part` is what check_period lets stand behind the year's hyphen, or nothing.
MonthSpan months_of(std::string_view part) {
    if (part.empty()) return {};
    const unsigned number = number_of_digits(part.substr(part.find_first_of("0123456789")));
    if (part.front() == 'H') return {1 + 6 * (number - 1), 6};
    if (part.front() == 'Q') return {1 + 3 * (number - 1), 3};
    return {number, 1};
}

}  // namespace

Result<PeriodDays> days_of_period(std::string_view text) {
    const Result<void> well_formed = check_period(text);
    if (!well_formed) return well_formed.error();
    const std::chrono::year year(static_cast<int>(number_of_digits(text.substr(0, 4))));
    const MonthSpan span = months_of(text.size() > 5 ? text.substr(5) : std::string_view());
    const std::chrono::year_month first(year, std::chrono::month(span.first));
    const std::chrono::year_month next = first + std::chrono::months(static_cast<int>(span.count));
    return PeriodDays{LocalDay(first / 1), LocalDay(next / 1) - std::chrono::days(1)};
}

LocalDay year_start_of(const PeriodDays& period) {
    const std::chrono::year year = std::chrono::year_month_day(period.first).year();
    return LocalDay(year / std::chrono::January / 1);
}

}  // namespace tongbao
