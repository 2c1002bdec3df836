#include "hub/admission.hpp"

#include "crypto/merkle_tree.hpp"
#include "crypto/sha256.hpp"
#include "protocol/limits.hpp"
#include "tests/hub/hub_parts.hpp"
#include "tests/protocol/notice_fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::HubParts;
using testing::kLake;
using testing::leaf_of;
using testing::numbered_alarm;

/// Why the batch as a whole is refused: `code place`; empty if it isn't.
std::string refusal(const HubParts& parts, const UnitId& unit, protocol::Submit submit) {
    const Checked<VerifiedBatch> batch = parts.admission().admit(unit, std::move(submit));
    if (batch) return {};
    return std::string(code(batch.error().code)) + ' ' + batch.error().place;
}

/// What is wrong with the one leaf of a batch that is let in.
testing::Expected reasons_of(const HubParts& parts, std::string_view unit, Bytes leaf) {
    return testing::brief(parts.admitted(unit, {std::move(leaf)}).leaves().front().reasons);
}

TEST_SUITE("admission") {
    TEST_CASE("a good batch is admitted with its signer and its digests") {
        HubParts parts;
        parts.start();
        const std::vector<Bytes> leaves{leaf_of(numbered_alarm(1)), leaf_of(numbered_alarm(2))};
        const protocol::Submit submit = parts.submission("lake", leaves);
        const Checked<VerifiedBatch> batch = parts.admission().admit(kLake, submit);
        REQUIRE(batch.has_value());
        CHECK(batch->unit() == kLake);
        CHECK(batch->signer() == parts.signers.at("lake").certificate().digest());
        CHECK(batch->statement() == submit.statement);
        CHECK(batch->statement_digest() == crypto::sha256(submit.statement));
        REQUIRE(batch->leaves().size() == 2);
        for (std::size_t i = 0; i < 2; ++i) {
            const AdmittedLeaf& leaf = batch->leaves()[i];
            CHECK(leaf.bytes == leaves[i]);
            CHECK(leaf.sha256 == crypto::sha256(leaves[i]));
            CHECK(leaf.leaf_hash == crypto::leaf_hash(leaves[i]));
            CHECK(leaf.reasons.empty());
        }
        CHECK(batch->bytes() == submit.statement.size() + leaves[0].size() + leaves[1].size());
    }

    TEST_CASE("a statement that says something else refuses the batch") {
        HubParts parts;
        parts.start();
        const std::vector<Bytes> leaves{leaf_of(numbered_alarm(1))};
        const crypto::Statement good = parts.statement("lake", leaves);
        const auto said = [&](const crypto::Statement& statement) {
            return refusal(parts, kLake, parts.submission("lake", leaves, statement));
        };
        CHECK(said(good).empty());
        crypto::Statement other = good;
        other.origin = LogOrigin("hub.other.example/log");
        CHECK(said(other) == "statement_mismatch statement.log");
        other = good;
        other.role = "endorse:warden";
        CHECK(said(other) == "statement_mismatch statement.role");
        other = good;
        other.count = 2;
        CHECK(said(other) == "statement_mismatch statement.count");
        other = good;
        other.root = crypto::sha256(leaves[0]);
        CHECK(said(other) == "statement_mismatch statement.root");
    }

    TEST_CASE("a statement is for its leaves in their order") {
        HubParts parts;
        parts.start();
        const std::vector<Bytes> leaves{leaf_of(numbered_alarm(1)), leaf_of(numbered_alarm(2))};
        const protocol::Submit good = parts.submission("lake", leaves);
        protocol::Submit turned = good;
        std::swap(turned.leaves[0], turned.leaves[1]);
        CHECK(refusal(parts, kLake, turned) == "statement_mismatch statement.root");
        protocol::Submit fewer = good;
        fewer.leaves.pop_back();
        CHECK(refusal(parts, kLake, fewer) == "statement_mismatch statement.count");
        protocol::Submit changed = good;
        changed.leaves[1].back() ^= 1;
        CHECK(refusal(parts, kLake, changed) == "statement_mismatch statement.root");
    }

    TEST_CASE("a key that is not enrolled or was revoked signs nothing") {
        HubParts parts;
        parts.start();
        const std::vector<Bytes> leaves{leaf_of(numbered_alarm(1))};
        const protocol::Submit good = parts.submission("lake", leaves);
        const crypto::Certificate enrolled = parts.signers.at("lake").certificate();
        parts.signers.at("lake") = parts.pki.signer("lake");
        CHECK(refusal(parts, kLake, parts.submission("lake", leaves)) ==
              "signer_not_enrolled statement");
        CHECK(refusal(parts, kLake, good).empty());
        parts.pki.revoke(enrolled);
        parts.deployment.trust.set(
            std::make_shared<const crypto::TrustStore>(parts.pki.trust_store()));
        CHECK(refusal(parts, kLake, good) == "certificate_revoked statement.signer");
        parts.start();
        CHECK(refusal(parts, kLake, good) == "signer_not_enrolled statement");
    }

    TEST_CASE("a certificate before its time and an outdated revocation list let nothing in") {
        HubParts parts;
        parts.start();
        const protocol::Submit good = parts.submission("lake", {leaf_of(numbered_alarm(1))});
        parts.clock.set(parts.pki.now() + std::chrono::days(29));
        CHECK(refusal(parts, kLake, good).empty());
        parts.clock.set(parts.pki.now() + std::chrono::days(31));
        CHECK(refusal(parts, kLake, good) == "crl_unusable statement.signer");
        parts.clock.set(parts.pki.now() - std::chrono::days(2));
        CHECK(refusal(parts, kLake, good) == "certificate_not_yet_valid statement.signer");
    }

    TEST_CASE("a batch of another unit than the one connected is refused") {
        HubParts parts;
        parts.start();
        const protocol::Submit good = parts.submission("lake", {leaf_of(numbered_alarm(1))});
        CHECK(refusal(parts, UnitId("reeds"), good) == "sender_mismatch statement.signer");
    }

    TEST_CASE("a changed byte anywhere in the statement refuses the batch") {
        HubParts parts;
        parts.start();
        const protocol::Submit good = parts.submission("lake", {leaf_of(numbered_alarm(1))});
        for (std::size_t i = 0; i < good.statement.size(); ++i) {
            CAPTURE(i);
            protocol::Submit changed = good;
            changed.statement[i] ^= 0x10;
            CHECK_FALSE(refusal(parts, kLake, changed).empty());
        }
    }

    TEST_CASE("equal leaves and equal identifiers don't share a batch") {
        HubParts parts;
        parts.start();
        const Bytes leaf = leaf_of(numbered_alarm(1));
        CHECK(refusal(parts, kLake, parts.submission("lake", {leaf, leaf})) ==
              "repeated_leaf leaves");
        Notice other = numbered_alarm(1);
        other.title = "乙";
        CHECK(refusal(parts, kLake, parts.submission("lake", {leaf, leaf_of(other)})) ==
              "repeated_leaf leaves");
        CHECK(refusal(parts, kLake, parts.submission("lake", {leaf, leaf_of(numbered_alarm(2))}))
                  .empty());
    }

    TEST_CASE("a batch has from one leaf to the limit and not too many bytes") {
        HubParts parts;
        parts.start();
        std::vector<Bytes> leaves;
        CHECK(refusal(parts, kLake, {1, {}, {}}) == "too_many_leaves leaves");
        // Leaves that nobody can read are let in, each refused for itself.
        for (std::size_t i = 0; i < protocol::kMaxLeavesPerBatch; ++i) {
            leaves.push_back(to_bytes(std::to_string(i)));
        }
        CHECK(refusal(parts, kLake, parts.submission("lake", leaves)).empty());
        leaves.push_back(to_bytes("one more"));
        CHECK(refusal(parts, kLake, parts.submission("lake", leaves)) == "too_many_leaves leaves");
        leaves = {Bytes(protocol::kMaxBatchBytes, 'x')};
        CHECK(refusal(parts, kLake, parts.submission("lake", leaves)).empty());
        leaves[0].push_back('x');
        CHECK(refusal(parts, kLake, parts.submission("lake", leaves)) == "too_large leaves");
        protocol::Submit wide = parts.submission("lake", {leaf_of(numbered_alarm(1))});
        wide.statement.resize(protocol::kMaxStatementBytes + 1);
        CHECK(refusal(parts, kLake, wide) == "too_large statement");
    }

    TEST_CASE("a leaf in another unit's name is refused for nothing but that") {
        HubParts parts;
        parts.start();
        Notice notice = numbered_alarm(1);
        notice.from = UnitId("reeds");
        notice.kind = KindId("no_such_kind");
        CHECK(reasons_of(parts, "lake", leaf_of(notice)) ==
              testing::Expected{"sender_mismatch from"});
    }

    TEST_CASE("a leaf that can't be read or breaks the charter's rules has its reasons") {
        HubParts parts;
        parts.start();
        const VerifiedBatch batch = parts.admitted("lake", {to_bytes("{}")});
        CHECK_FALSE(batch.leaves().front().leaf.has_value());
        CHECK(batch.leaves().front().reasons.size() == 1);
        Notice notice = numbered_alarm(1);
        testing::drop(notice, "site");
        CHECK(reasons_of(parts, "lake", leaf_of(notice)) ==
              testing::Expected{"missing_field fields.site"});
    }

    TEST_CASE("a disk that does not tell of an attachment refuses no notice for it") {
        HubParts parts;
        parts.start();
        const protocol::Submit good =
            parts.submission("lake", {leaf_of(numbered_alarm(1)), leaf_of(numbered_alarm(2))});
        parts.attachments.failing = true;
        CHECK(refusal(parts, kLake, good) == "storage_failure leaves[0]");
        parts.attachments.failing = false;
        CHECK(refusal(parts, kLake, good).empty());
    }

    TEST_CASE("an attachment is uploaded by the sender first and has the size it is said to have") {
        HubParts parts;
        parts.start();
        const Bytes leaf = leaf_of(numbered_alarm(1));
        CHECK(reasons_of(parts, "lake", leaf).empty());
        const Digest sha256 = testing::file("chart").sha256;
        parts.attachments.sizes[{kLake, sha256}] = 11;
        CHECK(reasons_of(parts, "lake", leaf) ==
              testing::Expected{"attachment_mismatch attachments[0].size"});
        parts.attachments.sizes = {{{UnitId("reeds"), sha256}, 10}};
        CHECK(reasons_of(parts, "lake", leaf) ==
              testing::Expected{"attachment_not_uploaded attachments[0]"});
    }
}

}  // namespace
}  // namespace tongbao::hub
