#include "hub/round.hpp"

#include "crypto/sha256.hpp"
#include "tests/hub/alarmed_hub.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::accepted_at;
using testing::act_of;
using testing::Alarmed;
using testing::answer_to;
using testing::HubParts;
using testing::index_of;
using testing::kRegisterEntries;
using testing::leaf_of;
using testing::numbered_alarm;
using testing::numbered_uuid;
using testing::verdict;

TEST_SUITE("round") {
    TEST_CASE("a notice gets the next place and its recipient is told") {
        HubParts parts;
        parts.start();
        Notice notice = numbered_alarm(1);
        notice.cc = {UnitId("office"), UnitId("observatory")};
        const Bytes leaf = leaf_of(notice);
        const auto index = accepted_at(parts.send("lake", leaf));
        REQUIRE(index == LogIndex(kRegisterEntries));
        // The observatory is not online.
        CHECK(parts.mailed == std::set<UnitId>{UnitId("dike"), UnitId("office")});
        const LogEntry entry = parts.entry(*index);
        CHECK(entry.time == parts.clock.now());
        const auto* const logged = std::get_if<LoggedEvent>(&entry.event);
        REQUIRE(logged != nullptr);
        CHECK(logged->leaf.sha256 == crypto::sha256(leaf));
        CHECK(logged->leaf.signer == parts.signers.at("lake").certificate().digest());
        CHECK(logged->from == notice.from);
        CHECK(logged->to == notice.to);
        CHECK(logged->cc == notice.cc);
        CHECK(logged->kind == notice.kind);
        CHECK(logged->register_head == parts.deployment.keys.get()->head());
        const auto mail = testing::must(parts.store.read_mailbox(UnitId("dike"), std::nullopt, 9));
        REQUIRE(mail.size() == 1);
        CHECK(mail[0].batch == *index);
        CHECK(mail[0].leaves == std::vector<std::uint16_t>{0});
        CHECK(testing::must(parts.notices.read(*index)).notice == notice);
    }

    TEST_CASE("the same bytes again are answered as before and leave no trace") {
        Alarmed hub;
        const TreeSize size = hub.tree->size();
        const protocol::LeafOutcome again = hub.send("lake", leaf_of(numbered_alarm(1)));
        CHECK(verdict(again) == "repeated");
        CHECK(index_of(again) == hub.alarm.index);
        CHECK(hub.tree->size() == size);
        CHECK(hub.mailed.empty());
    }

    TEST_CASE("an identifier stands for one text of its sender") {
        Alarmed hub;
        Notice other = numbered_alarm(1);
        other.title = "乙";
        CHECK(verdict(hub.send("lake", leaf_of(other))) == "id_conflict id");
        // Identifiers are each sender's own.
        Notice theirs = numbered_alarm(1);
        theirs.from = UnitId("reeds");
        hub.attachments.sizes[{UnitId("reeds"), testing::file("chart").sha256}] = 10;
        CHECK(verdict(hub.send("reeds", leaf_of(theirs))).empty());
    }

    TEST_CASE("batches of one commit know of each other") {
        HubParts parts;
        parts.start();
        Notice other = numbered_alarm(1);
        other.title = "乙";
        std::vector<VerifiedBatch> batches;
        batches.push_back(parts.admitted("lake", {leaf_of(numbered_alarm(1))}));
        batches.push_back(parts.admitted("lake", {leaf_of(numbered_alarm(1))}));
        batches.push_back(parts.admitted("lake", {leaf_of(other)}));
        batches.push_back(parts.admitted("dike", {leaf_of(answer_to(1, 2))}));
        const std::vector<SequencedBatch> answers = parts.sequence(batches);
        const auto index = accepted_at(answers[0].leaves[0]);
        REQUIRE(index);
        CHECK(verdict(answers[1].leaves[0]) == "repeated");
        CHECK(index_of(answers[1].leaves[0]) == index);
        CHECK(answers[1].entries.empty());
        CHECK(verdict(answers[2].leaves[0]) == "id_conflict id");
        CHECK(accepted_at(answers[3].leaves[0]) == advanced(*index, 2));
        REQUIRE(answers[3].entries.size() == 2);
        CHECK(std::holds_alternative<RepliedEvent>(parts.entry(advanced(*index, 3)).event));
    }

    TEST_CASE("leaves of one batch are judged each for itself") {
        HubParts parts;
        parts.start();
        std::vector<VerifiedBatch> batches;
        batches.push_back(parts.admitted(
            "lake", {leaf_of(numbered_alarm(1)), to_bytes("{}"), leaf_of(numbered_alarm(2))}));
        const SequencedBatch answer = parts.sequence(batches).front();
        CHECK(answer.first == LogIndex(kRegisterEntries));
        CHECK(accepted_at(answer.leaves[0]) == LogIndex(kRegisterEntries));
        CHECK(index_of(answer.leaves[1]) == LogIndex(kRegisterEntries + 1));
        CHECK(accepted_at(answer.leaves[2]) == LogIndex(kRegisterEntries + 2));
        CHECK(answer.entries.size() == 3);
        // The recipient gets the two that are his.
        const auto mail = testing::must(parts.store.read_mailbox(UnitId("dike"), std::nullopt, 9));
        REQUIRE(mail.size() == 1);
        CHECK(mail[0].leaves == std::vector<std::uint16_t>{0, 2});
    }

    TEST_CASE("a refused leaf is logged by its codes alone and is nobody's mail") {
        HubParts parts;
        parts.start();
        Notice notice = numbered_alarm(1);
        testing::drop(notice, "site");
        testing::drop(notice, "centimetres");
        const protocol::LeafOutcome outcome = parts.send("lake", leaf_of(notice));
        CHECK(verdict(outcome) == "missing_field fields.site, missing_field fields.centimetres");
        REQUIRE(index_of(outcome));
        const LogEntry entry = parts.entry(*index_of(outcome));
        const auto* const refused = std::get_if<RefusedEvent>(&entry.event);
        REQUIRE(refused != nullptr);
        CHECK(refused->from == UnitId("lake"));
        CHECK(refused->kind == KindId("level_alarm"));
        CHECK(refused->reasons == std::vector<Errc>{Errc::missing_field});
        CHECK(parts.mailed.empty());
        CHECK(parts.notices.find(*index_of(outcome)).error() == Errc::no_such_notice);
        // What was refused took no identifier.
        CHECK(verdict(parts.send("lake", leaf_of(numbered_alarm(1)))).empty());
    }

    TEST_CASE("a kind that the charter does not have is no text for the log") {
        HubParts parts;
        parts.start();
        Notice notice = numbered_alarm(1);
        notice.kind = KindId("words_of_the_sender");
        const protocol::LeafOutcome outcome = parts.send("lake", leaf_of(notice));
        REQUIRE(index_of(outcome));
        const LogEntry entry = parts.entry(*index_of(outcome));
        CHECK(std::get<RefusedEvent>(entry.event).kind == std::nullopt);
    }

    TEST_CASE("a leaf in another unit's name is refused as the signer's") {
        HubParts parts;
        parts.start();
        Notice notice = numbered_alarm(1);
        notice.from = UnitId("reeds");
        const protocol::LeafOutcome outcome = parts.send("lake", leaf_of(notice));
        CHECK(verdict(outcome) == "sender_mismatch from");
        CHECK(std::get<RefusedEvent>(parts.entry(*index_of(outcome)).event).from == UnitId("lake"));
        Act act = act_of(2, ActKind::delivered, {{Digest(), LogIndex(0)}}, "reeds");
        CHECK(verdict(parts.send("lake", leaf_of(act))) == "sender_mismatch from");
    }

    TEST_CASE("a unit's refusals are logged up to its limit and answered beyond it") {
        HubParts parts;
        parts.start();
        parts.refusals = RefusalLimit(2);
        for (const bool logged : {true, true, false, false}) {
            CHECK(index_of(parts.send("lake", to_bytes("{}"))).has_value() == logged);
        }
        CHECK(index_of(parts.send("reeds", to_bytes("{}"))).has_value());
        CHECK(parts.tree->size() == TreeSize(kRegisterEntries + 3));
        CHECK(accepted_at(parts.send("lake", leaf_of(numbered_alarm(1)))));
        parts.clock.set(parts.clock.now() + std::chrono::hours(1));
        CHECK(index_of(parts.send("lake", to_bytes("{}"))).has_value());
    }

    TEST_CASE("an answer that satisfies is followed by its own entry") {
        Alarmed hub;
        const Bytes interim = leaf_of(answer_to(1, 2, "pending"));
        const TreeSize before = hub.tree->size();
        REQUIRE(accepted_at(hub.send("dike", interim)));
        CHECK(hub.tree->size().value() == before.value() + 1);
        const Bytes final_answer = leaf_of(answer_to(1, 3));
        const auto index = accepted_at(hub.send("dike", final_answer));
        REQUIRE(index);
        CHECK(hub.tree->size().value() == before.value() + 3);
        const LogEntry entry = hub.entry(advanced(*index, 1));
        const auto* const replied = std::get_if<RepliedEvent>(&entry.event);
        REQUIRE(replied != nullptr);
        CHECK(replied->from == UnitId("dike"));
        CHECK(replied->asked == hub.alarm);
        CHECK(replied->answer == NoticeRef{crypto::sha256(final_answer), *index});
        CHECK(testing::must(hub.store.read_trail(hub.alarm.index)) ==
              std::vector<LogIndex>{advanced(*index, 1)});
        // Answering implies delivery and signing for it.
        CHECK(hub.act(act_of(4, ActKind::signed_for, {hub.alarm})) ==
              "act_out_of_order notices[0]");
    }

    TEST_CASE("an answer to nothing is refused") {
        Alarmed hub;
        CHECK(verdict(hub.send("dike", leaf_of(answer_to(99, 2)))) ==
              "reply_to_nothing in_reply_to");
        // For reeds, which is no party of the alarm, there is none: whatever identifier it knows.
        Notice correction = testing::notice_of("correction", "reeds", {"dike"});
        correction.id = NoticeId(numbered_uuid(3));
        correction.in_reply_to = NoticeId(numbered_uuid(1));
        testing::set(correction, "why", std::string("甲"));
        CHECK(verdict(hub.send("reeds", leaf_of(correction))) == "reply_to_nothing in_reply_to");
        CHECK(verdict(hub.send("dike", leaf_of(answer_to(1, 4)))).empty());
    }

    TEST_CASE("another sender's use of an identifier does not stand in an answer's way") {
        Alarmed hub;
        Notice theirs = numbered_alarm(1);
        theirs.from = UnitId("reeds");
        hub.attachments.sizes[{UnitId("reeds"), testing::file("chart").sha256}] = 10;
        const Bytes other = leaf_of(theirs);
        const auto other_index = accepted_at(hub.send("reeds", other));
        REQUIRE(other_index);
        const auto answer = accepted_at(hub.send("dike", leaf_of(answer_to(1, 2))));
        REQUIRE(answer);
        const LogEntry entry = hub.entry(advanced(*answer, 1));
        const auto* const replied = std::get_if<RepliedEvent>(&entry.event);
        REQUIRE(replied != nullptr);
        CHECK(replied->asked == hub.alarm);
        // The other one has its own answer.
        Notice to_reeds = answer_to(1, 3);
        to_reeds.to = {UnitId("reeds")};
        const auto second = accepted_at(hub.send("dike", leaf_of(to_reeds)));
        REQUIRE(second);
        CHECK(std::get<RepliedEvent>(hub.entry(advanced(*second, 1)).event).asked.index ==
              *other_index);
        // One that goes back to both of them is meant for none.
        Notice both = answer_to(1, 4);
        both.to = {UnitId("lake"), UnitId("reeds")};
        CHECK(verdict(hub.send("dike", leaf_of(both))) == "reply_to_nothing in_reply_to");
    }

    TEST_CASE("a sender's own notice is meant though another used its identifier for him") {
        Alarmed hub;
        REQUIRE(accepted_at(hub.send("dike", leaf_of(answer_to(1, 1)))));
        Notice correction = testing::notice_of("correction", "lake", {"dike"});
        correction.id = NoticeId(numbered_uuid(2));
        correction.in_reply_to = NoticeId(numbered_uuid(1));
        testing::set(correction, "why", std::string("甲"));
        CHECK(verdict(hub.send("lake", leaf_of(correction))).empty());
    }

    TEST_CASE("a kind that nobody knows is one fault though the notice answers another") {
        Alarmed hub;
        Notice answer = answer_to(1, 2);
        answer.kind = KindId("no_such_kind");
        CHECK(verdict(hub.send("dike", leaf_of(answer))) == "unknown_kind kind");
    }

    TEST_CASE("a refused leaf of a kind is logged without it or not at all by who may hear of it") {
        const KindId progress("progress");
        const std::vector<std::pair<std::string, std::string>> marks{
            {"office_sees", "all"}, {"office_sees", "none"}, {"auditors", "named"}};
        for (const auto& [member, value] : marks) {
            CAPTURE(value);
            HubParts parts;
            parts.start();
            nlohmann::json text = testing::charter_text();
            for (nlohmann::json& kind : text.at("kinds")) {
                if (kind.at("id") == progress.value()) kind[member] = value;
            }
            protocol::LoadedCharter loaded = protocol::load_charter(text.dump());
            REQUIRE(std::holds_alternative<Charter>(loaded));
            parts.deployment.charter =
                std::make_shared<const Charter>(std::get<Charter>(std::move(loaded)));
            Notice notice = testing::notice_of("progress", "lake", {"office"});
            notice.id = NoticeId(numbered_uuid(1));
            const protocol::LeafOutcome outcome = parts.send("lake", leaf_of(notice));
            // The code alone would tell the office of the attempt.
            CHECK(index_of(outcome).has_value() == (value != "none"));
            if (value == "none") continue;
            const LogEntry entry = parts.entry(*index_of(outcome));
            const std::optional<KindId> shown =
                value == "all" ? std::optional(progress) : std::nullopt;
            CHECK(std::get<RefusedEvent>(entry.event).kind == shown);
        }
    }

    TEST_CASE("a case finds its notices") {
        HubParts parts;
        parts.start();
        const protocol::LeafOutcome opening = parts.send("lake", leaf_of(numbered_alarm(1)));
        REQUIRE(accepted_at(opening));
        Notice notice = numbered_alarm(2);
        notice.case_number = CaseNumber("449999202600001");
        const protocol::LeafOutcome outcome = parts.send("lake", leaf_of(notice));
        CAPTURE(verdict(outcome));
        REQUIRE(accepted_at(outcome));
        CHECK(testing::must(parts.store.read_case(*notice.case_number)) ==
              std::vector<LogIndex>{*accepted_at(opening), *accepted_at(outcome)});
    }
}

}  // namespace
}  // namespace tongbao::hub
