#include "tests/integration/live_sandbox.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tongbao::testing;

namespace {

using Codes = std::vector<std::string>;

/// Nobody else must sign it.
Json agenda_item(const RawUnit& unit) {
    Json notice = unit.notice("agenda_item");
    notice.update({{"to", {"office"}},
                   {"title", "议题"},
                   {"secrecy", "内部"},
                   {"urgency", "平件"},
                   {"fields", {{"summary", "x"}}}});
    return notice;
}

std::string with(const std::string& text, const std::string& what, const std::string& instead) {
    std::string changed = text;
    return changed.replace(changed.find(what), what.size(), instead);
}

}  // namespace

TEST_SUITE("what the hub itself refuses") {
    TEST_CASE("each class of malformed notice has its own code, and a good one passes beside it") {
        const LiveSandbox sandbox("guangdong-2020");
        const RawUnit unit(sandbox, "hsa");
        const std::string good = agenda_item(unit).dump();
        CHECK(unit.codes_of(good) == Codes{});

        const std::string next = agenda_item(unit).dump();
        CHECK(unit.codes_of("") == Codes{"malformed_json"});
        CHECK(unit.codes_of(next.substr(0, next.size() - 1)) == Codes{"malformed_json"});
        CHECK(unit.codes_of(next + "x") == Codes{"malformed_json"});
        CHECK(unit.codes_of(with(next, "\"summary\":\"x\"", "\"summary\":\"\\u0000\"")) ==
              Codes{"malformed_json"});
        CHECK(unit.codes_of(with(next, "\"summary\":\"x\"", "\"summary\":\"\xff\"")) ==
              Codes{"not_utf8"});
        CHECK(unit.codes_of(with(next, "\"summary\":\"x\"", "\"summary\":\"\\ud800\"")).size() ==
              1);
        CHECK(unit.codes_of(with(next, "{", "{\"title\":\"a\",")) == Codes{"duplicate_member"});
        CHECK(unit.codes_of(with(next, "{", "{\"titel\":\"a\",")) == Codes{"unknown_member"});
        CHECK(unit.codes_of(with(next, "\"summary\":\"x\"", "\"summary\":1e3")) ==
              Codes{"bad_number"});
        CHECK(unit.codes_of(with(next, "\"summary\":\"x\"", "\"summary\":null")) ==
              Codes{"wrong_type"});
        const std::string deep = std::string(70, '[') + std::string(70, ']');
        CHECK(unit.codes_of(with(next, "\"summary\":\"x\"", "\"summary\":" + deep)) ==
              Codes{"too_deep"});
        CHECK(unit.codes_of(with(next, "\"summary\":\"x\"",
                                 "\"summary\":\"" + std::string(50'000, 'x') + '"')) ==
              Codes{"too_large"});
        CHECK(unit.codes_of(with(next, "notice/v1", "notice/v2")) == Codes{"unknown_format"});
        CHECK(unit.codes_of(next) == Codes{});
    }

    TEST_CASE(
        "a known id with the same bytes gets the first answer again, with others a conflict") {
        const LiveSandbox sandbox("guangdong-2020");
        const RawUnit unit(sandbox, "hsa");
        const Json notice = agenda_item(unit);
        const Json first = unit.submit(notice.dump());
        const Json again = unit.submit(notice.dump());
        CHECK(first.at("leaves").at(0).at("repeated") == false);
        CHECK(again.at("leaves").at(0).at("repeated") == true);
        CHECK(first.at("leaves").at(0).at("index") == again.at("leaves").at(0).at("index"));
        Json other = notice;
        other["title"] = "另一个标题";
        CHECK(unit.codes_of(other.dump()) == Codes{"id_conflict"});
    }

    TEST_CASE("a batch signed by one unit and sent over another's connection is refused whole") {
        const LiveSandbox sandbox("guangdong-2020");
        const RawUnit unit(sandbox, "hsa");
        const Json answer = unit.submit(agenda_item(unit).dump(), "police");
        CHECK(answer.at("http_status") == 403);
        CHECK(answer.at("code") == "sender_mismatch");
    }

    TEST_CASE("an attachment that was not uploaded, or not by this unit, is refused") {
        const LiveSandbox sandbox("guangdong-2020");
        const RawUnit unit(sandbox, "hsa");
        Json notice = unit.notice("campaign_plan");
        notice.update(
            {{"to", {"police"}},
             {"title", "专项行动"},
             {"secrecy", "内部"},
             {"urgency", "平件"},
             {"fields", {{"summary", "x"}, {"from_date", "2026-03-01"}, {"to_date", "2026-04-01"}}},
             {"attachments",
              {{{"kind", "plan"},
                {"name", "plan.txt"},
                {"media_type", "text/plain"},
                {"size", 3},
                {"sha256", std::string(64, 'a')}}}}});
        // Nor has anybody issued it.
        CHECK(unit.codes_of(notice.dump()) ==
              Codes{"attachment_not_uploaded", "endorsement_missing"});
    }
}
