#include "domain/clock_terms.hpp"

#include "domain/limit_clock.hpp"
#include "domain/send_limit.hpp"
#include "tests/protocol/calendar_fixture.hpp"
#include "tests/protocol/charter_fixture.hpp"
#include "tests/protocol/notice_fixture.hpp"
#include "tests/support/fixed_zone.hpp"

#include <string>
#include <vector>

// The clocks of the shipped charters' kinds, over the shipped calendar.

using namespace tongbao;
using namespace tongbao::testing;

namespace {

constexpr auto kReply = ClockId::Purpose::reply;

Charter guangdong() {
    return load("domain/charters/guangdong-2020.json");
}
Charter jilin() {
    return load("domain/charters/jilin.json");
}

UtcTime clock_time(const char* text) {
    return *parse_date_time(std::string(text) + "+08:00");
}

/// What the clocks of `notice` at `unit` are, each as `purpose reply row owed`.
std::vector<std::string> named_clocks(const Charter& charter, const Notice& notice,
                                      const char* unit) {
    std::vector<std::string> out;
    const auto terms = clock_terms(charter, notice, UnitId(unit));
    REQUIRE(terms.has_value());
    for (const ClockTerms& each : *terms) {
        std::string text = each.id.purpose == kReply
                               ? charter.find_kind(notice.kind)->replies[each.id.reply].kind.value()
                               : "receipt";
        if (!each.id.row.empty()) text += ' ' + each.id.row;
        if (!each.owed) text += " (may)";
        out.push_back(text);
    }
    return out;
}

using Clocks = std::vector<std::string>;

Row resolution(const char* number, const char* unit, const char* due) {
    Row row;
    row.cells = {{"resolution_no", std::string(number)},
                 {"content", std::string("甲")},
                 {"unit", std::string(unit)}};
    if (*due != 0) row.cells.emplace_back("due", std::string(due));
    return row;
}

Notice meeting_minutes() {
    Notice out = notice_of("meeting_minutes", "office", {"hsa", "police", "health"});
    set(out, "resolutions",
        Table{resolution("1", "police", "2020-10-20"), resolution("2", "health", ""),
              resolution("3", "police", "")});
    return out;
}

Notice progress(const char* number, const char* state) {
    Notice out = notice_of("resolution_progress", "police", {"office"});
    set(out, "resolution_no", std::string(number));
    set(out, "state", std::string(state));
    return out;
}

/// The day on which the clock of the kind's first reply ends, at a unit that signed at `signed_at`.
std::string first_due(const Charter& charter, const Notice& notice, const char* unit,
                      const char* logged, const char* signed_at) {
    const auto terms = clock_terms(charter, notice, UnitId(unit));
    ClockHistory history;
    history.logged_at = clock_time(logged);
    note_act(history, LifecycleAct::signed_for, clock_time(signed_at));
    const Calendar calendar = load_shipped_calendar();
    const FixedZone zone;
    for (const LimitClock& clock : run_clocks(*terms, history, {calendar, zone})) {
        if (clock.id.purpose != kReply) continue;
        return clock.limits.empty() ? "none" : format_day(clock.limits[0].limit.due.day);
    }
    return "no clock";
}

}  // namespace

