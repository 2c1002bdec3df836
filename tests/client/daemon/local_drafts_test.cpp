#include "domain/bytes.hpp"
#include "protocol/notice_json.hpp"
#include "tests/client/daemon/local_stage.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using nlohmann::json;
using testing::StartedHub;

/// Lake's officers, who hand over alarms. The chart that each names is here already.
struct Handing {
    StartedHub hub;
    testing::DaemonParts daemon{hub, "lake"};
    testing::Asking::Clerks groups;
    PeerCheck peers{1000, "clerks", groups};
    LocalApi api{*daemon.services, *daemon.follower, peers};
    transport::Peer caller{"unix:uid=1000", transport::LocalPeer{1000, 1000, 1}};

    Handing() { daemon.put_file(testing::file("chart").sha256, Bytes(10)); }

    static json draft() {
        const json notice = json::parse(protocol::write_notice(testing::alarm()));
        json draft{{"kind", notice.at("kind")},
                   {"fields", notice.at("fields")},
                   {"attachments", notice.at("attachments")}};
        for (json& attachment : draft["attachments"]) attachment.erase("size");
        return draft;
    }

    transport::Response hand_over(const std::string& body) {
        transport::RequestHead request;
        request.method = "POST";
        request.target = "/v1/notices";
        testing::GivenBody given(to_bytes(body));
        testing::Answered answered;
        const Result<void> done = daemon.run(api.handle(caller, request, given, answered));
        REQUIRE(done.has_value());
        return answered.response;
    }

    json verdicts(const json& drafts) {
        const transport::Response response = hand_over(drafts.dump());
        REQUIRE(response.status == 200);
        return json::parse(as_text(response.body)).at("notices");
    }

    std::string code_of(const std::string& body) {
        return json::parse(as_text(hand_over(body).body)).at("code");
    }
};

TEST_SUITE("drafts at the local API") {
    TEST_CASE_FIXTURE(Handing, "several drafts are taken at once, each in its place") {
        const json answer = verdicts(json::array({draft(), draft(), draft()}));
        REQUIRE(answer.size() == 3);
        const auto items = daemon.store->read_outbox(0, 10, 1024 * 1024);
        REQUIRE(items.has_value());
        REQUIRE(items->size() == 3);
        for (std::size_t i = 0; i < 3; ++i) {
            CHECK(answer[i] == json{{"id", (*items)[i].id.text()}, {"state", "queued"}});
        }
        CHECK(daemon.outbox_bell.rings() == 1);
    }

    TEST_CASE_FIXTURE(Handing, "the files of a draft count as named once it is taken") {
        const Digest chart = testing::file("chart").sha256;
        CHECK(*daemon.store->naming(chart) == storage::Naming::unnamed);
        json wrong = draft();
        wrong["fields"] = json::object();
        CHECK(hand_over(wrong.dump()).status == 422);
        CHECK(*daemon.store->naming(chart) == storage::Naming::unnamed);
        CHECK(hand_over(draft().dump()).status == 202);
        CHECK(*daemon.store->naming(chart) == storage::Naming::named);
    }

    TEST_CASE_FIXTURE(Handing,
                      "a draft that is wrong is refused with its reasons, the others stand") {
        json without_field = draft();
        without_field["fields"] = json::object();
        json unknown_member = draft();
        unknown_member["colour"] = "blue";
        const json answer =
            verdicts(json::array({without_field, draft(), unknown_member, draft(), 7}));
        REQUIRE(answer.size() == 5);
        CHECK(answer[0].at("state") == "refused");
        CHECK(answer[0].at("reasons").at(0).at("code") == "missing_field");
        CHECK(answer[1].at("state") == "queued");
        CHECK(answer[2].at("reasons").at(0).at("code") == "unknown_member");
        CHECK(answer[3].at("state") == "queued");
        CHECK(answer[4].at("reasons").at(0).at("code") == "wrong_type");
        CHECK(daemon.store->outbox_size() == 2);
    }

    TEST_CASE_FIXTURE(Handing, "no drafts, too many and half of an array are refused as a whole") {
        CHECK(code_of("[]") == "bad_value");
        json many = json::array();
        for (std::size_t i = 0; i <= kMaxDraftsAtOnce; ++i) many.push_back(json::object());
        CHECK(code_of(many.dump()) == "bad_value");
        const std::string two = json::array({draft(), draft()}).dump();
        CHECK(code_of(two.substr(0, two.size() - 1)) == "malformed_json");
        CHECK(daemon.store->outbox_size() == 0);
    }

    TEST_CASE_FIXTURE(Handing, "drafts are refused while the disk is full, and taken afterwards") {
        CHECK(hand_over(draft().dump()).status == 202);
        daemon.space.set(daemon.watermark.look().least);
        const std::string two = json::array({draft(), draft()}).dump();
        for (const std::string& body : {draft().dump(), two}) {
            CHECK(hand_over(body).status == 507);
            CHECK(code_of(body) == "storage_full");
        }
        CHECK(daemon.store->outbox_size() == 1);
        daemon.space.set(1024 * kMebibyte);
        CHECK(hand_over(two).status == 200);
        CHECK(daemon.store->outbox_size() == 3);
    }

    TEST_CASE_FIXTURE(Handing,
                      "an unknown kind draws no faults that its defaults would have spared") {
        const auto places = [this](const json& body) {
            std::vector<std::string> found;
            const json answer = json::parse(as_text(hand_over(body.dump()).body));
            for (const json& reason : answer.at("reasons")) found.push_back(reason.at("place"));
            return found;
        };
        CHECK(places(json{{"kind", "none_such"}}) == std::vector<std::string>{"kind"});
        // What the draft does say is looked at.
        const std::vector<std::string> said = places(json{{"kind", "none_such"},
                                                          {"to", json::array({"nobody"})},
                                                          {"title", "two\nlines"},
                                                          {"secrecy", "none"}});
        for (const std::string place : {"kind", "title", "secrecy"}) {
            CAPTURE(place);
            CHECK(std::count(said.begin(), said.end(), place) == 1);
        }
        CHECK(said.size() >= 4);
    }

    TEST_CASE_FIXTURE(Handing, "one draft alone is answered with its own status") {
        CHECK(hand_over(draft().dump()).status == 202);
        CHECK(hand_over("  " + draft().dump()).status == 202);
        json wrong = draft();
        wrong["kind"] = "none_such";
        CHECK(hand_over(wrong.dump()).status == 422);
        CHECK(daemon.store->outbox_size() == 2);
    }
}

}  // namespace
}  // namespace tongbao::client
