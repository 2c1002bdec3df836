#include "client/daemon/batch_check.hpp"

#include "crypto/merkle_tree.hpp"
#include "crypto/sha256.hpp"
#include "crypto/statement.hpp"
#include "protocol/log_entry_json.hpp"

#include <algorithm>

namespace tongbao::client {
namespace {

/// The entry at `index`, if the run brings its bytes.
const Bytes* entry_at(const protocol::EntryRun& run, LogIndex index) {
    if (index < run.first) return nullptr;
    const std::uint64_t offset = index.value() - run.first.value();
    if (offset >= run.entries.size()) return nullptr;
    return std::get_if<Bytes>(&run.entries[offset]);
}

const SignedLeaf* leaf_of(const LogEvent& event) {
    if (const auto* const logged = std::get_if<LoggedEvent>(&event)) return &logged->leaf;
    if (const auto* const act = std::get_if<ActEvent>(&event)) return &act->leaf;
    return nullptr;
}

std::optional<Digest> register_head_of(const LogEvent& event) {
    if (const auto* const logged = std::get_if<LoggedEvent>(&event)) return logged->register_head;
    if (const auto* const act = std::get_if<ActEvent>(&event)) return act->register_head;
    return std::nullopt;
}

/// Whether the entry says of the leaf what the leaf says of itself.
bool says(const LogEvent& event, const protocol::Leaf& leaf) {
    if (const auto* const notice = std::get_if<Notice>(&leaf)) {
        const auto* const logged = std::get_if<LoggedEvent>(&event);
        return logged != nullptr && logged->from == notice->from && logged->to == notice->to &&
               logged->cc == notice->cc && logged->kind == notice->kind &&
               logged->charter == notice->charter &&
               logged->charter_version == notice->charter_version;
    }
    const auto& act = std::get<Act>(leaf);
    const auto* const logged = std::get_if<ActEvent>(&event);
    return logged != nullptr && logged->act == act.kind && logged->from == act.from &&
           logged->notices == act.notices;
}

std::vector<Digest> leaf_hashes_of(const protocol::Delivery& delivery) {
    std::vector<Digest> hashes;
    hashes.reserve(delivery.leaves.size());
    for (const auto& leaf : delivery.leaves) {
        const auto* const whole = std::get_if<protocol::DeliveredLeaf>(&leaf);
        hashes.push_back(whole != nullptr ? crypto::leaf_hash(whole->bytes)
                                          : std::get<Digest>(leaf));
    }
    return hashes;
}

/// The statement over the batch, opened and matched to its leaves. The unit that signed.
Checked<UnitId> check_statement(const protocol::Delivery& delivery, const BatchTrust& trust,
                                const crypto::EnrolledKey& key) {
    const auto opened = crypto::open_statement(
        delivery.statement, [&key](const Digest& digest) -> std::optional<crypto::Certificate> {
            if (digest != key.certificate.digest()) return std::nullopt;
            return key.certificate;
        });
    if (!opened) return Reason{to_errc(opened.error()), "statement", {}};
    const crypto::Statement& said = opened->statement;
    const std::vector<Digest> hashes = leaf_hashes_of(delivery);
    if (said.origin != trust.log.head().origin || said.role != crypto::kSubmitRole ||
        said.count != hashes.size() || said.root != crypto::tree_root(hashes)) {
        return Reason{Errc::statement_mismatch, "statement", {}};
    }
    if (opened->signer.use != CertificateUse::sign || !opened->signer.unit) {
        return Reason{Errc::wrong_signer, "statement", {}};
    }
    return *opened->signer.unit;
}

Checked<CheckedLeaf> check_leaf(const protocol::DeliveredLeaf& delivered, std::size_t position,
                                const protocol::Delivery& delivery, const BatchTrust& trust,
                                const UnitId& unit, const crypto::EnrolledKey& key) {
    const std::string place = "leaves[" + std::to_string(position) + ']';
    Checked<protocol::Leaf> leaf = protocol::read_leaf(delivered.bytes);
    if (!leaf) return leaf.error();
    if (protocol::sender(*leaf) != unit) return Reason{Errc::sender_mismatch, place, {}};
    const Bytes* const bytes = entry_at(delivery.run, delivered.index);
    if (bytes == nullptr) return Reason{Errc::entry_mismatch, place, "its entry is not there"};
    const Checked<LogEntry> entry = protocol::read_log_entry(*bytes);
    if (!entry) return entry.error();
    const SignedLeaf* const said = leaf_of(entry->event);
    const Digest sha256 = crypto::sha256(delivered.bytes);
    const SignedLeaf expected{sha256, crypto::leaf_hash(delivered.bytes),
                              crypto::sha256(delivery.statement), delivery.signer};
    if (said == nullptr || *said != expected || !says(entry->event, *leaf)) {
        return Reason{Errc::entry_mismatch, place, "its entry speaks of something else"};
    }
    const auto head = register_head_of(entry->event);
    const auto head_index = head ? trust.keys.index_of(*head) : std::nullopt;
    if (!head_index || !key.in_force_under(*head_index)) {
        return Reason{Errc::signer_not_enrolled, place, "by the register at its entry"};
    }
    const Result<void> trusted = trust.certificates.check(
        key.certificate, CertificateUse::sign, entry->time, crypto::RevocationCheck::by_register);
    if (!trusted) return Reason{to_errc(trusted.error()), place, {}};
    return CheckedLeaf{*std::move(leaf),
                       delivered.bytes,
                       sha256,
                       delivered.index,
                       static_cast<std::uint16_t>(position),
                       entry->time};
}

}  // namespace

bool needs_register(const protocol::Delivery& delivery, const crypto::KeyRegister& keys) {
    if (keys.find(delivery.signer) == nullptr) return true;
    return std::any_of(delivery.run.entries.begin(), delivery.run.entries.end(),
                       [&keys](const protocol::EntryOrHash& each) {
                           const auto* const bytes = std::get_if<Bytes>(&each);
                           if (bytes == nullptr) return false;
                           const Checked<LogEntry> entry = protocol::read_log_entry(*bytes);
                           if (!entry) return false;
                           const auto head = register_head_of(entry->event);
                           return head && !keys.index_of(*head);
                       });
}

Checked<std::vector<CheckedLeaf>> check_delivery(const protocol::Delivery& delivery,
                                                 const BatchTrust& trust) {
    if (delivery.run.first != delivery.batch) return Reason{Errc::entry_mismatch, "batch", {}};
    const Result<void> run = trust.log.check_run(delivery.run);
    if (!run) return Reason{to_errc(run.error()), "run", {}};
    const crypto::EnrolledKey* const key = trust.keys.find(delivery.signer);
    if (key == nullptr) return Reason{Errc::signer_not_enrolled, "signer", {}};
    const Checked<UnitId> unit = check_statement(delivery, trust, *key);
    if (!unit) return unit.error();
    std::vector<CheckedLeaf> checked;
    for (std::size_t position = 0; position < delivery.leaves.size(); ++position) {
        const auto* const delivered =
            std::get_if<protocol::DeliveredLeaf>(&delivery.leaves[position]);
        if (delivered == nullptr) continue;
        Checked<CheckedLeaf> leaf = check_leaf(*delivered, position, delivery, trust, *unit, *key);
        if (!leaf) return leaf.error();
        checked.push_back(*std::move(leaf));
    }
    return checked;
}

Checked<void> check_outcome(const protocol::Outcome& outcome,
                            const std::vector<Digest>& leaf_digests, const LogFollower& log) {
    if (!outcome.run.entries.empty()) {
        const Result<void> run = log.check_run(outcome.run);
        if (!run) return Reason{to_errc(run.error()), "run", {}};
    }
    for (std::size_t i = 0; i < outcome.leaves.size(); ++i) {
        const auto* const accepted = std::get_if<protocol::LeafAccepted>(&outcome.leaves[i]);
        // A repetition's entry was shown when it came first.
        if (accepted == nullptr || accepted->repeated) continue;
        const std::string place = "leaves[" + std::to_string(i) + ']';
        const Bytes* const bytes = entry_at(outcome.run, accepted->index);
        if (bytes == nullptr) return Reason{Errc::entry_mismatch, place, "its entry is not there"};
        const Checked<LogEntry> entry = protocol::read_log_entry(*bytes);
        if (!entry) return entry.error();
        const SignedLeaf* const said = leaf_of(entry->event);
        if (said == nullptr || said->sha256 != leaf_digests[i]) {
            return Reason{Errc::entry_mismatch, place, "its entry speaks of something else"};
        }
    }
    return {};
}

}  // namespace tongbao::client
