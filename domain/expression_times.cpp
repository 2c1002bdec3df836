#include "domain/expression_times.hpp"

#include "domain/code_points.hpp"
#include "domain/digits.hpp"
#include "domain/ids.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace tongbao {
namespace {

constexpr std::string_view kFieldPrefix = "field:";
constexpr std::string_view kRowPrefix = "row:";

/// The name after `prefix`; none if `text` begins otherwise or no name follows.
std::optional<std::string> name_after(std::string_view prefix, std::string_view text) {
    if (!text.starts_with(prefix)) return std::nullopt;
    const std::string_view name = text.substr(prefix.size());
    if (!is_expression_name(name)) return std::nullopt;
    return std::string(name);
}

std::optional<EscalationTime::Unit> unit_of(std::string_view text) {
    if (text == "h") return EscalationTime::Unit::hours;
    if (text == "d") return EscalationTime::Unit::days;
    if (text == "wd") return EscalationTime::Unit::working_days;
    return std::nullopt;
}

}  // namespace

Result<Within> parse_within(std::string_view text) {
    if (auto field = name_after(kFieldPrefix, text)) {
        return Within{Within::Source::field, std::move(*field)};
    }
    if (auto column = name_after(kRowPrefix, text)) {
        return Within{Within::Source::row, std::move(*column)};
    }
    const Result<std::string> deadline = parse_identifier(text);
    if (!deadline) return Errc::bad_expression;
    return Within{Within::Source::deadline, *deadline};
}

Result<EscalationTime> parse_escalation_time(std::string_view text) {
    constexpr std::string_view kDue = "due";
    constexpr std::size_t kMaxDigits = 4;
    if (!text.starts_with(kDue)) return Errc::bad_expression;
    text.remove_prefix(kDue.size());
    if (text.empty()) return EscalationTime{};
    const char sign = text.front();
    if (sign != '+' && sign != '-') return Errc::bad_expression;
    text.remove_prefix(1);

    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto digits = static_cast<std::size_t>(end - text.begin());
    if (digits == 0 || digits > kMaxDigits) return Errc::bad_expression;
    if (digits > 1 && text.front() == '0') return Errc::bad_expression;
    const auto n = static_cast<std::int32_t>(number_of_digits(text.substr(0, digits)));
    const auto unit = unit_of(text.substr(digits));
    if (!unit) return Errc::bad_expression;
    return EscalationTime{sign == '-' ? -n : n, *unit};
}

Result<DeadlineStart> parse_deadline_start(std::string_view text) {
    using Event = DeadlineStart::Event;
    struct EventWord {
        std::string_view word;
        Event event;
    };
    constexpr std::array<EventWord, 6> kEvents{{{"logged", Event::logged},
                                                {"delivered", Event::delivered},
                                                {"signed_for", Event::signed_for},
                                                {"answered_notice", Event::answered_notice},
                                                {"period_end", Event::period_end},
                                                {"year_start", Event::year_start}}};
    const auto found = std::find_if(kEvents.begin(), kEvents.end(),
                                    [text](const EventWord& each) { return each.word == text; });
    if (found != kEvents.end()) return DeadlineStart{found->event, {}};
    auto field = name_after(kFieldPrefix, text);
    if (!field) return Errc::bad_expression;
    return DeadlineStart{Event::field, std::move(*field)};
}

bool is_expression_name(std::string_view text) noexcept {
    constexpr std::array<std::string_view, 8> kReserved{"and",     "or",   "not",   "in",
                                                        "present", "true", "false", "reply"};
    constexpr std::size_t kMaxNameLength = 63;
    const auto may_stand = [](char character) {
        return is_lower(character) || is_digit(character) || character == '_';
    };
    return !text.empty() && text.size() <= kMaxNameLength && is_lower(text.front()) &&
           std::all_of(text.begin(), text.end(), may_stand) &&
           std::find(kReserved.begin(), kReserved.end(), text) == kReserved.end();
}

}  // namespace tongbao
