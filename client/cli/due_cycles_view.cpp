#include "client/cli/due_cycles_view.hpp"

#include "client/cli/calendar_view.hpp"
#include "client/cli/csv.hpp"
#include "client/cli/due_view.hpp"
#include "client/cli/table.hpp"
#include "domain/due_time.hpp"
#include "domain/reporting_cycles.hpp"
#include "protocol/json_writer.hpp"

#include <optional>
#include <ostream>

namespace tongbao::client {
namespace {

std::string_view duty_state_zh(std::string_view state) {
    switch (hand_in_state_from_word(state).value_or(HandInState::missing)) {
        case HandInState::handed_in:
            return "已报送";
        case HandInState::late:
            return "迟报";
        case HandInState::missing:
            return "未报送";
        case HandInState::overdue:
            return "逾期未报";
    }
    return {};
}

/// A duty, as far as table and CSV say the same of it.
class DutyLine {
public:
    DutyLine(const protocol::JsonValue& duty, const CaseWords& words)
        : duty_(duty), handed_in_(duty_.member("handed_in")), notice_(handed_in_.member("notice")) {
        const Result<UtcTime> at = parse_utc(duty_.text("due"));
        if (!at) return;
        const Checked<DueTime> due = due_at(MomentOrDay(*at), words.zone());
        if (due) due_ = *due;
    }

    [[nodiscard]] const JsonView& duty() const { return duty_; }
    [[nodiscard]] const std::optional<DueTime>& due() const { return due_; }
    [[nodiscard]] std::string fault() const { return JsonView(duty_.member("fault")).text("code"); }
    [[nodiscard]] std::string notice() const { return notice_.integer_text("index"); }
    [[nodiscard]] std::string digest() const { return notice_.text("sha256"); }
    [[nodiscard]] std::string id() const { return handed_in_.text("id"); }
    [[nodiscard]] std::string logged() const { return handed_in_.text("logged"); }

private:
    JsonView duty_;
    JsonView handed_in_;
    JsonView notice_;
    std::optional<DueTime> due_;
};

}  // namespace

bool fits(const protocol::JsonValue& duty, const DutyFilter& filter) {
    const JsonView view(duty);
    if (!filter.unit.empty() && view.text("unit") != filter.unit) return false;
    return !filter.missing || !view.has("handed_in");
}

void print_duty_table(std::ostream& out, const PeriodDuties& duties, const CaseWords& words) {
    TextTable table({"cycle", "period", "unit", "due", "state", "notice", "when"});
    for (const protocol::JsonValue* const each : duties) {
        const DutyLine line(*each, words);
        const JsonView& duty = line.duty();
        const std::string state = duty.text("state");
        table.add({duty.text("cycle"), duty.text("period"), duty.text("unit"),
                   line.due() ? limit_text(*line.due(), words.zone())
                              : "limit not known: " + line.fault(),
                   std::string(duty_state_zh(state)) + " / " + state, line.notice(),
                   words.day_and_time(line.logged())});
    }
    table.print(out);
}

void print_duty_csv(std::ostream& out, const PeriodDuties& duties, const CaseWords& words) {
    print_csv(out, {"cycle",         "kind",         "kind_zh", "kind_en",    "period",
                    "unit",          "due",          "due_day", "due_time",   "zone",
                    "fault",         "fault_detail", "state",   "state_zh",   "notice",
                    "notice_sha256", "id",           "logged",  "logged_day", "logged_time"});
    for (const protocol::JsonValue* const each : duties) {
        const DutyLine line(*each, words);
        const JsonView& duty = line.duty();
        const Kind* const kind = words.charter().find_kind(KindId(duty.text("kind")));
        const std::string state = duty.text("state");
        print_csv(out, {duty.text("cycle"),
                        duty.text("kind"),
                        kind == nullptr ? "" : kind->title_zh,
                        kind == nullptr ? "" : kind->title_en,
                        duty.text("period"),
                        duty.text("unit"),
                        duty.text("due"),
                        line.due() ? format_day(line.due()->day) : "",
                        line.due() ? time_of_day(*line.due(), words.zone()) : "",
                        std::string(words.zone_name()),
                        line.fault(),
                        JsonView(duty.member("fault")).text("detail"),
                        state,
                        std::string(duty_state_zh(state)),
                        line.notice(),
                        line.digest(),
                        line.id(),
                        line.logged(),
                        words.day(line.logged()),
                        words.time(line.logged())});
    }
}

std::string duties_json(const JsonView& answer, const PeriodDuties& duties) {
    protocol::JsonWriter writer;
    writer.begin_object();
    if (answer.has("adopted")) writer.member("adopted", answer.text("adopted"));
    writer.key("duties").begin_array();
    for (const protocol::JsonValue* const each : duties) write_json(writer, *each);
    writer.end_array();
    if (answer.boolean("catching_up")) writer.key("catching_up").boolean(true);
    return writer.end_object().take();
}

}  // namespace tongbao::client
