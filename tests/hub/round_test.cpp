#include "hub/round.hpp"

#include "crypto/sha256.hpp"
#include "tests/hub/hub_parts.hpp"
#include "tests/protocol/notice_fixture.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::accepted_at;
using testing::HubParts;
using testing::leaf_of;
using testing::numbered_alarm;
using testing::numbered_uuid;
using testing::verdict;

/// Charter, log key and four certificates.
constexpr std::uint64_t kRegisterEntries = 6;

std::optional<LogIndex> index_of(const protocol::LeafOutcome& outcome) {
    if (const auto* const accepted = std::get_if<protocol::LeafAccepted>(&outcome)) {
        return accepted->index;
    }
    return std::get<protocol::LeafRefused>(outcome).index;
}

/// The answer of dike to the alarm with this number.
Notice answer_to(std::uint16_t asked, std::uint16_t number, const char* result = "refused") {
    Notice notice = testing::notice_of("alarm_answer", "dike", {"lake"});
    notice.id = NoticeId(numbered_uuid(number));
    notice.in_reply_to = NoticeId(numbered_uuid(asked));
    testing::set(notice, "result", std::string(result));
    return notice;
}

Act act_of(std::uint16_t number, ActKind kind, std::vector<NoticeRef> notices,
           const char* from = "dike") {
    Act act;
    act.id = ActId(numbered_uuid(number));
    act.kind = kind;
    act.from = UnitId(from);
    act.issued_at = testing::TestPki::kNow;
    act.notices = std::move(notices);
    return act;
}

/// A started hub with the alarm number 1 in its log.
struct Alarmed : HubParts {
    Alarmed() {
        start();
        const Bytes leaf = leaf_of(numbered_alarm(1));
        const auto index = accepted_at(send("lake", leaf));
        REQUIRE(index);
        alarm = {crypto::sha256(leaf), *index};
    }

    std::string act(const Act& act) { return verdict(send(act.from.value(), leaf_of(act))); }

    NoticeRef alarm;
};

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
        CHECK(logged->register_head == parts.deployment.keys->head());
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

    TEST_CASE("an identifier that two senders used says nothing to one who got both") {
        Alarmed hub;
        Notice theirs = numbered_alarm(1);
        theirs.from = UnitId("reeds");
        hub.attachments.sizes[{UnitId("reeds"), testing::file("chart").sha256}] = 10;
        REQUIRE(accepted_at(hub.send("reeds", leaf_of(theirs))));
        CHECK(verdict(hub.send("dike", leaf_of(answer_to(1, 2)))) ==
              "reply_to_nothing in_reply_to");
    }

    TEST_CASE("acts go their order and the sender is told of each") {
        Alarmed hub;
        CHECK(hub.act(act_of(2, ActKind::delivered, {hub.alarm})).empty());
        CHECK(hub.mailed == std::set<UnitId>{UnitId("lake")});
        CHECK(hub.act(act_of(3, ActKind::delivered, {hub.alarm})) == "act_out_of_order notices[0]");
        CHECK(hub.act(act_of(2, ActKind::delivered, {hub.alarm})) == "repeated");
        CHECK(hub.act(act_of(4, ActKind::opened, {hub.alarm})).empty());
        Act declined = act_of(5, ActKind::declined, {hub.alarm});
        CHECK(hub.act(declined) == "reason_required notices[0]");
        CHECK(hub.act(act_of(6, ActKind::taken_up, {hub.alarm})).empty());
        CHECK(hub.act(act_of(7, ActKind::signed_for, {hub.alarm})) ==
              "act_out_of_order notices[0]");
        declined.reason = "不属本单位职责";
        CHECK(hub.act(declined) == "act_out_of_order notices[0]");
        CHECK(testing::must(hub.store.read_trail(hub.alarm.index)).size() == 3);
        const LogEntry entry = hub.entry(advanced(hub.alarm.index, 1));
        const auto* const act = std::get_if<ActEvent>(&entry.event);
        REQUIRE(act != nullptr);
        CHECK(act->act == ActKind::delivered);
        CHECK(act->from == UnitId("dike"));
        CHECK(act->notices == std::vector<NoticeRef>{hub.alarm});
        CHECK(act->register_head == hub.deployment.keys->head());
    }

    TEST_CASE("a copy is opened and signed for but not taken up") {
        HubParts parts;
        parts.start();
        Notice notice = numbered_alarm(1);
        notice.cc = {UnitId("office")};
        const Bytes leaf = leaf_of(notice);
        const auto index = accepted_at(parts.send("lake", leaf));
        REQUIRE(index);
        const NoticeRef copy{crypto::sha256(leaf), *index};
        const auto send = [&](const Act& act) {
            return verdict(parts.send("office", leaf_of(act)));
        };
        CHECK(send(act_of(2, ActKind::taken_up, {copy}, "office")) == "act_not_allowed notices[0]");
        CHECK(send(act_of(3, ActKind::signed_for, {copy}, "office")).empty());
    }

    TEST_CASE("a stranger the sender and a wrong name of a notice get one and the same answer") {
        Alarmed hub;
        const std::string none = "no_such_notice notices[0]";
        CHECK(hub.act(act_of(2, ActKind::delivered, {hub.alarm}, "reeds")) == none);
        CHECK(hub.act(act_of(3, ActKind::delivered, {hub.alarm}, "lake")) == none);
        NoticeRef wrong = hub.alarm;
        wrong.sha256 = Digest();
        CHECK(hub.act(act_of(4, ActKind::delivered, {wrong})) == none);
        for (const std::uint64_t index :
             {std::uint64_t{0}, hub.alarm.index.value() + 1, std::uint64_t{1} << 40}) {
            wrong = {hub.alarm.sha256, LogIndex(index)};
            CHECK(hub.act(act_of(5, ActKind::delivered, {wrong})) == none);
        }
    }

    TEST_CASE("an act on several notices is done on all of them or on none") {
        Alarmed hub;
        const Bytes second = leaf_of(numbered_alarm(2));
        const auto index = accepted_at(hub.send("lake", second));
        REQUIRE(index);
        const NoticeRef other{crypto::sha256(second), *index};
        NoticeRef wrong = other;
        wrong.sha256 = Digest();
        CHECK(hub.act(act_of(3, ActKind::delivered, {hub.alarm, wrong})) ==
              "no_such_notice notices[1]");
        CHECK(hub.act(act_of(4, ActKind::delivered, {hub.alarm, other})).empty());
        CHECK(testing::must(hub.store.read_trail(other.index)).size() == 1);
        CHECK(testing::must(hub.store.read_trail(hub.alarm.index)).size() == 1);
    }

    TEST_CASE("an act that names a notice twice is not done") {
        Alarmed hub;
        CHECK(hub.act(act_of(2, ActKind::delivered, {hub.alarm, hub.alarm})) ==
              "bad_value notices[1]");
    }

    TEST_CASE("a case finds its notices") {
        HubParts parts;
        parts.start();
        Notice notice = numbered_alarm(1);
        // No unit has division 449999, so no case has this number.
        notice.case_number = CaseNumber("449999202600001");
        const protocol::LeafOutcome outcome = parts.send("lake", leaf_of(notice));
        CAPTURE(verdict(outcome));
        REQUIRE(accepted_at(outcome));
        CHECK(testing::must(parts.store.read_case(*notice.case_number)) ==
              std::vector<LogIndex>{*accepted_at(outcome)});
    }
}

}  // namespace
}  // namespace tongbao::hub
