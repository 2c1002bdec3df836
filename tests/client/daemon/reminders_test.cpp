#include "client/daemon/reminders.hpp"

#include "client/daemon/reminder_watch.hpp"
#include "tests/client/daemon/tray_stage.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using nlohmann::json;
using testing::kAllSteps;
using testing::overdue_clock;
using testing::SaidStep;
using testing::TrayStage;
using testing::urging_charter;
using Lines = std::vector<std::string>;

/// `<entry> <deed> <posts>` of each.
Lines lines_of(const json& answer) {
    Lines lines;
    for (const json& each : answer.at("reminders")) {
        std::string line =
            std::to_string(each.at("entry").get<int>()) + ' ' + each.at("deed").get<std::string>();
        for (const json& post : each.at("posts")) line += ' ' + post.get<std::string>();
        lines.push_back(line);
    }
    return lines;
}

Lines reminders_at(const char* unit, const std::vector<json>& clocks) {
    TrayStage stage(unit);
    stage.says(clocks);
    return lines_of(stage.get("/v1/reminders"));
}

TEST_SUITE("reminders") {
    TEST_CASE("each unit is reminded by the posts that the charter names of its side") {
        const std::vector<json> clocks{overdue_clock(kAllSteps)};
        CHECK(reminders_at("dike", clocks) == Lines{"9 remind contact", "11 urge contact"});
        // Lake sent the alarm and hosts the office.
        CHECK(reminders_at("lake", clocks) == Lines{"10 mark_overdue contact", "11 urge warden"});
        CHECK(reminders_at("office", clocks).empty());
    }

    TEST_CASE("a reminder says of what and until when and since when") {
        TrayStage stage("dike");
        stage.says({overdue_clock({{2, "urge", 11}})});
        json answer = stage.get("/v1/reminders");
        CHECK(answer.at("complete") == true);
        json reminder = answer.at("reminders").at(0);
        CHECK(reminder.at("notice") == overdue_clock({}).at("notice"));
        reminder.erase("notice");
        CHECK(reminder == json{{"entry", 11},
                               {"deed", "urge"},
                               {"since", "2026-06-09T16:01:11.000Z"},
                               {"id", testing::numbered_alarm(1).id.value().text()},
                               {"notice_kind", "level_alarm"},
                               {"from", "lake"},
                               {"unit", "dike"},
                               {"purpose", "reply"},
                               {"reply", "alarm_answer"},
                               {"due", "2026-06-09T16:00:00.000Z"},
                               {"overdue_since", "2026-06-09T16:00:00.000Z"},
                               {"posts", {"contact"}}});
    }

    TEST_CASE("a unit without the post that a step names is reminded itself") {
        // The office owes and has no contact.
        json clock = overdue_clock({{0, "remind", 9}});
        clock["unit"] = "office";
        CHECK(reminders_at("office", {clock}) == Lines{"9 remind"});
    }

    TEST_CASE("the oldest is first over all pages and each entry is there once") {
        TrayStage stage("dike");
        json page{{"clocks", {overdue_clock({{0, "remind", 30}, {2, "urge", 12}})}}, {"next", "b"}};
        stage.daemon.fake.answers["GET /v1/due"] = {200, to_bytes(page.dump())};
        page = {{"clocks", {overdue_clock({{0, "remind", 11}, {2, "urge", 12}})}}};
        stage.daemon.fake.answers["GET /v1/due?after=b"] = {200, to_bytes(page.dump())};
        CHECK(lines_of(stage.get("/v1/reminders")) ==
              Lines{"11 remind contact", "12 urge contact", "30 remind contact"});
    }

    TEST_CASE("a hub whose pages never end is cut and the answer says so") {
        TrayStage stage("dike");
        const auto page = [](const std::string& next) {
            return to_bytes(
                json{{"clocks", {overdue_clock({{2, "urge", 12}})}}, {"next", next}}.dump());
        };
        stage.daemon.fake.answers["GET /v1/due"] = {200, page("a")};
        stage.daemon.fake.answers["GET /v1/due?after=a"] = {200, page("b")};
        stage.daemon.fake.answers["GET /v1/due?after=b"] = {200, page("a")};
        const json answer = stage.get("/v1/reminders");
        CHECK(answer.at("complete") == false);
        CHECK(lines_of(answer) == Lines{"12 urge contact"});
        // And once for the register of dispatches, which this hub lacks.
        CHECK(stage.daemon.fake.asked.size() == kMaxDuePages + 1);
    }

    TEST_CASE("a step behind a limit that was moved since reminds of nothing") {
        json clock = overdue_clock(kAllSteps);
        clock["due"] = "2026-07-09T16:00:00.000Z";
        // The one before the limit comes anew with the new limit.
        CHECK(reminders_at("dike", {clock}) == Lines{"9 remind contact"});
        CHECK(reminders_at("lake", {clock}).empty());
    }

    TEST_CASE("where the charter has the deed at another place that step counts and else nobody") {
        CHECK(reminders_at("dike", {overdue_clock({{0, "urge", 11}})}) == Lines{"11 urge contact"});
        CHECK(reminders_at("dike", {overdue_clock({{2, "supervise", 11}})}).empty());
        CHECK(reminders_at("dike", {overdue_clock({})}).empty());
    }

    TEST_CASE("a hub that is away or lies reminds of nothing and is told") {
        TrayStage stage("dike");
        stage.daemon.put_arrived(testing::numbered_alarm(1), LogIndex(7));
        json clock = overdue_clock(kAllSteps);
        clock["kind"] = "poaching_report";
        stage.says({clock});
        CHECK(stage.get("/v1/reminders").at("code") == "entry_mismatch");
        CHECK(stage.daemon.state.alarm.starts_with("entry_mismatch: "));
        clock = overdue_clock(kAllSteps);
        clock["steps"][0].erase("step");
        stage.says({clock});
        CHECK(stage.get("/v1/reminders").at("code") == "protocol_violation");
        stage.daemon.fake.answers.erase("GET /v1/due");
        CHECK(stage.get("/v1/reminders").at("code") == "unsupported_version");
    }
}

