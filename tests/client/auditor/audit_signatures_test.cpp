#include "crypto/merkle_tree.hpp"
#include "tests/client/auditor/audit_findings.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::testing;

TEST_SUITE("audit of signatures") {
    TEST_CASE("a statement by another unit's key does not speak for the sender") {
        LogWriter writer;
        const LogIndex index = writer.batch(writer.bureau_b, {some_notice(writer)});
        CHECK(found(verify(writer)) == only(Errc::sender_mismatch, index));
    }

    TEST_CASE("a refused entry needs a signature of the unit that it names too") {
        LogWriter writer;
        const LogIndex index = writer.batch(
            writer.bureau_b,
            {LogWriter::refused(LogWriter::notice("bureau_a", {kOffice}), {Errc::unknown_kind})});
        CHECK(found(verify(writer)) == only(Errc::sender_mismatch, index));
    }

    TEST_CASE("a certificate that the register never had signs nothing") {
        LogWriter writer;
        const crypto::StatementSigner stranger = writer.pki.signer("bureau_a");
        const LogIndex index = writer.batch(stranger, {some_notice(writer)});
        CHECK(found(verify(writer)) == only(Errc::signer_not_enrolled, index));
    }

    TEST_CASE("a certificate that is enrolled after the entry does not count for it") {
        LogWriter writer;
        const crypto::StatementSigner late = writer.pki.signer("bureau_a");
        const LogIndex index = writer.batch(late, {some_notice(writer)});
        writer.enrol(late.certificate(),
                     writer.pki.consent(writer.bureau_a.key(), late.certificate()));
        const LogIndex good = writer.batch(late, {some_notice(writer)});
        CHECK(found(verify(writer)) == only(Errc::signer_not_enrolled, index));
        CHECK(index < good);
    }

    TEST_CASE("a certificate that was revoked before does not count any more") {
        LogWriter writer;
        writer.batch(writer.bureau_a, {some_notice(writer)});
        writer.revoke(writer.bureau_a.certificate());
        const LogIndex index = writer.batch(writer.bureau_a, {some_notice(writer)});
        CHECK(found(verify(writer)) == only(Errc::certificate_revoked, index));
    }

    TEST_CASE("what was signed since a compromise is verified and named") {
        LogWriter writer;
        const LogIndex before = writer.batch(writer.bureau_a, {some_notice(writer)});
        writer.set_time(writer.time() + std::chrono::hours(2));
        const UtcTime since = writer.time();
        const LogIndex first = writer.batch(writer.bureau_a, {some_notice(writer)});
        const LogIndex other = writer.batch(
            writer.bureau_b, {writer.logged(LogWriter::notice("bureau_b", {kOffice}))});
        const LogIndex last = writer.batch(writer.bureau_a, {some_notice(writer)});
        writer.revoke(writer.bureau_a.certificate(), since);
        const AuditReport report = verify(writer);
        CHECK(report.verified());
        CHECK(report.flagged_count == 2);
        REQUIRE(report.flagged.size() == 2);
        CHECK(report.flagged[0].index == first);
        CHECK(report.flagged[1].index == last);
        CHECK(report.flagged[0].spiffe == "spiffe://test.example/unit/bureau_a/sign");
        CHECK(report.flagged[0].since == since);
        CHECK(report.flagged[0].time >= since);
        CHECK(before < first);
        CHECK(other < last);
        CHECK(write_report(report).find(R"("signed_since_compromise_count":2,)") !=
              std::string::npos);
    }

    TEST_CASE("a certificate counts only within its validity at the entry's time") {
        LogWriter writer;
        writer.set_time(writer.bureau_a.certificate().not_after());
        const LogIndex index = writer.batch(writer.bureau_a, {some_notice(writer)});
        CHECK(found(verify(writer)) == only(Errc::certificate_expired, index));
    }

    TEST_CASE("a certificate of a foreign authority is found where it is enrolled and used") {
        LogWriter writer;
        const TestPki foreign("test.example");
        const crypto::StatementSigner signer = foreign.signer("bureau_a");
        const LogIndex enrolled = writer.enrol(
            signer.certificate(), writer.pki.consent(writer.bureau_a.key(), signer.certificate()));
        const LogIndex used = writer.batch(signer, {some_notice(writer)});
        const std::vector<Found> expected{
            {Errc::certificate_untrusted, enrolled.value(), std::nullopt},
            {Errc::certificate_untrusted, used.value(), std::nullopt}};
        CHECK(found(verify(writer)) == expected);
    }

    TEST_CASE("a statement for another log does not count in this one") {
        LogWriter writer;
        const LogIndex index =
            writer.batch(writer.bureau_a, {some_notice(writer)}, "hub.other.example/log");
        CHECK(found(verify(writer)) == only(Errc::statement_mismatch, index));
    }

    TEST_CASE("an officer's post certificate can't hand in a batch") {
        LogWriter writer;
        TestHolder holder = writer.pki.post("bureau_a", "chief");
        const crypto::StatementSigner post =
            *crypto::StatementSigner::make(std::move(holder.key), holder.certificate);
        writer.enrol(post.certificate(),
                     writer.pki.consent(writer.bureau_a.key(), post.certificate()));
        const LogIndex index = writer.batch(post, {some_notice(writer)});
        const AuditReport report = verify(writer);
        CHECK(names(report, Errc::statement_mismatch, index.value()));
        CHECK(names(report, Errc::certificate_wrong_use, index.value()));
    }

    TEST_CASE("the same signed notice logged a second time is a replay") {
        LogWriter writer;
        const WrittenLeaf leaf = some_notice(writer);
        writer.batch(writer.bureau_a, {leaf});
        const LogIndex index = writer.batch(writer.bureau_a, {leaf});
        CHECK(found(verify(writer)) == only(Errc::repeated_leaf, index));
    }

    TEST_CASE("a notice may be refused first and logged later") {
        LogWriter writer;
        const Notice notice = LogWriter::notice("bureau_a", {kBureauB});
        writer.batch(writer.bureau_a,
                     {LogWriter::refused(notice, {Errc::attachment_not_uploaded})});
        writer.batch(writer.bureau_a, {writer.logged(notice)});
        CHECK(verify(writer).verified());
    }

    TEST_CASE("a leaf without an entry of its own does not disturb its batch") {
        LogWriter writer;
        WrittenLeaf silent = some_notice(writer);
        silent.event.reset();
        writer.batch(writer.bureau_a, {some_notice(writer), silent, some_notice(writer)});
        CHECK(verify(writer).verified());
    }
}

