#include "hub/admission.hpp"

#include "crypto/endorsement.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/sha256.hpp"
#include "crypto/statement.hpp"
#include "domain/act_rules.hpp"
#include "domain/endorsement.hpp"
#include "domain/notice_rules.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <unordered_set>

namespace tongbao::hub {
namespace {

/// Two equal leaves, or two leaves with one identifier, can't each have an outcome of their own.
bool repeats(const std::vector<AdmittedLeaf>& leaves) {
    std::unordered_set<Digest> digests;
    std::vector<Uuid> ids;
    for (const AdmittedLeaf& leaf : leaves) {
        if (!digests.insert(leaf.sha256).second) return true;
        if (leaf.leaf) ids.push_back(protocol::identifier(*leaf.leaf));
    }
    std::sort(ids.begin(), ids.end());
    return std::adjacent_find(ids.begin(), ids.end()) != ids.end();
}

/// The certificates that are enrolled and not revoked.
crypto::CertificateFinder in_force(const crypto::KeyRegister& keys) {
    return [&keys](const Digest& digest) -> std::optional<crypto::Certificate> {
        const crypto::EnrolledKey* const key = keys.find(digest);
        if (key == nullptr || key->revoked) return std::nullopt;
        return key->certificate;
    };
}

}  // namespace

Checked<Digest> Admission::check_statement(const UnitId& unit, BytesView statement,
                                           std::span<const Digest> leaf_hashes) const {
    const std::shared_ptr<const crypto::KeyRegister> keys = deployment_.keys.get();
    const auto opened = crypto::open_statement(statement, in_force(*keys));
    if (!opened) return Reason{to_errc(opened.error()), "statement", {}};
    const crypto::Statement& said = opened->statement;
    if (said.origin != deployment_.origin) {
        return Reason{Errc::statement_mismatch, "statement.log", "is for another log"};
    }
    if (said.role != crypto::kSubmitRole || opened->signer.use != CertificateUse::sign) {
        return Reason{Errc::statement_mismatch, "statement.role", "a unit's sign key submits"};
    }
    if (said.count != leaf_hashes.size()) {
        return Reason{Errc::statement_mismatch, "statement.count", "is not the number of leaves"};
    }
    if (said.root != crypto::tree_root(leaf_hashes)) {
        return Reason{Errc::statement_mismatch, "statement.root", "is not the root of the leaves"};
    }
    if (opened->signer.unit != unit) {
        return Reason{Errc::sender_mismatch, "statement.signer", "is not the unit connected"};
    }
    const crypto::EnrolledKey* const key = keys->find(opened->certificate);
    const Result<void> trusted =
        deployment_.trust.get()->check(key->certificate, CertificateUse::sign, clock_.now());
    if (!trusted) return Reason{to_errc(trusted.error()), "statement.signer", {}};
    return opened->certificate;
}

Result<Reasons> Admission::missing_attachments(const Notice& notice) const {
    Reasons reasons;
    for (std::size_t i = 0; i < notice.attachments.size(); ++i) {
        const auto* const attachment = std::get_if<Attachment>(&notice.attachments[i]);
        if (attachment == nullptr) continue;
        const Result<std::uint64_t> size = attachments_.touch(notice.from, attachment->sha256);
        const std::string place = "attachments[" + std::to_string(i) + ']';
        // What the disk fails to tell is no fault of the notice.
        if (!size && size.error() != Errc::not_found) return size.error();
        if (!size) {
            reasons.push_back(
                {Errc::attachment_not_uploaded, place, "upload it before the notice"});
        } else if (*size != attachment->size) {
            reasons.push_back({Errc::attachment_mismatch, place + ".size",
                               "the uploaded file has " + std::to_string(*size) + " bytes"});
        }
    }
    return reasons;
}

void Admission::judge_endorsements(AdmittedLeaf& leaf, std::span<const Bytes> statements) const {
    const auto* const notice = std::get_if<Notice>(&*leaf.leaf);
    if (notice == nullptr) {
        if (statements.empty()) return;
        leaf.reasons.push_back({Errc::endorsement_invalid, "endorsements", "an act has none"});
        return;
    }
    const Kind* const kind = deployment_.charter->find_kind(notice->kind);
    if (kind == nullptr) return;
    const std::shared_ptr<const crypto::KeyRegister> keys = deployment_.keys.get();
    const std::shared_ptr<const crypto::TrustStore> trust = deployment_.trust.get();
    std::vector<Endorsement> given;
    for (std::size_t i = 0; i < statements.size(); ++i) {
        const auto refuse = [&leaf, i](const boost::system::error_code& error) {
            const Errc errc = to_errc(error);
            leaf.reasons.push_back({Errc::endorsement_invalid,
                                    "endorsements[" + std::to_string(i) + ']',
                                    std::string(code(errc)) + ": " + std::string(sentence(errc))});
        };
        const auto opened = crypto::open_endorsement(statements[i], deployment_.origin,
                                                     leaf.leaf_hash, in_force(*keys));
        if (!opened) {
            refuse(opened.error());
            continue;
        }
        const CertificateUse use = opened->endorsement.signer.use;
        const Result<void> trusted =
            trust->check(keys->find(opened->certificate)->certificate, use, clock_.now());
        if (!trusted) {
            refuse(trusted.error());
            continue;
        }
        given.push_back(opened->endorsement);
        leaf.endorsements.push_back(
            {statements[i],
             use,
             {opened->endorsement.role, opened->statement, opened->certificate}});
    }
    // With one that did not open the places of the others are not theirs: these faults wait.
    const bool all_open = given.size() == statements.size();
    for (Reason& fault : check_endorsements(*deployment_.charter, *kind, notice->from, given)) {
        if (all_open || fault.code == Errc::endorsement_missing) {
            leaf.reasons.push_back(std::move(fault));
        }
    }
}

Result<AdmittedLeaf> Admission::judge(const UnitId& unit, Bytes bytes, const Digest& leaf_hash,
                                      std::span<const Bytes> endorsements) const {
    AdmittedLeaf admitted{std::move(bytes), {}, leaf_hash, std::nullopt, {}};
    admitted.sha256 = crypto::sha256(admitted.bytes);
    Checked<protocol::Leaf> leaf = protocol::read_leaf(admitted.bytes);
    if (!leaf) {
        admitted.reasons.push_back(leaf.error());
        return admitted;
    }
    admitted.leaf = *std::move(leaf);
    if (protocol::sender(*admitted.leaf) != unit) {
        // Nothing else is said of it: a stranger's notice is not judged for him.
        admitted.reasons.push_back({Errc::sender_mismatch, "from", "is not the unit that signed"});
        return admitted;
    }
    if (const auto* const notice = std::get_if<Notice>(&*admitted.leaf)) {
        admitted.reasons = check_notice(*deployment_.charter, *notice, Viewpoint::hub);
        const Result<Reasons> missing = missing_attachments(*notice);
        if (!missing) return missing.error();
        admitted.reasons.insert(admitted.reasons.end(), missing->begin(), missing->end());
    } else {
        admitted.reasons = check_words(*deployment_.charter, std::get<Act>(*admitted.leaf));
    }
    judge_endorsements(admitted, endorsements);
    return admitted;
}

Checked<VerifiedBatch> Admission::admit(const UnitId& unit, protocol::Submit submit) const {
    if (submit.leaves.empty() || submit.leaves.size() > protocol::kMaxLeavesPerBatch) {
        return Reason{Errc::too_many_leaves, "leaves",
                      "from 1 to " + std::to_string(protocol::kMaxLeavesPerBatch)};
    }
    if (submit.statement.size() > protocol::kMaxStatementBytes) {
        return Reason{Errc::too_large, "statement", {}};
    }
    std::vector<Digest> leaf_hashes;
    leaf_hashes.reserve(submit.leaves.size());
    std::size_t bytes = 0;
    for (const Bytes& leaf : submit.leaves) {
        bytes += leaf.size();
        leaf_hashes.push_back(crypto::leaf_hash(leaf));
    }
    for (const protocol::LeafEndorsements& each : submit.endorsements) {
        for (const Bytes& statement : each.statements) bytes += statement.size();
    }
    if (bytes > protocol::kMaxBatchBytes) {
        return Reason{Errc::too_large, "leaves",
                      "at most " + std::to_string(protocol::kMaxBatchBytes) + " bytes"};
    }
    const Checked<Digest> signer = check_statement(unit, submit.statement, leaf_hashes);
    if (!signer) return signer.error();

    std::vector<AdmittedLeaf> leaves;
    leaves.reserve(submit.leaves.size());
    for (std::size_t i = 0; i < submit.leaves.size(); ++i) {
        Result<AdmittedLeaf> leaf = judge(unit, std::move(submit.leaves[i]), leaf_hashes[i],
                                          protocol::endorsements_of(submit.endorsements, i));
        if (!leaf) {
            return Reason{to_errc(leaf.error()), "leaves[" + std::to_string(i) + ']', {}};
        }
        leaves.push_back(*std::move(leaf));
    }
    if (repeats(leaves)) return Reason{Errc::repeated_leaf, "leaves", {}};
    const Digest statement_digest = crypto::sha256(submit.statement);
    return VerifiedBatch(unit, *signer, std::move(submit.statement), statement_digest,
                         std::move(leaves));
}

void log_refused(program::Logging& logging, const UnitId& unit, const Reason& reason) {
    logging.warning("batch_refused", {{"unit", unit.value()},
                                      {"code", std::string(code(reason.code))},
                                      {"what", std::string(sentence(reason.code))},
                                      {"place", reason.place},
                                      {"words", reason.explanation}});
}

}  // namespace tongbao::hub
