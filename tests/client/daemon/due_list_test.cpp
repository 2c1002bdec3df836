#include "client/daemon/due_list.hpp"

#include "tests/client/daemon/due_answer.hpp"
#include "tests/protocol/charter_fixture.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using nlohmann::json;
using testing::due_answer_clock;
using testing::due_page;
using testing::due_receipt_clock;

/// Dike, a member, unless another is named.
struct ReadingDue {
    Charter charter = testing::load();
    DueQuestion question;
    UnitId own{"dike"};

    [[nodiscard]] Checked<DueList> read(const std::string& text) const {
        return read_due_list(to_bytes(text), question, own, charter);
    }
    /// `code place` of what is wrong with the answer; empty if it is taken.
    [[nodiscard]] std::string verdict(const json& answer) const {
        const Checked<DueList> list = read(answer.dump());
        if (list) return {};
        return std::string(code(list.error().code)) + ' ' + list.error().place;
    }
};

/// A member of due_page() that is another or gone, and what is said of it.
struct BadDueAnswer {
    const char* member;
    std::optional<json> value;  ///< none: the member is not there
    const char* verdict;
};

json changed_page(const BadDueAnswer& bad) {
    const json::json_pointer member(bad.member);
    json page = due_page();
    if (bad.value) {
        page[member] = *bad.value;
    } else {
        page.at(member.parent_pointer()).erase(member.back());
    }
    return page;
}

const std::string kLongName(64, 'a');

