#include "tests/client/daemon/deliveries.hpp"

#include "crypto/merkle_proof.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/signed_note.hpp"
#include "protocol/shown_entry.hpp"

namespace tongbao::testing {

protocol::HeadUpdate head_after(const HubParts& hub, TreeSize known) {
    return {hub.head.get()->note,
            must(crypto::consistency_proof(known, hub.tree->size(), hub.tree->reader()))};
}

std::string signed_head(const HubParts& hub, TreeSize size, const Digest& root) {
    return crypto::sign_note(format_checkpoint({hub.deployment.origin, size, root}), hub.signer);
}

protocol::Delivery delivery_of(const HubParts& hub, LogIndex batch,
                               const std::set<std::size_t>& hidden) {
    const storage::StoredBatch stored = must(hub.store.read_batch(batch));
    protocol::Delivery delivery;
    delivery.batch = stored.first;
    delivery.signer = stored.signer;
    delivery.statement = stored.statement;
    std::set<LogIndex> concealed;
    for (std::size_t i = 0; i < stored.leaves.size(); ++i) {
        const storage::StoredLeaf& leaf = stored.leaves[i];
        if (leaf.bytes.empty() || hidden.contains(i)) {
            delivery.leaves.emplace_back(leaf.leaf_hash);
            if (leaf.index) concealed.insert(*leaf.index);
        } else {
            delivery.leaves.emplace_back(protocol::DeliveredLeaf{*leaf.index, leaf.bytes});
        }
    }
    delivery.run.first = stored.first;
    const std::vector<Bytes> entries =
        must(hub.store.read_entries(stored.first, stored.entry_count));
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (concealed.contains(advanced(stored.first, i))) {
            delivery.run.entries.emplace_back(crypto::leaf_hash(entries[i]));
        } else {
            const std::optional<Bytes> record =
                must(hub.store.read_record(advanced(stored.first, i)));
            delivery.run.entries.emplace_back(
                record ? protocol::join_shown_entry(entries[i], *record) : entries[i]);
        }
    }
    delivery.run.proof = must(crypto::range_proof(stored.first, stored.entry_count,
                                                  hub.tree->size(), hub.tree->reader()));
    return delivery;
}

client::LogFollower follower_of(const HubParts& hub) {
    return must(client::LogFollower::from_pinned(hub.signer.verifier_key(), hub.head.get()->note));
}

std::string verdict_on(const HubParts& hub, const protocol::Delivery& delivery) {
    const client::LogFollower follower = follower_of(hub);
    const UnitId dike("dike");
    const client::BatchTrust trust{follower, *hub.deployment.keys.get(),
                                   *hub.deployment.trust.get(), *hub.deployment.charter, dike};
    const auto checked = client::check_delivery(delivery, trust);
    if (checked) return {};
    return std::string(code(checked.error().code)) + ' ' + checked.error().place;
}

}  // namespace tongbao::testing
