#include "hub/dispatch_api.hpp"

#include "hub/dispatch_query.hpp"
#include "protocol/act_json.hpp"
#include "tests/hub/dispatched_hub.hpp"
#include "tests/hub/served_hub.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::Answered;
using testing::by_hand;
using testing::HubParts;
using testing::leaf_of;
using testing::ServedHub;
using testing::with_evidence;
using Json = nlohmann::json;
using Lines = std::vector<std::string>;

constexpr std::string_view kEmptyCounts = R"({"open":0,"without_evidence":0})";

/// A served hub at which dike sends items to the press.
struct RegisterHub : ServedHub {
    explicit RegisterHub(const Step& prepare = {}) : ServedHub(prepare) {}

    [[nodiscard]] NoticeRef logged(const char* unit, const Bytes& leaf) {
        const LogIndex index = next_index(store.size());
        const Answered answer = submit(unit, {leaf});
        CAPTURE(answer.text());
        REQUIRE(contains(store.size(), index));
        REQUIRE(answer.text().find("accepted") != std::string::npos);
        return {crypto::sha256(leaf), index};
    }
    [[nodiscard]] NoticeRef item(std::uint16_t number) {
        return logged("dike", leaf_of(testing::item_for_the_press(number)));
    }
    [[nodiscard]] LogIndex dispatch(std::uint16_t number, const NoticeRef& notice,
                                    const Dispatch& said) {
        return logged("dike", leaf_of(testing::dispatched(number, notice, said, "dike"))).index;
    }
    [[nodiscard]] Json list(std::string_view unit, const std::string& query = {}) {
        const Answered answer = ask(daemon(unit), "GET", "/v1/dispatches" + query);
        CAPTURE(answer.text());
        REQUIRE(answer.status == 200);
        return Json::parse(answer.text());
    }
    /// `<notice> <unit> <state> <entries> <acts>` of each; `-` for acts that are not told.
    [[nodiscard]] Lines lines(std::string_view unit, const std::string& query = {}) {
        Lines found;
        const Json page = list(unit, query);
        for (const Json& each : page.at("items")) {
            found.push_back(std::to_string(each.at("entries").at(0).at("index").get<int>()) + ' ' +
                            each.at("unit").get<std::string>() + ' ' +
                            each.at("state").get<std::string>() + ' ' +
                            std::to_string(each.at("entries").size()) + ' ' +
                            (each.contains("acts") ? std::to_string(each.at("acts").size()) : "-"));
        }
        return found;
    }
    [[nodiscard]] std::string counts(std::string_view unit) {
        const Answered answer = ask(daemon(unit), "GET", "/v1/dispatches/count");
        REQUIRE(answer.status == 200);
        return std::string(answer.text());
    }
};

/// The office sees so much of what goes to the press.
ServedHub::Step office_sees(OfficeSees what) {
    return [what](HubParts& parts) {
        CharterParts charter = parts.deployment.charter->parts();
        for (Kind& kind : charter.kinds) {
            if (kind.id == KindId("press_item")) kind.office_sees = what;
        }
        parts.deployment.charter = std::make_shared<const Charter>(std::move(charter));
    };
}

