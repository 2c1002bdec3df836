#include "domain/leaf_event.hpp"

#include <doctest/doctest.h>

#include <optional>

namespace tongbao {
namespace {

const CaseNumber kThis("440000202600001");
const CaseNumber kOther("440000202600002");

Kind kind_with(CaseUse use) {
    Kind kind;
    kind.id = KindId("report");
    kind.case_use = use;
    return kind;
}

Notice report() {
    Notice notice;
    notice.kind = KindId("report");
    notice.from = UnitId("bureau_a");
    notice.to = {UnitId("bureau_b")};
    return notice;
}

Notice answering_report() {
    Notice notice = report();
    notice.in_reply_to = NoticeId(*Uuid::parse("0190163d-8694-739b-aea5-966c26f8ad91"));
    return notice;
}

/// What the entry says of the notice's case.
enum class Said { nothing, this_case, this_opened, other_case, opened_without };

bool believed(Said said, const Notice& notice, const std::optional<Kind>& kind) {
    LoggedEvent event = event_of(notice, {}, {});
    event.case_number.reset();
    if (said == Said::this_case || said == Said::this_opened) event.case_number = kThis;
    if (said == Said::other_case) event.case_number = kOther;
    event.opens_case = said == Said::this_opened || said == Said::opened_without;
    return says(event, notice, kind ? &*kind : nullptr);
}

}  // namespace

TEST_SUITE("the entry of an act") {
    TEST_CASE("it names the recipient at whom the sender closed and never why") {
        Act act;
        act.kind = ActKind::closed_by_sender;
        act.from = UnitId("bureau_a");
        act.unit = UnitId("bureau_b");
        act.reason = "reported elsewhere";
        const ActEvent event = event_of(act, {}, {});
        CHECK(event.unit == UnitId("bureau_b"));
        CHECK(says(event, act));
        ActEvent other = event;
        other.unit = UnitId("court");
        CHECK_FALSE(says(other, act));
        other.unit.reset();
        CHECK_FALSE(says(other, act));
        act.reason = "something else";
        CHECK(event_of(act, {}, {}) == event);
    }
}

TEST_SUITE("the case in a notice's entry") {
    TEST_CASE("a notice that names a case is logged in that one and opens none") {
        Notice notice = report();
        notice.case_number = kThis;
        for (const auto& kind : {std::optional<Kind>(), std::optional(kind_with(CaseUse::may_open)),
                                 std::optional(kind_with(CaseUse::required))}) {
            CHECK(believed(Said::this_case, notice, kind));
            for (const Said said :
                 {Said::nothing, Said::this_opened, Said::other_case, Said::opened_without}) {
                CHECK_FALSE(believed(said, notice, kind));
            }
        }
    }

    TEST_CASE("a notice that opens a case is logged with the number that was given for it") {
        const Kind kind = kind_with(CaseUse::may_open);
        for (const Notice& notice : {report(), answering_report()}) {
            CHECK(believed(Said::this_opened, notice, kind));
            CHECK_FALSE(believed(Said::this_case, notice, kind));
            CHECK_FALSE(believed(Said::opened_without, notice, kind));
        }
    }

    TEST_CASE("an answer without a number is logged in a case or in none and opens none") {
        for (const CaseUse use : {CaseUse::optional, CaseUse::required}) {
            const Kind kind = kind_with(use);
            CHECK(believed(Said::nothing, answering_report(), kind));
            CHECK(believed(Said::this_case, answering_report(), kind));
            CHECK_FALSE(believed(Said::this_opened, answering_report(), kind));
        }
    }

    TEST_CASE("what answers nothing and names no case is logged in none unless it opens one") {
        const Kind kind = kind_with(CaseUse::optional);
        CHECK(believed(Said::nothing, report(), kind));
        CHECK_FALSE(believed(Said::this_case, report(), kind));
        CHECK_FALSE(believed(Said::this_opened, report(), kind));
    }

    TEST_CASE("a kind that has no cases is logged in none even where it answers") {
        const Kind kind = kind_with(CaseUse::none);
        for (const Notice& notice : {report(), answering_report()}) {
            CHECK(believed(Said::nothing, notice, kind));
            CHECK_FALSE(believed(Said::this_case, notice, kind));
            CHECK_FALSE(believed(Said::this_opened, notice, kind));
        }
    }

    TEST_CASE("of a kind that is not known any case is believed but none that has no number") {
        CHECK(believed(Said::nothing, report(), std::nullopt));
        CHECK(believed(Said::this_case, report(), std::nullopt));
        CHECK(believed(Said::this_opened, report(), std::nullopt));
        CHECK_FALSE(believed(Said::opened_without, report(), std::nullopt));
    }
}

}  // namespace tongbao
