#include "client/cli/due_view.hpp"

#include "client/cli/calendar_view.hpp"
#include "client/cli/csv.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/table.hpp"
#include "client/cli/terminal_text.hpp"
#include "protocol/json_writer.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <utility>

namespace tongbao::client {
namespace {

constexpr std::string_view kReceiptZh = "签收";
constexpr std::string_view kReceiptEn = "receipt";

std::string counted_days(std::int64_t count, std::string_view of, std::string_view behind) {
    return std::to_string(count) + ' ' + std::string(of) + (count == 1 ? "day " : "days ") +
           std::string(behind);
}

/// The working days after `today` up to `last`; none where the calendar does not tell.
std::optional<std::int64_t> working_days_to(LocalDay today, LocalDay last,
                                            const Calendar* calendar) {
    if (calendar == nullptr) return std::nullopt;
    const WorkingDays working_days(*calendar);
    std::int64_t count = 0;
    for (LocalDay day = today + std::chrono::days(1); day <= last; day += std::chrono::days(1)) {
        const Checked<DayKind> kind = working_days.kind_of(day);
        if (!kind) return std::nullopt;
        if (*kind == DayKind::worked) ++count;
    }
    return count;
}

std::string_view weekday_word(LocalDay day) {
    constexpr std::array<std::string_view, 7> kWords{"Sun", "Mon", "Tue", "Wed",
                                                     "Thu", "Fri", "Sat"};
    return kWords[std::chrono::weekday(day).c_encoding()];
}

std::string in_both(const std::string& zh, const std::string& en) {
    return zh + " / " + en;
}

/// A clock, as far as table and CSV say the same of it.
class DueLine {
public:
    DueLine(const protocol::JsonValue& clock, const DueListRules& rules)
        : clock_(clock), rules_(rules) {
        const Result<UtcTime> at = parse_utc(clock_.text("due"));
        if (!at) return;
        const Checked<DueTime> due = due_at(MomentOrDay(*at), rules.zone);
        if (due) due_ = *due;
    }

