// What the auditor finds of endorsements, of logs that a hub wrote which takes what it should not.

#include "crypto/endorsement.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/sha256.hpp"
#include "tests/client/auditor/audit_findings.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::testing;

namespace {

using Statements = std::vector<Bytes>;

/// A charter by which a clue is issued by another person than who drafted it.
std::shared_ptr<const Charter> rules(Approver approver,
                                     CharterVersion version = CharterVersion(3)) {
    CharterParts parts;
    parts.id = CharterId("sample_2026");
    parts.version = version;
    parts.trust_domain = "test.example";
    Kind clue;
    clue.id = KindId("clue");
    clue.approver = approver;
    clue.stamp = StampUse::none;
    parts.kinds = {clue};
    return std::make_shared<const Charter>(std::move(parts));
}

/// A log in which the issuer of bureau_a is enrolled.
struct Issued {
    LogWriter writer;
    crypto::StatementSigner issuer = signer_of("issuer");
    Notice notice = LogWriter::notice("bureau_a", {kBureauB});
    WrittenLeaf leaf = writer.logged(notice);

    Issued() {
        enrol(issuer);
        leaf = writer.logged(notice);
    }

    [[nodiscard]] crypto::StatementSigner signer_of(const char* post) const {
        TestHolder holder = writer.pki.post("bureau_a", post);
        auto made = crypto::StatementSigner::make(std::move(holder.key), holder.certificate);
        REQUIRE(made.has_value());
        return *std::move(made);
    }
    void enrol(const crypto::StatementSigner& signer) {
        writer.enrol(signer.certificate(),
                     writer.pki.consent(writer.bureau_a.key(), signer.certificate()));
    }
    [[nodiscard]] Bytes sign(const crypto::StatementSigner& signer, const char* role,
                             std::string_view origin = LogWriter::kOrigin) const {
        auto made = crypto::sign_endorsement(signer, role, LogOrigin(std::string(origin)),
                                             crypto::leaf_hash(leaf.bytes), writer.time());
        REQUIRE(made.has_value());
        return *std::move(made);
    }
    [[nodiscard]] Bytes issued() const { return sign(issuer, "issuer"); }
    [[nodiscard]] static EndorsementRef ref(const char* role, const Bytes& statement,
                                            const crypto::StatementSigner& signer) {
        return {role, crypto::sha256(statement), signer.certificate().digest()};
    }

    /// Logs the clue with what its entry names, and has the hub show `shown`.
    LogIndex log(std::vector<EndorsementRef> named, Statements shown) {
        leaf = writer.logged(notice);
        std::get<LoggedEvent>(*leaf.event).endorsements = std::move(named);
        const LogIndex index = writer.batch(writer.bureau_a, {leaf});
        shown_.emplace_back(index, std::move(shown));
        return index;
    }
    [[nodiscard]] AuditReport audit(std::shared_ptr<const Charter> charter) const {
        ServedLog served = writer.publish();
        for (const auto& [index, statements] : shown_) {
            served.batches.at(index).leaves.front().endorsements = statements;
        }
        AuditTrust trust = writer.trust();
        trust.rules = std::move(charter);
        return verify(served, trust);
    }
    [[nodiscard]] std::vector<Found> findings(Approver approver = Approver::one) const {
        return found(audit(rules(approver)));
    }

private:
    std::vector<std::pair<LogIndex, Statements>> shown_;
};

}  // namespace

