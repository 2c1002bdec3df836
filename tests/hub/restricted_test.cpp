// Of what is restricted nobody learns but its parties: from no entry, list, count, gap or error.

#include "crypto/sha256.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/shown_entry.hpp"
#include "tests/hub/alarmed_hub.hpp"
#include "tests/hub/dispatched_hub.hpp"
#include "tests/hub/endorsed_hub.hpp"
#include "tests/hub/served_hub.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::act_of;
using testing::Answered;
using testing::by_hand;
using testing::dispatched;
using testing::HubParts;
using testing::item_for_the_press;
using testing::leaf_of;
using testing::numbered_uuid;
using testing::ServedHub;
using Json = nlohmann::json;

/// What goes to the press and reports of poaching are restricted.
void restrict_two(HubParts& parts) {
    CharterParts charter = parts.deployment.charter->parts();
    for (Kind& kind : charter.kinds) {
        if (kind.id != KindId("press_item") && kind.id != KindId("poaching_report")) continue;
        kind.office_sees = OfficeSees::none;
        kind.approver = Approver::none;
        kind.case_use = CaseUse::none;
        kind.effects.clear();
    }
    parts.deployment.charter = std::make_shared<const Charter>(std::move(charter));
}

Notice withdrawal_before(std::uint16_t number, std::uint16_t asked, const char* from,
                         const char* to) {
    Notice correction = testing::notice_of("correction", from, {to});
    correction.id = NoticeId(numbered_uuid(number));
    correction.in_reply_to = NoticeId(numbered_uuid(asked));
    testing::set(correction, "why", std::string("x"));
    return correction;
}

struct Restricted : ServedHub {
    Restricted() : ServedHub(restrict_two) {}

    /// What became of the only leaf of a batch.
    [[nodiscard]] Json outcome(const char* unit, const Bytes& leaf) {
        return Json::parse(submit(unit, {leaf}).text()).at("leaves").at(0);
    }
    [[nodiscard]] NoticeRef accepted(const char* unit, const Bytes& leaf) {
        const LogIndex index = next_index(store.size());
        const Json said = outcome(unit, leaf);
        CAPTURE(said.dump());
        REQUIRE(said.at("status") == "accepted");
        return {crypto::sha256(leaf), index};
    }
    /// Of poaching, by reeds to lake.
    [[nodiscard]] Bytes poaching(std::uint16_t number) {
        Notice notice = testing::numbered_report(number);
        for (AttachmentItem& item : notice.attachments) {
            auto* const attachment = std::get_if<Attachment>(&item);
            if (attachment != nullptr) attachment->sha256 = upload("reeds", "ten bytes.");
        }
        return leaf_of(notice);
    }
    [[nodiscard]] NoticeRef alarm(std::uint16_t number) {
        const LogIndex index = logged_alarm(number);
        return {testing::must(notices.find(index))->sha256, index};
    }
    /// `code place` of the first reason, and whether the log has an entry of it.
    [[nodiscard]] std::string refused(const char* unit, const Bytes& leaf) {
        const Json said = outcome(unit, leaf);
        CAPTURE(said.dump());
        REQUIRE(said.at("status") == "refused");
        const Json& reason = said.at("reasons").at(0);
        return reason.at("code").get<std::string>() + ' ' + reason.at("place").get<std::string>() +
               (said.contains("index") ? " logged" : "");
    }
    [[nodiscard]] bool is_opaque(LogIndex index) const {
        return std::holds_alternative<OpaqueEvent>(entry(index).event);
    }
    [[nodiscard]] std::string text(std::string_view unit, const std::string& path) {
        return std::string(ask(daemon(unit), "GET", path).text());
    }
    /// The events of a notice's trail as the unit is shown them; of an opaque one the record's.
    [[nodiscard]] std::string trail(std::string_view unit, LogIndex index) {
        const Json answer =
            Json::parse(text(unit, "/v1/notices/" + std::to_string(index.value()) + "/trail"));
        std::string events;
        for (const Json& each : answer.at("entries")) {
            const Bytes shown = testing::must(from_base64(each.at("entry").get<std::string>()));
            const protocol::ShownEntry parts = protocol::split_shown_entry(shown);
            const auto read = protocol::read_log_entry(parts.record.value_or(parts.entry));
            REQUIRE(read.has_value());
            events += std::string(protocol::event_word(read->event)) + (parts.record ? "* " : " ");
        }
        return events;
    }
};

