#include "tests/client/auditor/audit_findings.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::testing;

TEST_SUITE("audit of acts and replies") {
    struct TwoNotices {
        LogWriter writer;
        LogIndex first = writer.batch(writer.bureau_a, {some_notice(writer), some_notice(writer)});
        NoticeRef one = writer.reference(first);
        NoticeRef two = writer.reference(advanced(first, 1));
    };

    TEST_CASE_FIXTURE(TwoNotices, "those who got a copy may act too") {
        writer.batch(writer.office, {writer.act("office", ActKind::delivered, {one, two})});
        CHECK(verify(writer).verified());
    }

    TEST_CASE_FIXTURE(TwoNotices, "an act by a unit that did not receive the notice is found") {
        const crypto::StatementSigner stranger = writer.pki.signer("bureau_c");
        writer.enrol(stranger.certificate());
        const LogIndex act =
            writer.batch(stranger, {writer.act("bureau_c", ActKind::signed_for, {one})});
        const LogIndex own =
            writer.batch(writer.bureau_a, {writer.act("bureau_a", ActKind::signed_for, {one})});
        const std::vector<Found> expected{{Errc::act_not_allowed, act.value(), std::nullopt},
                                          {Errc::act_not_allowed, own.value(), std::nullopt}};
        CHECK(found(verify(writer)) == expected);
    }

    TEST_CASE_FIXTURE(TwoNotices, "an act on a notice that is not there is found") {
        const std::vector<NoticeRef> wrong{{one.sha256, two.index},
                                           {Digest(), one.index},
                                           {one.sha256, LogIndex(0)},
                                           {one.sha256, LogIndex(1000)}};
        for (const NoticeRef& ref : wrong) {
            LogWriter copy_of_story;
            const LogIndex logged =
                copy_of_story.batch(copy_of_story.bureau_a, {some_notice(copy_of_story)});
            REQUIRE(logged == first);
            const LogIndex act =
                copy_of_story.batch(copy_of_story.bureau_b,
                                    {copy_of_story.act("bureau_b", ActKind::signed_for, {ref})});
            CHECK(found(verify(copy_of_story)) == only(Errc::no_such_notice, act));
        }
    }

    TEST_CASE_FIXTURE(TwoNotices, "a reply is by one who received what it answers") {
        WrittenLeaf answer = writer.logged(LogWriter::notice("bureau_b", {kBureauA}));
        answer.answers = one;
        writer.batch(writer.bureau_b, {answer});
        CHECK(verify(writer).verified());

        WrittenLeaf own = writer.logged(LogWriter::notice("bureau_a", {kBureauB}));
        own.answers = one;
        const LogIndex index = writer.batch(writer.bureau_a, {own});
        CHECK(found(verify(writer)) == only(Errc::reply_to_nothing, advanced(index, 1)));
    }

    TEST_CASE_FIXTURE(TwoNotices, "a reply to what was not logged is found") {
        WrittenLeaf answer = writer.logged(LogWriter::notice("bureau_b", {kBureauA}));
        answer.answers = NoticeRef{Digest(), one.index};
        const LogIndex index = writer.batch(writer.bureau_b, {answer});
        CHECK(found(verify(writer)) == only(Errc::no_such_notice, advanced(index, 1)));
    }

    TEST_CASE_FIXTURE(TwoNotices, "a replied entry that no batch caused is found") {
        const LogIndex index = writer.append(RepliedEvent{kBureauB, one, two});
        CHECK(names(verify(writer), Errc::not_found, index.value()));
    }
}

