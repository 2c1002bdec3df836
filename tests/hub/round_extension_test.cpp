#include "tests/hub/answered_hub.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::Answering;
using testing::at;
using testing::correction_of;
using testing::decision_of;
using testing::kBeforeHolidays;
using testing::kBehindHolidays;
using testing::request_of;
using Lines = std::vector<std::string>;

/// Five working days behind 9 October: the 10th, a Saturday that is worked, and the 12th to 15th.
constexpr const char* kLatest = "2020-10-16T00:00+08:00";
const std::string kLatestEnd = "2020-10-15T16:00:00.000Z";

/// Dike signed for the alarm 1, owes its answer by 9 October, and asked for time by the notice 2.
struct Asked : Answering {
    explicit Asked(const std::function<void(nlohmann::json&)>& change = [](nlohmann::json&) {})
        : Answering(change), asked(alarm(1)) {
        CHECK(act(100, ActKind::signed_for, asked).empty());
        request = logged(request_of(1, 2));
    }

    NoticeRef asked;
    NoticeRef request;
};

TEST_SUITE("extensions") {
    TEST_CASE_FIXTURE(Asked, "who asked moves the limit as far as the deadline allows") {
        clock.set(at("2020-10-08 10:00"));
        const NoticeRef by = logged(decision_of(2, 3, kLatest));
        // Of the three replies one is owed.
        CHECK(open_at(asked.index, "dike") ==
              Lines{"1 " + kLatestEnd, "2 " + kBehindHolidays, "3 " + kBehindHolidays});
        CHECK(standing_of(asked.index, "dike").marks == Marks(Mark::extended));
        // Logged, replied to the request, and what it did.
        AnsweredActEvent said{AnsweredAct::extend, UnitId("lake"), asked, by};
        said.unit = UnitId("dike");
        said.clocks = {1};
        said.due = testing::end_of("2020-10-15");
        CHECK(done_at(advanced(by.index, 2)) == said);
        CHECK(in_trail(asked, advanced(by.index, 2)));

        // The limit that was moved has its steps anew, and the old one is none any more.
        look_at("2020-10-16 10:00");
        CHECK(says("remind 6 dike 1.0.0 " + kBeforeHolidays));
        CHECK_FALSE(says("mark_overdue 6 dike 1.0.1 " + kBehindHolidays));
        CHECK(says("remind 6 dike 1.1.0 2020-10-14T16:00:00.000Z"));
        CHECK(says("mark_overdue 6 dike 1.1.1 " + kLatestEnd));
    }

    TEST_CASE_FIXTURE(Asked, "no limit is moved too far or back") {
        CHECK(sent(decision_of(2, 3, "2020-10-16T00:00:01+08:00")) ==
              "extension_too_long fields.new_due");
        CHECK(sent(decision_of(2, 4, "2020-10-10T00:00+08:00")) == "bad_value fields.new_due");
        CHECK(sent(decision_of(2, 5, "2020-10-05T00:00+08:00")) == "bad_value fields.new_due");
        CHECK(open_at(asked.index, "dike").front() == "1 " + kBehindHolidays);
        CHECK(standing_of(asked.index, "dike").marks.empty());
        CHECK(sent(decision_of(2, 6, "2020-10-10T00:00:01+08:00")).empty());
    }

    TEST_CASE_FIXTURE(Asked, "a refused request moves nothing and is answered") {
        const TreeSize before = store.size();
        CHECK(sent(decision_of(2, 3, nullptr)).empty());
        // Logged, replied, and the clock of the answer to the request is settled.
        CHECK(store.size().value() == before.value() + 3);
        CHECK(own_entries().back() == "closed " + std::to_string(request.index.value()) + " lake");
        CHECK(open_at(asked.index, "dike").front() == "1 " + kBehindHolidays);
        CHECK(standing_of(asked.index, "dike").marks.empty());
    }

    TEST_CASE("a limit that the charter does not let be moved stays") {
        Asked hub([](nlohmann::json& text) { text["deadlines"]["reply_5wd"].erase("extendable"); });
        CHECK(hub.sent(decision_of(2, 3, kLatest)) == "extension_not_allowed fields.new_due");
    }

    TEST_CASE("a statutory limit is moved only with a quoted basis") {
        Asked hub(
            [](nlohmann::json& text) { text["deadlines"]["reply_5wd"]["strength"] = "statutory"; });
        Notice decision = decision_of(2, 3, kLatest);
        CHECK(hub.sent(decision) == "basis_required fields.legal_basis");
        testing::set(decision, "legal_basis", std::string("某法第一条"));
        decision.id = NoticeId(testing::numbered_uuid(4));
        CHECK(hub.sent(decision).empty());
        CHECK(hub.standing_of(hub.asked.index, "dike").marks.has(Mark::extended));
    }

    TEST_CASE_FIXTURE(Answering, "only who asked for the answer moves its limit") {
        const NoticeRef asked = alarm(1);
        CHECK(act(100, ActKind::signed_for, asked).empty());
        static_cast<void>(logged(request_of(1, 2, "reeds")));
        CHECK(sent(decision_of(2, 3, kLatest, "reeds")) == "extension_not_allowed in_reply_to");
        CHECK(open_at(asked.index, "dike").front() == "1 " + kBehindHolidays);
    }

    TEST_CASE_FIXTURE(Asked, "what was answered has no limit that could be moved") {
        CHECK(answer(1, 3).empty());
        CHECK(sent(decision_of(2, 4, kLatest)) == "extension_not_allowed fields.new_due");
    }

    TEST_CASE_FIXTURE(Asked, "a decision that is withdrawn moves nothing any more") {
        clock.set(at("2020-10-08 10:00"));
        const NoticeRef decision = logged(decision_of(2, 3, kLatest));
        CHECK(open_at(request.index, "lake").empty());
        clock.set(at("2020-10-08 11:00"));
        const NoticeRef by = logged(correction_of(3, 4, "lake", {"dike"}));
        CHECK(open_at(asked.index, "dike").front() == "1 " + kBehindHolidays);
        CHECK(open_at(request.index, "lake").size() == 1);
        CHECK(done_at(advanced(by.index, 1))->restored ==
              std::vector{NoticeAt{request, UnitId("lake")}, NoticeAt{asked, UnitId("dike")}});
        CHECK(in_trail(asked, advanced(by.index, 1)));
        CHECK(standing_of(decision.index, "dike").marks == Marks(Mark::withdrawn_by));
        look_at("2020-10-10 10:00");
        CHECK(standing_of(asked.index, "dike").marks.has(Mark::overdue));
    }
}

