#include "client/daemon/dispatch_list.hpp"

#include "protocol/act_json.hpp"
#include "tests/client/daemon/daemon_parts.hpp"
#include "tests/client/daemon/deliveries.hpp"
#include "tests/client/daemon/dispatch_answer.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using testing::Acts;
using testing::by_hand;
using testing::leaf_of;
using testing::must;
using testing::with_evidence;
using Json = nlohmann::json;
using Indexes = std::vector<LogIndex>;

/// A hub at which dike sent three items to the press: at 6 nothing is registered, at 7 it is with
/// 9, at 8 with 10 and the evidence with 11; 12 is lake's alarm.
struct ThreeItems : testing::HubParts {
    ThreeItems() {
        start();
        for (std::uint16_t number = 1; number <= 3; ++number) {
            items.push_back(logged("dike", leaf_of(testing::item_for_the_press(number))));
        }
        register_it(4, items[1], by_hand("press"));
        register_it(5, items[2], by_hand("press"));
        register_it(6, items[2], with_evidence(by_hand("press")));
        static_cast<void>(logged("lake", leaf_of(testing::numbered_alarm(7))));
    }

    NoticeRef logged(const char* unit, const Bytes& leaf) {
        const auto index = testing::accepted_at(send(unit, leaf));
        REQUIRE(index);
        return {crypto::sha256(leaf), *index};
    }
    void register_it(std::uint16_t number, const NoticeRef& notice, const Dispatch& said) {
        acts.push_back(leaf_of(testing::dispatched(number, notice, said, "dike")));
        static_cast<void>(logged("dike", acts.back()));
    }

    [[nodiscard]] Json item(const char* state, const Indexes& entries,
                            const std::optional<Acts>& told) const {
        return testing::dispatch_item(*this, state, entries, told);
    }
    /// What an honest hub answers.
    [[nodiscard]] Json page() const {
        return with_items(
            {item("open", {LogIndex(6)}, Acts()),
             item("registered", {LogIndex(7), LogIndex(9)}, Acts{acts[0]}),
             item("evidenced", {LogIndex(8), LogIndex(10), LogIndex(11)}, Acts{acts[1], acts[2]})});
    }
    [[nodiscard]] Json with_items(std::vector<Json> shown) const {
        return testing::dispatch_page(*this, known().size(), std::move(shown));
    }
    [[nodiscard]] LogFollower known() const { return testing::follower_of(*this); }

    [[nodiscard]] Checked<DispatchList> read(const Json& answer, const char* own = "dike",
                                             DispatchQuestion question = {}) const {
        return read_dispatch_list(to_bytes(answer.dump()), question, UnitId(own),
                                  *deployment.charter, known());
    }
    /// `code place` of what is wrong with the answer; empty if it is taken.
    [[nodiscard]] std::string verdict(const Json& answer, const char* own = "dike",
                                      DispatchQuestion question = {}) const {
        const auto list = read(answer, own, std::move(question));
        if (list) return {};
        return std::string(code(list.error().code)) + ' ' + list.error().place;
    }
    [[nodiscard]] std::string verdict_of(const Json& one, const char* own = "dike") const {
        return verdict(with_items({one}), own);
    }

    std::vector<NoticeRef> items;
    std::vector<Bytes> acts;
};