TEST_SUITE("audit of clocks") {
    /// A notice of bureau_a to bureau_b with a copy to the office, and what the hub says of its
    /// second clock.
    struct Escalated {
        LogWriter writer;
        LogIndex first = writer.batch(writer.bureau_a, {some_notice(writer)});
        NoticeRef notice = writer.reference(first);

        [[nodiscard]] EscalatedEvent step(std::uint16_t number, std::chrono::seconds before) const {
            return {
                notice, kBureauB, 1, 0, 0, number, EscalationDeed::remind, writer.time() - before};
        }

        /// The sender moves the limits of these clocks.
        void moved(std::vector<std::uint16_t> clocks) {
            WrittenLeaf decision = writer.logged(LogWriter::notice("bureau_a", {kBureauB}));
            decision.does = AnsweredActEvent{AnsweredAct::extend, {}, notice, {}, kBureauB};
            decision.does->clocks = std::move(clocks);
            decision.does->due = writer.time() + std::chrono::hours(24);
            writer.batch(writer.bureau_a, {decision});
        }
    };

    TEST_CASE_FIXTURE(Escalated, "steps in their order and a closing at last are right") {
        moved({0, 1});
        writer.append(step(0, std::chrono::seconds(5)));
        // Each limit and each clock has its own.
        EscalatedEvent other = step(0, std::chrono::seconds(30));
        other.limit = 1;
        writer.append(other);
        other.clock = 0;
        other.reply.reset();
        writer.append(other);
        writer.append(step(1, std::chrono::seconds(5)));
        writer.append(ClosedEvent{notice, kBureauB});
        const AuditReport report = verify(writer);
        CHECK(report.verified());
        CHECK(report.entries.find("escalated")->second == 4);
        CHECK(report.entries.find("closed")->second == 1);
    }

    TEST_CASE_FIXTURE(Escalated, "a step of a limit that no decision made is found") {
        EscalatedEvent other = step(0, std::chrono::seconds(5));
        other.limit = 1;
        const LogIndex unmade = writer.append(other);
        moved({0});
        other.step = 1;
        const LogIndex of_another = writer.append(other);
        const std::vector<Found> expected{
            {Errc::act_out_of_order, unmade.value(), std::nullopt},
            {Errc::act_out_of_order, of_another.value(), std::nullopt}};
        CHECK(found(verify(writer)) == expected);
    }

    TEST_CASE_FIXTURE(Escalated, "a step before it was due is found") {
        const LogIndex at = writer.append(step(0, std::chrono::seconds(-1)));
        CHECK(found(verify(writer)) == only(Errc::act_out_of_order, at));
    }

    TEST_CASE_FIXTURE(Escalated, "a step that is done twice is found") {
        const EscalatedEvent once = step(0, std::chrono::seconds(5));
        writer.append(once);
        const LogIndex again = writer.append(once);
        CHECK(found(verify(writer)) == only(Errc::act_out_of_order, again));
    }

    TEST_CASE_FIXTURE(Escalated, "a step that was due before the last one is found") {
        writer.append(step(1, std::chrono::seconds(5)));
        const LogIndex late = writer.append(step(0, std::chrono::seconds(60)));
        CHECK(found(verify(writer)) == only(Errc::act_out_of_order, late));
    }

    TEST_CASE_FIXTURE(Escalated, "what happens after the closing is found") {
        writer.append(ClosedEvent{notice, kBureauB});
        const LogIndex after = writer.append(step(0, std::chrono::seconds(5)));
        const LogIndex again = writer.append(ClosedEvent{notice, kBureauB});
        const std::vector<Found> expected{{Errc::act_out_of_order, after.value(), std::nullopt},
                                          {Errc::act_out_of_order, again.value(), std::nullopt}};
        CHECK(found(verify(writer)) == expected);
    }

    TEST_CASE_FIXTURE(Escalated, "clocks of who owes nothing are found") {
        EscalatedEvent wrong = step(0, std::chrono::seconds(5));
        Errc expected = Errc::act_not_allowed;
        SUBCASE("a copy") {
            wrong.unit = kOffice;
        }
        SUBCASE("the sender") {
            wrong.unit = kBureauA;
        }
        SUBCASE("another notice's digest") {
            wrong.notice.sha256 = Digest();
            expected = Errc::no_such_notice;
        }
        SUBCASE("an entry that is no notice's") {
            wrong.notice.index = LogIndex(0);
            expected = Errc::no_such_notice;
        }
        SUBCASE("a later entry") {
            wrong.notice.index = advanced(first, 1);
            expected = Errc::no_such_notice;
        }
        const LogIndex step_at = writer.append(wrong);
        const LogIndex closed_at = writer.append(ClosedEvent{wrong.notice, wrong.unit});
        const std::vector<Found> all{{expected, step_at.value(), std::nullopt},
                                     {expected, closed_at.value(), std::nullopt}};
        CHECK(found(verify(writer)) == all);
    }
}

