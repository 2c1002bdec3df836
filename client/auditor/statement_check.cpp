#include "client/auditor/statement_check.hpp"

#include "client/auditor/endorsement_check.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/sha256.hpp"

#include <algorithm>
#include <utility>

namespace tongbao::client {

Result<void> StatementCheck::enter(LogIndex index) {
    if (current_ && current_->covers(index)) return {};
    leave();
    Result<BatchRecord> record = source_.batch(index);
    if (!record) {
        const Errc errc = to_errc(record.error());
        if (!answer_lacking(errc)) return record.error();
        report_.findings.add(errc, index, "the hub has no statement for this entry");
        return {};
    }
    Current current{*std::move(record), {}, std::nullopt, {}};
    if (!current.covers(index) || current.record.first < previous_end_) {
        report_.findings.add(Errc::statement_mismatch, index,
                             "the hub's batch for this entry is one of other entries");
        return {};
    }
    current.statement = crypto::sha256(current.record.statement);
    current.seen.assign(current.record.leaves.size(), false);
    current_ = std::move(current);
    check_record(index);
    open(index);
    return {};
}

void StatementCheck::leave() {
    if (!current_) return;
    const std::vector<BatchRecord::Leaf>& leaves = current_->record.leaves;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        if (!leaves[i].index || current_->seen[i]) continue;
        report_.findings.add(Errc::statement_mismatch, leaves[i].index,
                             "a signed leaf should stand here, but the entry is not one");
    }
    previous_end_ = advanced(current_->record.first, current_->record.entry_count);
    current_.reset();
}

void StatementCheck::check_record(LogIndex index) {
    std::optional<LogIndex> before;
    for (const BatchRecord::Leaf& leaf : current_->record.leaves) {
        if (!leaf.index) continue;
        if (!current_->covers(*leaf.index) || (before && *leaf.index <= *before)) {
            report_.findings.add(Errc::statement_mismatch, index,
                                 "the leaves of the batch are not in the order of its entries");
            return;
        }
        before = leaf.index;
    }
}

std::optional<Errc> StatementCheck::mismatch(const crypto::OpenedStatement& opened,
                                             const char*& words) const {
    const crypto::Statement& said = opened.statement;
    const BatchRecord& record = current_->record;
    std::vector<Digest> hashes;
    hashes.reserve(record.leaves.size());
    for (const BatchRecord::Leaf& leaf : record.leaves) hashes.push_back(leaf.leaf_hash);
    words = "the statement is for another log";
    if (said.origin.value() != trust_.log_key.name()) return Errc::statement_mismatch;
    words = "the statement was not made by a unit's sign key to submit a batch";
    if (said.role != crypto::kSubmitRole || opened.signer.use != CertificateUse::sign) {
        return Errc::statement_mismatch;
    }
    words = "the statement's count is not the number of the batch's leaves";
    if (said.count != hashes.size()) return Errc::statement_mismatch;
    words = "the statement's root is not the root over the batch's leaves";
    if (said.root != crypto::tree_root(hashes)) return Errc::statement_mismatch;
    words = "the hub names another certificate for the batch than signed it";
    if (record.signer != opened.certificate) return Errc::wrong_signer;
    return std::nullopt;
}

void StatementCheck::open(LogIndex index) {
    const auto find = [this](const Digest& digest) -> std::optional<crypto::Certificate> {
        const crypto::EnrolledKey* const key = keys_.find(digest);
        if (key == nullptr) return std::nullopt;
        return key->certificate;
    };
    Result<crypto::OpenedStatement> opened =
        crypto::open_statement(current_->record.statement, find);
    if (!opened) {
        report_.findings.add(to_errc(opened.error()), index,
                             "the statement of the batch that begins at entry " +
                                 std::to_string(current_->record.first.value()) +
                                 " does not open: " + opened.error().message());
        return;
    }
    ++report_.signatures;
    const char* words = "";
    if (const std::optional<Errc> errc = mismatch(*opened, words)) {
        report_.findings.add(*errc, index, words);
    } else {
        ++report_.batches;
    }
    current_->opened = *std::move(opened);
}

