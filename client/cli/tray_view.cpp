#include "client/cli/tray_view.hpp"

#include "client/cli/calendar_view.hpp"
#include "client/cli/command_clock.hpp"
#include "client/cli/csv.hpp"
#include "client/cli/draft.hpp"
#include "client/cli/due_view.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/table.hpp"
#include "client/cli/terminal_text.hpp"
#include "program/tz_database.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

/// A step of an escalation and its clock, as reminders and drafts show them alike.
class StepLine {
public:
    StepLine(const protocol::JsonValue& value, const TrayRules& rules)
        : view_(value), value_(value), rules_(rules) {}

    [[nodiscard]] const JsonView& view() const { return view_; }
    [[nodiscard]] std::string text(std::string_view member) const { return view_.text(member); }
    [[nodiscard]] std::string notice() const {
        return JsonView(view_.member("notice")).integer_text("index");
    }
    /// `2020-10-09 24:00` in the charter's zone; empty without such a time.
    [[nodiscard]] std::string time(std::string_view member) const {
        const Result<UtcTime> at = parse_utc(text(member));
        if (!at) return "";
        const Checked<DueTime> due = due_at(MomentOrDay(*at), *rules_.zone);
        return due ? format_day(due->day) + ' ' + time_of_day(*due, *rules_.zone) : "";
    }
    [[nodiscard]] std::optional<std::int64_t> over() const {
        return days_over(value_, {rules_.charter, *rules_.zone, {}, nullptr, rules_.now});
    }
    [[nodiscard]] std::string over_words() const { return over_text(over()); }
    /// A kind in Chinese and English; as it is if the charter does not have it.
    [[nodiscard]] std::string kind_words(std::string_view member) const {
        const std::string id = text(member);
        const Kind* const kind = rules_.charter.find_kind(KindId(id));
        return kind == nullptr ? id : kind->title_zh + " / " + kind->title_en;
    }
    /// Whether it is about the register of dispatches, where the sender owes.
    [[nodiscard]] bool is_dispatch() const { return text("purpose") == "dispatch"; }
    [[nodiscard]] std::string owed_by() const { return text(is_dispatch() ? "from" : "unit"); }
    /// What is waited for.
    [[nodiscard]] std::string what() const {
        if (is_dispatch()) {
            const bool evidence = text("deed") == "add_evidence";
            return (evidence ? "凭证 / evidence, " : "登记 / registration, ") + text("unit");
        }
        std::string words = text("reply").empty() ? "签收 / receipt" : kind_words("reply");
        if (!text("row").empty()) words += ", row " + shortened(text("row"));
        return words;
    }

private:
    JsonView view_;
    const protocol::JsonValue& value_;
    const TrayRules& rules_;
};

/// What both CSVs have of a step and its clock.
std::vector<std::string> step_columns() {
    return {"since",       "since_local", "deed",      "notice",        "id",
            "notice_kind", "from",        "unit",      "purpose",       "reply",
            "row",         "due",         "due_local", "overdue_since", "days_over"};
}

void add_step_cells(std::vector<std::string>& cells, const StepLine& line) {
    const std::optional<std::int64_t> over = line.over();
    cells.insert(cells.end(),
                 {line.text("since"), line.time("since"), line.text("deed"), line.notice(),
                  line.text("id"), line.text("notice_kind"), line.text("from"), line.text("unit"),
                  line.text("purpose"), line.text("reply"), line.text("row"), line.text("due"),
                  line.time("due"), line.text("overdue_since"), over ? std::to_string(*over) : ""});
}

/// The titles of the posts, as the charter has them; the unit itself where there are none.
std::string post_words(const StepLine& line, const Charter& charter) {
    std::string words;
    for (const protocol::JsonValue& each : line.view().array("posts")) {
        const auto* const id = std::get_if<std::string_view>(&each.value);
        if (id == nullptr) continue;
        const Post* const post = charter.find_post(PostId(std::string(*id)));
        if (!words.empty()) words += ", ";
        words += std::string(*id);
        if (post != nullptr) words += ' ' + post->title_zh;
    }
    return words.empty() ? "(the unit)" : words;
}

}  // namespace

