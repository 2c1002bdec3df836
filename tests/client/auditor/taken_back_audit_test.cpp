#include "tests/client/auditor/audit_findings.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::testing;

TEST_SUITE("audit of what notices do to earlier ones") {
    /// A notice of bureau_a to bureau_b with a copy to the office.
    struct OneNotice {
        LogWriter writer;
        LogIndex first = writer.batch(writer.bureau_a, {some_notice(writer)});
        NoticeRef notice = writer.reference(first);

        /// A notice that does this; where the entry that says so stands.
        LogIndex done(const crypto::StatementSigner& signer, const char* from,
                      std::vector<UnitId> to, AnsweredActEvent event) {
            WrittenLeaf leaf = writer.logged(LogWriter::notice(from, std::move(to)));
            leaf.does = std::move(event);
            return advanced(writer.batch(signer, {leaf}), 1);
        }
        [[nodiscard]] AnsweredActEvent withdrawal() const {
            return {AnsweredAct::withdraw, {}, notice, {}};
        }
        [[nodiscard]] AnsweredActEvent at_bureau_b(AnsweredAct act) const {
            return {act, {}, notice, {}, kBureauB};
        }
    };

    TEST_CASE_FIXTURE(OneNotice, "what its sender takes back before all is right") {
        done(writer.office, "office", {kBureauB}, at_bureau_b(AnsweredAct::urge));
        done(writer.office, "office", {kBureauB}, at_bureau_b(AnsweredAct::supervise));
        AnsweredActEvent extension = at_bureau_b(AnsweredAct::extend);
        extension.clocks = {1};
        extension.due = writer.time();
        done(writer.bureau_a, "bureau_a", {kBureauB}, extension);
        done(writer.bureau_a, "bureau_a", {kBureauB, kOffice}, withdrawal());
        const AuditReport report = verify(writer);
        CHECK(report.verified());
        for (const char* word : {"urged", "supervised", "extended", "withdrawn"}) {
            CHECK(report.entries.find(word)->second == 1);
        }
    }

    TEST_CASE_FIXTURE(OneNotice, "what was taken back by another is found") {
        const LogIndex at = done(writer.bureau_b, "bureau_b", {kBureauA, kOffice}, withdrawal());
        CHECK(found(verify(writer)) == only(Errc::act_not_allowed, at));
    }

    TEST_CASE_FIXTURE(OneNotice, "a limit moved by another is found") {
        AnsweredActEvent extension = at_bureau_b(AnsweredAct::extend);
        extension.clocks = {1};
        extension.due = writer.time();
        const LogIndex at = done(writer.office, "office", {kBureauB}, extension);
        CHECK(found(verify(writer)) == only(Errc::act_not_allowed, at));
    }

    TEST_CASE_FIXTURE(OneNotice, "what not all are told of is found") {
        const LogIndex at = done(writer.bureau_a, "bureau_a", {kOffice}, withdrawal());
        CHECK(found(verify(writer)) == only(Errc::recipient_missing, at));
    }

    TEST_CASE_FIXTURE(OneNotice, "a copy that only the charter knows to be online is not missed") {
        done(writer.bureau_a, "bureau_a", {kBureauB}, withdrawal());
        CHECK(verify(writer).verified());
    }

    TEST_CASE_FIXTURE(OneNotice, "who has no key gets nothing and is told of nothing") {
        const LogIndex to_press = writer.batch(
            writer.bureau_a,
            {writer.logged(LogWriter::notice("bureau_a", {UnitId("press"), kBureauB}))});
        AnsweredActEvent taken{AnsweredAct::withdraw, {}, writer.reference(to_press), {}};
        done(writer.bureau_a, "bureau_a", {kBureauB}, taken);
        CHECK(verify(writer).verified());
        const LogIndex again = writer.batch(
            writer.bureau_a,
            {writer.logged(LogWriter::notice("bureau_a", {UnitId("press"), kBureauB}))});
        taken.notice = writer.reference(again);
        const LogIndex at = done(writer.bureau_a, "bureau_a", {kOffice}, taken);
        CHECK(found(verify(writer)) == only(Errc::recipient_missing, at));
    }

    TEST_CASE_FIXTURE(OneNotice, "what is taken back twice is found") {
        done(writer.bureau_a, "bureau_a", {kBureauB, kOffice}, withdrawal());
        const LogIndex at = done(writer.bureau_a, "bureau_a", {kBureauB, kOffice}, withdrawal());
        CHECK(found(verify(writer)) == only(Errc::act_out_of_order, at));
    }

    TEST_CASE_FIXTURE(OneNotice, "what is done to a notice that was not logged is found") {
        AnsweredActEvent unknown = withdrawal();
        unknown.notice.sha256 = Digest();
        const LogIndex at = done(writer.bureau_a, "bureau_a", {kBureauB, kOffice}, unknown);
        CHECK(found(verify(writer)) == only(Errc::no_such_notice, at));
    }

    TEST_CASE_FIXTURE(OneNotice, "who is urged without being asked is found") {
        AnsweredActEvent copy = at_bureau_b(AnsweredAct::urge);
        copy.unit = kOffice;
        const LogIndex at = done(writer.office, "office", {kBureauB}, copy);
        CHECK(found(verify(writer)) == only(Errc::act_not_allowed, at));
    }

    TEST_CASE_FIXTURE(OneNotice, "what is done where nothing is owed any more is found") {
        writer.append(ClosedEvent{notice, kBureauB});
        const LogIndex at =
            done(writer.office, "office", {kBureauB}, at_bureau_b(AnsweredAct::urge));
        CHECK(found(verify(writer)) == only(Errc::act_out_of_order, at));
    }

    TEST_CASE_FIXTURE(OneNotice, "what a withdrawn answer had closed may be closed again") {
        WrittenLeaf answer = writer.logged(LogWriter::notice("bureau_b", {kBureauA}));
        answer.answers = notice;
        const LogIndex answered = writer.batch(writer.bureau_b, {answer});
        writer.append(ClosedEvent{notice, kBureauB});
        AnsweredActEvent withdrawn{AnsweredAct::withdraw, {}, writer.reference(answered), {}};
        withdrawn.restored = {{notice, kBureauB}};
        done(writer.bureau_b, "bureau_b", {kBureauA}, withdrawn);
        writer.append(ClosedEvent{notice, kBureauB});
        CHECK(verify(writer).verified());
        const LogIndex again = writer.append(ClosedEvent{notice, kBureauB});
        CHECK(found(verify(writer)) == only(Errc::act_out_of_order, again));
    }

    TEST_CASE_FIXTURE(OneNotice, "an entry that no batch caused is found") {
        AnsweredActEvent alone = withdrawal();
        alone.from = kBureauA;
        alone.by = notice;
        const LogIndex at = writer.append(alone);
        CHECK(names(verify(writer), Errc::not_found, at.value()));
    }
}