// clocks[0] is a receipt, clocks[1] an answer with a step, clocks[2] has no limit but a fault.
const std::vector<BadDueAnswer> kBadDueAnswers{
    {"/clocks", std::nullopt, "missing_member clocks"},
    {"/clocks", json::object(), "wrong_type clocks"},
    {"/clocks/0", 7, "wrong_type clocks[0]"},
    {"/clocks/0/more", 1, "unknown_member clocks[0].more"},
    {"/clocks/0/held", true, "unknown_member clocks[0].held"},
    {"/more", 1, "unknown_member more"},
    {"/next", "", "bad_value next"},
    {"/next", nullptr, "wrong_type next"},
    {"/next", "c 2", "bad_value next"},
    {"/next", "c\n2", "bad_value next"},
    {"/next", "页", "bad_value next"},
    {"/next", std::string(1025, 'c'), "bad_value next"},
    {"/clocks/0/notice", std::nullopt, "missing_member clocks[0].notice"},
    {"/clocks/0/notice", "7", "wrong_type clocks[0].notice"},
    {"/clocks/0/notice/sha256", std::string(64, 'A'), "bad_value clocks[0].notice.sha256"},
    {"/clocks/0/notice/sha256", std::string(62, 'a'), "bad_value clocks[0].notice.sha256"},
    {"/clocks/0/notice/index", -1, "bad_value clocks[0].notice.index"},
    {"/clocks/0/notice/index", "7", "wrong_type clocks[0].notice.index"},
    {"/clocks/0/notice/title", "t", "unknown_member clocks[0].notice.title"},
    {"/clocks/0/id", "0190163D-8694-739B-AEA5-966C26F8AD91", "bad_value clocks[0].id"},
    {"/clocks/0/id", std::nullopt, "missing_member clocks[0].id"},
    {"/clocks/0/kind", "Level alarm", "bad_value clocks[0].kind"},
    {"/clocks/0/kind", "level_alarm\x1B[2J", "bad_value clocks[0].kind"},
    {"/clocks/0/kind", kLongName, "bad_value clocks[0].kind"},
    {"/clocks/0/from", "湖", "bad_value clocks[0].from"},
    {"/clocks/0/from", kLongName, "bad_value clocks[0].from"},
    {"/clocks/0/unit", "", "bad_value clocks[0].unit"},
    {"/clocks/0/unit", json::array({"dike"}), "wrong_type clocks[0].unit"},
    {"/clocks/0/purpose", "answer", "bad_value clocks[0].purpose"},
    {"/clocks/0/reply", "alarm_answer", "unknown_member clocks[0].reply"},
    {"/clocks/0/row", "1", "unknown_member clocks[0].row"},
    {"/clocks/1/reply", std::nullopt, "missing_member clocks[1].reply"},
    {"/clocks/1/reply", "=cmd", "bad_value clocks[1].reply"},
    {"/clocks/1/row", "", "bad_value clocks[1].row"},
    {"/clocks/1/row", 1, "wrong_type clocks[1].row"},
    {"/clocks/1/row", std::string(49'153, '1'), "too_large clocks[1].row"},
    {"/clocks/0/status", "satisfied", "bad_value clocks[0].status"},
    {"/clocks/0/start", std::nullopt, "missing_member clocks[0].start"},
    {"/clocks/0/start", "yesterday", "bad_value clocks[0].start"},
    {"/clocks/0/start", "2026-06-31", "bad_value clocks[0].start"},
    {"/clocks/0/due", "2026-06-31T16:00:00.000Z", "bad_value clocks[0].due"},
    {"/clocks/0/due", "2026-06-02", "bad_value clocks[0].due"},
    {"/clocks/0/due", "2026-06-02T16:00:00+00:00", "bad_value clocks[0].due"},
    {"/clocks/0/due", nullptr, "wrong_type clocks[0].due"},
    {"/clocks/0/owed", "yes", "wrong_type clocks[0].owed"},
    {"/clocks/0/owed", std::nullopt, "missing_member clocks[0].owed"},
    {"/clocks/0/flags", std::nullopt, "missing_member clocks[0].flags"},
    {"/clocks/0/flags/0", 1, "wrong_type clocks[0].flags"},
    {"/clocks/0/flags/0", "late", "bad_value clocks[0].flags"},
    {"/clocks/1/flags/1", "due_soon", "bad_value clocks[1].flags"},
    {"/clocks/0/overdue_since", "long ago", "bad_value clocks[0].overdue_since"},
    {"/clocks/2/fault", "calendar_missing", "wrong_type clocks[2].fault"},
    {"/clocks/2/fault/code", "no_such_code", "bad_value clocks[2].fault.code"},
    {"/clocks/2/fault/detail", std::nullopt, "missing_member clocks[2].fault.detail"},
    {"/clocks/2/fault/detail", 1, "wrong_type clocks[2].fault.detail"},
    {"/clocks/2/fault/detail", std::string(1025, 'd'), "too_large clocks[2].fault.detail"},
    {"/clocks/1/steps", std::nullopt, "missing_member clocks[1].steps"},
    {"/clocks/1/steps/0", "remind", "wrong_type clocks[1].steps[0]"},
    {"/clocks/1/steps/0/step", std::nullopt, "missing_member clocks[1].steps[0].step"},
    {"/clocks/1/steps/0/step", -1, "bad_value clocks[1].steps[0].step"},
    {"/clocks/1/steps/0/step", 65536, "bad_value clocks[1].steps[0].step"},
    {"/clocks/1/steps/0/step", "0", "wrong_type clocks[1].steps[0].step"},
    {"/clocks/1/steps/0/deed", "shoot", "bad_value clocks[1].steps[0].deed"},
    {"/clocks/1/steps/0/due", std::nullopt, "missing_member clocks[1].steps[0].due"},
    {"/clocks/1/steps/0/done", std::nullopt, "missing_member clocks[1].steps[0].done"},
    {"/clocks/1/steps/0/index", std::nullopt, "missing_member clocks[1].steps[0].index"},
    {"/clocks/1/steps/0/done", "soon", "bad_value clocks[1].steps[0].done"},
    {"/clocks/1/steps/0/index", 1.5, "bad_number clocks[1].steps[0].index"},
    {"/clocks/1/steps/0/to", "dike", "unknown_member clocks[1].steps[0].to"},
    // The order: the earliest limit first, those without one last.
    {"/clocks/0/due", "2026-06-09T16:00:00.001Z", "bad_value clocks[1].due"},
    {"/clocks/0/due", std::nullopt, "bad_value clocks[1].due"},
    // Neither sender nor recipient is the one who asked.
    {"/clocks/0/unit", "reeds", "bad_value clocks[0].unit"},
};

TEST_SUITE("list of what is due") {
    TEST_CASE_FIXTURE(ReadingDue,
                      "each answer that is not as it should be is refused at its place") {
        REQUIRE(verdict(due_page()).empty());
        for (const BadDueAnswer& bad : kBadDueAnswers) {
            CAPTURE(bad.member);
            CAPTURE(bad.verdict);
            CHECK(verdict(changed_page(bad)) == bad.verdict);
        }
    }

    TEST_CASE_FIXTURE(ReadingDue, "what is no strict JSON is refused") {
        CHECK(read("{").error().code == Errc::malformed_json);
        CHECK(read("\xFF").error().code == Errc::not_utf8);
        CHECK(read(R"({"clocks":[],"clocks":[]})").error().code == Errc::duplicate_member);
        CHECK(read("[]").error().code == Errc::wrong_type);
    }

    TEST_CASE_FIXTURE(ReadingDue, "more clocks or steps than the bounds are refused") {
        json page = due_page();
        page["clocks"] = json(1025, due_receipt_clock());
        CHECK(verdict(page) == "too_large clocks");
        page["clocks"] = json(1024, due_receipt_clock());
        CHECK(verdict(page).empty());
        page["clocks"] = json::array({due_answer_clock()});
        page["clocks"][0]["steps"] = json(1025, due_answer_clock()["steps"][0]);
        CHECK(verdict(page) == "too_large clocks[0].steps");
    }

    TEST_CASE_FIXTURE(ReadingDue, "only what was asked for is taken") {
        question.unit = UnitId("reeds");
        CHECK(verdict(due_page()) == "bad_value clocks[0].unit");
        // The sender has a part in it too.
        question.unit = UnitId("lake");
        CHECK(verdict(due_page()).empty());
        question.unit = UnitId("dike");
        question.until = *parse_utc("2026-06-09T16:00:00.000Z");
        CHECK(verdict(due_page()).empty());
        question.until = *parse_utc("2026-06-09T15:59:59.999Z");
        CHECK(verdict(due_page()) == "bad_value clocks[1].due");
    }

    TEST_CASE_FIXTURE(ReadingDue, "a cursor that leads back to itself is refused") {
        question.after = "c2+/=";
        CHECK(verdict(due_page()) == "bad_value next");
        question.after = "c1";
        CHECK(verdict(due_page()).empty());
    }

    TEST_CASE_FIXTURE(ReadingDue, "who sent may know what is owed and so may the office") {
        json page = due_page();
        own = UnitId("lake");
        CHECK(verdict(page).empty());
        own = UnitId("office");
        CHECK(verdict(page).empty());
        own = UnitId("reeds");
        CHECK(verdict(page) == "bad_value clocks[0].unit");
    }

    TEST_CASE_FIXTURE(ReadingDue, "kinds and units that left the charter may still owe") {
        json page = due_page();
        page["clocks"][0]["kind"] = "kind_of_old";
        page["clocks"][0]["from"] = "local.440100.hsa";
        CHECK(verdict(page).empty());
    }

    TEST_CASE_FIXTURE(ReadingDue, "the local API gives it in the hub's form with what is held") {
        json page = due_page();
        page["clocks"][1]["row"] = "2026-1";
        Checked<DueList> list = read(page.dump());
        REQUIRE(list.has_value());
        list->clocks[1].held = true;
        for (json& clock : page["clocks"]) clock["held"] = false;
        page["clocks"][1]["held"] = true;
        CHECK(json::parse(write_due_list(*list)) == page);
        CHECK(write_due_list(DueList{}) == R"({"clocks":[]})");
    }
}

}  // namespace
}  // namespace tongbao::client
