#include "client/cli/found_entries_view.hpp"

#include "tests/client/auditor/audit_findings.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;

namespace {

const UtcTime kTime = UtcTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22));

FoundEntry refused_entry(const char* unit, std::vector<Errc> reasons) {
    FoundEntry found;
    found.index = LogIndex(7);
    found.entry.time = kTime;
    found.entry.event = RefusedEvent{{}, UnitId(unit), KindId("clue"), std::move(reasons)};
    found.kind = KindId("clue");
    return found;
}

FoundEntry logged_entry() {
    LoggedEvent event;
    event.from = UnitId("=hsa");
    event.to = {UnitId("police"), UnitId("health")};
    event.cc = {UnitId("office")};
    event.kind = KindId("clue");
    event.late = {"send_within", "checks[1]"};
    FoundEntry found;
    found.index = LogIndex(8);
    found.entry.time = kTime;
    found.entry.event = event;
    found.kind = KindId("clue");
    found.case_number = CaseNumber("440000202600001");
    return found;
}

FoundEntry step_entry() {
    EscalatedEvent step;
    step.notice.index = LogIndex(8);
    step.unit = UnitId("police");
    step.deed = EscalationDeed::urge;
    step.due = kTime;
    FoundEntry found;
    found.index = LogIndex(9);
    found.entry.time = kTime;
    found.entry.event = step;
    return found;
}

const Checkpoint kTableHead{LogOrigin("hub.test.example/log"), TreeSize(10), Digest()};

}  // namespace

TEST_SUITE("found entries") {
    TEST_CASE("a table says what each entry speaks of and why") {
        std::ostringstream out;
        print_found(out, {refused_entry("hsa", {Errc::unknown_kind, Errc::missing_field}),
                          logged_entry(), step_entry()});
        CHECK(out.str() ==
              "index  time                      event      unit    to                       kind  "
              "case             notices  says\n"
              "7      2026-11-22T00:00:00.000Z  refused    hsa                              clue  "
              "                          unknown_kind,missing_field\n"
              "8      2026-11-22T00:00:00.000Z  logged     =hsa    police,health,cc:office  clue  "
              "440000202600001           late: send_within,checks[1]\n"
              "9      2026-11-22T00:00:00.000Z  escalated  police                                 "
              "                 8        urge, due 2026-11-22T00:00:00.000Z\n");
    }

    TEST_CASE("CSV has the same columns and no formula") {
        std::ostringstream out;
        print_found_csv(out, {logged_entry()});
        CHECK(out.str() ==
              "\"index\",\"time\",\"event\",\"unit\",\"to\",\"kind\",\"case\",\"notices\","
              "\"says\"\r\n"
              "\"8\",\"2026-11-22T00:00:00.000Z\",\"logged\",\"'=hsa\",\"police,health,cc:office\","
              "\"clue\",\"440000202600001\",\"\",\"late: send_within,checks[1]\"\r\n");
    }

    TEST_CASE("JSON leaves out what an entry has not") {
        CHECK(found_json({refused_entry("hsa", {Errc::missing_field}), step_entry()}, 5,
                         kTableHead) ==
              R"({"size":10,"count":5,"entries":[)"
              R"({"index":7,"time":"2026-11-22T00:00:00.000Z","event":"refused","unit":"hsa",)"
              R"("kind":"clue","reasons":["missing_field"]},)"
              R"({"index":9,"time":"2026-11-22T00:00:00.000Z","event":"escalated","unit":"police",)"
              R"("notices":[8],"deed":"urge","due":"2026-11-22T00:00:00.000Z"}]})");
        CHECK(found_json({logged_entry()}, 1, kTableHead) ==
              R"({"size":10,"count":1,"entries":[)"
              R"({"index":8,"time":"2026-11-22T00:00:00.000Z","event":"logged","unit":"=hsa",)"
              R"("to":["police","health"],"cc":["office"],"kind":"clue","case":"440000202600001",)"
              R"("late":["send_within","checks[1]"]}]})");
    }

    TEST_CASE("counts name each reason of a refusal once, the most first") {
        EntryCounts counts({"unit", "reason"});
        counts.add(refused_entry("hsa", {Errc::unknown_kind, Errc::missing_field}));
        counts.add(refused_entry("police", {Errc::missing_field}));
        counts.add(refused_entry("police", {Errc::missing_field}));
        counts.add(step_entry());
        std::ostringstream table;
        counts.print(table);
        CHECK(table.str() ==
              "unit    reason         entries\n"
              "police  missing_field  2\n"
              "hsa     missing_field  1\n"
              "hsa     unknown_kind   1\n"
              "police                 1\n");
        CHECK(counts.json(kTableHead) ==
              R"({"size":10,"counts":[{"unit":"police","reason":"missing_field","entries":2},)"
              R"({"unit":"hsa","reason":"missing_field","entries":1},)"
              R"({"unit":"hsa","reason":"unknown_kind","entries":1},)"
              R"({"unit":"police","reason":"","entries":1}]})");
        EntryCounts events({"event"});
        events.add(refused_entry("hsa", {Errc::unknown_kind, Errc::missing_field}));
        std::ostringstream csv;
        events.print_as_csv(csv);
        CHECK(csv.str() == "\"event\",\"entries\"\r\n\"refused\",\"1\"\r\n");
    }

    TEST_CASE("only what entries have can be counted by") {
        for (const char* name : {"event", "unit", "kind", "case", "reason"}) {
            CHECK(is_count_column(name));
        }
        for (const char* name : {"", "units", "time", "Event"}) CHECK_FALSE(is_count_column(name));
    }
}