TEST_SUITE("register of dispatches at a daemon") {
    TEST_CASE_FIXTURE(ThreeItems,
                      "what an honest hub shows is taken by the sender and the office") {
        for (const char* const own : {"dike", "office"}) {
            CAPTURE(own);
            const auto list = read(page(), own);
            REQUIRE(list.has_value());
            REQUIRE(list->items.size() == 3);
            CHECK(list->next.empty());
            CHECK(list->items[0].state == DispatchStage::open);
            CHECK(list->items[0].notice == items[0]);
            CHECK(list->items[0].from == UnitId("dike"));
            CHECK(list->items[0].unit == UnitId("press"));
            CHECK(list->items[0].kind == KindId("press_item"));
            CHECK(list->items[0].acts.empty());
            CHECK(list->items[1].acts.at(0).said == by_hand("press"));
            CHECK(list->items[1].acts.at(0).index == LogIndex(9));
            CHECK(list->items[2].acts.at(1).said == with_evidence(by_hand("press")));
        }
        CHECK(verdict(page(), "lake") == "entry_mismatch items[0].entries[0]");
    }

    TEST_CASE_FIXTURE(ThreeItems, "it is written with all that is known of it") {
        const Json written = Json::parse(write_dispatch_list(*read(page())));
        const Json& second = written.at("dispatches").at(1);
        CHECK(second.at("notice").at("index") == 7);
        CHECK(second.at("state") == "registered");
        CHECK(second.at("acts").at(0).at("method") == "当面送交");
        CHECK(second.at("acts").at(0).at("at") == "2026-11-22T17:30+08:00");
        CHECK_FALSE(second.at("acts").at(0).contains("number"));
        const Json& third = written.at("dispatches").at(2);
        CHECK(third.at("acts").at(1).at("evidence").get<std::string>().size() == 64);
        CHECK_FALSE(written.contains("next"));
    }

    TEST_CASE_FIXTURE(ThreeItems, "a state that the entries and acts do not give is refused") {
        const std::string wrong = "entry_mismatch items[0].state";
        const Acts none;
        for (const char* const state : {"registered", "evidenced", "withdrawn"}) {
            CHECK(verdict_of(item(state, {LogIndex(6)}, none)) == wrong);
        }
        for (const char* const state : {"open", "evidenced", "withdrawn"}) {
            CHECK(verdict_of(item(state, {LogIndex(7), LogIndex(9)}, Acts{acts[0]})) == wrong);
        }
        CHECK(verdict_of(item("registered", {LogIndex(8), LogIndex(10), LogIndex(11)},
                              Acts{acts[1], acts[2]})) == wrong);
        // What one act said, only its bytes tell; of two the second had the evidence.
        CHECK(verdict_of(item("evidenced", {LogIndex(7), LogIndex(9)}, std::nullopt), "office")
                  .empty());
        CHECK(
            verdict_of(item("registered", {LogIndex(8), LogIndex(10), LogIndex(11)}, std::nullopt),
                       "office") == wrong);
    }

    TEST_CASE_FIXTURE(ThreeItems, "acts are those that the entries name and the sender's own") {
        const Indexes entries{LogIndex(7), LogIndex(9)};
        CHECK(verdict_of(item("registered", entries, Acts{acts[1]})) ==
              "entry_mismatch items[0].acts[0]");
        CHECK(verdict_of(item("registered", entries, Acts())) == "entry_mismatch items[0].acts");
        CHECK(verdict_of(item("registered", entries, std::nullopt)) ==
              "entry_mismatch items[0].acts");
    }

    TEST_CASE_FIXTURE(ThreeItems, "entries of something else are refused") {
        const Acts none;
        CHECK(verdict_of(item("open", {}, none)) == "entry_mismatch items[0].entries");
        // Lake's alarm goes to nobody outside; an act is no notice.
        CHECK(verdict_of(item("open", {LogIndex(12)}, none)) ==
              "entry_mismatch items[0].entries[0]");
        CHECK(verdict_of(item("open", {LogIndex(9)}, none)) ==
              "entry_mismatch items[0].entries[0]");
        // Of another item, twice, not in order.
        CHECK(verdict_of(item("registered", {LogIndex(6), LogIndex(9)}, Acts{acts[0]})) ==
              "entry_mismatch items[0].entries[1]");
        CHECK(verdict_of(item("evidenced", {LogIndex(8), LogIndex(10), LogIndex(10)},
                              Acts{acts[1], acts[1]})) == "entry_mismatch items[0].entries[2]");
        CHECK(verdict_of(item("evidenced", {LogIndex(8), LogIndex(11), LogIndex(10)},
                              Acts{acts[2], acts[1]})) == "entry_mismatch items[0].entries[2]");
    }

    TEST_CASE_FIXTURE(ThreeItems, "an entry that does not stand in the log is refused") {
        Json answer = page();
        answer["items"][0]["entries"][0]["index"] = 7;
        CHECK(verdict(answer) == "proof_mismatch items[0].entries[0]");
        answer = page();
        answer["items"][1]["entries"][1]["entry"] = to_base64(to_bytes("{}"));
        CHECK(verdict(answer) == "proof_mismatch items[1].entries[1]");
    }

    TEST_CASE_FIXTURE(ThreeItems, "an answer of another form is none") {
        const auto changed = [this](const std::function<void(Json&)>& change) {
            Json answer = page();
            change(answer);
            return verdict(answer);
        };
        CHECK(changed([](Json& a) { a.erase("items"); }) == "protocol_violation items");
        CHECK(changed([](Json& a) { a["more"] = 1; }) == "protocol_violation more");
        CHECK(changed([](Json& a) { a["next"] = "a b"; }) == "protocol_violation next");
        CHECK(changed([](Json& a) { a["items"][0]["state"] = "closed"; }) ==
              "protocol_violation items[0].state");
        CHECK(changed([](Json& a) { a["items"][1]["acts"][0] = 7; }) ==
              "protocol_violation items[1].acts");
        CHECK(verdict(page(), "dike", {DispatchStage::open, std::nullopt}) ==
              "protocol_violation items[1].state");
    }

    TEST_CASE("a question is read strictly") {
        const auto fault = [](const transport::Fields& query) {
            const auto question = dispatch_question(query);
            if (question) return dispatch_target(*question, TreeSize(7));
            return std::string(code(question.error().code)) + ' ' + question.error().place;
        };
        CHECK(fault({}) == "/v1/dispatches?known_size=7");
        CHECK(fault({{"state", "open"}, {"after", "open:a:7:b"}}) ==
              "/v1/dispatches?known_size=7&state=open&after=open%3Aa%3A7%3Ab");
        CHECK(fault({{"state", "closed"}}) == "bad_value state");
        CHECK(fault({{"after", ""}}) == "bad_value after");
        CHECK(fault({{"state", "open"}, {"state", "open"}}) == "duplicate_member state");
        CHECK(fault({{"unit", "dike"}}) == "unknown_member unit");
    }
}

}  // namespace
}  // namespace tongbao::client
