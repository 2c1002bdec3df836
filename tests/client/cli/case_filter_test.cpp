#include "client/cli/case_filter.hpp"

#include "tests/protocol/charter_fixture.hpp"
#include "tests/support/fixed_zone.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;

namespace {

struct CasesOfGuangdong {
    Charter charter = tongbao::testing::load("domain/charters/guangdong-2020.json");
    tongbao::testing::FixedZone zone;

    [[nodiscard]] std::string target(const CaseFilter& filter) const {
        const Attempt<Target> made = cases_target(filter, charter);
        return made ? made->text() : made.error().words;
    }
    [[nodiscard]] std::string target(const TotalsFilter& filter) const {
        const Attempt<Target> made = totals_target(filter, charter, zone);
        return made ? made->text() : made.error().words;
    }
    [[nodiscard]] bool refused(const CaseFilter& filter) const {
        const Attempt<Target> made = cases_target(filter, charter);
        return !made && made.error().exit_code == program::ExitCode::usage;
    }
    [[nodiscard]] bool refused(const TotalsFilter& filter) const {
        const Attempt<Target> made = totals_target(filter, charter, zone);
        return !made && made.error().exit_code == program::ExitCode::usage;
    }
};

}  // namespace

TEST_SUITE("amounts as arguments") {
    TEST_CASE("fen, yuan and ten thousand yuan mean the same amount") {
        // 5 万元 = 50,000 元 = 5,000,000 分
        for (const char* const text :
             {"5000000", "50000元", "50000.00元", "5万元", "5.000000万元"}) {
            CAPTURE(text);
            const Attempt<Fen> amount = parse_amount("--threshold", text);
            REQUIRE(amount.has_value());
            CHECK(*amount == Fen(5'000'000));
        }
        CHECK(*parse_amount("--threshold", "0") == Fen(0));
        CHECK(*parse_amount("--threshold", "0.01元") == Fen(1));
        CHECK(*parse_amount("--threshold", "0.000001万元") == Fen(1));
        CHECK(*parse_amount("--threshold", "1000000000000000") == kMaxFen);
    }

    TEST_CASE(
        "an amount of another form, below a fen or above the bound is refused with the forms") {
        for (const char* const text : {"",
                                       "元",
                                       "万元",
                                       ".5元",
                                       "5.元",
                                       "5.001元",
                                       "5.0000001万元",
                                       "5.5",
                                       "-5",
                                       "+5",
                                       "5 元",
                                       "5,000元",
                                       "5e3",
                                       "0x10",
                                       "５元",
                                       "5万",
                                       "5元元",
                                       "1000000000000001",
                                       "10000000000001元",
                                       "1000000001万元",
                                       "99999999999999999999"}) {
            CAPTURE(text);
            const Attempt<Fen> amount = parse_amount("--threshold", text);
            REQUIRE_FALSE(amount.has_value());
            CHECK(amount.error().exit_code == program::ExitCode::usage);
            CHECK(amount.error().words.find("50000元 or 5万元") != std::string::npos);
        }
    }
}

