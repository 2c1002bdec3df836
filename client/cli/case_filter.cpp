#include "client/cli/case_filter.hpp"

#include "client/cli/checked_argument.hpp"
#include "client/cli/terminal_text.hpp"
#include "domain/charter_enums.hpp"
#include "domain/period_days.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

/// A unit of money, and how many digits of fen it has behind the point.
struct MoneyUnit {
    std::string_view suffix;
    std::size_t decimals;
};

// 万元 ends as 元 does, so it comes first.
constexpr std::array kMoneyUnits{MoneyUnit{"万元", 6}, MoneyUnit{"元", 2}, MoneyUnit{"", 0}};

bool all_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// `number` in fen; none for another form or more than fits.
std::optional<Fen> scaled(std::string_view number, std::size_t decimals) {
    const std::size_t point = number.find('.');
    std::string digits(number.substr(0, point));
    std::string fraction;
    if (point != std::string_view::npos) {
        fraction = number.substr(point + 1);
        if (!all_digits(fraction) || fraction.size() > decimals) return std::nullopt;
    }
    if (!all_digits(digits)) return std::nullopt;
    fraction.resize(decimals, '0');
    digits += fraction;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc()) return std::nullopt;
    const Result<Fen> fen = make_fen(value);
    return fen ? std::optional<Fen>(*fen) : std::nullopt;
}

Attempt<std::string_view> question_of(const CaseFilter& filter) {
    const std::array<std::pair<bool, std::string_view>, 4> all{
        {{filter.one_track, "one_track"},
         {filter.fine_without_transfer, "fine_without_transfer"},
         {filter.repeat, "repeat"},
         {filter.exposure_ready, "exposure_ready"}}};
    std::string_view question;
    for (const auto& [asked, name] : all) {
        if (!asked) continue;
        if (!question.empty()) {
            return usage_failure(
                "give one of --one-track, --fine-without-transfer, --repeat, --exposure-ready");
        }
        question = name;
    }
    const bool has_transfer = !filter.transfer_track.empty();
    const bool has_threshold = !filter.threshold.empty();
    if (filter.fine_without_transfer && !(has_transfer && has_threshold)) {
        return usage_failure(
            "--fine-without-transfer needs --transfer-track, the track by which such a case is "
            "transferred, and --threshold, the amount from which it is to be");
    }
    if (!filter.fine_without_transfer && (has_transfer || has_threshold)) {
        return usage_failure("--transfer-track and --threshold belong to --fine-without-transfer");
    }
    if (filter.exposure_ready && filter.track.empty()) {
        return usage_failure(
            "--exposure-ready needs --track, the track by which cases are exposed");
    }
    return question;
}

Attempt<void> check_case_filter(const CaseFilter& filter, const Charter& charter) {
    const std::array checks{
        check_state_argument("--state", filter.state, kCaseStates, charter),
        check_track_argument("--track", filter.track, charter),
        check_unit_argument("--unit", filter.unit, charter),
        check_unit_argument("--opened-by", filter.opened_by, charter),
        check_division_argument("--division", filter.division),
        check_track_argument("--transfer-track", filter.transfer_track, charter)};
    for (const Attempt<void>& each : checks) {
        if (!each) return each.error();
    }
    return {};
}

}  // namespace

Attempt<Fen> parse_amount(const std::string& option, const std::string& text) {
    for (const MoneyUnit& unit : kMoneyUnits) {
        if (!text.ends_with(unit.suffix)) continue;
        const std::string_view number(text.data(), text.size() - unit.suffix.size());
        if (const std::optional<Fen> fen = scaled(number, unit.decimals)) return *fen;
        break;
    }
    return usage_failure(option + ' ' + printable(text) +
                         ": is no amount: write such as 5000000 (fen), 50000元 or 5万元");
}

Attempt<Target> cases_target(const CaseFilter& filter, const Charter& charter) {
    const Attempt<std::string_view> question = question_of(filter);
    if (!question) return question.error();
    const Attempt<void> known = check_case_filter(filter, charter);
    if (!known) return known.error();
    Target target("/v1/cases");
    target.add("state", filter.state)
        .add("track", filter.track)
        .add("unit", filter.unit)
        .add("opened_by", filter.opened_by)
        .add("division", filter.division)
        .add("major", filter.major ? "true" : "")
        .add("supervised", filter.supervised ? "true" : "")
        .add("question", *question)
        .add("transfer_track", filter.transfer_track);
    if (filter.threshold.empty()) return target;
    const Attempt<Fen> threshold = parse_amount("--threshold", filter.threshold);
    if (!threshold) return threshold.error();
    target.add("threshold", std::to_string(threshold->value()));
    return target;
}

Attempt<TotalsDays> totals_days(const TotalsFilter& filter) {
    if (!filter.quarter.empty()) {
        if (!filter.from.empty() || !filter.until.empty()) {
            return usage_failure("give --quarter, or --from and --until, not both");
        }
        const Result<PeriodDays> days = days_of_period(filter.quarter);
        if (!days || filter.quarter.find('Q') == std::string::npos) {
            return usage_failure("--quarter " + printable(filter.quarter) +
                                 ": is no quarter, such as 2026-Q3");
        }
        return TotalsDays{days->first, days->last};
    }
    const Attempt<std::optional<LocalDay>> first = day_argument("--from", filter.from);
    if (!first) return first.error();
    const Attempt<std::optional<LocalDay>> last = day_argument("--until", filter.until);
    if (!last) return last.error();
    if (*first && *last && **last < **first) {
        return usage_failure("--until lies before --from: both days are included");
    }
    return TotalsDays{*first, *last};
}

Attempt<Target> totals_target(const TotalsFilter& filter, const Charter& charter,
                              const TimeZone& zone) {
    const Attempt<TotalsDays> days = totals_days(filter);
    if (!days) return days.error();
    const Attempt<void> unit = check_unit_argument("--unit", filter.unit, charter);
    if (!unit) return unit.error();
    const Attempt<void> division = check_division_argument("--division", filter.division);
    if (!division) return division.error();
    Target target("/v1/ledger/totals");
    if (days->first) target.add("from", format_utc(zone.start_of(*days->first)));
    if (days->last) {
        target.add("until", format_utc(zone.start_of(*days->last + std::chrono::days(1))));
    }
    target.add("unit", filter.unit).add("division", filter.division);
    return target;
}

}  // namespace tongbao::client