Attempt<TrayRules> fetch_tray_rules(DaemonClient& daemon, const Invocation& invocation) {
    Attempt<Charter> charter = fetch_charter(daemon);
    if (!charter) return charter.error();
    const Checked<std::shared_ptr<const TimeZone>> zone =
        program::load_time_zone(charter->parts().timezone);
    if (!zone) return local_failure(zone.error());
    const Attempt<std::unique_ptr<Clock>> clock = command_clock(invocation);
    if (!clock) return clock.error();
    return TrayRules{*std::move(charter), *zone, (*clock)->now()};
}

void print_reminders(std::ostream& out, const protocol::JsonValue::Array& reminders,
                     const TrayRules& rules) {
    TextTable table(
        {"since", "step", "posts", "owed by", "what", "due", "over", "notice", "kind", "from"});
    for (const protocol::JsonValue& each : reminders) {
        const StepLine line(each, rules);
        table.add({line.time("since"), line.text("deed"), post_words(line, rules.charter),
                   line.owed_by(), line.what(), line.time("due"), line.over_words(), line.notice(),
                   line.text("notice_kind"), line.text("from")});
    }
    table.print(out);
}

void print_reminders_csv(std::ostream& out, const protocol::JsonValue::Array& reminders,
                         const TrayRules& rules) {
    std::vector<std::string> names{"entry", "posts"};
    const std::vector<std::string> columns = step_columns();
    names.insert(names.end(), columns.begin(), columns.end());
    print_csv(out, names);
    for (const protocol::JsonValue& each : reminders) {
        const StepLine line(each, rules);
        std::vector<std::string> cells{line.view().integer_text("entry"),
                                       line.view().texts("posts")};
        add_step_cells(cells, line);
        print_csv(out, cells);
    }
}

void print_tray(std::ostream& out, const protocol::JsonValue::Array& drafts,
                const TrayRules& rules) {
    TextTable table({"item", "lies since", "draft", "to", "owes", "due", "over", "notice", "kind",
                     "case", "missing"});
    for (const protocol::JsonValue& each : drafts) {
        const StepLine line(each, rules);
        table.add({line.view().integer_text("item"), line.time("since"), line.kind_words("kind"),
                   line.text("to"), line.what(), line.time("due"), line.over_words(), line.notice(),
                   line.text("notice_kind"), line.text("case"), line.view().texts("missing")});
    }
    table.print(out);
}

void print_tray_csv(std::ostream& out, const protocol::JsonValue::Array& drafts,
                    const TrayRules& rules) {
    std::vector<std::string> names{"item", "kind", "to", "case", "missing"};
    const std::vector<std::string> columns = step_columns();
    names.insert(names.end(), columns.begin(), columns.end());
    print_csv(out, names);
    for (const protocol::JsonValue& each : drafts) {
        const StepLine line(each, rules);
        std::vector<std::string> cells{line.view().integer_text("item"), line.text("kind"),
                                       line.text("to"), line.text("case"),
                                       line.view().texts("missing")};
        add_step_cells(cells, line);
        print_csv(out, cells);
    }
}

void print_draft(std::ostream& out, const protocol::JsonValue& draft, const TrayRules& rules) {
    const StepLine line(draft, rules);
    const std::string item = line.view().integer_text("item");
    const auto print = [&out](std::string_view name, const std::string& text) {
        constexpr std::size_t kNameWidth = 12;
        if (text.empty()) return;
        std::string padded(name);
        padded.resize(std::max(kNameWidth, padded.size() + 1), ' ');
        out << padded << printable(text) << '\n';
    };
    print("item", item);
    print("draft", line.text("kind") + "  " + line.kind_words("kind"));
    print("to", line.text("to"));
    print("owes", line.what());
    print("of notice", line.notice() + "  " + line.text("notice_kind") + "  " +
                           line.kind_words("notice_kind") + ", from " + line.text("from"));
    print("case", line.text("case"));
    print("due", line.time("due"));
    print("over", line.over_words());
    print("lies since", line.time("since"));
    print("missing", line.view().texts("missing"));
    out << "Send it:    tongbao tray send " << printable(item);
    constexpr std::string_view kFields = "fields.";
    for (const protocol::JsonValue& each : line.view().array("missing")) {
        const auto* const place = std::get_if<std::string_view>(&each.value);
        if (place == nullptr || !place->starts_with(kFields)) continue;
        out << " --field " << printable(place->substr(kFields.size())) << "=…";
    }
    out << '\n';
}

}  // namespace tongbao::client
