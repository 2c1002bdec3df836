#include "hub/log_showing.hpp"

#include "crypto/merkle_proof.hpp"
#include "crypto/merkle_tree.hpp"
#include "protocol/shown_entry.hpp"

#include <algorithm>

namespace tongbao::hub {

Result<protocol::HeadUpdate> LogShowing::update() {
    const std::shared_ptr<const SignedHead> head = head_.get();
    const TreeSize size = head->checkpoint.size;
    if (size < shown_) return Errc::log_rolled_back;
    if (size == shown_ && !first_) return protocol::HeadUpdate();
    Result<std::vector<Digest>> proof = crypto::consistency_proof(shown_, size, tree_.reader());
    if (!proof) return proof.error();
    shown_ = size;
    first_ = false;
    return protocol::HeadUpdate{head->note, *std::move(proof)};
}

Result<std::vector<Digest>> LogShowing::prove(LogIndex first, std::uint64_t count) const {
    return crypto::range_proof(first, count, shown_, tree_.reader());
}

Result<protocol::ProvedEntry> LogShowing::prove(LogIndex index) const {
    if (!contains(shown_, index)) return Errc::not_in_tree;
    Result<std::vector<Bytes>> entry = store_.read_entries(index, 1);
    if (!entry) return entry.error();
    Result<std::vector<Digest>> path = crypto::inclusion_proof(index, shown_, tree_.reader());
    if (!path) return path.error();
    Result<Bytes> shown = with_record(index, std::move(entry->front()));
    if (!shown) return shown.error();
    return protocol::ProvedEntry{*std::move(shown), *std::move(path)};
}

Result<Bytes> LogShowing::with_record(LogIndex index, Bytes entry) const {
    if (!protocol::is_opaque_entry(entry)) return entry;
    const Result<std::optional<Bytes>> record = store_.read_record(index);
    if (!record) return record.error();
    if (!*record) return Errc::storage_corrupt;
    return protocol::join_shown_entry(entry, **record);
}

Result<protocol::Outcome> LogShowing::outcome(std::uint64_t number, SequencedBatch batch) {
    protocol::Outcome outcome;
    outcome.number = number;
    outcome.leaves = std::move(batch.leaves);
    Result<protocol::HeadUpdate> head = update();
    if (!head) return head.error();
    outcome.head = *std::move(head);
    for (protocol::LeafOutcome& leaf : outcome.leaves) {
        auto* const accepted = std::get_if<protocol::LeafAccepted>(&leaf);
        if (accepted == nullptr || !accepted->repeated) continue;
        Result<protocol::ProvedEntry> earlier = prove(accepted->index);
        if (!earlier) return earlier.error();
        accepted->earlier = *std::move(earlier);
    }
    outcome.run.first = batch.first;
    if (batch.entries.empty()) return outcome;
    Result<std::vector<Digest>> proof = prove(batch.first, batch.entries.size());
    if (!proof) return proof.error();
    outcome.run.proof = *std::move(proof);
    for (Bytes& entry : batch.entries) outcome.run.entries.emplace_back(std::move(entry));
    return outcome;
}

Result<protocol::Delivery> LogShowing::delivery(const storage::MailboxRow& row) {
    Result<storage::StoredBatch> batch = store_.read_batch(row.batch);
    if (!batch) return batch.error();
    Result<std::vector<Bytes>> entries = store_.read_entries(batch->first, batch->entry_count);
    if (!entries) return entries.error();
    Result<protocol::HeadUpdate> head = update();
    if (!head) return head.error();
    Result<std::vector<Digest>> proof = prove(batch->first, batch->entry_count);
    if (!proof) return proof.error();

    protocol::Delivery delivery;
    delivery.batch = batch->first;
    delivery.signer = batch->signer;
    delivery.statement = std::move(batch->statement);
    delivery.head = *std::move(head);
    delivery.run.first = batch->first;
    delivery.run.proof = *std::move(proof);
    std::vector<bool> theirs(entries->size(), false);
    for (std::size_t position = 0; position < batch->leaves.size(); ++position) {
        storage::StoredLeaf& leaf = batch->leaves[position];
        const bool delivered = std::binary_search(row.leaves.begin(), row.leaves.end(), position);
        if (!delivered || !leaf.index) {
            delivery.leaves.emplace_back(leaf.leaf_hash);
            continue;
        }
        theirs[leaf.index->value() - batch->first.value()] = true;
        if (!leaf.endorsements.empty()) {
            delivery.endorsements.push_back(
                {static_cast<std::uint16_t>(position), std::move(leaf.endorsements)});
        }
        delivery.leaves.emplace_back(protocol::DeliveredLeaf{*leaf.index, std::move(leaf.bytes)});
    }
    for (std::size_t i = 0; i < entries->size(); ++i) {
        if (theirs[i]) {
            Result<Bytes> shown = with_record(advanced(batch->first, i), std::move((*entries)[i]));
            if (!shown) return shown.error();
            delivery.run.entries.emplace_back(*std::move(shown));
        } else {
            delivery.run.entries.emplace_back(crypto::leaf_hash((*entries)[i]));
        }
    }
    return delivery;
}

}  // namespace tongbao::hub
