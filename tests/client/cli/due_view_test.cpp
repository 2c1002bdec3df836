#include "client/cli/due_view.hpp"

#include "client/cli/calendar_file.hpp"
#include "tests/protocol/charter_fixture.hpp"
#include "tests/support/fixed_zone.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <sstream>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;

namespace {

/// A clock of a notice, as the daemon gives it, with `more` members.
std::string due_clock(const std::string& unit, const std::string& more) {
    return R"({"id":"0190163d-8694-739b-aea5-966c26f8ad91","unit":")" + unit + "\"," + more + '}';
}

constexpr const char* kTransfer =
    R"("notice":{"sha256":"","index":12},"kind":"suspected_crime_transfer","from":"hsa",)";

std::string minutes_at(int index) {
    return R"("notice":{"sha256":"","index":)" + std::to_string(index) +
           R"(},"kind":"meeting_minutes","from":"office",)";
}

/// Wednesday 30 September 2020, half past nine in Guangdong: the 1st to the 8th of October are
/// free, Saturday the 10th is worked.
struct DueOnTheEve {
    Charter charter = tongbao::testing::load("domain/charters/guangdong-2020.json");
    Calendar calendar =
        *read_calendar(tongbao::testing::source_dir() + "/domain/calendars/cn-state-council");
    tongbao::testing::FixedZone zone;
    DueListRules rules{charter, zone, "Asia/Shanghai", &calendar,
                       *parse_date_time("2020-09-30T09:30+08:00")};

    /// What is left of a limit at this moment.
    [[nodiscard]] std::string left(const std::string& due) const {
        return time_left(*due_at(MomentOrDay(*parse_date_time(due)), zone), rules);
    }
    void now(const std::string& time) { rules.now = *parse_date_time(time); }

    using Print = void (*)(std::ostream&, const DueClocks&, const DueListRules&);
    [[nodiscard]] std::string shown(Print print, const std::vector<std::string>& texts) const {
        std::vector<protocol::JsonDocument> documents;
        for (const std::string& text : texts) {
            Checked<protocol::JsonDocument> document = protocol::read_json(as_bytes(text), 100'000);
            REQUIRE(document.has_value());
            documents.push_back(*std::move(document));
        }
        DueClocks clocks;
        for (const protocol::JsonDocument& each : documents) clocks.push_back(&each.root());
        std::ostringstream out;
        print(out, clocks, rules);
        return out.str();
    }
};

}  // namespace