    [[nodiscard]] const JsonView& clock() const { return clock_; }
    [[nodiscard]] bool receipt() const { return clock_.text("reply").empty(); }
    [[nodiscard]] std::string day() const { return due_ ? format_day(due_->day) : ""; }
    [[nodiscard]] std::string time() const { return due_ ? time_of_day(*due_, rules_.zone) : ""; }
    [[nodiscard]] std::string shown_due() const {
        return due_ ? limit_text(*due_, rules_.zone) : "-";
    }
    [[nodiscard]] std::string left() const {
        if (due_) return time_left(*due_, rules_);
        const std::string fault = JsonView(clock_.member("fault")).text("code");
        if (!fault.empty()) return "limit not known: " + fault;
        return clock_.text("status") == "running" ? "no limit" : "not started";
    }
    /// The titles of a kind that the charter knows.
    [[nodiscard]] const Kind* kind(std::string_view member) const {
        return rules_.charter.find_kind(KindId(clock_.text(member)));
    }
    /// What is waited for, in Chinese and English; empty for a kind that the charter does not have.
    [[nodiscard]] std::pair<std::string, std::string> titles() const {
        if (receipt()) return {std::string(kReceiptZh), std::string(kReceiptEn)};
        const Kind* const reply = kind("reply");
        if (reply == nullptr) return {};
        return {reply->title_zh, reply->title_en};
    }
    [[nodiscard]] std::string what() const {
        const auto [zh, en] = titles();
        std::string text = zh.empty() ? clock_.text("reply") : in_both(zh, en);
        const std::string row = clock_.text("row");
        if (!row.empty()) text += ", row " + shortened(row);
        return clock_.boolean("owed") ? text : text + " (optional)";
    }

private:
    JsonView clock_;
    const DueListRules& rules_;
    std::optional<DueTime> due_;
};

/// Behind what is left.
constexpr std::ptrdiff_t kOverColumn = 2;

std::string yes_no(bool value) {
    return value ? "yes" : "no";
}

}  // namespace

std::string limit_text(const DueTime& due, const TimeZone& zone) {
    return format_day(due.day) + ' ' + std::string(weekday_word(due.day)) + ' ' +
           time_of_day(due, zone);
}

std::string over_text(const std::optional<std::int64_t>& days) {
    if (!days) return "";
    return *days == 0 ? "today" : std::to_string(*days) + (*days == 1 ? " day" : " days");
}

std::string time_left(const DueTime& due, const DueListRules& rules) {
    const LocalDay today = day_in(rules.zone, rules.now);
    if (rules.now > due.at) {
        const std::int64_t over = (today - due.day).count();
        return over == 0 ? "over today" : counted_days(over, "", "over");
    }
    const std::int64_t days = (due.day - today).count();
    // At the very midnight that is the limit the next day has begun.
    if (days <= 0) return "today";
    const std::optional<std::int64_t> worked = working_days_to(today, due.day, rules.calendar);
    if (!worked) return counted_days(days, "", "left");
    if (*worked == 0) return counted_days(days, "", "left, all free");
    return counted_days(*worked, "working ", "left");
}

std::optional<std::int64_t> days_over(const protocol::JsonValue& clock, const DueListRules& rules) {
    const Result<UtcTime> since = parse_utc(JsonView(clock).text("overdue_since"));
    if (!since) return std::nullopt;
    const Checked<std::int64_t> days = days_since(*since, rules.now, rules.zone);
    if (!days) return std::nullopt;
    return *days;
}

void print_due_table(std::ostream& out, const DueClocks& clocks, const DueListRules& rules) {
    const bool overdue = std::any_of(clocks.begin(), clocks.end(), [](const auto* each) {
        return JsonView(*each).has("overdue_since");
    });
    std::vector<std::string> headings{"due",    "left", "owed by", "what",
                                      "notice", "kind", "from",    "flags"};
    if (overdue) headings.insert(headings.begin() + kOverColumn, "over");
    TextTable table(headings);
    for (const protocol::JsonValue* const each : clocks) {
        const DueLine line(*each, rules);
        const JsonView& clock = line.clock();
        std::vector<std::string> cells{line.shown_due(),
                                       line.left(),
                                       clock.text("unit"),
                                       line.what(),
                                       JsonView(clock.member("notice")).integer_text("index"),
                                       clock.text("kind"),
                                       clock.text("from"),
                                       clock.texts("flags")};
        if (overdue) cells.insert(cells.begin() + kOverColumn, over_text(days_over(*each, rules)));
        table.add(std::move(cells));
    }
    table.print(out);
}

void print_due_csv(std::ostream& out, const DueClocks& clocks, const DueListRules& rules) {
    print_csv(
        out, {"due",   "due_day",      "due_time", "zone",     "left",   "unit",          "purpose",
              "reply", "what_zh",      "what_en",  "row",      "owed",   "notice",        "id",
              "kind",  "kind_zh",      "kind_en",  "from",     "status", "overdue_since", "flags",
              "fault", "fault_detail", "held",     "days_over"});
    for (const protocol::JsonValue* const each : clocks) {
        const DueLine line(*each, rules);
        const JsonView& clock = line.clock();
        const JsonView fault(clock.member("fault"));
        const Kind* const kind = line.kind("kind");
        const auto titles = line.titles();
        const std::optional<std::int64_t> over = days_over(*each, rules);
        print_csv(out, {clock.text("due"),
                        line.day(),
                        line.time(),
                        std::string(rules.zone_name),
                        line.left(),
                        clock.text("unit"),
                        clock.text("purpose"),
                        clock.text("reply"),
                        titles.first,
                        titles.second,
                        clock.text("row"),
                        yes_no(clock.boolean("owed")),
                        JsonView(clock.member("notice")).integer_text("index"),
                        clock.text("id"),
                        clock.text("kind"),
                        kind == nullptr ? "" : kind->title_zh,
                        kind == nullptr ? "" : kind->title_en,
                        clock.text("from"),
                        clock.text("status"),
                        clock.text("overdue_since"),
                        clock.texts("flags"),
                        fault.text("code"),
                        fault.text("detail"),
                        yes_no(clock.boolean("held")),
                        over ? std::to_string(*over) : ""});
    }
}

bool fits(const protocol::JsonValue& clock, const DueFilter& filter) {
    const JsonView view(clock);
    const auto is = [&view](std::string_view member, const std::string& wanted) {
        return wanted.empty() || view.text(member) == wanted;
    };
    const protocol::JsonValue::Array& flags = view.array("flags");
    const bool flagged =
        filter.flag.empty() ||
        std::any_of(flags.begin(), flags.end(), [&filter](const protocol::JsonValue& each) {
            const auto* const flag = std::get_if<std::string_view>(&each.value);
            return flag != nullptr && *flag == filter.flag;
        });
    return flagged && is("unit", filter.unit) && is("from", filter.from) &&
           is("kind", filter.kind) && is("purpose", filter.purpose) && is("reply", filter.reply) &&
           (!filter.overdue || view.has("overdue_since"));
}

std::string nothing_due(const DueFilter& filter, const DueListRules& rules) {
    std::string words = filter.purpose == "receipt" ? "No receipt"
                        : filter.purpose == "reply" ? "No answer"
                                                    : "Nothing";
    words += filter.overdue ? " is overdue" : " is due";
    if (!filter.unit.empty()) words += " of " + printable(filter.unit);
    if (!filter.reply.empty()) words += " as " + printable(filter.reply);
    if (!filter.kind.empty()) words += " for " + printable(filter.kind);
    if (!filter.from.empty()) words += " from " + printable(filter.from);
    if (filter.until) {
        words += " until " + format_day(filter.until->day) + ' ' +
                 time_of_day(*filter.until, rules.zone) + ' ' + printable(rules.zone_name);
    }
    if (!filter.flag.empty()) words += " with the flag " + printable(filter.flag);
    return words + '.';
}

std::string due_list_json(const DueClocks& clocks) {
    protocol::JsonWriter writer;
    writer.begin_object().key("clocks").begin_array();
    for (const protocol::JsonValue* const each : clocks) write_json(writer, *each);
    return writer.end_array().end_object().take();
}

}  // namespace tongbao::client
