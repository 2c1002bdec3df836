#include "client/daemon/period_list.hpp"

#include "domain/identifiers.hpp"
#include "domain/log_entry.hpp"
#include "protocol/clock_event_json.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/log_entry_json.hpp"

#include <utility>
#include <variant>

namespace tongbao::client {
namespace {

using protocol::JsonWriter;

void write_fault(JsonWriter& writer, const Reason& fault) {
    writer.key("fault").begin_object().member("code", code(fault.code));
    if (!fault.explanation.empty()) writer.member("detail", fault.explanation);
    writer.end_object();
}

void write_duty(JsonWriter& writer, const PeriodDuty& duty) {
    writer.begin_object()
        .member("cycle", duty.cycle)
        .member("kind", duty.kind.value())
        .member("period", duty.period)
        .member("unit", duty.unit.value())
        .member("state", word(duty.state));
    if (duty.due) writer.member("due", format_utc(duty.due->at));
    if (duty.fault) write_fault(writer, *duty.fault);
    if (duty.handed_in) {
        writer.key("handed_in").begin_object().key("notice");
        protocol::write_notice_ref(writer, duty.handed_in->notice);
        writer.member("id", duty.handed_in->id.value().text())
            .member("logged", format_utc(duty.handed_in->logged))
            .end_object();
    }
    writer.end_object();
}

}  // namespace

Checked<std::optional<std::string>> period_question(const transport::Fields& query) {
    std::optional<std::string> period;
    for (const transport::Field& field : query) {
        if (field.name != "period") {
            return Reason{Errc::unknown_member, field.name, "period is known"};
        }
        if (period) return Reason{Errc::duplicate_member, field.name, "once in the query"};
        if (!check_period(field.value)) {
            return Reason{Errc::bad_value, field.name,
                          "a period such as 2026, 2026-H1, 2026-Q3 or 2026-07"};
        }
        period = field.value;
    }
    return period;
}

Result<std::optional<UtcTime>> first_adoption(const storage::DaemonStore& store) {
    const Result<std::vector<storage::RegisterRow>> rows = store.read_register();
    if (!rows) return rows.error();
    for (const storage::RegisterRow& row : *rows) {
        const Checked<LogEntry> entry = protocol::read_log_entry(row.entry);
        if (!entry) return Errc::storage_corrupt;
        const auto* const event = std::get_if<RegisterEvent>(&entry->event);
        if (event != nullptr && std::holds_alternative<CharterAdopted>(event->data)) {
            return std::optional(entry->time);
        }
    }
    return std::optional<UtcTime>();
}

Result<std::vector<PeriodDuty>> list_duties(const storage::LedgerDatabase& ledger,
                                            const Charter& charter, const CharterLimits& limits,
                                            const UnitId& viewer, UtcTime adopted, UtcTime now,
                                            const std::optional<std::string>& period) {
    const ReportingSpan span{day_in(*limits.zone, adopted), day_in(*limits.zone, now)};
    std::vector<PeriodDuty> all;
    for (const ReportingCycle& cycle : charter.parts().reporting_cycles) {
        const Deadline* const due = charter.find_deadline(cycle.due);
        if (due == nullptr) continue;  // the charter's checker refuses it
        for (const ReportingPeriod& each : periods_of(cycle, *due, span, period)) {
            const Result<std::vector<HandIn>> hand_ins = ledger.hand_ins(cycle.id, each.text);
            if (!hand_ins) return hand_ins.error();
            for (PeriodDuty& duty :
                 duties_of_period(charter, cycle, each, viewer, *hand_ins, limits.by(), now)) {
                all.push_back(std::move(duty));
            }
        }
    }
    return all;
}

std::string write_period_list(const PeriodList& list) {
    JsonWriter writer;
    writer.begin_object();
    if (list.adopted) writer.member("adopted", format_utc(*list.adopted));
    writer.key("duties").begin_array();
    for (const PeriodDuty& duty : list.duties) write_duty(writer, duty);
    writer.end_array();
    if (!list.complete) writer.key("catching_up").boolean(true);
    return writer.end_object().take();
}

}  // namespace tongbao::client