TEST_SUITE("dispatch api") {
    TEST_CASE("the sender and the office find every item and nobody else finds one") {
        RegisterHub hub;
        const NoticeRef first = hub.item(1);
        const NoticeRef second = hub.item(2);
        const NoticeRef third = hub.item(3);
        CHECK(hub.dispatch(4, second, by_hand("press")) == LogIndex(9));
        CHECK(hub.dispatch(5, third, with_evidence(by_hand("press"))) == LogIndex(10));
        const Lines all{std::to_string(first.index.value()) + " press open 1 0",
                        std::to_string(second.index.value()) + " press registered 2 1",
                        std::to_string(third.index.value()) + " press evidenced 2 1"};
        for (const char* const unit : {"dike", "office"}) {
            CAPTURE(unit);
            CHECK(hub.lines(unit) == all);
            CHECK(hub.lines(unit, "?state=open") == Lines{all[0]});
            CHECK(hub.lines(unit, "?state=registered") == Lines{all[1]});
            CHECK(hub.lines(unit, "?state=evidenced") == Lines{all[2]});
            CHECK(hub.lines(unit, "?state=withdrawn").empty());
            CHECK(hub.counts(unit) == R"({"open":1,"without_evidence":1})");
        }
        for (const char* const unit : {"lake", "reeds"}) {
            CAPTURE(unit);
            CHECK(hub.lines(unit).empty());
            CHECK(hub.counts(unit) == kEmptyCounts);
        }
        CHECK(hub.status(hub.auditor(), "GET", "/v1/dispatches") == 404);
        CHECK(hub.status(hub.auditor(), "GET", "/v1/dispatches/count") == 404);
        CHECK(hub.status(hub.daemon("dike"), "POST", "/v1/dispatches") == 405);
        CHECK(hub.status(hub.daemon("dike"), "GET", "/v1/dispatches/9") == 404);
    }

    TEST_CASE("the acts are given as they were signed") {
        RegisterHub hub;
        const NoticeRef notice = hub.item(1);
        const Act act = testing::dispatched(2, notice, by_hand("press"), "dike");
        static_cast<void>(hub.logged("dike", leaf_of(act)));
        const Json item = hub.list("office").at("items").at(0);
        CHECK(item.at("acts").at(0) == to_base64(leaf_of(act)));
    }

    TEST_CASE("how it went the office reads only where it sees all of the kind") {
        RegisterHub clear(office_sees(OfficeSees::clear));
        const NoticeRef notice = clear.item(1);
        static_cast<void>(clear.dispatch(2, notice, by_hand("press")));
        CHECK(clear.lines("dike") == Lines{"6 press registered 2 1"});
        CHECK(clear.lines("office") == Lines{"6 press registered 2 -"});
        CHECK(clear.counts("office") == R"({"open":0,"without_evidence":1})");
    }

    TEST_CASE("pages follow one another through all states by their cursor") {
        RegisterHub hub;
        std::vector<Bytes> leaves;
        for (std::uint16_t number = 1; number <= 100; ++number) {
            leaves.push_back(leaf_of(testing::item_for_the_press(number)));
        }
        CHECK(hub.submit("dike", leaves).status == 200);
        const NoticeRef first{crypto::sha256(leaves.front()), LogIndex(6)};
        static_cast<void>(hub.dispatch(200, first, by_hand("press")));
        for (const char* const unit : {"dike", "office"}) {
            CAPTURE(unit);
            const Json page = hub.list(unit);
            CHECK(page.at("items").size() == 64);
            CHECK(page.at("next") == "open:dike:70:press");
            const Lines rest = hub.lines(unit, "?after=open%3Adike%3A70%3Apress");
            CHECK(rest.size() == 36);
            CHECK(rest.front() == "71 press open 1 0");
            CHECK(rest.back() == "6 press registered 2 1");
            CHECK_FALSE(hub.list(unit, "?after=open%3Adike%3A70%3Apress").contains("next"));
        }
    }

    TEST_CASE("a place among another's items is refused and tells nothing of them") {
        RegisterHub hub;
        static_cast<void>(hub.item(1));
        for (const char* const after : {"open%3Adike%3A6%3Apress", "open%3Adike%3A5%3Apress",
                                        "evidenced%3Adike%3A99%3Apress"}) {
            const Answered answer =
                hub.ask(hub.daemon("lake"), "GET", std::string("/v1/dispatches?after=") + after);
            CHECK(answer.status == 400);
            CHECK(answer.text().find("bad_value") != std::string::npos);
            CHECK(hub.list("office", std::string("?after=") + after).contains("items"));
        }
        CHECK(hub.lines("lake", "?after=open%3Alake%3A6%3Apress").empty());
    }

    TEST_CASE("a query that can't be read is refused with its place") {
        const auto fault = [](const std::string& query) {
            const auto read = read_dispatch_query("/v1/dispatches" + query);
            if (read) return std::string();
            return std::string(code(read.error().code)) + ' ' + read.error().place;
        };
        CHECK(fault("").empty());
        CHECK(fault("?state=open&known_size=7").empty());
        CHECK(fault("?state=closed") == "bad_value state");
        CHECK(fault("?known_size=-1") == "bad_value known_size");
        CHECK(fault("?after=open:dike:7:press").empty());
        CHECK(fault("?after=open:dike:7") == "bad_value after");
        CHECK(fault("?after=closed:dike:7:press") == "bad_value after");
        CHECK(fault("?after=open:Dike:7:press") == "bad_value after");
        CHECK(fault("?state=registered&after=open:dike:7:press") == "bad_value after");
        const storage::DispatchPlace place{DispatchStage::evidenced, UnitId("local.449901.dike"),
                                           LogIndex(7), UnitId("press")};
        CHECK(read_dispatch_query("/v1/dispatches?after=" + cursor_text(place))->after == place);
    }
}

}  // namespace
}  // namespace tongbao::hub
