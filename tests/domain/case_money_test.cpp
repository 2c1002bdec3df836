#include "domain/case_money.hpp"

#include "tests/domain/ledger_fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::testing;

namespace {

class MoneyStory : public CaseStory {
public:
    MoneyStory() : CaseStory(lake_charter()) {}

    SentNotice say(const char* from, std::vector<Field> fields) {
        return send(in_case(lake_notice("report", from, std::move(fields)), first));
    }
    SentNotice fine(const char* from, const char* number, std::int64_t fen) {
        std::vector<Field> fields{fen_field("fine_fen", fen)};
        if (*number != 0) fields.push_back(text_field("number", number));
        return say(from, std::move(fields));
    }
    void take_back(const SentNotice& wrong) {
        REQUIRE(send(lake_notice("correction", wrong.notice.from.value().c_str(), {}), &wrong)
                    .reasons.empty());
    }
    [[nodiscard]] std::int64_t fines() const { return total(first, "fine_imposed").value(); }
    [[nodiscard]] std::int64_t involved() const { return total(first, "involved").value(); }

    SentNotice first = send(lake_notice("alarm", "lake", {fen_field("involved_fen", 900)}));
};

constexpr const char* kFirst = "甲〔2020〕1号";
constexpr const char* kSecond = "甲〔2020〕2号";

MoneyEntry entry_of(std::int64_t fen, int minute, const char* sender) {
    MoneyEntry entry;
    entry.said.kind = "fine_imposed";
    entry.said.fen = Fen(fen);
    entry.source.at = UtcTime(std::chrono::minutes(minute));
    entry.source.sender = UnitId(sender);
    entry.counts = true;
    return entry;
}

CaseFile case_with(const char* number, std::vector<MoneyEntry> money) {
    CaseFile file;
    file.number = CaseNumber(number);
    file.money = std::move(money);
    return file;
}

}  // namespace