TEST_SUITE("which cases are asked for") {
    TEST_CASE_FIXTURE(CasesOfGuangdong, "without a filter all cases are asked for") {
        CHECK(target(CaseFilter{}) == "/v1/cases");
    }

    TEST_CASE_FIXTURE(CasesOfGuangdong, "each filter is a parameter") {
        CaseFilter filter;
        filter.state = "handling";
        filter.track = "criminal";
        filter.unit = "local.440100.hsa";
        filter.opened_by = "hsa";
        filter.division = "440000";
        filter.major = filter.supervised = true;
        CHECK(target(filter) ==
              "/v1/cases?state=handling&track=criminal&unit=local.440100.hsa&opened_by=hsa"
              "&division=440000&major=true&supervised=true");
    }

    TEST_CASE_FIXTURE(CasesOfGuangdong, "each question is asked with what it needs") {
        CaseFilter one_track;
        one_track.one_track = true;
        CHECK(target(one_track) == "/v1/cases?question=one_track");
        CaseFilter repeat;
        repeat.repeat = true;
        CHECK(target(repeat) == "/v1/cases?question=repeat");
        CaseFilter exposure;
        exposure.exposure_ready = true;
        exposure.track = "exposure";
        CHECK(target(exposure) == "/v1/cases?track=exposure&question=exposure_ready");
        CaseFilter fine;
        fine.fine_without_transfer = true;
        fine.transfer_track = "criminal";
        fine.threshold = "3万元";
        CHECK(target(fine) ==
              "/v1/cases?question=fine_without_transfer&transfer_track=criminal&threshold=3000000");
    }

    TEST_CASE_FIXTURE(CasesOfGuangdong,
                      "a question without what it needs or with another's is refused") {
        std::vector<CaseFilter> all(8);
        all[0].fine_without_transfer = true;
        all[1].fine_without_transfer = true;
        all[1].transfer_track = "criminal";
        all[2].fine_without_transfer = true;
        all[2].threshold = "3万元";
        all[3].threshold = "3万元";
        all[4].transfer_track = "criminal";
        all[5].exposure_ready = true;
        all[6].one_track = all[6].repeat = true;
        all[7].fine_without_transfer = true;
        all[7].transfer_track = "criminal";
        all[7].threshold = "3万";
        for (std::size_t at = 0; at < all.size(); ++at) {
            CAPTURE(at);
            CHECK(refused(all[at]));
        }
    }

    TEST_CASE_FIXTURE(CasesOfGuangdong,
                      "what the charter does not know is refused with what it has") {
        CaseFilter state;
        state.state = "closed";
        CHECK(target(state) ==
              "--state closed: the charter has no such state; it has: registered, handling, "
              "concluded, reopened");
        CaseFilter track;
        track.track = "finance";  // Jilin's
        CHECK(
            target(track).starts_with("--track finance: the charter has no such track; it has: "
                                      "admin_hsa, agreement, criminal, "));
        CaseFilter transfer;
        transfer.fine_without_transfer = true;
        transfer.transfer_track = "police";
        transfer.threshold = "1";
        CHECK(target(transfer).starts_with("--transfer-track police: "));
        CaseFilter unit;
        unit.unit = "nobody\x1B[2J";
        CHECK(target(unit).starts_with("--unit nobody\\u{1B}[2J: the charter has no such unit"));
        CaseFilter opened_by;
        opened_by.opened_by = "nobody";
        CHECK(target(opened_by).starts_with("--opened-by nobody: "));
        CaseFilter division;
        division.division = "44000";
        CHECK(target(division) == "--division 44000: is no division: six digits, such as 440000");
    }
}

TEST_SUITE("which totals are asked for") {
    TEST_CASE_FIXTURE(CasesOfGuangdong, "without a filter they are of all there is") {
        CHECK(target(TotalsFilter{}) == "/v1/ledger/totals");
    }

    TEST_CASE_FIXTURE(CasesOfGuangdong,
                      "days count from 00:00 to 24:00 in the charter's time zone") {
        // UTC+08:00: 1 July 00:00 is 30 June 16:00 UTC.
        TotalsFilter filter;
        filter.from = "2026-07-01";
        filter.until = "2026-07-01";
        CHECK(target(filter) ==
              "/v1/ledger/totals?from=2026-06-30T16%3A00%3A00.000Z"
              "&until=2026-07-01T16%3A00%3A00.000Z");
        filter.until.clear();
        CHECK(target(filter) == "/v1/ledger/totals?from=2026-06-30T16%3A00%3A00.000Z");
        filter.from.clear();
        filter.until = "2026-07-01";
        filter.unit = "police";
        filter.division = "440000";
        CHECK(target(filter) ==
              "/v1/ledger/totals?until=2026-07-01T16%3A00%3A00.000Z&unit=police&division=440000");
    }

    TEST_CASE_FIXTURE(CasesOfGuangdong,
                      "a quarter is its first to its last day and quarters leave no gap") {
        TotalsFilter filter;
        filter.quarter = "2026-Q3";
        CHECK(target(filter) ==
              "/v1/ledger/totals?from=2026-06-30T16%3A00%3A00.000Z"
              "&until=2026-09-30T16%3A00%3A00.000Z");
        filter.quarter = "2026-Q4";
        CHECK(target(filter) ==
              "/v1/ledger/totals?from=2026-09-30T16%3A00%3A00.000Z"
              "&until=2026-12-31T16%3A00%3A00.000Z");
    }

    TEST_CASE_FIXTURE(CasesOfGuangdong, "what is no date, quarter, unit or division is refused") {
        const auto with = [](const char* from, const char* until, const char* quarter = "") {
            TotalsFilter filter;
            filter.from = from;
            filter.until = until;
            filter.quarter = quarter;
            return filter;
        };
        CHECK(refused(with("2026-7-1", "")));
        CHECK(refused(with("", "2026-02-30")));
        CHECK(refused(with("2026-07-02", "2026-07-01")));
        CHECK(refused(with("", "", "2026-Q5")));
        CHECK(refused(with("", "", "2026")));
        CHECK(refused(with("", "", "2026-H1")));
        CHECK(refused(with("", "", "2026-07")));
        CHECK(refused(with("2026-07-01", "", "2026-Q3")));
        CHECK(refused(with("", "2026-07-01", "2026-Q3")));
        TotalsFilter unit;
        unit.unit = "nobody";
        CHECK(refused(unit));
        TotalsFilter division;
        division.division = "990000";
        CHECK(refused(division));
    }
}