/// What the watch of a unit tells.
struct Watched : TrayStage {
    ReminderWatch watch{*daemon.services, *daemon.follower, daemon.io.get_executor()};
    std::uint64_t told{daemon.events.told()};

    explicit Watched(const char* unit) : TrayStage(unit) {}

    bool looks() { return daemon.run(watch.look()).has_value(); }
    /// The entries of the reminders that were told since.
    std::vector<int> news() {
        std::vector<int> entries;
        const std::optional<std::vector<Event>> events = daemon.events.since(told);
        REQUIRE(events);
        for (const Event& event : *events) {
            CHECK(event.name == "reminder");
            CHECK(event.id.empty());
            entries.push_back(json::parse(event.data).at("entry"));
        }
        return entries;
    }
};

TEST_SUITE("watch of reminders") {
    TEST_CASE("the first look only counts and each later one tells what is new once") {
        Watched dike("dike");
        CHECK_FALSE(dike.get("/v1/status").contains("reminders"));
        dike.says({overdue_clock({{0, "remind", 9}})});
        REQUIRE(dike.looks());
        CHECK(dike.news().empty());
        CHECK(dike.get("/v1/status").at("reminders").at("open") == 1);
        CHECK_FALSE(dike.get("/v1/status").at("reminders").contains("drafts"));
        dike.says({overdue_clock(kAllSteps)});
        REQUIRE(dike.looks());
        CHECK(dike.news() == std::vector<int>{11});
        REQUIRE(dike.looks());
        CHECK(dike.news().empty());
        CHECK(dike.get("/v1/status").at("reminders").at("open") == 2);
        dike.says({});
        REQUIRE(dike.looks());
        CHECK(dike.get("/v1/status").at("reminders").at("open") == 0);
    }

    TEST_CASE("what comes when nothing was open at the first look is told") {
        Watched dike("dike");
        dike.says({});
        REQUIRE(dike.looks());
        dike.says({overdue_clock({{0, "remind", 9}})});
        REQUIRE(dike.looks());
        CHECK(dike.news() == std::vector<int>{9});
    }

    TEST_CASE("of very many at once the newest are told") {
        Watched dike("dike");
        dike.says({});
        REQUIRE(dike.looks());
        std::vector<SaidStep> steps;
        for (int index = 9; index < 9 + 40; ++index) steps.push_back({0, "remind", index});
        dike.says({overdue_clock(steps)});
        REQUIRE(dike.looks());
        const std::vector<int> news = dike.news();
        REQUIRE(news.size() == ReminderWatch::kMostTold);
        CHECK(news.front() == 17);
        CHECK(news.back() == 48);
    }

    TEST_CASE("the office's status says how many drafts lie in the tray") {
        Watched office("office");
        office.says({overdue_clock(kAllSteps)});
        REQUIRE(office.looks());
        CHECK(office.get("/v1/status").at("reminders").at("drafts") == 1);
    }

    TEST_CASE("a look that fails changes nothing") {
        Watched dike("dike");
        dike.says({overdue_clock({{0, "remind", 9}})});
        REQUIRE(dike.looks());
        dike.daemon.fake.answers.erase("GET /v1/due");
        CHECK_FALSE(dike.looks());
        CHECK(dike.news().empty());
        CHECK(dike.get("/v1/status").at("reminders").at("open") == 1);
    }
}

}  // namespace
}  // namespace tongbao::client
