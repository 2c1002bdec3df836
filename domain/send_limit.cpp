#include "domain/send_limit.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace tongbao {
namespace {

using MaybeDue = Checked<std::optional<DueTime>>;

/// The limit of a deadline that starts when the notice answered was signed for: counted as a clock
/// of that notice would be.
MaybeDue due_from_answered(const Deadline& deadline, const AnsweredNotice& answered,
                           const LimitCalendar& by) {
    std::vector<ClockTerms> terms;
    // Of the notice's own clocks only that of the receipt, the first, starts another one.
    if (!answered.terms.empty() && answered.terms.front().id.purpose == ClockId::Purpose::receipt) {
        terms.push_back(answered.terms.front());
    }
    ClockTerms sending;
    sending.id.purpose = ClockId::Purpose::reply;
    sending.from = ClockStart::signed_for;
    sending.deadline = &deadline;
    terms.push_back(std::move(sending));
    const LimitClock clock = run_clocks(terms, answered.history, by).back();
    if (clock.fault) return *clock.fault;
    if (clock.limits.empty()) return std::optional<DueTime>();
    return std::optional(clock.limits.front().limit.due);
}

MaybeDue due_from_start(const Deadline& deadline, const MomentOrDay& start,
                        const LimitCalendar& by) {
    const Checked<RunningLimit> limit = running_limit(
        start, deadline.length, deadline.if_ends_on_non_working_day, start_day(start, by.zone), by);
    if (!limit) return limit.error();
    return std::optional(limit->due);
}

MaybeDue sending_due(const Deadline& deadline, const Notice& notice, const AnsweredNotice* answered,
                     const LimitCalendar& by) {
    if (deadline.from.event == DeadlineStart::Event::answered_notice) {
        if (answered == nullptr) return std::optional<DueTime>();
        return due_from_answered(deadline, *answered, by);
    }
    const Checked<std::optional<MomentOrDay>> start = start_in_fields(notice, deadline.from);
    if (!start) return start.error();
    if (!*start) return std::optional<DueTime>();
    return due_from_start(deadline, **start, by);
}

Checked<std::optional<MomentOrDay>> moment_in(const Notice& notice, const std::string& field) {
    return start_in_fields(notice, {DeadlineStart::Event::field, field});
}

/// What a date or a moment is late for: a date counts as its whole day.
bool is_later(const MomentOrDay& at, const DueTime& due) {
    const auto* const day = std::get_if<LocalDay>(&at);
    return day != nullptr ? *day > due.day : std::get<UtcTime>(at) > due.at;
}

constexpr std::string_view kSendWithin = "send_within";

std::string check_rule(std::size_t at) {
    return "checks[" + std::to_string(at) + ']';
}

bool has_limit(const Check& check) {
    const auto* const order = std::get_if<OrderCheck>(&check);
    return order != nullptr && order->deadline;
}

/// Adds what `due` gives, or why there is none, for `rule`.
void add_limit(SendLimits& out, std::string rule, const MaybeDue& due, const MomentOrDay& done) {
    if (!due) {
        out.faults.push_back({due.error().code, std::move(rule), due.error().explanation});
    } else if (*due) {
        out.limits.push_back({std::move(rule), **due, is_later(done, **due)});
    }
}

}  // namespace

std::optional<std::size_t> send_rule_place(std::string_view rule) {
    constexpr std::string_view kChecks = "checks[";
    if (rule == kSendWithin) return 0;
    if (!rule.starts_with(kChecks)) return std::nullopt;
    std::size_t at = 0;
    const std::string_view digits = rule.substr(kChecks.size());
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), at);
    if (error != std::errc() || check_rule(at) != rule) return std::nullopt;
    return at + 1;
}

bool has_send_rule(const Kind& kind, std::string_view rule) {
    const std::optional<std::size_t> place = send_rule_place(rule);
    if (!place) return false;
    if (*place == 0) return kind.send_within.has_value();
    return *place <= kind.checks.size() && has_limit(kind.checks[*place - 1]);
}

bool has_send_rules(const Kind& kind) {
    return kind.send_within || std::any_of(kind.checks.begin(), kind.checks.end(), has_limit);
}

SendLimits send_limits(const Charter& charter, const Kind& kind, const Notice& notice,
                       UtcTime logged_at, const AnsweredNotice* answered, const LimitCalendar& by) {
    SendLimits out;
    const Deadline* const within =
        kind.send_within ? charter.find_deadline(*kind.send_within) : nullptr;
    if (within != nullptr) {
        add_limit(out, std::string(kSendWithin), sending_due(*within, notice, answered, by),
                  logged_at);
    }
    for (std::size_t at = 0; at < kind.checks.size(); ++at) {
        const auto* const order = std::get_if<OrderCheck>(&kind.checks[at]);
        if (!has_limit(kind.checks[at])) continue;
        const Deadline* const deadline = charter.find_deadline(*order->deadline);
        const auto from = moment_in(notice, order->from);
        const auto to = moment_in(notice, order->to);
        // Malformed fields refuse the notice elsewhere; absent ones are not measured.
        if (deadline == nullptr || !from || !*from || !to || !*to) continue;
        add_limit(out, check_rule(at), due_from_start(*deadline, **from, by), **to);
    }
    return out;
}

}  // namespace tongbao