TEST_SUITE("clocks of the charters") {
    TEST_CASE("a suspected crime transfer asks for a receipt and a filing decision") {
        const Charter charter = guangdong();
        const Notice transfer = notice_of("suspected_crime_transfer", "hsa", {"police"});
        CHECK(named_clocks(charter, transfer, "police") ==
              Clocks{"receipt", "police_filing_decision", "jurisdiction_forwarding (may)",
                     "supplement_request (may)"});
        // Received before the National Day: three days that roll.
        CHECK(first_due(charter, transfer, "police", "2020-09-30T09:00", "2020-09-30T10:00") ==
              "2020-10-09");
    }

    TEST_CASE("a copy and a stranger and the sender have no clocks") {
        const Charter charter = guangdong();
        Notice transfer = notice_of("suspected_crime_transfer", "hsa", {"police"});
        transfer.cc = {UnitId("health")};
        for (const char* unit : {"health", "audit", "hsa"}) {
            CHECK(named_clocks(charter, transfer, unit).empty());
        }
        Notice report = notice_of("work_report", "office", {"hsa", "nhsa"});
        CHECK(named_clocks(charter, report, "nhsa").empty());  // outside
        CHECK(named_clocks(charter, report, "hsa") == Clocks{"receipt"});
        report.kind = KindId("nothing");
        CHECK(clock_terms(charter, report, UnitId("hsa")).error().code == Errc::unknown_kind);
    }

    TEST_CASE("a receipt counts from logged whatever its deadline says") {
        CharterParts parts = guangdong().parts();
        parts.deadlines.at("receipt_1wd").from.event = DeadlineStart::Event::delivered;
        const Charter charter(std::move(parts));
        const Notice transfer = notice_of("suspected_crime_transfer", "hsa", {"police"});
        const auto terms = *clock_terms(charter, transfer, UnitId("police"));
        CHECK(terms[0].id.purpose == ClockId::Purpose::receipt);
        CHECK(terms[0].from == ClockStart::logged);
    }

    TEST_CASE("a deadline that no recipient's clock can have is named") {
        const Notice transfer = notice_of("suspected_crime_transfer", "hsa", {"police"});
        CharterParts parts = guangdong().parts();
        parts.deadlines.at("filing_decision_3d").from.event = DeadlineStart::Event::answered_notice;
        const Charter strange(parts);
        parts.deadlines.erase("filing_decision_3d");
        const Charter lacking(std::move(parts));
        for (const Charter* charter : {&strange, &lacking}) {
            const auto terms = clock_terms(*charter, transfer, UnitId("police"));
            REQUIRE(terms.has_error());
            CHECK(terms.error().code == Errc::unresolved_reference);
            CHECK(terms.error().place == "deadlines.filing_decision_3d");
        }
    }

    TEST_CASE("which clock runs the notice's fields decide") {
        const Charter charter = guangdong();
        Notice decision = notice_of("police_filing_decision", "police", {"hsa"});
        set(decision, "decision", std::string("filed"));
        CHECK(named_clocks(charter, decision, "hsa") == Clocks{"receipt", "material_handover"});
        set(decision, "decision", std::string("not_filed"));
        CHECK(named_clocks(charter, decision, "hsa") ==
              Clocks{"receipt", "reconsideration_request (may)",
                     "filing_supervision_suggestion (may)"});
    }

    TEST_CASE("a group that owes the answer leaves the others without that clock") {
        const Charter charter = jilin();
        const Notice request =
            notice_of("case_consultation_request", "office", {"police", "finance"});
        CHECK(named_clocks(charter, request, "police") ==
              Clocks{"receipt", "case_consultation_opinion"});
        CHECK(named_clocks(charter, request, "finance") == Clocks{"receipt"});
    }

    TEST_CASE("each resolution is a clock of the unit that its row names") {
        const Charter charter = guangdong();
        CHECK(named_clocks(charter, meeting_minutes(), "police") ==
              Clocks{"receipt", "resolution_progress 1", "resolution_progress 3"});
        CHECK(named_clocks(charter, meeting_minutes(), "health") ==
              Clocks{"receipt", "resolution_progress 2"});
        CHECK(named_clocks(charter, meeting_minutes(), "hsa") == Clocks{"receipt"});
        const auto terms = *clock_terms(charter, meeting_minutes(), UnitId("police"));
        CHECK(terms[1].named == MomentOrDay(*parse_day("2020-10-20")));
        CHECK(terms[1].from == ClockStart::logged);
        CHECK_FALSE(terms[2].named.has_value());
        CHECK(terms[2].from == ClockStart::signed_for);  // the fallback, 30 days
        CHECK(terms[2].deadline->length.n == 30);
    }

    TEST_CASE("rows that travel apart can't be read and say so") {
        Notice apart = meeting_minutes();
        set(apart, "resolutions", DetachedTable{});
        const auto terms = clock_terms(guangdong(), apart, UnitId("police"));
        REQUIRE(terms.has_error());
        CHECK(terms.error().code == Errc::wrong_form);
        CHECK(terms.error().place == "fields.resolutions");
    }

    TEST_CASE("a named limit counts and without it the fallback does") {
        const Charter charter = guangdong();
        Notice order = notice_of("supervised_case_order", "office", {"police"});
        CHECK(first_due(charter, order, "police", "2020-09-14T09:00", "2020-09-14T10:00") ==
              "2020-10-14");  // 30 days
        set(order, "due", std::string("2020-10-03"));
        CHECK(first_due(charter, order, "police", "2020-09-14T09:00", "2020-09-14T10:00") ==
              "2020-10-03");
        set(order, "due", std::string("soon"));
        CHECK(clock_terms(charter, order, UnitId("police")).error().code == Errc::bad_time);
    }

    TEST_CASE("a limit from a field's date does not start where that is absent") {
        const Charter charter = guangdong();
        Notice plan = notice_of("campaign_plan", "office", {"police"});
        CHECK(first_due(charter, plan, "police", "2020-09-14T09:00", "2020-09-14T10:00") == "none");
        set(plan, "to_date", std::string("2020-09-20"));
        CHECK(first_due(charter, plan, "police", "2020-09-14T09:00", "2020-09-14T10:00") ==
              "2020-09-30");
    }

    TEST_CASE("an answer stops what it satisfies and an interim one nothing") {
        const Charter charter = guangdong();
        const Notice request = notice_of("health_assist_request", "hsa", {"health"});
        const auto terms = *clock_terms(charter, request, UnitId("health"));
        Notice feedback = notice_of("investigation_feedback", "health", {"hsa"});
        CHECK(clocks_stopped_by(charter, request, feedback, terms).empty());
        set(feedback, "result_code", std::string("in_progress"));
        CHECK(clocks_stopped_by(charter, request, feedback, terms).empty());
        set(feedback, "result_code", std::string("handled"));
        CHECK(clocks_stopped_by(charter, request, feedback, terms) ==
              std::vector<ClockId>{{kReply, 0, {}}});
        feedback.kind = KindId("urge_notice");
        CHECK(clocks_stopped_by(charter, request, feedback, terms).empty());
    }

    TEST_CASE("forwarding stops the filing decision's clock and its own and not the supplement's") {
        const Charter charter = guangdong();
        const Notice transfer = notice_of("suspected_crime_transfer", "hsa", {"police"});
        const auto terms = *clock_terms(charter, transfer, UnitId("police"));
        const Notice forwarding = notice_of("jurisdiction_forwarding", "police", {"hsa"});
        CHECK(clocks_stopped_by(charter, transfer, forwarding, terms) ==
              std::vector<ClockId>{{kReply, 0, {}}, {kReply, 1, {}}});
        const Notice supplement = notice_of("supplement_request", "police", {"hsa"});
        CHECK(clocks_stopped_by(charter, transfer, supplement, terms) ==
              std::vector<ClockId>{{kReply, 2, {}}});
    }

    TEST_CASE("progress on a resolution stops the clock of that row alone") {
        const Charter charter = guangdong();
        const auto terms = *clock_terms(charter, meeting_minutes(), UnitId("police"));
        CHECK(clocks_stopped_by(charter, meeting_minutes(), progress("3", "done"), terms) ==
              std::vector<ClockId>{{kReply, 0, "3"}});
        CHECK(clocks_stopped_by(charter, meeting_minutes(), progress("3", "open"), terms).empty());
        CHECK(clocks_stopped_by(charter, meeting_minutes(), progress("2", "done"), terms).empty());
        CHECK(clocks_stopped_by(charter, meeting_minutes(), progress("9", "done"), terms).empty());
    }

    TEST_CASE("the start of a period's limit is its last day or the year's first") {
        const auto start = [](const char* period, DeadlineStart::Event event) {
            Notice notice;
            set(notice, "period", std::string(period));
            return format_day(std::get<LocalDay>(**start_in_fields(notice, {event, {}})));
        };
        using Event = DeadlineStart::Event;
        CHECK(start("2024", Event::period_end) == "2024-12-31");
        CHECK(start("2024-H1", Event::period_end) == "2024-06-30");
        CHECK(start("2024-Q1", Event::period_end) == "2024-03-31");
        CHECK(start("2024-Q4", Event::period_end) == "2024-12-31");
        CHECK(start("2024-02", Event::period_end) == "2024-02-29");
        CHECK(start("2023-02", Event::period_end) == "2023-02-28");
        CHECK(start("2024-H2", Event::year_start) == "2024-01-01");
        Notice wrong;
        CHECK_FALSE(start_in_fields(wrong, {Event::period_end, {}})->has_value());
        set(wrong, "period", std::string("2024-Q5"));
        CHECK(start_in_fields(wrong, {Event::period_end, {}}).error().code == Errc::wrong_form);
    }
}