TEST_SUITE("lateness of sending") {
    LoggedEvent logged_at(const Answering& hub, LogIndex index) {
        return std::get<LoggedEvent>(hub.entry(index).event);
    }

    TEST_CASE_FIXTURE(Answering, "a late notice is logged and says for what it was late") {
        Notice notice = testing::numbered_alarm(1);
        // 24 hours from then are over a minute before 10:00.
        testing::set(notice, "observed_at", std::string("2020-09-29T09:59+08:00"));
        CHECK(logged_at(*this, logged(notice).index).late == Lines{"send_within"});
        // Two days end at 24:00 of 1 October, which moves behind the holidays to the 9th.
        notice.id = NoticeId(testing::numbered_uuid(2));
        testing::set(notice, "ended_at", std::string("2020-10-10T00:01+08:00"));
        CHECK(logged_at(*this, logged(notice).index).late == Lines{"send_within", "checks[1]"});
        notice.id = NoticeId(testing::numbered_uuid(3));
        testing::set(notice, "ended_at", std::string("2020-10-10T00:00+08:00"));
        CHECK(logged_at(*this, logged(notice).index).late == Lines{"send_within"});
    }

    TEST_CASE_FIXTURE(Answering, "a notice at its very limit is in time") {
        Notice notice = testing::numbered_alarm(1);
        testing::set(notice, "observed_at", std::string("2020-09-29T10:00+08:00"));
        CHECK(logged_at(*this, logged(notice).index).late.empty());
        clock.set(at("2020-09-30 10:00:00.001"));
        notice.id = NoticeId(testing::numbered_uuid(2));
        CHECK(logged_at(*this, logged(notice).index).late == Lines{"send_within"});
    }

    TEST_CASE("a limit from the notice answered starts when its sender signed for that") {
        Answering hub([](nlohmann::json& text) {
            nlohmann::json limit = text["deadlines"]["reply_5wd"];
            limit["n"] = 1;
            limit["unit"] = "day";
            limit["from"] = "answered_notice";
            limit["if_ends_on_non_working_day"] = "none";
            text["deadlines"]["answer_1d"] = limit;
            for (auto& kind : text["kinds"]) {
                if (kind["id"] == "alarm_answer") kind["send_within"] = "answer_1d";
            }
        });
        const NoticeRef asked = hub.alarm(1);
        CHECK(hub.act(100, ActKind::signed_for, asked).empty());
        hub.clock.set(testing::end_of("2020-10-01"));
        CHECK(logged_at(hub, hub.logged(testing::answer_to(1, 2)).index).late.empty());
        hub.clock.set(testing::end_of("2020-10-01") + std::chrono::milliseconds(1));
        CHECK(logged_at(hub, hub.logged(testing::answer_to(1, 3)).index).late ==
              Lines{"send_within"});
    }
}

}  // namespace
}  // namespace tongbao::hub
