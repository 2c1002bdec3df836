#include "protocol/calendar_json.hpp"

#include "tests/protocol/calendar_fixture.hpp"

using namespace tongbao;
using namespace tongbao::testing;
using nlohmann::json;
using protocol::CalendarFile;

namespace {

/// The year 2020, which has two versions, to be broken.
json text_of_2020() {
    return json::parse(calendar_file(2020).text);
}

Reasons faults_in(const json& text) {
    return calendar_faults({{"2020.json", text.dump()}});
}

}  // namespace

TEST_SUITE("calendar text") {
    TEST_CASE("the shipped years load whole") {
        const Calendar calendar = load_shipped_calendar();
        CHECK(calendar.name() == kShippedCalendar);
        CHECK(calendar.years().size() == 8);
        for (int year = kFirstShippedYear; year <= kLastShippedYear; ++year) {
            CHECK(calendar.find_year(std::chrono::year(year)) != nullptr);
        }
        CHECK(calendar.find_year(std::chrono::year(2027)) == nullptr);
    }

    TEST_CASE("what is read is what stands there") {
        const Calendar calendar = load_shipped_calendar();
        const CalendarYear& year = *calendar.find_year(std::chrono::year(2020));
        const json text = text_of_2020();
        REQUIRE(year.versions.size() == text["versions"].size());
        for (std::size_t at = 0; at < year.versions.size(); ++at) {
            const CalendarVersion& version = year.versions[at];
            const json& written = text["versions"][at];
            CHECK(version.version == written["version"].get<std::uint32_t>());
            REQUIRE(version.published.has_value());
            CHECK(format_day(*version.published) == written["published"].get<std::string>());
            json days = json::array();
            for (const LocalDay day : version.off_days) days.push_back(format_day(day));
            CHECK(days == written["off_days"]);
            days = json::array();
            for (const LocalDay day : version.work_days) days.push_back(format_day(day));
            CHECK(days == written["work_days"]);
        }
        CHECK_FALSE(calendar.find_year(std::chrono::year(2021))->versions[0].published);
    }

    TEST_CASE("every fault is named by code and place") {
        const BrokenText cases[] = {
            {[](json& t) { t.erase("calendar"); }, Errc::missing_member, "calendar"},
            {[](json& t) { t["calendar"] = "another"; }, Errc::bad_value, "calendar"},
            {[](json& t) { t["calendar"] = 1; }, Errc::wrong_type, "calendar"},
            {[](json& t) { t.erase("year"); }, Errc::missing_member, "year"},
            {[](json& t) { t["year"] = "2020"; }, Errc::wrong_type, "year"},
            {[](json& t) { t["year"] = 0; }, Errc::bad_value, "year"},
            {[](json& t) { t["year"] = 10000; }, Errc::bad_value, "year"},
            {[](json& t) { t["colour"] = "blue"; }, Errc::unknown_member, "colour"},
            {[](json& t) { t.erase("versions"); }, Errc::missing_member, "versions"},
            {[](json& t) { t["versions"] = json::array(); }, Errc::bad_value, "versions"},
            {[](json& t) { t["versions"] = json::object(); }, Errc::wrong_type, "versions"},
            {[](json& t) { t["versions"][0].erase("version"); }, Errc::missing_member,
             "versions[0].version"},
            {[](json& t) { t["versions"][0]["version"] = 0; }, Errc::bad_value,
             "versions[0].version"},
            {[](json& t) { t["versions"][1]["version"] = 1; }, Errc::bad_value,
             "versions[1].version"},
            {[](json& t) { t["versions"][1]["version"] = 3; }, Errc::bad_value,
             "versions[1].version"},
            {[](json& t) { t["versions"][1].erase("published"); }, Errc::missing_member,
             "versions[1].published"},
            {[](json& t) { t["versions"][1]["published"] = "2019-11-21"; }, Errc::bad_value,
             "versions[1].published"},
            {[](json& t) { t["versions"][1]["published"] = "2019-11-20"; }, Errc::bad_value,
             "versions[1].published"},
            {[](json& t) { t["versions"][1]["published"] = "27 January 2020"; }, Errc::bad_value,
             "versions[1].published"},
            {[](json& t) { t["versions"][0]["holidays"] = json::array(); }, Errc::unknown_member,
             "versions[0].holidays"},
            {[](json& t) { t["versions"][0].erase("off_days"); }, Errc::missing_member,
             "versions[0].off_days"},
            {[](json& t) { t["versions"][0].erase("work_days"); }, Errc::missing_member,
             "versions[0].work_days"},
            {[](json& t) { t["versions"][0]["off_days"] = "2020-01-01"; }, Errc::wrong_type,
             "versions[0].off_days"},
            {[](json& t) { t["versions"][0]["off_days"][0] = "2020-1-1"; }, Errc::bad_value,
             "versions[0].off_days[0]"},
            {[](json& t) { t["versions"][0]["off_days"][3] = "2020-02-30"; }, Errc::bad_value,
             "versions[0].off_days[3]"},
            {[](json& t) { t["versions"][0]["off_days"][3] = 20200126; }, Errc::wrong_type,
             "versions[0].off_days[3]"},
            {[](json& t) { t["versions"][0]["off_days"][0] = "2019-01-01"; }, Errc::bad_value,
             "versions[0].off_days[0]"},
            {[](json& t) { t["versions"][0]["off_days"].push_back("2021-01-01"); }, Errc::bad_value,
             "versions[0].off_days[27]"},
            {[](json& t) { t["versions"][0]["off_days"][1] = "2020-01-01"; }, Errc::bad_value,
             "versions[0].off_days[1]"},
            {[](json& t) { t["versions"][0]["off_days"][0] = "2020-01-24"; }, Errc::bad_value,
             "versions[0].off_days[1]"},
            {[](json& t) { t["versions"][0]["off_days"][0] = "2020-01-28"; }, Errc::bad_value,
             "versions[0].off_days[1]"},
            {[](json& t) { t["versions"][0]["work_days"][1] = "2020-01-25"; }, Errc::bad_value,
             "versions[0].work_days[1]"},
            {[](json& t) { t["versions"][0]["work_days"][1] = "2020-02-03"; }, Errc::bad_value,
             "versions[0].work_days[1]"},
        };
        for (const BrokenText& broken : cases) {
            CAPTURE(broken.place);
            json text = text_of_2020();
            broken.how(text);
            const Reasons faults = faults_in(text);
            // A repeated day out of order is two faults: the first is looked at.
            REQUIRE_FALSE(faults.empty());
            CHECK(faults[0].code == broken.code);
            CHECK(faults[0].place == "2020.json: " + broken.place);
            CHECK_FALSE(faults[0].explanation.empty());
        }
    }

    TEST_CASE("a file that is named after another year is refused") {
        const Reasons faults = calendar_faults({{"2019.json", calendar_file(2020).text}});
        REQUIRE(faults.size() == 1);
        CHECK(faults[0].code == Errc::bad_value);
        CHECK(faults[0].place == "2019.json: year");
        CHECK(faults[0].explanation.find("2020.json") != std::string::npos);
    }

    TEST_CASE("two files of one year are refused") {
        const CalendarFile file = calendar_file(2020);
        const Reasons same = calendar_faults({file, file});
        REQUIRE(same.size() == 1);
        CHECK(same[0].place == "2020.json: year");
        CHECK(calendar_faults({file, {"2020-copy.json", file.text}}).size() == 2);
    }

    TEST_CASE("a text that is no strict JSON is refused with its file") {
        const std::string text = calendar_file(2020).text;
        const auto fault = [](const std::string& broken) {
            const Reasons faults = calendar_faults({{"2020.json", broken}});
            REQUIRE(faults.size() == 1);
            CHECK(faults[0].place.starts_with("2020.json"));
            return faults[0].code;
        };
        CHECK(fault("") == Errc::malformed_json);
        CHECK(fault(text.substr(0, text.size() / 2)) == Errc::malformed_json);
        CHECK(fault("{\"year\": 2020," + text.substr(1)) == Errc::duplicate_member);
        CHECK(fault("\xEF\xBB\xBF" + text) == Errc::not_utf8);
        CHECK(fault("[]") == Errc::wrong_type);
        CHECK(fault(text + std::string(protocol::kMaxCalendarBytes, ' ')) == Errc::too_large);
    }

    TEST_CASE("all faults of all files are named at once") {
        json text = text_of_2020();
        text["versions"][0]["off_days"][0] = "1 January";
        text["versions"][1]["colour"] = "blue";
        json other = json::parse(calendar_file(2021).text);
        other["versions"][0]["off_days"][0] = "2020-12-31";
        other["versions"][0]["version"] = 2;
        const Reasons faults =
            calendar_faults({{"2020.json", text.dump()}, {"2021.json", other.dump()}});
        CHECK(faults.size() == 4);
    }

    TEST_CASE("a calendar without files has no year") {
        const protocol::LoadedCalendar loaded = protocol::load_calendar(kShippedCalendar, {});
        REQUIRE(std::holds_alternative<Calendar>(loaded));
        CHECK(std::get<Calendar>(loaded).years().empty());
    }
}