TEST_SUITE("limits of sending") {
    TEST_CASE(
        "a transfer is sent within a day of its approval and that within three of the report") {
        const Charter charter = guangdong();
        const Kind& kind = *charter.find_kind(KindId("suspected_crime_transfer"));
        const Calendar calendar = load_shipped_calendar();
        const FixedZone zone;
        Notice transfer = notice_of("suspected_crime_transfer", "hsa", {"police"});
        const auto limits = [&](const char* logged) {
            return send_limits(charter, kind, transfer, clock_time(logged), nullptr,
                               {calendar, zone});
        };
        CHECK(limits("2020-09-17T12:00").limits.empty());
        set(transfer, "approved_at", std::string("2020-09-17T10:30+08:00"));
        set(transfer, "report_received_by_head", std::string("2020-09-14T09:00+08:00"));
        const SendLimits in_time = limits("2020-09-18T10:30");
        REQUIRE(in_time.limits.size() == 2);
        CHECK(in_time.limits[0].rule == "send_within");
        CHECK(in_time.limits[0].due.at == clock_time("2020-09-18T10:30"));
        CHECK_FALSE(in_time.limits[0].late);
        CHECK(in_time.limits[1].rule == "checks[0]");
        CHECK(format_day(in_time.limits[1].due.day) == "2020-09-17");
        CHECK_FALSE(in_time.limits[1].late);
        CHECK(limits("2020-09-18T10:31").limits[0].late);
        set(transfer, "report_received_by_head", std::string("2020-09-11T09:00+08:00"));
        // Friday and three days: Monday the 14th.
        CHECK(limits("2020-09-18T10:30").limits[1].late);
    }

    TEST_CASE("telling of a forwarding is measured from the receipt of what it answers") {
        const Charter charter = guangdong();
        const Kind& kind = *charter.find_kind(KindId("jurisdiction_forwarding"));
        const Calendar calendar = load_shipped_calendar();
        const FixedZone zone;
        const Notice transfer = notice_of("suspected_crime_transfer", "hsa", {"police"});
        const auto terms = *clock_terms(charter, transfer, UnitId("police"));
        ClockHistory history;
        history.logged_at = clock_time("2020-09-14T10:00");
        const Notice telling = notice_of("jurisdiction_forwarding", "police", {"hsa"});
        const auto due = [&](const AnsweredNotice* answered) {
            return send_limits(charter, kind, telling, clock_time("2020-09-16T12:00"), answered,
                               {calendar, zone});
        };
        CHECK(due(nullptr).limits.empty());
        // Not signed for: from 24:00 of the 15th, when the receipt was due.
        const AnsweredNotice unsigned_for{terms, history};
        CHECK(due(&unsigned_for).limits[0].due.at == clock_time("2020-09-17T00:00"));
        CHECK_FALSE(due(&unsigned_for).limits[0].late);
        ClockHistory signed_history = history;
        note_act(signed_history, LifecycleAct::signed_for, clock_time("2020-09-14T11:00"));
        const AnsweredNotice signed_for{terms, signed_history};
        CHECK(due(&signed_for).limits[0].due.at == clock_time("2020-09-15T11:00"));
        CHECK(due(&signed_for).limits[0].late);
    }

    TEST_CASE("a limit that nobody can count refuses nothing") {
        const Charter charter = guangdong();
        const Kind& kind = *charter.find_kind(KindId("penalty_info_notice"));
        const Calendar calendar = load_shipped_calendar();
        const FixedZone zone;
        Notice penalty = notice_of("penalty_info_notice", "health", {"hsa"});
        set(penalty, "occurred_at", std::string("2027-03-01"));
        const SendLimits limits = send_limits(
            charter, kind, penalty, clock_time("2027-03-02T10:00"), nullptr, {calendar, zone});
        CHECK(limits.limits.empty());
        REQUIRE(limits.faults.size() == 1);
        CHECK(limits.faults[0].code == Errc::calendar_missing);
        CHECK(limits.faults[0].place == "send_within");
    }
}
