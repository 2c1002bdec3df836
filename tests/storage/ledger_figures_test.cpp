#include "tests/storage/opened_ledger.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <optional>

using namespace tongbao;
using namespace tongbao::storage;
using tongbao::testing::must;

namespace {

UtcTime day_and_time(int day, std::chrono::milliseconds time) {
    return UtcTime(std::chrono::sys_days(std::chrono::year(2020) / 1 / day)) + time;
}

MoneyColumns loss_of(std::int64_t fen, UtcTime at) {
    return {"loss", Fen(fen), UnitId("police"), at};
}

}  // namespace

TEST_SUITE("ledger figures") {
    TEST_CASE_FIXTURE(OpenedDatabase, "figures of parts add up to those of the whole") {
        write({}, three_cases());
        const LedgerFigures all = must(ledger->figures({}));
        CHECK(all.money == MoneyTotals{{"involved", Fen(500)}, {"fine_imposed", Fen(101)}});
        CHECK(all.cases == 3);
        CHECK(all.opened == 3);
        CHECK(all.concluded == 1);
        MoneyQuestion question;
        question.until = sample_moment(5);
        CHECK(must(ledger->figures(question)).money.at("fine_imposed") == Fen(71));
        CHECK(must(ledger->figures(question)).concluded == 0);
        question = {};
        question.from = sample_moment(5);
        CHECK(must(ledger->figures(question)).money.at("fine_imposed") == Fen(30));
        CHECK(must(ledger->figures(question)).opened == 0);
        CHECK(must(ledger->figures(question)).cases == 3);
        question.from = sample_moment(6);
        CHECK(must(ledger->figures(question)).cases == 2);
        question = {};
        question.sender = UnitId("health");
        CHECK(must(ledger->figures(question)).money == MoneyTotals{{"fine_imposed", Fen(30)}});
        CHECK(must(ledger->figures(question)).opened == 1);
        question = {};
        question.division = "450000";
        CHECK(must(ledger->figures(question)).money == MoneyTotals{{"fine_imposed", Fen(1)}});
        CHECK(must(ledger->figures(question)).opened == 1);
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "a sum that does not fit is said and not wrapped around") {
        CaseColumns columns = columns_of(kFirst, CaseState::handling);
        const std::int64_t most = std::numeric_limits<std::int64_t>::max();
        columns.money = {money_of("loss", most, "a", 1), money_of("loss", 1, "a", 1)};
        write({}, {columns});
        CHECK(ledger->figures({}).error() == Errc::too_large);
    }

    TEST_CASE_FIXTURE(OpenedDatabase,
                      "a period may begin and end within a day, at its edge or not") {
        using std::chrono::hours;
        using std::chrono::milliseconds;
        CaseColumns first = columns_of(kFirst, CaseState::handling);
        first.money = {loss_of(1, day_and_time(1, hours(13))),
                       loss_of(10, day_and_time(2, hours(0))),
                       loss_of(100, day_and_time(2, hours(24) - milliseconds(1)))};
        CaseColumns second = columns_of(kThird, CaseState::handling);
        second.money = {loss_of(1'000, day_and_time(3, hours(5))),
                        loss_of(10'000, day_and_time(4, hours(0)))};
        write({}, {first, second});
        struct Period {
            std::optional<UtcTime> from;
            std::optional<UtcTime> until;
            std::int64_t fen;
        };
        const std::vector<Period> periods{
            {std::nullopt, std::nullopt, 11'111},
            {day_and_time(1, hours(13)), std::nullopt, 11'111},
            {day_and_time(1, hours(14)), std::nullopt, 11'110},
            {day_and_time(2, hours(0)), day_and_time(3, hours(0)), 110},
            {day_and_time(2, hours(0)), day_and_time(4, hours(0)), 1'110},
            {day_and_time(2, milliseconds(1)), day_and_time(2, hours(24) - milliseconds(1)), 0},
            {day_and_time(2, milliseconds(1)), day_and_time(4, milliseconds(1)), 11'100},
            {day_and_time(1, hours(1)), day_and_time(3, hours(5)), 111},
            {day_and_time(1, hours(1)), day_and_time(3, hours(6)), 1'111},
            {std::nullopt, day_and_time(2, hours(0)), 1},
            {std::nullopt, day_and_time(2, milliseconds(1)), 11},
            {day_and_time(3, hours(6)), day_and_time(3, hours(5)), 0},
        };
        for (const Period& period : periods) {
            CAPTURE(period.fen);
            MoneyQuestion question;
            question.from = period.from;
            question.until = period.until;
            const MoneyTotals totals = must(ledger->figures(question)).money;
            if (period.fen == 0) {
                CHECK(totals.empty());
            } else {
                CHECK(totals == MoneyTotals{{"loss", Fen(period.fen)}});
            }
        }
        MoneyQuestion question;
        question.division = "450000";
        CHECK(must(ledger->figures(question)).money == MoneyTotals{{"loss", Fen(11'000)}});
        question.until = day_and_time(3, hours(6));
        CHECK(must(ledger->figures(question)).money == MoneyTotals{{"loss", Fen(1'000)}});
        question.sender = UnitId("health");
        CHECK(must(ledger->figures(question)).money.empty());
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "money that counts no more is in no figure") {
        CaseColumns columns = columns_of(kFirst, CaseState::handling);
        const UtcTime at = day_and_time(2, std::chrono::hours(1));
        const std::int64_t most = std::numeric_limits<std::int64_t>::max();
        columns.money = {loss_of(most, at), loss_of(5, at)};
        write({}, {columns});
        CHECK(ledger->figures({}).error() == Errc::too_large);
        columns.money = {loss_of(most, at)};
        write({}, {columns});
        CHECK(must(ledger->figures({})).money == MoneyTotals{{"loss", Fen(most)}});
        columns.money = {};
        write({}, {columns});
        CHECK(must(ledger->figures({})).money.empty());
    }
}
