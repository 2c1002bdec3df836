// Nobody learns from an answer whether something that he may not read exists: what is hidden from a
// caller and what is absent are answered alike, byte for byte.

#include "crypto/sha256.hpp"
#include "hub/http_api.hpp"
#include "tests/hub/served_hub.hpp"
#include "tests/protocol/notice_fixture.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::Answered;
using testing::leaf_of;
using testing::numbered_alarm;
using testing::ServedHub;

constexpr std::string_view kHiddenCase = "449999202600001";
constexpr std::string_view kNoCase = "449999202600002";

/// All that a caller sees of an answer; `named`, which his own request named, is left out.
std::string seen(const Answered& answer, const std::string& named = {}) {
    std::string text = std::to_string(answer.status) + '\n' + answer.content_type + '\n';
    for (const transport::Field& field : answer.fields) {
        text += field.name + ": " + field.value + '\n';
    }
    text += '\n' + std::string(answer.text());
    for (std::size_t at = text.find(named); !named.empty() && at != std::string::npos;
         at = text.find(named, at)) {
        text.erase(at, named.size());
    }
    return text;
}

/// A hub with an alarm of lake to dike, for which it opened its first case, of which reeds may know
/// nothing.
struct Hidden : ServedHub {
    Hidden() {
        Notice notice = numbered_alarm(1);
        Attachment& chart = std::get<Attachment>(notice.attachments.front());
        chart.sha256 = file = upload("lake", "ten bytes.");
        index = next_index(store.size());
        const Bytes leaf = leaf_of(notice);
        sha256 = crypto::sha256(leaf);
        const Answered answer = submit("lake", {leaf});
        REQUIRE(answer.status == 200);
        REQUIRE(contains(store.size(), index));
    }

    /// The refusal of a leaf of reeds, without its own place in the log.
    [[nodiscard]] std::string refusal(Bytes leaf) {
        auto json = nlohmann::json::parse(submit("reeds", {std::move(leaf)}).text());
        auto& outcome = json.at("leaves").at(0);
        CHECK(outcome.at("status") == "refused");
        outcome.erase("index");
        return outcome.dump();
    }

    LogIndex index;
    Digest sha256;
    Digest file;
};