TEST_SUITE("audit of endorsements") {
    TEST_CASE_FIXTURE(Issued, "nothing is found in a log whose notices were issued") {
        const Bytes made = issued();
        log({ref("issuer", made, issuer)}, {made});
        const AuditReport report = audit(rules(Approver::one));
        CHECK(found(report).empty());
        CHECK(report.verified());
        CHECK(report.signatures == 2);
        CHECK(found(audit(nullptr)).empty());
    }

    TEST_CASE_FIXTURE(Issued, "a notice without what its charter asks for is found by who has it") {
        const LogIndex index = log({}, {});
        CHECK(findings() == only(Errc::endorsement_missing, index));
        CHECK(findings(Approver::none).empty());
        CHECK(found(audit(nullptr)).empty());
    }

    TEST_CASE_FIXTURE(Issued, "a notice with one of two that its charter asks for is found") {
        const Bytes made = issued();
        const LogIndex index = log({ref("issuer", made, issuer)}, {made});
        CHECK(findings(Approver::two) == only(Errc::endorsement_missing, index));
        CHECK(findings(Approver::none) == only(Errc::endorsement_invalid, index));
    }

    TEST_CASE_FIXTURE(Issued, "a notice is held to the charter that was in force at its entry") {
        const Digest head = std::get<LoggedEvent>(*leaf.event).register_head;
        log({}, {});
        const CharterAdopted next{CharterId("sample_2026"), CharterVersion(4), {}};
        writer.append(RegisterEvent{head, next});
        notice = LogWriter::notice("bureau_a", {kBureauB});
        notice.charter_version = next.version;
        const LogIndex after = log({}, {});
        CHECK(found(audit(rules(Approver::one, next.version))) ==
              only(Errc::endorsement_missing, after));
        CHECK(found(audit(rules(Approver::none, next.version))).empty());
    }

    TEST_CASE_FIXTURE(Issued,
                      "a log that adopts the auditor's charter under another version is found") {
        log({}, {});
        CHECK(found(audit(rules(Approver::one, CharterVersion(4)))) ==
              only(Errc::charter_mismatch, LogIndex(0)));
    }

    TEST_CASE_FIXTURE(Issued, "one person in both roles is found") {
        const Bytes made = issued();
        const Bytes reviewed = sign(issuer, "reviewer");
        const LogIndex index =
            log({ref("reviewer", reviewed, issuer), ref("issuer", made, issuer)}, {reviewed, made});
        CHECK(findings(Approver::two) == only(Errc::endorsement_invalid, index));
    }

    TEST_CASE_FIXTURE(Issued, "a statement that is not the one of the entry is found") {
        const Bytes made = issued();
        LogIndex index;
        SUBCASE("another signature over the same notice") {
            index = log({ref("issuer", made, issuer)}, {issued()});
        }
        SUBCASE("none at all") {
            index = log({ref("issuer", made, issuer)}, {});
        }
        SUBCASE("one that the entry does not name") {
            index = log({}, {made});
        }
        SUBCASE("in another role") {
            index = log({ref("reviewer", made, issuer)}, {made});
        }
        SUBCASE("by another certificate") {
            index = log({ref("issuer", made, writer.bureau_a)}, {made});
        }
        CHECK(found(audit(nullptr)) == only(Errc::entry_mismatch, index));
        CHECK(findings() == only(Errc::entry_mismatch, index));
    }

    TEST_CASE_FIXTURE(Issued, "a statement that does not open is found whatever the entry says") {
        Bytes made = issued();
        LogIndex index;
        SUBCASE("a changed byte") {
            made.back() ^= 1;
        }
        SUBCASE("of another log") {
            made = sign(issuer, "issuer", "hub.other.example/log");
        }
        SUBCASE("over another notice") {
            leaf = writer.logged(LogWriter::notice("bureau_a", {kBureauB}));
            made = issued();
        }
        SUBCASE("no container") {
            made = to_bytes("no container");
        }
        index = log({ref("issuer", made, issuer)}, {made});
        CHECK(found(audit(nullptr)) == only(Errc::endorsement_invalid, index));
    }

    TEST_CASE_FIXTURE(Issued, "a key that the register never had endorses nothing") {
        const crypto::StatementSigner stranger = signer_of("issuer");
        const Bytes made = sign(stranger, "issuer");
        const LogIndex index = log({ref("issuer", made, stranger)}, {made});
        CHECK(findings() == only(Errc::endorsement_invalid, index));
    }

    TEST_CASE_FIXTURE(Issued,
                      "a key endorses neither before its enrolment nor after its "
                      "revocation") {
        const crypto::StatementSigner late = signer_of("issuer");
        const Bytes early = sign(late, "issuer");
        const LogIndex too_early = log({ref("issuer", early, late)}, {early});
        enrol(late);
        notice = LogWriter::notice("bureau_a", {kBureauB});
        leaf = writer.logged(notice);
        const Bytes good = sign(late, "issuer");
        log({ref("issuer", good, late)}, {good});
        writer.revoke(late.certificate());
        notice = LogWriter::notice("bureau_a", {kBureauB});
        leaf = writer.logged(notice);
        const Bytes last = sign(late, "issuer");
        const LogIndex too_late = log({ref("issuer", last, late)}, {last});
        CHECK(findings() ==
              std::vector<Found>{{Errc::endorsement_invalid, too_early.value(), std::nullopt},
                                 {Errc::endorsement_invalid, too_late.value(), std::nullopt}});
    }

    TEST_CASE_FIXTURE(Issued, "a certificate endorses within its time at the entry only") {
        const SpiffeId id =
            post_id(writer.pki.trust_domain(), UnitId("bureau_a"), PostId("issuer"));
        TestHolder holder = writer.pki.holder(
            id, {TestPki::kNow - std::chrono::days(1), writer.time() + std::chrono::hours(1)});
        auto short_lived = crypto::StatementSigner::make(std::move(holder.key), holder.certificate);
        REQUIRE(short_lived.has_value());
        enrol(*short_lived);
        const Bytes made = sign(*short_lived, "issuer");
        log({ref("issuer", made, *short_lived)}, {made});
        writer.set_time(writer.time() + std::chrono::hours(2));
        notice = LogWriter::notice("bureau_a", {kBureauB});
        leaf = writer.logged(notice);
        const Bytes stale = sign(*short_lived, "issuer");
        const LogIndex index = log({ref("issuer", stale, *short_lived)}, {stale});
        CHECK(findings() == only(Errc::endorsement_invalid, index));
    }
}