TEST_SUITE("money of a case") {
    TEST_CASE("two decisions add up and the same decision told twice does not") {
        MoneyStory story;
        story.fine("dike", kFirst, 100);
        story.fine("dike", kSecond, 50);
        CHECK(story.fines() == 150);
        // Another unit tells of the first decision: still the same fine.
        const SentNotice again = story.fine("reeds", kFirst, 120);
        CHECK(story.fines() == 170);
        const CaseFile file = story.file(story.first);
        CHECK(file.money[1].reversed_by == again.ref);
        CHECK(file.money[1].said.fen == Fen(100));
        CHECK(!file.money[3].reversed_by);
    }

    TEST_CASE("without a number track and period tell amounts apart") {
        MoneyStory story;
        story.fine("dike", "", 100);
        story.fine("reeds", "", 30);
        CHECK(story.fines() == 130);
        story.fine("dike", "", 70);
        CHECK(story.fines() == 100);
        story.say("dike", {fen_field("fine_fen", 5), text_field("period", "2020-Q3")});
        story.say("dike", {fen_field("fine_fen", 6), text_field("period", "2020-Q4")});
        CHECK(story.fines() == 111);
        story.say("dike", {fen_field("fine_fen", 0), text_field("period", "2020-Q4")});
        CHECK(story.fines() == 105);
    }

    TEST_CASE("a number sets an amount apart from those without") {
        MoneyStory story;
        story.fine("dike", "", 100);
        story.fine("dike", kFirst, 30);
        CHECK(story.fines() == 130);
    }

    TEST_CASE("of what is involved the last one stated counts, whoever says it") {
        MoneyStory story;
        CHECK(story.involved() == 900);
        const SentNotice found = story.say("dike", {fen_field("involved_fen", 300)});
        CHECK(story.involved() == 300);
        story.take_back(found);
        CHECK(story.involved() == 900);
    }

    TEST_CASE("an amount that was replaced counts again when its better is taken back") {
        MoneyStory story;
        story.fine("dike", kFirst, 100);
        const SentNotice better = story.fine("dike", kFirst, 120);
        CHECK(story.fines() == 120);
        story.take_back(better);
        CHECK(story.fines() == 100);
        CHECK(!story.file(story.first).money[1].reversed_by);
        story.fine("dike", kFirst, 7);
        CHECK(story.fines() == 7);
    }

    TEST_CASE("what is open and what is too much is seen from the totals") {
        const auto totals = [](std::int64_t ordered, std::int64_t back, std::int64_t fine,
                               std::int64_t paid) {
            return MoneyTotals{{"return_ordered", Fen(ordered)},
                               {"recovered", Fen(back)},
                               {"fine_imposed", Fen(fine)},
                               {"fine_paid", Fen(paid)}};
        };
        CHECK(!open_money(totals(5, 5, 5, 5)).any());
        CHECK(!open_money({}).any());
        CHECK(open_money(totals(6, 5, 5, 5)).to_return);
        CHECK(!open_money(totals(6, 5, 5, 5)).fines);
        CHECK(open_money(totals(5, 5, 6, 5)).fines);
        CHECK(!recovered_too_much(totals(5, 5, 0, 0)));
        CHECK(recovered_too_much(totals(5, 6, 0, 0)));
        CHECK(recovered_too_much({{"recovered", Fen(1)}}));
    }

    TEST_CASE("more recovered than ordered is written and warned of") {
        MoneyStory story;
        const SentNotice sent =
            story.say("dike", {fen_field("ordered_fen", 10), fen_field("recovered_fen", 11)});
        CHECK(sent.reasons.empty());
        CHECK(recovered_too_much(*totals_of(story.file(story.first))));
    }

    TEST_CASE("a total that no 64 bits hold is refused") {
        CaseHistory history;
        history.number = CaseNumber("440000202000001");
        for (std::uint64_t at = 0; at < 9'224; ++at) {
            LedgerFact fact;
            fact.source.entry = LogIndex(at);
            fact.source.notice.index = fact.source.cause.index = LogIndex(at);
            MoneyStated said;
            said.kind = "fine_imposed";
            said.fen = kMaxFen;
            said.doc_no = std::to_string(at);
            fact.change = said;
            history.facts.push_back(fact);
        }
        CHECK(totals_of(case_file_of(history)).error() == Errc::too_large);
        LedgerPlan plan;
        plan.case_number = history.number;
        plan.changes = {history.facts.back().change};
        history.facts.pop_back();
        CHECK(totals_of(case_file_of(history)).has_value());
        CHECK(told(check_plan(&history, plan)) == std::vector<std::string>{"bad_amount case"});
    }
}

TEST_SUITE("totals of several cases") {
    TEST_CASE("the parts by time and unit and division add up to the whole") {
        const std::vector<CaseFile> files{
            case_with("440000202000001", {entry_of(1, 0, "dike"), entry_of(2, 10, "reeds")}),
            case_with("440300202000001", {entry_of(4, 10, "dike"), entry_of(8, 20, "dike")})};
        const auto fines = [&files](const MoneyQuestion& question) {
            return total_of(*totals_of(files, question), "fine_imposed").value();
        };
        CHECK(fines({}) == 15);
        MoneyQuestion first_part;
        first_part.until = UtcTime(std::chrono::minutes(10));
        MoneyQuestion second_part;
        second_part.from = first_part.until;
        CHECK(fines(first_part) == 1);  // up to its end, and not at it
        CHECK(fines(second_part) == 14);
        MoneyQuestion of_unit;
        of_unit.sender = UnitId("dike");
        CHECK(fines(of_unit) == 13);
        MoneyQuestion of_division;
        of_division.division = "440300";
        CHECK(fines(of_division) == 12);
        of_division.sender = UnitId("reeds");
        CHECK(fines(of_division) == 0);
    }

    TEST_CASE("what does not count is in no total") {
        MoneyEntry replaced = entry_of(4, 0, "dike");
        replaced.counts = false;
        const std::vector<CaseFile> files{
            case_with("440000202000001", {replaced, entry_of(5, 1, "dike")})};
        CHECK(total_of(*totals_of(files, {}), "fine_imposed") == Fen(5));
        CHECK(total_of(*totals_of(files, {}), "recovered") == Fen(0));
    }
}