TEST_SUITE("what is hidden") {
    TEST_CASE("every route answers the hidden and the absent alike") {
        Hidden hub;
        const std::string there = std::to_string(hub.index.value());
        const std::string absent = std::to_string(hub.store.size().value() + 5);
        const std::string file = hub.file.hex();
        const std::string no_file = crypto::sha256(as_bytes(std::string_view("none"))).hex();
        const std::vector<SpiffeId> strangers{hub.daemon("reeds"), hub.auditor()};
        const std::vector<std::pair<std::string, std::string>> pairs{
            {"/v1/notices/" + there, "/v1/notices/" + absent},
            {"/v1/notices/" + there + "/trail", "/v1/notices/" + absent + "/trail"},
            {"/v1/notices/" + there + "/trail?known_size=1",
             "/v1/notices/" + absent + "/trail?known_size=1"},
            {"/v1/notices/" + there + "/attachments/" + file,
             "/v1/notices/" + absent + "/attachments/" + file},
            {"/v1/notices/" + there + "/attachments/" + file,
             "/v1/notices/" + there + "/attachments/" + no_file},
            {"/v1/notices/" + there + "/nothing", "/v1/notices/" + absent + "/nothing"},
        };
        for (const SpiffeId& stranger : strangers) {
            for (const auto& [hidden, missing] : pairs) {
                for (const char* const method :
                     {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}) {
                    CAPTURE(method);
                    CAPTURE(hidden);
                    const Answered one = hub.ask(stranger, method, hidden);
                    CHECK(seen(one) == seen(hub.ask(stranger, method, missing)));
                    CHECK(one.status >= 400);
                }
            }
        }
        // A log auditor may read the batch; a unit that is no party may not.
        const SpiffeId reeds = hub.daemon("reeds");
        CHECK(seen(hub.ask(reeds, "GET", "/v1/batches/" + there)) ==
              seen(hub.ask(reeds, "GET", "/v1/batches/" + absent)));
        CHECK(hub.status(hub.daemon("dike"), "GET", "/v1/notices/" + there) == 200);
    }

    TEST_CASE("a hidden case and one that is not are answered alike") {
        Hidden hub;
        const std::string hidden(kHiddenCase);
        const std::string absent(kNoCase);
        for (const SpiffeId& caller : {hub.daemon("reeds"), hub.auditor()}) {
            CHECK(seen(hub.ask(caller, "GET", "/v1/cases/" + hidden), hidden) ==
                  seen(hub.ask(caller, "GET", "/v1/cases/" + absent), absent));
        }
        const SpiffeId dike = hub.daemon("dike");
        CHECK(seen(hub.ask(dike, "GET", "/v1/cases/" + hidden), hidden) !=
              seen(hub.ask(dike, "GET", "/v1/cases/" + absent), absent));
    }

    TEST_CASE("a file of another notice is not there for who may read this one") {
        Hidden hub;
        Notice notice = numbered_alarm(2);
        Attachment& chart = std::get<Attachment>(notice.attachments.front());
        chart.sha256 = hub.upload("lake", "ten others");
        const LogIndex second = next_index(hub.store.size());
        REQUIRE(hub.submit("lake", {leaf_of(notice)}).status == 200);
        const std::string path = "/v1/notices/" + std::to_string(second.value()) + "/attachments/";
        const std::string no_file = crypto::sha256(as_bytes(std::string_view("none"))).hex();
        const SpiffeId dike = hub.daemon("dike");
        CHECK(hub.status(dike, "GET", path + chart.sha256.hex()) == 200);
        CHECK(seen(hub.ask(dike, "GET", path + hub.file.hex())) ==
              seen(hub.ask(dike, "GET", path + no_file)));
    }

    TEST_CASE("a file that another unit uploaded is uploaded like one that nobody has") {
        Hidden hub;
        const std::string same = hub.file.hex();
        const std::string fresh = crypto::sha256(as_bytes(std::string_view("BYTES TEN."))).hex();
        const SpiffeId reeds = hub.daemon("reeds");
        const Answered known = hub.ask(reeds, "PUT", "/v1/attachments/" + same,
                                       as_bytes(std::string_view("ten bytes.")));
        const Answered unknown = hub.ask(reeds, "PUT", "/v1/attachments/" + fresh,
                                         as_bytes(std::string_view("BYTES TEN.")));
        CHECK(known.status == 201);
        CHECK(seen(known, same) == seen(unknown, fresh));
    }

    TEST_CASE("an act on a hidden notice is refused like one on nothing") {
        Hidden hub;
        const LogIndex absent(hub.store.size().value() + 5);
        std::uint16_t number = 100;
        for (const ActKind kind :
             {ActKind::delivered, ActKind::signed_for, ActKind::opened, ActKind::taken_up}) {
            const auto refused = [&](const NoticeRef& on) {
                const Act act{ActId(testing::numbered_uuid(number++)),
                              kind,
                              UnitId("reeds"),
                              hub.pki.now(),
                              {on},
                              std::nullopt};
                return hub.refusal(leaf_of(act));
            };
            const std::string hidden = refused({hub.sha256, hub.index});
            CHECK(hidden == refused({hub.sha256, absent}));
            CHECK(hidden == refused({hub.file, hub.index}));
            // No notice at all stands at 0, but a register entry.
            CHECK(hidden == refused({hub.sha256, LogIndex(0)}));
        }
    }

    TEST_CASE("an answer to a hidden notice is refused like one to nothing") {
        Hidden hub;
        const auto refused = [&](std::uint16_t number, std::uint16_t to) {
            Notice answer = numbered_alarm(number);
            answer.from = UnitId("reeds");
            answer.in_reply_to = NoticeId(testing::numbered_uuid(to));
            return hub.refusal(leaf_of(answer));
        };
        CHECK(refused(200, 1) == refused(201, 999));
    }

    TEST_CASE("an attachment that another unit has is refused like one that nobody has") {
        Hidden hub;
        const auto refused = [&](std::uint16_t number, const Digest& digest) {
            Notice notice = numbered_alarm(number);
            notice.from = UnitId("reeds");
            std::get<Attachment>(notice.attachments.front()).sha256 = digest;
            return hub.refusal(leaf_of(notice));
        };
        CHECK(refused(300, hub.file) ==
              refused(301, crypto::sha256(as_bytes(std::string_view("none")))));
    }

    TEST_CASE("an identifier that a hidden notice has is as free as any other") {
        Hidden hub;
        const auto outcome = [&](std::uint16_t number) {
            Notice notice = numbered_alarm(number);
            notice.from = UnitId("reeds");
            std::get<Attachment>(notice.attachments.front()).sha256 =
                hub.upload("reeds", "ten bytes.");
            auto json = nlohmann::json::parse(hub.submit("reeds", {leaf_of(notice)}).text());
            auto leaf = json.at("leaves").at(0);
            leaf.erase("index");
            return leaf.dump();
        };
        CHECK(outcome(1) == outcome(400));
    }
}

}  // namespace
}  // namespace tongbao::hub
