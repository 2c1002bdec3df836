#include "domain/answer_rules.hpp"

#include "tests/protocol/charter_fixture.hpp"
#include "tests/protocol/notice_fixture.hpp"

using namespace tongbao;
using namespace tongbao::testing;

TEST_SUITE("answers") {
    Notice answer_of(const char* kind, const char* result) {
        Notice out = notice_of(kind, "dike", {"lake"});
        set(out, "result", std::string(result));
        return out;
    }

    TEST_CASE("an answer points at a notice that asks for it") {
        const Charter charter = load();
        CHECK(check_answer(charter, answer_of("alarm_answer", "done"), alarm()).empty());
        CHECK(check_answer(charter, answer_of("alarm_passed_on", "done"), alarm()).empty());
        const Notice other = notice_of("gate_order", "dike", {"local.449999.dike"});
        CHECK(brief(check_answer(charter, answer_of("alarm_answer", "done"), other)) ==
              Expected{"reply_to_nothing in_reply_to"});
        CHECK(brief(check_answer(charter, answer_of("progress", "done"), alarm())) ==
              Expected{"reply_to_nothing in_reply_to"});
        CHECK(brief(check_answer(charter, answer_of("echo", "done"), alarm())) ==
              Expected{"unknown_kind kind"});
    }

    TEST_CASE("only a recipient answers and the answer goes back") {
        const Charter charter = load();
        Notice stranger = answer_of("alarm_answer", "done");
        stranger.from = UnitId("office");
        Notice asked = alarm();
        asked.cc = {UnitId("office")};
        CHECK(brief(check_answer(charter, stranger, asked)) ==
              Expected{"reply_to_nothing in_reply_to"});
        Notice astray = answer_of("alarm_answer", "done");
        astray.to = {UnitId("reeds")};
        CHECK(brief(check_answer(charter, astray, alarm())) == Expected{"reply_to_nothing to"});
        const Notice follow_up = notice_of("press_item", "dike", {"press"});
        CHECK(check_answer(charter, follow_up, alarm()).empty());
    }

    TEST_CASE("an extension is asked for by a party and a correction by the sender") {
        const Charter charter = load();
        CHECK(check_answer(charter, notice_of("extension_request", "dike", {"lake"}), alarm())
                  .empty());
        CHECK(check_answer(charter, notice_of("extension_request", "reeds", {"lake"}), alarm())
                  .size() == 1);
        const Notice order = notice_of("gate_order", "dike", {"local.449999.dike"});
        CHECK(
            check_answer(charter, notice_of("extension_request", "dike", {"lake"}), order).size() ==
            1);
        CHECK(check_answer(charter, notice_of("correction", "lake", {"dike"}), alarm()).empty());
        CHECK(brief(check_answer(charter, notice_of("correction", "dike", {"lake"}), alarm())) ==
              Expected{"reply_to_nothing in_reply_to"});
    }

    TEST_CASE("an answer that satisfies stops the clock and an interim one does not") {
        const Charter charter = load();
        const ReplyRule* const done =
            satisfied_reply(charter, alarm(), answer_of("alarm_answer", "done"));
        REQUIRE(done != nullptr);
        CHECK(done->kind == KindId("alarm_answer"));
        CHECK(satisfied_reply(charter, alarm(), answer_of("alarm_answer", "pending")) == nullptr);
        const ReplyRule* const passed =
            satisfied_reply(charter, alarm(), answer_of("alarm_passed_on", "done"));
        REQUIRE(passed != nullptr);
        CHECK(passed->kind == KindId("alarm_answer"));
        Notice calm = alarm();
        set(calm, "calm", true);
        CHECK(satisfied_reply(charter, calm, answer_of("alarm_answer", "done")) == nullptr);
        Notice stranger = answer_of("alarm_answer", "done");
        stranger.from = UnitId("reeds");
        CHECK(satisfied_reply(charter, alarm(), stranger) == nullptr);
    }
}