TEST_SUITE("audit of batch records") {
    struct OneBatch {
        LogWriter writer;
        LogIndex first = writer.batch(writer.bureau_a, {some_notice(writer), some_notice(writer)});
        ServedLog log = writer.publish();
        BatchRecord& record = log.batches.at(first);

        std::vector<Found> findings() { return found(verify(log, writer.trust())); }
    };

    TEST_CASE_FIXTURE(OneBatch, "a changed leaf hash breaks the statement's root and the place") {
        record.leaves[1].leaf_hash = Digest();
        const std::vector<Found> expected{
            {Errc::statement_mismatch, first.value(), std::nullopt},
            {Errc::statement_mismatch, first.value() + 1, std::nullopt}};
        CHECK(findings() == expected);
    }

    TEST_CASE_FIXTURE(OneBatch, "a leaf more or less than was signed is found") {
        SUBCASE("more") {
            record.leaves.push_back({Digest(), std::nullopt});
        }
        SUBCASE("less") {
            record.leaves.pop_back();
        }
        CHECK(findings().front() == only(Errc::statement_mismatch, first).front());
    }

    TEST_CASE_FIXTURE(OneBatch, "a statement that is not the one named is found at each entry") {
        const crypto::Statement same{LogOrigin(std::string(LogWriter::kOrigin)),
                                     "spiffe://test.example/unit/bureau_a/sign", "submit", 2,
                                     crypto::tree_root(std::vector<Digest>{
                                         record.leaves[0].leaf_hash, record.leaves[1].leaf_hash})};
        record.statement = *writer.bureau_a.sign(same, writer.time());
        const std::vector<Found> expected{
            {Errc::statement_mismatch, first.value(), std::nullopt},
            {Errc::statement_mismatch, first.value() + 1, std::nullopt}};
        CHECK(findings() == expected);
    }

    TEST_CASE_FIXTURE(OneBatch, "a statement of which a bit was flipped does not open") {
        record.statement.back() ^= 1;
        const std::vector<Found> all = findings();
        REQUIRE(all.size() == 3);
        CHECK(all[0] == Found{Errc::bad_signature, first.value(), std::nullopt});
        CHECK(all[1] == Found{Errc::statement_mismatch, first.value(), std::nullopt});
    }

    TEST_CASE_FIXTURE(OneBatch, "a record that names another signer is found") {
        record.signer = writer.bureau_b.certificate().digest();
        CHECK(findings() == only(Errc::wrong_signer, first));
    }

    TEST_CASE_FIXTURE(OneBatch, "leaves that changed places are found") {
        std::swap(record.leaves[0], record.leaves[1]);
        CHECK(findings().front() == only(Errc::statement_mismatch, first).front());
    }

    TEST_CASE_FIXTURE(OneBatch, "a batch that the hub has lost is found at each of its entries") {
        log.batches.clear();
        const std::vector<Found> expected{{Errc::not_found, first.value(), std::nullopt},
                                          {Errc::not_found, first.value() + 1, std::nullopt}};
        CHECK(findings() == expected);
    }

    TEST_CASE("an entry can't borrow the batch of entries before it") {
        LogWriter writer;
        const LogIndex first = writer.batch(writer.bureau_a, {some_notice(writer)});
        const LogIndex second = writer.batch(writer.bureau_a, {some_notice(writer)});
        ServedLog log = writer.publish();
        log.batches.at(first).entry_count = 2;
        log.batches.erase(second);
        const std::vector<Found> all = found(verify(log, writer.trust()));
        REQUIRE(all.size() == 2);
        CHECK(all[0] == Found{Errc::statement_mismatch, second.value(), std::nullopt});
        CHECK(all[1] == Found{Errc::statement_mismatch, second.value(), std::nullopt});
    }
}