TEST_SUITE("audit of the register") {
    TEST_CASE("a register entry that does not name the one before it is found") {
        LogWriter writer;
        const LogIndex wrong = writer.append(RegisterEvent{
            Digest(), KeyEnrolled{"spiffe://test.example/unit/bureau_d/sign",
                                  to_bytes(writer.pki.sign("bureau_d").certificate.der())}});
        writer.batch(writer.bureau_a, {some_notice(writer)});
        CHECK(found(verify(writer)) == only(Errc::register_mismatch, wrong));
    }

    TEST_CASE("a first register entry that names a predecessor is found") {
        LogWriter writer;
        ServedLog log = writer.publish();
        CHECK(verify(log, writer.trust()).verified());
        const LogIndex second_start = writer.append(RegisterEvent{
            std::nullopt, KeyRevoked{format_spiffe_id(*writer.office.certificate().spiffe()),
                                     writer.office.certificate().digest()}});
        CHECK(found(verify(writer)) == only(Errc::register_mismatch, second_start));
    }

    TEST_CASE("an entry that names an older register than was in force is found") {
        LogWriter writer;
        const WrittenLeaf old = some_notice(writer);
        writer.enrol(writer.pki.sign("bureau_d").certificate);
        const LogIndex index = writer.batch(writer.bureau_a, {old});
        CHECK(found(verify(writer)) == only(Errc::register_mismatch, index));
    }

    TEST_CASE("a key that its unit has not consented to is found and signs nothing") {
        LogWriter writer;
        const crypto::StatementSigner foisted = writer.pki.signer("bureau_a");
        std::optional<SignedConsent> consent;
        Errc expected = Errc::consent_missing;
        SUBCASE("without consent") {}
        SUBCASE("another unit's consent") {
            consent = writer.pki.consent(writer.bureau_b.key(), foisted.certificate());
            expected = Errc::consent_invalid;
        }
        SUBCASE("its own consent") {
            consent = writer.pki.consent(foisted.key(), foisted.certificate());
            expected = Errc::consent_invalid;
        }
        const LogIndex enrolled = writer.enrol(foisted.certificate(), consent);
        const LogIndex used = writer.batch(foisted, {some_notice(writer)});
        const std::vector<Found> all{{expected, enrolled.value(), std::nullopt},
                                     {Errc::signer_not_enrolled, used.value(), std::nullopt}};
        CHECK(found(verify(writer)) == all);
    }

    TEST_CASE("a revocation of what was never enrolled and a second enrolment are found") {
        LogWriter writer;
        const LogIndex revoked = writer.revoke(writer.pki.sign("bureau_d").certificate);
        const LogIndex again = writer.enrol(writer.office.certificate());
        const std::vector<Found> expected{{Errc::not_found, revoked.value(), std::nullopt},
                                          {Errc::already_exists, again.value(), std::nullopt}};
        CHECK(found(verify(writer)) == expected);
    }

    TEST_CASE("a notice under a charter that was not in force is found") {
        LogWriter writer;
        Notice notice = LogWriter::notice("bureau_a", {kBureauB});
        notice.charter_version = CharterVersion(2);
        const LogIndex index = writer.batch(writer.bureau_a, {writer.logged(notice)});
        CHECK(found(verify(writer)) == only(Errc::charter_mismatch, index));
    }

    TEST_CASE("a log with another charter than the auditor's is found") {
        const LogWriter writer = whole_story();
        ServedLog log = writer.publish();
        AuditTrust trust = writer.trust();
        trust.charter = Digest();
        CHECK(found(verify(log, trust)) == only(Errc::charter_mismatch, LogIndex(0)));
        trust.charter = verify(log, trust).charter->sha256;
        CHECK(verify(log, trust).verified());
    }

    TEST_CASE("a register that units are shown and the log does not have is found") {
        const LogWriter writer = whole_story();
        const ServedLog good = writer.publish();
        ServedLog log = good;
        log.rows.pop_back();
        CHECK(found(verify(log, writer.trust())) == only(Errc::register_mismatch, LogIndex(12)));
        log = good;
        log.rows[3].entry.back() ^= 1;
        CHECK(found(verify(log, writer.trust())) == only(Errc::register_mismatch, LogIndex(3)));
        log = good;
        log.rows.insert(log.rows.begin() + 5, {LogIndex(7), to_bytes("one more")});
        CHECK(found(verify(log, writer.trust())) == only(Errc::register_mismatch, LogIndex(7)));
        log = good;
        log.rows.push_back({LogIndex(13), to_bytes("after the checkpoint")});
        CHECK(verify(log, writer.trust()).verified());
    }
}

TEST_SUITE("audit of contents") {
    TEST_CASE("a notice of other bytes than were logged is found") {
        const LogWriter writer = whole_story();
        ServedLog log = writer.publish();
        log.notices.at(LogIndex(6)).back() ^= 1;
        CHECK(found(verify(log, writer.trust())) == only(Errc::entry_mismatch, LogIndex(6)));
    }

    TEST_CASE("an entry that says something else of a notice than the notice does is found") {
        LogWriter writer;
        WrittenLeaf leaf = some_notice(writer);
        SUBCASE("its recipients") {
            std::get<LoggedEvent>(*leaf.event).to = {kOffice};
        }
        SUBCASE("its copies") {
            std::get<LoggedEvent>(*leaf.event).cc = {};
        }
        SUBCASE("its kind") {
            std::get<LoggedEvent>(*leaf.event).kind = KindId("other");
        }
        const LogIndex index = writer.batch(writer.bureau_a, {leaf});
        CHECK(found(verify(writer)) == only(Errc::entry_mismatch, index));
    }
}
