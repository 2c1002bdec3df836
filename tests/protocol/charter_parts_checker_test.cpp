#include "tests/protocol/broken_charter.hpp"

using namespace tongbao;
using namespace tongbao::testing;
using nlohmann::json;

// The rest of check_charter: what effects, stamps, meetings and the words of a charter must fit.
TEST_SUITE("charter checker") {
    TEST_CASE("effects name what exists and something moves every track") {
        const auto effect = [](std::size_t at, const char* key, json value) {
            return [=](json& t) { kind(t, "level_alarm")["effects"][at][key] = value; };
        };
        const std::string place = "kinds.level_alarm.effects";
        expect_faults({
            {"fact", effect(0, "facts", {{"title", "name"}}), kUnresolved,
             place + "[0].facts.title"},
            {"track", effect(1, "track", "sky"), kUnresolved, place + "[1].track"},
            {"track of a field", effect(1, "track", "field:site"), kUnresolved,
             place + "[1].track"},
            {"state", effect(1, "state", "lost"), kUnresolved, place + "[1].state"},
            {"state of a field", effect(1, "state", "field:site"), kUnresolved,
             place + "[1].state"},
            {"money's field", effect(0, "money", {{{"kind", "involved"}, {"field", "site"}}}), kBad,
             place + "[0].money[0].field"},
            {"money's kind", effect(0, "money", {{{"kind", "gold"}, {"field", "cost_fen"}}}),
             kUnresolved, place + "[0].money[0].kind"},
            {"decision", effect(0, "decision", {{"date", "decided"}}), kUnresolved,
             place + "[0].decision.date"},
            {"rows", effect(1, "rows", "doors"), kUnresolved, place + "[1].rows"},
            {"reverse", effect(0, "reverse", "answered_notice"), kBad, place + "[0].reverse"},
            {"close", effect(0, "case", "close"), kBad, "kinds.level_alarm.case"},
            {"at closing", effect(2, "on", "closed"), kBad, place + "[2].on"},
            {"reversed by an act",
             [](json& t) { kind(t, "correction")["effects"][1]["on"] = "signed_for"; }, kBad,
             "kinds.correction.effects[1].reverse"},
            {"opened by an act", effect(0, "on", "taken_up"), kBad, place + "[0].case"},
            {"opened only sometimes", effect(0, "when", "calm == true"), kBad, place + "[0].case"},
            {"declined without declining",
             [](json& t) { kind(t, "level_alarm")["accept"]["decline"] = "not_allowed"; }, kBad,
             place + "[3].on"},
            {"state without track",
             [](json& t) { kind(t, "level_alarm")["effects"][1].erase("track"); }, kBad,
             place + "[1].track"},
            {"unreadable", [](json& t) { kind(t, "poaching_report")["office_sees"] = "clear"; },
             kBad, "kinds.poaching_report.effects[0].facts.title"},
            {"unseen", [](json& t) { kind(t, "poaching_report")["office_sees"] = "none"; }, kBad,
             "kinds.poaching_report.effects"},
            {"idle track", [](json& t) { kind(t, "poaching_report")["effects"].erase(2); }, kBad,
             "ledger.tracks.shore"},
            {"second main track", [](json& t) { t["ledger"]["tracks"][1]["unit"] = "lake"; }, kBad,
             "ledger.tracks.shore.main"},
        });
    }

    TEST_CASE("stamps and approvers and posts and registers fit") {
        const auto set = [](const char* id, const char* key, json value) {
            return [=](json& t) { kind(t, id)[key] = value; };
        };
        expect_faults({
            {"stamped alone", set("level_alarm", "stamp", "own"), kBad,
             "kinds.level_alarm.approver"},
            {"on behalf of nobody", set("level_alarm", "stamp", "on_behalf"), kBad,
             "kinds.level_alarm.stamp"},
            {"the office's own stamp", set("minutes", "stamp", "own"), kBad, "kinds.minutes.stamp"},
            {"post elsewhere", set("agenda_decision", "to_post", "warden"), kBad,
             "kinds.agenda_decision.to_post"},
            {"register only", set("level_alarm", "register_only", true), kBad,
             "kinds.level_alarm.register_only"},
            {"not registered", set("press_item", "register_only", false), kBad,
             "kinds.press_item.register_only"},
            {"receipt without limit",
             [](json& t) { kind(t, "gate_order")["receipt"].erase("within"); }, kBad,
             "kinds.gate_order.receipt.within"},
            {"opens no case", [](json& t) { kind(t, "alarm_answer")["case"] = "may_open"; }, kBad,
             "kinds.alarm_answer.case"},
            {"effects without case", set("alarm_answer", "case", "none"), kBad,
             "kinds.alarm_answer.case"},
            {"attachment named as a table",
             [](json& t) { kind(t, "level_alarm")["attachments"][2]["kind"] = "gates"; }, kBad,
             "kinds.level_alarm.attachments.gates.kind"},
            {"two leads", [](json& t) { t["units"][1]["roles"] = {"lead"}; }, kBad, "units"},
            {"another host", [](json& t) { t["office"]["host"] = "reeds"; }, kBad, "office.host"},
            {"local address",
             [](json& t) { t["local_units"]["systems"][0]["address"] = "local:lake"; }, kBad,
             "local_units.systems[0].address"},
            {"enum without values",
             [](json& t) { field(t, "level_alarm", "severity").erase("values"); }, kBad,
             "kinds.level_alarm.fields.severity.values"},
            {"text with values",
             [](json& t) { field(t, "gate_order", "wording")["values"] = "results"; }, kBad,
             "kinds.gate_order.fields.wording.values"},
            {"required twice over",
             [](json& t) { field(t, "level_alarm", "measure")["required"] = true; }, kBad,
             "kinds.level_alarm.fields.measure.required_if"},
            {"rows", [](json& t) { t["tables"]["gates"]["min_rows"] = 9; }, kBad,
             "tables.gates.min_rows"},
        });
    }

    TEST_CASE("every enum and table and escalation is used") {
        expect_faults({
            {"enum", [](json& t) { t["enums"]["spare"] = t["enums"]["results"]; }, kBad,
             "enums.spare"},
            {"table", [](json& t) { t["tables"]["spare"] = t["tables"]["gates"]; }, kBad,
             "tables.spare"},
            {"escalation",
             [](json& t) { t["escalations"]["spare"] = t["escalations"]["ordinary"]; }, kBad,
             "escalations.spare"},
            {"words of the program", [](json& t) { t["enums"].erase("notice_states"); },
             kUnresolved, "enums.notice_states"},
        });
    }

    TEST_CASE("meetings and cycles and changes of members fit their kinds") {
        const auto set = [](const char* part, const char* key, json value) {
            return [=](json& t) { t[json::json_pointer(part)][key] = value; };
        };
        expect_faults({
            {"chair", set("/meetings", "chair_posts", {"king"}), kUnresolved,
             "meetings.chair_posts"},
            {"extraordinary", set("/meetings", "extraordinary", {"feast"}), kUnresolved,
             "meetings.extraordinary"},
            {"request", set("/meetings/agenda", "request_kind", "echo"), kUnresolved,
             "meetings.agenda.request_kind"},
            {"decision", set("/meetings/agenda", "decision_kind", "minutes"), kBad,
             "meetings.agenda.decision_kind"},
            {"approving post", set("/meetings/agenda", "approved_by_post", "contact"), kBad,
             "meetings.agenda.approved_by_post"},
            {"collector", set("/meetings/agenda", "collected_by", "dike"), kBad,
             "meetings.agenda.collected_by"},
            {"what the convener sets", set("/meetings/agenda", "convener_also_sets", {"weather"}),
             kUnresolved, "meetings.agenda.convener_also_sets"},
            {"record", set("/meetings/record", "kind", "echo"), kUnresolved,
             "meetings.record.kind"},
            {"resolutions", set("/meetings/record", "resolutions", "meeting_kind"), kBad,
             "meetings.record.resolutions"},
            {"progress", set("/meetings/record", "progress_kind", "figures"), kBad,
             "meetings.record.progress_kind"},
            {"how often", set("/meetings/regular", "max_per_year", 1), kBad,
             "meetings.regular.max_per_year"},
            {"cycle's kind", set("/reporting_cycles/0", "kind", "minutes"), kBad,
             "reporting_cycles.levels.kind"},
            {"cycle's sender", set("/reporting_cycles/0", "from", {"office"}), kBad,
             "reporting_cycles.levels.from"},
            {"cycle's recipient", set("/reporting_cycles/0", "to", {"lake"}), kBad,
             "reporting_cycles.levels.to"},
            {"changed post", set("/member_change", "posts", {"king"}), kUnresolved,
             "member_change.posts"},
            {"change's decision", set("/member_change", "decision_kind", "minutes"), kBad,
             "member_change.decision_kind"},
            {"decider", set("/member_change", "decided_by", "lake"), kUnresolved,
             "member_change.decided_by"},
            {"record of the change", set("/member_change", "record_field", "number"), kUnresolved,
             "member_change.record_field"},
            {"since when", set("/member_change", "effective_field", "since"), kUnresolved,
             "member_change.effective_field"},
        });
    }
}