void StatementCheck::check_signer(LogIndex index, UtcTime time, const UnitId& from,
                                  const SignedLeaf& leaf) {
    const crypto::OpenedStatement& opened = *current_->opened;
    if (leaf.signer != opened.certificate) {
        report_.findings.add(Errc::wrong_signer, index,
                             "the entry names another certificate than signed its statement");
    }
    if (opened.signer.unit != from) {
        report_.findings.add(Errc::sender_mismatch, index,
                             "the entry is from " + from.value() + ", the signer is " +
                                 format_spiffe_id(opened.signer));
    }
    const crypto::EnrolledKey* const key = keys_.find(opened.certificate);
    if (key == nullptr) return;  // does not happen: the statement opened with it
    if (!key->in_force_at(index)) {
        report_.findings.add(Errc::certificate_revoked, index,
                             "the register has revoked the signer's certificate at entry " +
                                 std::to_string(key->revoked.value_or(LogIndex()).value()));
    }
    const Result<void> trusted = trust_.certificates->check(
        key->certificate, CertificateUse::sign, time, crypto::RevocationCheck::by_register);
    if (!trusted) {
        report_.findings.add(
            to_errc(trusted.error()), index,
            "the signer's certificate at the entry's time: " + trusted.error().message());
    }
}

void StatementCheck::check_place(LogIndex index, const SignedLeaf& leaf) {
    const std::vector<BatchRecord::Leaf>& leaves = current_->record.leaves;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        if (leaves[i].index != index) continue;
        current_->seen[i] = true;
        if (leaves[i].leaf_hash == leaf.leaf_hash) return;
        break;
    }
    report_.findings.add(Errc::statement_mismatch, index,
                         "the statement does not cover the leaf that the entry names");
}

Result<void> StatementCheck::check_signed(LogIndex index, UtcTime time, const UnitId& from,
                                          const SignedLeaf& leaf) {
    const Result<void> entered = enter(index);
    if (!entered || !current_) return entered;
    if (leaf.statement != current_->statement) {
        report_.findings.add(Errc::statement_mismatch, index,
                             "the statement that the hub has is not the one that the entry names");
    }
    if (current_->opened) check_signer(index, time, from, leaf);
    check_place(index, leaf);
    return {};
}

void StatementCheck::check_endorsed(LogIndex index, UtcTime time, const LoggedEvent& event) {
    if (!current_) return;  // that the hub has no batch for it was said
    const std::vector<BatchRecord::Leaf>& leaves = current_->record.leaves;
    const auto leaf = std::find_if(leaves.begin(), leaves.end(),
                                   [index](const auto& each) { return each.index == index; });
    if (leaf == leaves.end()) return;  // said as well
    const LogOrigin origin(trust_.log_key.name());
    const Checked<std::vector<Endorsement>> opened = open_endorsements(
        leaf->endorsements, event, index, time, {origin, keys_, *trust_.certificates});
    if (!opened) {
        const Reason& reason = opened.error();
        report_.findings.add(reason.code, index, reason.place + ": " + reason.explanation);
        return;
    }
    report_.signatures += opened->size();
    const Charter* const rules = trust_.rules.get();
    // What an earlier charter asked for, this one does not say.
    if (rules == nullptr || !keys_.adopted_before(index, rules->id(), rules->version())) return;
    const Kind* const kind = rules->find_kind(event.kind);
    if (kind == nullptr) return;
    for (const Reason& fault : check_endorsements(*rules, *kind, event.from, *opened)) {
        report_.findings.add(fault.code, index, fault.place + ": " + fault.explanation);
    }
}

Result<void> StatementCheck::check_reply(LogIndex index, LogIndex answer) {
    const Result<void> entered = enter(index);
    if (!entered || !current_) return entered;
    if (answer < index && current_->covers(answer)) return {};
    report_.findings.add(Errc::statement_mismatch, index,
                         "the answer is not of the batch that caused this entry");
    return {};
}

}  // namespace tongbao::client