TEST_SUITE("restricted notices") {
    TEST_CASE_FIXTURE(Restricted, "the log says of them that something is there") {
        const Notice item = item_for_the_press(1);
        const NoticeRef notice = accepted("dike", leaf_of(item));
        const NoticeRef act =
            accepted("dike", leaf_of(dispatched(2, notice, by_hand("press"), "dike")));
        for (const LogIndex index : {notice.index, act.index}) {
            CHECK(is_opaque(index));
            const Bytes bytes = testing::must(store.read_entries(index, 1)).front();
            for (const char* const word : {"dike", "press", "logged", "dispatched", "reeds"}) {
                CHECK(as_text(bytes).find(word) == std::string_view::npos);
            }
            CHECK(as_text(bytes).find(notice.sha256.hex()) == std::string_view::npos);
            // The record is what the digest says, with a salt of its own, so that it can't be
            // guessed.
            const auto record = testing::must(store.read_record(index));
            REQUIRE(record.has_value());
            CHECK(crypto::sha256(*record) == std::get<OpaqueEvent>(entry(index).event).record);
            const auto told = protocol::read_log_entry(*record);
            REQUIRE(told.has_value());
            CHECK(told->time == entry(index).time);
            CHECK(told->salt != entry(index).salt);
        }
        CHECK(trail("dike", notice.index) == "logged* dispatched* ");
        CHECK(refused("dike", leaf_of(dispatched(3, notice, by_hand("press"), "dike"))) ==
              "act_out_of_order dispatch.to");
    }

    TEST_CASE_FIXTURE(Restricted, "who is no party is answered as if there were none") {
        const NoticeRef notice = accepted("dike", leaf_of(item_for_the_press(1)));
        const std::string there = std::to_string(notice.index.value());
        CHECK(Json::parse(text("dike", "/v1/dispatches")).at("items").size() == 1);
        CHECK(text("dike", "/v1/dispatches/count") == R"({"open":1,"without_evidence":0})");
        for (const char* const unit : {"office", "lake", "reeds"}) {
            CAPTURE(unit);
            CHECK(Json::parse(text(unit, "/v1/dispatches")).at("items").empty());
            CHECK(text(unit, "/v1/dispatches/count") == R"({"open":0,"without_evidence":0})");
            for (const char* const path : {"", "/trail"}) {
                CHECK(text(unit, "/v1/notices/" + there + path) ==
                      text(unit, std::string("/v1/notices/99") + path));
            }
        }
        // The batch's statement would tell whose it is.
        for (const SpiffeId& caller : {daemon("office"), daemon("lake"), auditor()}) {
            CHECK(ask(caller, "GET", "/v1/batches/" + there).text() ==
                  ask(caller, "GET", "/v1/batches/99").text());
        }
        CHECK(status(daemon("dike"), "GET", "/v1/batches/" + there) == 200);
        CHECK(mailed.empty());
    }

    TEST_CASE_FIXTURE(Restricted, "beside others in a batch it is refused and they are not") {
        const auto codes = [this](const std::vector<Bytes>& leaves) {
            std::string outcomes;
            const Json answer = Json::parse(submit("dike", leaves).text());
            for (const Json& each : answer.at("leaves")) {
                const bool taken = each.at("status") == "accepted";
                outcomes +=
                    taken ? "accepted" : each.at("reasons").at(0).at("code").get<std::string>();
                outcomes += each.contains("index") ? " " : "- ";
            }
            return outcomes;
        };
        const NoticeRef public_one = alarm(9);
        CHECK(codes({leaf_of(item_for_the_press(1)), leaf_of(testing::answer_to(9, 2))}) ==
              "restricted_not_alone- accepted ");
        const NoticeRef notice = accepted("dike", leaf_of(item_for_the_press(3)));
        CHECK(codes({leaf_of(act_of(4, ActKind::opened, {public_one})),
                     leaf_of(dispatched(5, notice, by_hand("press"), "dike"))}) ==
              "accepted restricted_not_alone- ");
        CHECK(codes({leaf_of(dispatched(6, notice, by_hand("press"), "dike"))}) == "accepted ");
    }

    TEST_CASE_FIXTURE(Restricted, "what is delivered is hidden in each of its entries") {
        const NoticeRef report = accepted("reeds", poaching(1));
        CHECK(is_opaque(report.index));
        const NoticeRef other = accepted("reeds", poaching(2));
        // An act of the daemon names what came in one delivery: a restricted notice comes alone.
        CHECK(refused("lake", leaf_of(act_of(3, ActKind::delivered, {report, other}, "lake"))) ==
              "restricted_not_alone notices");
        CHECK(is_opaque(
            accepted("lake", leaf_of(act_of(4, ActKind::delivered, {report}, "lake"))).index));
        CHECK(is_opaque(
            accepted("lake", leaf_of(act_of(5, ActKind::signed_for, {report}, "lake"))).index));
        CHECK(trail("reeds", report.index) == "logged* delivered* signed_for* ");
        CHECK(trail("lake", report.index) == "logged* delivered* signed_for* ");
        CHECK(status(daemon("office"), "GET", "/v1/notices/6/trail") == 404);
        // What is refused about it is not logged, nor that somebody acted twice on something.
        CHECK(refused("lake", leaf_of(act_of(7, ActKind::signed_for, {report}, "lake"))) ==
              "act_out_of_order notices[0]");
        // Who is no party did the same as one who names what there is not.
        CHECK(refused("dike", leaf_of(act_of(6, ActKind::signed_for, {report}))) ==
              "no_such_notice notices[0] logged");
    }

    TEST_CASE_FIXTURE(Restricted, "what takes one back is told to its parties alone") {
        const NoticeRef report = accepted("reeds", poaching(1));
        const Bytes to_parties = leaf_of(withdrawal_before(2, 1, "reeds", "lake"));
        Notice with_copy = withdrawal_before(3, 1, "reeds", "lake");
        with_copy.cc = {UnitId("office")};
        // To the office it may go, but not this one.
        CHECK(refused("reeds", leaf_of(with_copy)).starts_with("recipient_not_allowed cc[0]"));
        Notice in_case = withdrawal_before(4, 1, "reeds", "lake");
        const NoticeRef public_one = alarm(9);
        in_case.case_number = testing::must(notices.find(public_one.index))->case_number;
        REQUIRE(in_case.case_number.has_value());
        const std::string refusal = refused("reeds", leaf_of(in_case));
        CHECK_FALSE(refusal.ends_with("logged"));
        const NoticeRef correction = accepted("reeds", to_parties);
        CHECK(is_opaque(correction.index));
        CHECK(is_opaque(advanced(correction.index, 1)));
        CHECK(trail("lake", report.index) == "logged* withdrawn* ");
        const std::string path = "/v1/notices/" + std::to_string(correction.index.value());
        CHECK(status(daemon("lake"), "GET", path) == 200);
        CHECK(status(daemon("office"), "GET", path) == 404);
        CHECK_FALSE(mailed.contains(UnitId("office")));
    }

    TEST_CASE_FIXTURE(Restricted, "after a restart the store alone says what is restricted") {
        const NoticeRef notice = accepted("dike", leaf_of(item_for_the_press(1)));
        const NoticeIndex fresh(store);
        CHECK(testing::must(fresh.kind_at(notice.index)).restricted);
        CHECK(testing::must(fresh.find(notice.index))->restricted);
        const NoticeRef public_one = alarm(9);
        CHECK_FALSE(testing::must(fresh.kind_at(public_one.index)).restricted);
        CHECK_FALSE(testing::must(fresh.find(public_one.index))->restricted);
    }
}

}  // namespace
}  // namespace tongbao::hub
