#include "protocol/charter_json.hpp"

#include "tests/protocol/broken_charter.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::testing;
using nlohmann::json;

namespace {

/// Places of a charter's text by what they are called there, elements of an array all alike: what
/// reads one of these reads all.
class Places {
public:
    explicit Places(const json& value) { collect(value, json::json_pointer(), ""); }

    [[nodiscard]] const std::vector<json::json_pointer>& all() const { return places_; }

private:
    void collect(const json& value, const json::json_pointer& here, const std::string& name) {
        if (value.is_object()) {
            for (const auto& [key, member] : value.items())
                add(member, here / key, name + '/' + key);
        } else if (value.is_array()) {
            for (std::size_t at = 0; at < value.size(); ++at)
                add(value[at], here / at, name + "/*");
        }
    }

    void add(const json& value, const json::json_pointer& here, const std::string& name) {
        if (seen_[name + value.type_name()]++ < 2) places_.push_back(here);
        collect(value, here, name);
    }

    std::map<std::string, int> seen_;
    std::vector<json::json_pointer> places_;
};

}  // namespace

TEST_SUITE("charter text") {
    TEST_CASE("both shipped charters and an invented third load whole") {
        const Charter guangdong = load("domain/charters/guangdong-2020.json");
        CHECK(guangdong.id().value() == "guangdong-2020");
        CHECK(guangdong.parts().kinds.size() ==
              charter_text("domain/charters/guangdong-2020.json")["kinds"].size());
        const Charter jilin = load("domain/charters/jilin.json");
        CHECK(jilin.id().value() == "jilin");
        CHECK(load().id().value() == "lake-level");
    }

    TEST_CASE("what is read is what stands there") {
        const Charter charter = load();
        CHECK(charter.version().value() == 3);
        CHECK(charter.online(UnitId("dike")));
        CHECK(charter.online(UnitId("office")));
        CHECK_FALSE(charter.online(UnitId("press")));
        CHECK_FALSE(charter.online(UnitId("local.449999.dike")));
        CHECK(charter.knows(UnitId("local.449999.dike")));
        CHECK_FALSE(charter.knows(UnitId("local.449999.lake")));
        CHECK(charter.units_of("members").size() == 3);
        const Kind* const alarm = charter.find_kind(KindId("level_alarm"));
        REQUIRE(alarm != nullptr);
        CHECK(alarm->case_use == CaseUse::may_open);
        CHECK(alarm->accept.decline == DeclineRule::with_reason);
        REQUIRE(alarm->replies.size() == 3);
        CHECK(alarm->replies[0].satisfied_when->bound.has_value());
        CHECK(alarm->replies[2].role == ReplyRole::follow_up);
        const Kind* const report = charter.find_kind(KindId("poaching_report"));
        REQUIRE(report != nullptr);
        CHECK(report->replies[0].within == Within{Within::Source::field, "due"});
        CHECK(charter.find_table("persons")->columns[2].masked);
        CHECK(charter.find_deadline("alarm_24h")->from.field == "observed_at");
        CHECK(charter.find_kind(KindId("suspected_crime_transfer")) == nullptr);
    }

    TEST_CASE("an unknown member is refused in every object") {
        const json text = charter_text();
        const Places places(text);
        for (const json::json_pointer& place : places.all()) {
            if (!text[place].is_object()) continue;
            CAPTURE(place.to_string());
            json broken = text;
            broken[place]["not-defined"] = 1;
            const Reasons faults = faults_of(broken.dump());
            REQUIRE(faults.size() >= 1);
            CHECK(std::any_of(faults.begin(), faults.end(), [](const Reason& reason) {
                return reason.code == Errc::unknown_member &&
                       reason.place.ends_with("\"not-defined\"");
            }));
        }
    }

    TEST_CASE("a value of another type is refused wherever it stands") {
        const json text = charter_text();
        const Places places(text);
        for (const json::json_pointer& place : places.all()) {
            CAPTURE(place.to_string());
            json broken = text;
            if (broken[place].is_structured()) {
                broken[place] = 7;
            } else {
                broken[place] = json::object();
            }
            CHECK(faults_of(broken.dump()).size() >= 1);
        }
    }

    TEST_CASE("every fault of the schema is named by code and place") {
        const BrokenText cases[] = {
            {[](json& t) { t.erase("division"); }, Errc::missing_member, "division"},
            {[](json& t) { t["division"] = "44999"; }, Errc::bad_value, "division"},
            {[](json& t) { t["charter_format"] = 2; }, Errc::bad_value, "charter_format"},
            {[](json& t) { t["version"] = 0; }, Errc::bad_value, "version"},
            {[](json& t) { t["version"] = "1"; }, Errc::wrong_type, "version"},
            {[](json& t) { t["id"] = "Lake"; }, Errc::bad_value, "id"},
            {[](json& t) { t["trust_domain"] = "lake."; }, Errc::bad_value, "trust_domain"},
            {[](json& t) { t["timezone"] = "Shanghai"; }, Errc::bad_value, "timezone"},
            {[](json& t) { t["title_zh"] = ""; }, Errc::bad_value, "title_zh"},
            {[](json& t) { t["document"]["adopted"] = "2021-02-30"; }, Errc::bad_value,
             "document.adopted"},
            {[](json& t) { t["units"][0]["host"] = "lake"; }, Errc::unknown_member,
             "units.lake.host"},
            {[](json& t) { t["units"][3].erase("host"); }, Errc::missing_member,
             "units.office.host"},
            {[](json& t) { t["units"][0]["kind"] = "guest"; }, Errc::bad_value, "units.lake.kind"},
            {[](json& t) {
                 t["groups"] = {{"others", {"lake"}}};
             },
             Errc::missing_member, "groups.members"},
            {[](json& t) { t["groups"]["members"].push_back("lake"); }, Errc::bad_value,
             "groups.members[3]"},
            {[](json& t) { t["deadlines"]["receipt_1wd"]["from"] = "opened"; }, Errc::bad_value,
             "deadlines.receipt_1wd.from"},
            {[](json& t) { t["escalations"]["ordinary"]["steps"][0]["at"] = "due-01wd"; },
             Errc::bad_value, "escalations.ordinary.steps[0].at"},
            {[](json& t) { t["tables"]["gates"]["columns"][0]["type"] = "table"; }, Errc::bad_value,
             "tables.gates.columns.gate_no.type"},
            {[](json& t) { t["enums"]["results"]["values"][0]["id"] = "Pending"; }, Errc::bad_value,
             "enums.results.values[0].id"},
            {[](json& t) { kind(t, "level_alarm")["flow"] = "F1"; }, Errc::bad_value,
             "kinds.level_alarm.flow"},
            {[](json& t) { kind(t, "level_alarm")["fields"][0]["type"] = "number"; },
             Errc::bad_value, "kinds.level_alarm.fields.observed_at.type"},
            {[](json& t) { kind(t, "level_alarm")["accept"].erase("decline"); },
             Errc::missing_member, "kinds.level_alarm.accept.decline"},
            {[](json& t) { kind(t, "minutes")["accept"]["decline"] = "with_reason"; },
             Errc::unknown_member, "kinds.minutes.accept.decline"},
            {[](json& t) { kind(t, "level_alarm")["replies"][0]["within"] = "cell:x"; },
             Errc::bad_value, "kinds.level_alarm.replies[0].within"},
            {[](json& t) { kind(t, "level_alarm")["effects"][1]["track"] = "of:anyone"; },
             Errc::bad_value, "kinds.level_alarm.effects[1].track"},
            {[](json& t) { t["classification"]["L5"] = t["classification"]["L1"]; },
             Errc::unknown_member, "classification.\"L5\""},
            {[](json& t) { t["retention"]["network_log_min_months"] = 5; }, Errc::bad_value,
             "retention.network_log_min_months"},
        };
        for (const BrokenText& broken : cases) {
            CAPTURE(broken.place);
            json text = charter_text();
            broken.how(text);
            const Reasons faults = faults_of(text.dump());
            REQUIRE(faults.size() == 1);
            CHECK(faults[0].code == broken.code);
            CHECK(faults[0].place == broken.place);
        }
    }

    TEST_CASE("all faults are named at once") {
        json text = charter_text();
        text.erase("division");
        text["version"] = 0;
        kind(text, "minutes")["colour"] = "blue";
        CHECK(faults_of(text.dump()).size() == 3);
    }

    TEST_CASE("a text that is no strict JSON is refused with its place") {
        const std::string text = read_source_file(kInventedCharter);
        const Reasons twice = faults_of("{\"id\":\"a\"," + text.substr(1));
        REQUIRE(twice.size() == 1);
        CHECK(twice[0].code == Errc::duplicate_member);
        CHECK(twice[0].place == "id");
        CHECK(faults_of(text.substr(0, text.size() / 2))[0].code == Errc::malformed_json);
        CHECK(faults_of("\xEF\xBB\xBF" + text)[0].code == Errc::not_utf8);
        CHECK(faults_of(text + std::string(1, '\0'))[0].code == Errc::malformed_json);
        CHECK(faults_of(std::string(5 * 1024 * 1024, ' '))[0].code == Errc::too_large);
        CHECK(faults_of("[]")[0].code == Errc::wrong_type);
    }
}
