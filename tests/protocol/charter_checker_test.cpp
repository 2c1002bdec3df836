#include "domain/charter_checker.hpp"

#include "tests/protocol/broken_charter.hpp"

using namespace tongbao;
using namespace tongbao::testing;
using nlohmann::json;

TEST_SUITE("charter checker") {
    TEST_CASE("ids defined twice are named") {
        expect_faults({
            {"unit", [](json& t) { t["units"].push_back(t["units"][5]); }, kBad, "units.press"},
            {"kind", [](json& t) { t["kinds"].push_back(kind(t, "gate_order")); }, kBad,
             "kinds.gate_order"},
            {"field",
             [](json& t) {
                 kind(t, "gate_order")["fields"].push_back(field(t, "gate_order", "wording"));
             },
             kBad, "kinds.gate_order.fields.wording"},
            {"post", [](json& t) { t["posts"].push_back(t["posts"][0]); }, kBad, "posts.warden"},
            {"column",
             [](json& t) {
                 json& columns = t["tables"]["gates"]["columns"];
                 columns.push_back(columns[1]);
             },
             kBad, "tables.gates.columns.open"},
            {"enum value",
             [](json& t) {
                 json& values = t["enums"]["results"]["values"];
                 values.push_back(values[0]);
             },
             kBad, "enums.results.values.pending"},
            {"attachment",
             [](json& t) {
                 json& list = kind(t, "level_alarm")["attachments"];
                 list.push_back(list[2]);
             },
             kBad, "kinds.level_alarm.attachments.sketch"},
            {"track", [](json& t) { t["ledger"]["tracks"].push_back(t["ledger"]["tracks"][0]); },
             kBad, "ledger.tracks.shore"},
        });
    }

    TEST_CASE("references to what does not exist are named") {
        const auto kinds = [](const char* key, json value) {
            return [key, value](json& t) { kind(t, "level_alarm")[key] = value; };
        };
        expect_faults({
            {"sender", [](json& t) { kind(t, "level_alarm")["from"][0] = "nobody"; }, kUnresolved,
             "kinds.level_alarm.from[0]"},
            {"recipient", [](json& t) { kind(t, "gate_order")["to"][0] = "local:lake"; },
             kUnresolved, "kinds.gate_order.to[0]"},
            {"copy", [](json& t) { kind(t, "level_alarm")["cc"][0] = "nobody"; }, kUnresolved,
             "kinds.level_alarm.cc[0]"},
            {"escalation", kinds("escalation", "severe"), kUnresolved,
             "kinds.level_alarm.escalation"},
            {"urgency", kinds("urgency", "slow"), kUnresolved, "kinds.level_alarm.urgency"},
            {"class", kinds("class", "L4"), kUnresolved, "kinds.level_alarm.class"},
            {"limit for sending", kinds("send_within", "soon"), kUnresolved,
             "kinds.level_alarm.send_within"},
            {"cycle", kinds("cycle", "yearly"), kUnresolved, "kinds.level_alarm.cycle"},
            {"signing post", kinds("from_post", "king"), kUnresolved,
             "kinds.level_alarm.from_post"},
            {"receipt's limit",
             [](json& t) { kind(t, "level_alarm")["receipt"]["within"] = "soon"; }, kUnresolved,
             "kinds.level_alarm.receipt.within"},
            {"enum", [](json& t) { field(t, "level_alarm", "severity")["values"] = "colours"; },
             kUnresolved, "kinds.level_alarm.fields.severity.values"},
            {"post of a field",
             [](json& t) { field(t, "level_alarm", "watch")["values"][0] = "king"; }, kUnresolved,
             "kinds.level_alarm.fields.watch.values"},
            {"table", [](json& t) { field(t, "level_alarm", "gates")["table"] = "doors"; },
             kUnresolved, "kinds.level_alarm.fields.gates.table"},
            {"answer", [](json& t) { kind(t, "level_alarm")["replies"][0]["kind"] = "echo"; },
             kUnresolved, "kinds.level_alarm.replies[0].kind"},
            {"other answer",
             [](json& t) { kind(t, "level_alarm")["replies"][0]["satisfied_by"][0] = "echo"; },
             kUnresolved, "kinds.level_alarm.replies[0].satisfied_by"},
            {"limit of an answer",
             [](json& t) { kind(t, "level_alarm")["replies"][0]["within"] = "soon"; }, kUnresolved,
             "kinds.level_alarm.replies[0].within"},
            {"field with the limit",
             [](json& t) { kind(t, "poaching_report")["replies"][0]["within"] = "field:until"; },
             kUnresolved, "kinds.poaching_report.replies[0].within"},
            {"column with the limit",
             [](json& t) { kind(t, "minutes")["replies"][0]["within"] = "row:until"; }, kUnresolved,
             "kinds.minutes.replies[0].within"},
            {"fallback",
             [](json& t) { kind(t, "poaching_report")["replies"][0]["fallback"] = "soon"; },
             kUnresolved, "kinds.poaching_report.replies[0].fallback"},
            {"who owes",
             [](json& t) { kind(t, "level_alarm")["replies"][0]["owed_by"] = "nobody"; },
             kUnresolved, "kinds.level_alarm.replies[0].owed_by"},
            {"field of an order",
             [](json& t) { kind(t, "level_alarm")["checks"][1]["to"] = "ended"; }, kUnresolved,
             "kinds.level_alarm.checks[1].to"},
            {"group's unit", [](json& t) { t["groups"]["members"][0] = "nobody"; }, kUnresolved,
             "groups.members[0]"},
            {"post's unit", [](json& t) { t["posts"][0]["unit"] = "nobody"; }, kUnresolved,
             "posts.warden.unit"},
            {"office", [](json& t) { t["office"]["unit"] = "nobody"; }, kUnresolved, "office.unit"},
            {"host", [](json& t) { t["units"][3]["host"] = "nobody"; }, kUnresolved,
             "units.office.host"},
            {"secrecy", [](json& t) { t["header"]["secrecy"] = "marks"; }, kUnresolved,
             "header.secrecy"},
            {"secrecy of a class",
             [](json& t) { t["classification"]["L1"]["secrecy"][0] = "other"; }, kUnresolved,
             "classification"},
            {"set's member", [](json& t) { t["enums"]["severities"]["sets"]["grave"][0] = "tiny"; },
             kUnresolved, "enums.severities.sets.grave"},
            {"table's key", [](json& t) { t["tables"]["gates"]["key"] = "no"; }, kUnresolved,
             "tables.gates.key"},
            {"ledger's keeper", [](json& t) { t["ledger"]["kept_by"] = "nobody"; }, kUnresolved,
             "ledger.kept_by"},
            {"track's unit", [](json& t) { t["ledger"]["tracks"][0]["unit"] = "nobody"; },
             kUnresolved, "ledger.tracks.shore.unit"},
            {"finished state", [](json& t) { t["ledger"]["finished_states"][0] = "gone"; },
             kUnresolved, "ledger.finished_states"},
            {"kind of money", [](json& t) { t["ledger"]["money"][0]["kind"] = "gold"; },
             kUnresolved, "ledger.money.gold"},
            {"escalation's post",
             [](json& t) { t["escalations"]["ordinary"]["steps"][0]["to"][0]["post"] = "king"; },
             kUnresolved, "escalations.ordinary.steps[0].to"},
            {"draft", [](json& t) { t["escalations"]["ordinary"]["steps"][0]["draft"] = "urge"; },
             kUnresolved, "escalations.ordinary.steps[0].draft"},
            {"issuer", [](json& t) { t["document"]["issuers"] = {"nobody"}; }, kUnresolved,
             "document.issuers[0]"},
            {"stamp", [](json& t) { t["stamp"]["on_behalf"] = "nobody"; }, kUnresolved,
             "stamp.on_behalf"},
        });
    }

    TEST_CASE("every reference that does not resolve is named in words") {
        json text = charter_text();
        kind(text, "level_alarm")["from"][0] = "nobody";
        const Reasons faults = faults_of(text.dump());
        REQUIRE_FALSE(faults.empty());
        CHECK(faults[0].explanation.find("nobody") != std::string::npos);
    }

    TEST_CASE("answers must be able to go their way") {
        expect_faults({
            {"sender", [](json& t) { kind(t, "alarm_answer")["from"][0] = "reeds"; }, kBad,
             "kinds.level_alarm.replies[0].kind"},
            {"recipient", [](json& t) { kind(t, "alarm_answer")["to"] = {"lake"}; }, kBad,
             "kinds.level_alarm.replies[0].kind"},
            {"substitute", [](json& t) { kind(t, "alarm_passed_on")["to"] = {"lake"}; }, kBad,
             "kinds.level_alarm.replies[0].satisfied_by"},
            {"no answering kind", [](json& t) { kind(t, "alarm_answer")["reply"] = "none"; }, kBad,
             "kinds.level_alarm.replies[0].kind"},
            {"comes back",
             [](json& t) { kind(t, "level_alarm")["replies"][0]["as"] = "follow_up"; }, kBad,
             "kinds.level_alarm.replies[0].kind"},
            {"does not come back",
             [](json& t) { kind(t, "level_alarm")["replies"][2]["as"] = "reply"; }, kBad,
             "kinds.level_alarm.replies[2].kind"},
            {"nobody asks", [](json& t) { kind(t, "gate_order")["reply"] = "optional"; }, kBad,
             "kinds.gate_order.answers"},
            {"owed by a stranger",
             [](json& t) { kind(t, "level_alarm")["replies"][0]["owed_by"] = "members"; }, kBad,
             "kinds.level_alarm.replies[0].owed_by"},
            {"row key", [](json& t) { kind(t, "minutes")["replies"][0]["row_key"] = "unit"; }, kBad,
             "kinds.minutes.replies[0].row_key"},
            {"row key of the answer",
             [](json& t) { field(t, "progress", "resolution_no")["name"] = "number"; }, kUnresolved,
             "kinds.minutes.replies[0].row_key"},
            {"rows alone", [](json& t) { kind(t, "minutes")["replies"][0].erase("row_key"); }, kBad,
             "kinds.minutes.replies[0].row_key"},
            {"row unit without rows",
             [](json& t) { kind(t, "level_alarm")["replies"][0]["owed_by"] = "row:unit"; }, kBad,
             "kinds.level_alarm.replies[0].owed_by"},
            {"points anywhere or nowhere",
             [](json& t) { kind(t, "extension_request")["reply"] = "optional"; }, kBad,
             "kinds.extension_request.answers"},
        });
    }

    TEST_CASE("deadlines are used and start at something the kind has") {
        expect_faults({
            {"unused", [](json& t) { t["deadlines"]["spare"] = t["deadlines"]["receipt_1wd"]; },
             kBad, "deadlines.spare"},
            {"start for sending",
             [](json& t) { kind(t, "level_alarm")["send_within"] = "receipt_1wd"; }, kBad,
             "kinds.level_alarm.send_within"},
            {"field", [](json& t) { kind(t, "gate_order")["send_within"] = "alarm_24h"; },
             kUnresolved, "kinds.gate_order.send_within"},
            {"field that is no time",
             [](json& t) { t["deadlines"]["alarm_24h"]["from"] = "field:site"; }, kBad,
             "kinds.level_alarm.send_within"},
            {"period", [](json& t) { kind(t, "gate_order")["send_within"] = "figures_10d"; },
             kUnresolved, "kinds.gate_order.send_within"},
            {"notice answered",
             [](json& t) { t["deadlines"]["alarm_24h"]["from"] = "answered_notice"; }, kBad,
             "kinds.level_alarm.send_within"},
            {"receipt", [](json& t) { kind(t, "level_alarm")["receipt"]["within"] = "reply_5wd"; },
             kBad, "kinds.level_alarm.receipt.within"},
            {"check",
             [](json& t) { kind(t, "level_alarm")["checks"][1]["deadline"] = "reply_5wd"; }, kBad,
             "kinds.level_alarm.checks[1].deadline"},
            {"fallback missing",
             [](json& t) { kind(t, "poaching_report")["replies"][0].erase("fallback"); }, kBad,
             "kinds.poaching_report.replies[0].fallback"},
            {"fallback idle",
             [](json& t) { kind(t, "level_alarm")["replies"][0]["fallback"] = "reply_5wd"; }, kBad,
             "kinds.level_alarm.replies[0].fallback"},
            {"cycle's due", [](json& t) { t["reporting_cycles"][0]["due"] = "reply_5wd"; }, kBad,
             "reporting_cycles.levels.due"},
        });
    }

    TEST_CASE("conditions parse and fit their fields") {
        const auto must = [](const char* text) {
            return [text](json& t) { kind(t, "level_alarm")["checks"][0]["must"] = text; };
        };
        const std::string place = "kinds.level_alarm.checks[0].must";
        expect_faults({
            {"grammar", must("centimetres = 100"), kExpression, place},
            {"name", must("inches >= 100"), kExpression, place},
            {"type", must("centimetres == 'deep'"), kExpression, place},
            {"operator", must("severity > 'low'"), kExpression, place},
            {"literal", must("severity == 'tiny'"), kExpression, place},
            {"set", must("severity in mild"), kExpression, place},
            {"reply", must("reply.result == 'done'"), kExpression, place},
            {"required_if",
             [](json& t) { field(t, "level_alarm", "measure")["required_if"] = "x == 1"; },
             kExpression, "kinds.level_alarm.fields.measure.required_if"},
            {"each", [](json& t) { field(t, "level_alarm", "gates")["each"] = "centimetres > 1"; },
             kExpression, "kinds.level_alarm.fields.gates.each"},
            {"when of a reply", [](json& t) { kind(t, "level_alarm")["replies"][0]["when"] = "x"; },
             kExpression, "kinds.level_alarm.replies[0].when"},
            {"satisfied_when",
             [](json& t) {
                 kind(t, "level_alarm")["replies"][0]["satisfied_when"] = "reply.calm == true";
             },
             kExpression, "kinds.level_alarm.replies[0].satisfied_when"},
            {"when of an effect",
             [](json& t) { kind(t, "level_alarm")["effects"][0]["when"] = "site > 1"; },
             kExpression, "kinds.level_alarm.effects[0].when"},
            {"attachment",
             [](json& t) { kind(t, "level_alarm")["attachments"][1]["required_if"] = "calm"; },
             kExpression, "kinds.level_alarm.attachments.photo.required_if"},
            {"column",
             [](json& t) { t["tables"]["persons"]["columns"][2]["checked_if"] = "matter == 'x'"; },
             kExpression, "tables.persons.columns.id_no.checked_if"},
            {"name that is a word",
             [](json& t) { field(t, "gate_order", "wording")["name"] = "present"; }, kBad,
             "kinds.gate_order.fields.present.name"},
        });
    }

    TEST_CASE("the hub may read exactly what it must evaluate") {
        const std::string place = "kinds.poaching_report.fields.";
        expect_faults({
            {"limit in a field",
             [](json& t) { field(t, "poaching_report", "due")["clear"] = false; }, kBad,
             place + "due.clear"},
            {"when of an effect",
             [](json& t) { field(t, "poaching_report", "grave")["clear"] = false; }, kBad,
             place + "grave.clear"},
            {"one too many",
             [](json& t) { field(t, "poaching_report", "officers")["clear"] = true; }, kBad,
             place + "officers.clear"},
            {"satisfied_when",
             [](json& t) { field(t, "poaching_answer", "outcome")["clear"] = false; }, kBad,
             "kinds.poaching_answer.fields.outcome.clear"},
            {"check on an answer",
             [](json& t) {
                 kind(t, "poaching_answer")["checks"].push_back(
                     {{"must", "present(finding)"}, {"title_zh", "x"}, {"title_en", "x"}});
             },
             kBad, "kinds.poaching_answer.fields.finding.clear"},
            {"all of L2", [](json& t) { field(t, "level_alarm", "site")["clear"] = false; }, kBad,
             "kinds.level_alarm.fields.site.clear"},
            {"attachment of L3",
             [](json& t) { kind(t, "poaching_report")["attachments"][0]["clear"] = true; }, kBad,
             "kinds.poaching_report.attachments.report.clear"},
            {"attachment of L2",
             [](json& t) { kind(t, "level_alarm")["attachments"][0]["clear"] = false; }, kBad,
             "kinds.level_alarm.attachments.chart.clear"},
        });
    }
}