TEST_SUITE("list of what is due") {
    TEST_CASE_FIXTURE(DueOnTheEve, "days left are working days after today up to the limit's day") {
        CHECK(left("2020-09-30T17:30+08:00") == "today");
        CHECK(left("2020-10-01T00:00+08:00") == "today");  // 24:00
        CHECK(left("2020-10-01T00:01+08:00") == "1 day left, all free");
        CHECK(left("2020-10-06T00:00+08:00") == "5 days left, all free");
        CHECK(left("2020-10-10T00:00+08:00") == "1 working day left");
        CHECK(left("2020-10-11T00:00+08:00") == "2 working days left");
        // Sunday the 11th adds none.
        CHECK(left("2020-10-12T00:00+08:00") == "2 working days left");
        CHECK(left("2020-10-13T00:00+08:00") == "3 working days left");
    }

    TEST_CASE_FIXTURE(DueOnTheEve, "days over are all days since the limit's day") {
        CHECK(left("2020-09-30T09:29+08:00") == "over today");
        CHECK(left("2020-09-30T09:30+08:00") == "today");
        CHECK(left("2020-09-30T00:00+08:00") == "1 day over");
        CHECK(left("2020-09-29T00:00+08:00") == "2 days over");
        now("2020-10-12T00:00:00.001+08:00");
        CHECK(left("2020-10-10T00:00+08:00") == "3 days over");
        CHECK(left("2020-10-12T00:00+08:00") == "1 day over");
        now("2020-10-12T00:00+08:00");
        CHECK(left("2020-10-12T00:00+08:00") == "today");
    }

    TEST_CASE_FIXTURE(DueOnTheEve, "where no calendar tells days left are all days") {
        now("2026-12-30T09:30+08:00");
        CHECK(left("2027-01-01T00:00+08:00") == "1 working day left");
        CHECK(left("2027-01-02T00:00+08:00") == "2 days left");
        rules.calendar = nullptr;
        CHECK(left("2027-01-01T00:00+08:00") == "1 day left");
    }

    TEST_CASE_FIXTURE(DueOnTheEve, "the table says until when who owes what") {
        const std::vector<std::string> clocks{
            due_clock("police",
                      kTransfer + std::string(R"("purpose":"receipt","status":"running",)"
                                              R"("due":"2020-09-29T16:00:00.000Z","owed":true,)"
                                              R"("flags":["overdue","urged"])")),
            due_clock(
                "police",
                kTransfer + std::string(R"("purpose":"reply","reply":"police_filing_decision",)"
                                        R"("due":"2020-09-30T09:30:00.000Z","owed":true,)"
                                        R"("flags":["due_soon"])")),
            due_clock("hsa",
                      minutes_at(14) +
                          R"("purpose":"reply","reply":"resolution_progress","row":"2020-1",)"
                          R"("due":"2020-10-09T16:00:00.000Z","owed":true,"flags":[])"),
            // Of an older charter.
            due_clock("health",
                      R"("notice":{"sha256":"","index":15},"kind":"kind_of_old",)"
                      R"("from":"local.440100.hsa","purpose":"reply","reply":"kind_of_old",)"
                      R"("due":"2020-10-12T16:00:00.000Z","owed":false,"flags":[])"),
            due_clock("hsa", minutes_at(16) +
                                 R"("purpose":"receipt","status":"running","owed":true,"flags":[],)"
                                 R"("fault":{"code":"calendar_missing","detail":"2027"})"),
            due_clock("hsa", minutes_at(17) + R"("purpose":"receipt","status":"not_started",)"
                                              R"("owed":true,"flags":[])"),
        };
        CHECK(shown(&print_due_table, clocks) ==
              "due                   left                               owed by  what        "
              "                                                     notice  kind             "
              "         from              flags\n"
              "2020-09-29 Tue 24:00  1 day over                         police   签收 / receipt "
              "                                                  12      suspected_crime_transfer "
              " hsa               overdue, urged\n"
              "2020-09-30 Wed 17:30  today                              police   "
              "立案（不予立案）通知 "
              "/ Decision to file or not to file the case  12      suspected_crime_transfer  "
              "hsa               due_soon\n"
              "2020-10-09 Fri 24:00  1 working day left                 hsa      议定事项落实情况 "
              "/ Progress on a resolution, row 2020-1          14      meeting_minutes       "
              "    office\n"
              "2020-10-12 Mon 24:00  3 working days left                health   kind_of_old "
              "(optional)                                           15      kind_of_old      "
              "         local.440100.hsa\n"
              "-                     limit not known: calendar_missing  hsa      签收 / receipt "
              "                                                  16      meeting_minutes     "
              "      office\n"
              "-                     not started                        hsa      签收 / receipt "
              "                                                  17      meeting_minutes     "
              "      office\n");
    }

    TEST_CASE_FIXTURE(DueOnTheEve, "days over count from the day of the limit that was gone over") {
        const auto over = [this](const std::string& since) {
            const std::string text =
                due_clock("police", kTransfer + (R"("overdue_since":")" + since + '"'));
            const Checked<protocol::JsonDocument> clock =
                protocol::read_json(as_bytes(text), 100'000);
            return days_over(clock->root(), rules);
        };
        // 24:00 of the 29th in Guangdong, and 17:30.
        CHECK(over("2020-09-29T16:00:00.000Z") == 1);
        CHECK(over("2020-09-29T09:30:00.000Z") == 1);
        CHECK(over("2020-09-30T01:00:00.000Z") == 0);
        CHECK(over("2020-08-31T16:00:00.000Z") == 30);
        // A clock behind the hub's.
        CHECK(over("2020-10-02T16:00:00.000Z") == 0);
        CHECK_FALSE(over("").has_value());
        CHECK_FALSE(over("yesterday").has_value());
    }

    TEST_CASE_FIXTURE(DueOnTheEve, "the table has days over where something is over") {
        const std::string receipt = kTransfer + std::string(R"("purpose":"receipt","owed":true,)");
        const std::string moved = R"("due":"2020-10-09T16:00:00.000Z","flags":["overdue"],)"
                                  R"("overdue_since":"2020-09-28T16:00:00.000Z")";
        CHECK(
            shown(
                &print_due_table,
                {due_clock("police", receipt + moved),
                 due_clock("police", receipt + R"("due":"2020-10-09T16:00:00.000Z","flags":[])"),
                 due_clock("police", receipt + R"("due":"2020-09-30T01:00:00.000Z",)"
                                               R"("flags":["overdue"],)"
                                               R"("overdue_since":"2020-09-30T01:00:00.000Z")")}) ==
            "due                   left                over    owed by  what            "
            "notice  kind                      from  flags\n"
            "2020-10-09 Fri 24:00  1 working day left  2 days  police   签收 / receipt  "
            "12      suspected_crime_transfer  hsa   overdue\n"
            "2020-10-09 Fri 24:00  1 working day left          police   签收 / receipt  "
            "12      suspected_crime_transfer  hsa\n"
            "2020-09-30 Wed 09:00  over today          today   police   签收 / receipt  "
            "12      suspected_crime_transfer  hsa   overdue\n");
    }

    TEST_CASE_FIXTURE(DueOnTheEve, "a clock fits where it is all that was asked for") {
        const Checked<protocol::JsonDocument> clock = protocol::read_json(
            as_bytes(due_clock("police", kTransfer + std::string(R"("purpose":"receipt")"))),
            100'000);
        CHECK(fits(clock->root(), {}));
        DueFilter whole{"police"};
        whole.from = "hsa";
        whole.kind = "suspected_crime_transfer";
        whole.purpose = "receipt";
        CHECK(fits(clock->root(), whole));
        std::vector<DueFilter> others(5, whole);
        others[0].unit = "hsa";
        others[1].from = "police";
        others[2].kind = "meeting_minutes";
        others[3].purpose = "reply";
        others[4].overdue = true;
        for (const DueFilter& other : others) CHECK_FALSE(fits(clock->root(), other));
    }

    TEST_CASE_FIXTURE(DueOnTheEve,
                      "a row's key can neither move the cursor nor push columns aside") {
        const std::string row = minutes_at(14) +
                                R"("purpose":"reply","reply":"resolution_progress","owed":true,)"
                                R"("due":"2020-10-09T16:00:00.000Z","flags":["due_soon"],"row":")";
        const std::string table =
            shown(&print_due_table, {due_clock("hsa", row + R"(\u001b[2J\u202e")")});
        CHECK(table.find("row \\u{1B}[2J\\u{202E}  14") != std::string::npos);
        CHECK(table.find('\x1B') == std::string::npos);
        std::string letters;
        for (int i = 0; i < 41; ++i) letters += "议";
        const std::string cut = shown(&print_due_table, {due_clock("hsa", row + letters + '"')});
        CHECK(cut.find(letters) == std::string::npos);
        CHECK(cut.find("row " + letters.substr(0, 40 * 3) + "…  14") != std::string::npos);
    }

    TEST_CASE_FIXTURE(DueOnTheEve, "CSV has a line of names and all that is known of a clock") {
        const std::vector<std::string> clocks{
            due_clock(
                "hsa",
                minutes_at(14) +
                    R"("purpose":"reply","reply":"resolution_progress","row":"=cmd|'a,\"b\"",)"
                    R"("status":"running","due":"2020-10-09T16:00:00.000Z","owed":true,)"
                    R"("flags":["overdue","urged"],"held":true,)"
                    R"("overdue_since":"2020-09-01T16:00:00.000Z")"),
            due_clock(
                "police",
                kTransfer +
                    std::string(R"("purpose":"receipt","status":"not_started","owed":false,)"
                                R"("flags":[],"held":false,)"
                                R"("fault":{"code":"calendar_missing","detail":"of 2027"})"))};
        CHECK(shown(&print_due_csv, clocks) ==
              R"("due","due_day","due_time","zone","left","unit","purpose","reply","what_zh",)"
              R"("what_en","row","owed","notice","id","kind","kind_zh","kind_en","from","status",)"
              R"("overdue_since","flags","fault","fault_detail","held","days_over")"
              "\r\n"
              R"("2020-10-09T16:00:00.000Z","2020-10-09","24:00","Asia/Shanghai",)"
              R"("1 working day left","hsa","reply","resolution_progress","议定事项落实情况",)"
              R"("Progress on a resolution","'=cmd|'a,""b""","yes","14",)"
              R"("0190163d-8694-739b-aea5-966c26f8ad91","meeting_minutes","会议纪要","Minutes",)"
              R"("office","running","2020-09-01T16:00:00.000Z","overdue, urged","","","yes","29")"
              "\r\n"
              R"("","","","Asia/Shanghai","limit not known: calendar_missing","police","receipt",)"
              R"("","签收","receipt","","no","12","0190163d-8694-739b-aea5-966c26f8ad91",)"
              R"("suspected_crime_transfer","涉嫌犯罪案件移送",)"
              R"("Transfer of a suspected crime case","hsa","not_started","","",)"
              R"("calendar_missing","of 2027","no","")"
              "\r\n");
    }

    TEST_CASE_FIXTURE(DueOnTheEve, "an empty list says so in words") {
        CHECK(nothing_due({"", false, {}}, rules) == "Nothing is due.");
        CHECK(nothing_due({"police", true, {}}, rules) == "Nothing is overdue of police.");
        const DueTime until =
            *due_at(MomentOrDay(*parse_date_time("2020-10-10T00:00+08:00")), zone);
        CHECK(nothing_due({"", false, until}, rules) ==
              "Nothing is due until 2020-10-09 24:00 Asia/Shanghai.");
    }
}
