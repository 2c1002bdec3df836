#include "client/daemon/batch_check.hpp"

#include "client/auditor/endorsement_check.hpp"
#include "client/daemon/keepers_copy.hpp"
#include "client/shown_entry.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/sha256.hpp"
#include "crypto/statement.hpp"
#include "domain/endorsement.hpp"
#include "domain/leaf_event.hpp"
#include "domain/ledger_effects.hpp"
#include "domain/send_limit.hpp"
#include "protocol/log_entry_json.hpp"

#include <algorithm>
#include <span>

namespace tongbao::client {
namespace {

/// The entry at `index`, if the run brings its bytes.
const Bytes* entry_at(const protocol::EntryRun& run, LogIndex index) {
    if (index < run.first) return nullptr;
    const std::uint64_t offset = index.value() - run.first.value();
    if (offset >= run.entries.size()) return nullptr;
    return std::get_if<Bytes>(&run.entries[offset]);
}

/// The signature that a leaf stands under.
struct SignedBy {
    Digest statement;
    Digest signer;
};

/// A leaf, and what its bytes hash to.
struct HashedLeaf {
    const protocol::Leaf& leaf;
    Digest sha256;
    Digest leaf_hash;
    /// Of a notice, its kind by the charter in force at its entry; nullptr if that is not known.
    const Kind* kind;
};

/// The kind of a notice that was logged at `index`. What an earlier charter said of it is not known
/// here any more.
const Kind* kind_at(const Charter& charter, const crypto::KeyRegister& keys,
                    const protocol::Leaf& leaf, LogIndex index) {
    const auto* const notice = std::get_if<Notice>(&leaf);
    if (notice == nullptr) return nullptr;
    if (!keys.adopted_before(index, charter.id(), charter.version())) return nullptr;
    return charter.find_kind(notice->kind);
}

/// Whether the entry names a case that the notice does not: it is to be read, not guessed.
bool gets_a_case(const HashedLeaf& hashed) {
    const auto* const notice = std::get_if<Notice>(&hashed.leaf);
    return notice != nullptr && hashed.kind != nullptr && opens_case(*hashed.kind, *notice);
}

/// The event that logs the leaf, one without endorsements and in the case that the notice names.
LogEvent event_of(const HashedLeaf& hashed, const SignedBy& by, const Digest& register_head) {
    const SignedLeaf leaf{hashed.sha256, hashed.leaf_hash, by.statement, by.signer};
    return std::visit(
        [&](const auto& each) { return LogEvent(tongbao::event_of(each, leaf, register_head)); },
        hashed.leaf);
}

/// Whether the event logs this very leaf and says of it what it says of itself. Under which
/// register and with which endorsements is checked apart.
bool logs(const LogEvent& event, const HashedLeaf& hashed, const std::optional<SignedBy>& by) {
    const SignedLeaf* const said = accepted_leaf_of(event);
    if (said == nullptr) return false;
    const SignedBy signature = by.value_or(SignedBy{said->statement, said->signer});
    if (*said !=
        SignedLeaf{hashed.sha256, hashed.leaf_hash, signature.statement, signature.signer}) {
        return false;
    }
    if (const auto* const act = std::get_if<Act>(&hashed.leaf)) {
        const auto* const acted = std::get_if<ActEvent>(&event);
        return acted != nullptr && says(*acted, *act);
    }
    const auto* const logged = std::get_if<LoggedEvent>(&event);
    return logged != nullptr && says(*logged, std::get<Notice>(hashed.leaf), hashed.kind);
}

/// The log entry that was shown so, if it says exactly the leaf, and, if that is known, under which
/// signature.
Checked<KnownEntry> entry_of(BytesView shown, const HashedLeaf& hashed,
                             const std::optional<SignedBy>& by,
                             const std::optional<Digest>& register_head, const std::string& place) {
    const Checked<TellingBytes> telling = open_shown_entry(shown);
    if (!telling) return Reason{telling.error().code, place, telling.error().explanation};
    // What it should say is known but for time and salt: nearly every entry says just that.
    if (by && register_head && !gets_a_case(hashed) && !telling->hidden_at) {
        auto expected =
            protocol::recognise_log_entry(telling->bytes, event_of(hashed, *by, *register_head));
        if (expected) return KnownEntry{*std::move(expected), false};
    }
    Checked<KnownEntry> known = read_shown_entry(shown);
    if (!known) return Reason{known.error().code, place, known.error().explanation};
    if (logs(known->entry.event, hashed, by)) return known;
    return Reason{Errc::entry_mismatch, place, "its entry speaks of something else"};
}

/// Why the entry of a leaf is hidden.
enum class HiddenFor { nobody, its_kind, what_it_is_about };

/// Why the entry of the leaf is hidden, which its own kind never contradicts. By what an earlier
/// charter hid is not known here any more.
Checked<HiddenFor> check_hidden(const HashedLeaf& hashed, bool hidden, const Charter& charter,
                                const crypto::KeyRegister& keys, LogIndex index,
                                const std::string& place) {
    if (!keys.adopted_before(index, charter.id(), charter.version())) return HiddenFor::nobody;
    const bool restricted = hashed.kind != nullptr && hashed.kind->restricted();
    if (restricted && !hidden) {
        return Reason{Errc::entry_mismatch, place, "its entry tells others of it"};
    }
    if (!hidden) return HiddenFor::nobody;
    return restricted ? HiddenFor::its_kind : HiddenFor::what_it_is_about;
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

/// The statement over the batch, opened and matched to its leaves, which hash to `hashes`. The unit
/// that signed.
Checked<UnitId> check_statement(const protocol::Delivery& delivery, std::span<const Digest> hashes,
                                const BatchTrust& trust, const crypto::EnrolledKey& key) {
    const auto opened = crypto::open_statement(
        delivery.statement, [&key](const Digest& digest) -> std::optional<crypto::Certificate> {
            if (digest != key.certificate.digest()) return std::nullopt;
            return key.certificate;
        });
    if (!opened) return Reason{to_errc(opened.error()), "statement", {}};
    const crypto::Statement& said = opened->statement;
    if (said.origin != trust.log.head().origin || said.role != crypto::kSubmitRole ||
        said.count != hashes.size() || said.root != crypto::tree_root(hashes)) {
        return Reason{Errc::statement_mismatch, "statement", {}};
    }
    if (opened->signer.use != CertificateUse::sign || !opened->signer.unit) {
        return Reason{Errc::wrong_signer, "statement", {}};
    }
    return *opened->signer.unit;
}

/// The register head that the entry at `index` names, if it is the newest there was, and the key
/// that signed the entry's leaf was in force under it.
Checked<Digest> check_register(const LogEntry& entry, LogIndex index,
                               const crypto::KeyRegister& keys, const std::string& place) {
    const std::optional<Digest> head = register_head_of(entry.event);
    if (!head || keys.head_before(index) != head) {
        return Reason{Errc::register_mismatch, place, "its entry names another register"};
    }
    const crypto::EnrolledKey* const key = keys.find(accepted_leaf_of(entry.event)->signer);
    if (key == nullptr || !key->in_force_at(index)) {
        return Reason{Errc::signer_not_enrolled, place, "by the register at its entry"};
    }
    return *head;
}

/// That a notice bears exactly the endorsements that its entry names and, by the charter in force
/// there, its kind asks for. What an earlier charter asked for is not known here any more.
Checked<void> check_endorsed(const Notice& notice, std::span<const Bytes> statements,
                             const LogEntry& entry, LogIndex index, const BatchTrust& trust,
                             const std::string& place) {
    const auto& logged = std::get<LoggedEvent>(entry.event);
    const Checked<std::vector<Endorsement>> opened =
        open_endorsements(statements, logged, index, entry.time,
                          {trust.log.head().origin, trust.keys, trust.certificates});
    const auto at_leaf = [&place](Reason reason) {
        reason.place = place + '.' + reason.place;
        return reason;
    };
    if (!opened) return at_leaf(opened.error());
    if (!trust.keys.adopted_before(index, trust.charter.id(), trust.charter.version())) return {};
    const Kind* const kind = trust.charter.find_kind(notice.kind);
    if (kind == nullptr) return {};  // said with the notice, as a warning
    const Reasons faults = check_endorsements(trust.charter, *kind, notice.from, *opened);
    if (!faults.empty()) return at_leaf(faults.front());
    return {};
}

/// That the limits of sending which the entry says a notice was late for are ones that, by the
/// charter in force there, its kind has. Which were missed depends on the notice that it answers:
/// that is the log's to say.
Checked<void> check_late(const LogEntry& entry, LogIndex index, const BatchTrust& trust,
                         const std::string& place) {
    const auto& logged = std::get<LoggedEvent>(entry.event);
    if (logged.late.empty()) return {};
    if (!trust.keys.adopted_before(index, trust.charter.id(), trust.charter.version())) return {};
    const Kind* const kind = trust.charter.find_kind(logged.kind);
    const bool known = kind != nullptr && std::all_of(logged.late.begin(), logged.late.end(),
                                                      [kind](const std::string& rule) {
                                                          return has_send_rule(*kind, rule);
                                                      });
    if (known) return {};
    return Reason{Errc::entry_mismatch, place, "is late for what the charter does not limit"};
}

/// Whether the entry names exactly the endorsements that went with one's own leaf.
bool names(const LogEntry& entry, std::span<const std::vector<Bytes>> all, std::size_t position) {
    const auto* const logged = std::get_if<LoggedEvent>(&entry.event);
    if (logged == nullptr) return true;
    const std::span<const Bytes> ours =
        all.empty() ? std::span<const Bytes>() : std::span<const Bytes>(all[position]);
    return std::equal(ours.begin(), ours.end(), logged->endorsements.begin(),
                      logged->endorsements.end(),
                      [](const Bytes& statement, const EndorsementRef& ref) {
                          return crypto::sha256(statement) == ref.statement;
                      });
}

/// What is known of all leaves of a delivery before each is looked at.
struct DeliveredBy {
    UnitId sender;
    SignedBy signature;
    const crypto::EnrolledKey& key;
};

/// Adds what was checked of the leaf, whose hash as a leaf is `leaf_hash`, to `batch`.
Checked<void> check_leaf(const protocol::DeliveredLeaf& delivered, std::size_t position,
                         const Digest& leaf_hash, const protocol::Delivery& delivery,
                         const BatchTrust& trust, const DeliveredBy& by, CheckedBatch& batch) {
    const std::string place = "leaves[" + std::to_string(position) + ']';
    Checked<protocol::Leaf> leaf = protocol::read_leaf(delivered.bytes);
    if (!leaf) return leaf.error();
    if (protocol::sender(*leaf) != by.sender) return Reason{Errc::sender_mismatch, place, {}};
    const auto* const notice = std::get_if<Notice>(&*leaf);
    if (notice != nullptr &&
        !is_for(*notice, trust.unit, trust.charter, trust.keys, delivered.index)) {
        return Reason{Errc::entry_mismatch, place, "is for other units"};
    }
    const Bytes* const bytes = entry_at(delivery.run, delivered.index);
    if (bytes == nullptr) return Reason{Errc::entry_mismatch, place, "its entry is not there"};
    const HashedLeaf hashed{*leaf, crypto::sha256(delivered.bytes), leaf_hash,
                            kind_at(trust.charter, trust.keys, *leaf, delivered.index)};
    const Checked<KnownEntry> known =
        entry_of(*bytes, hashed, by.signature, trust.keys.head_before(delivered.index), place);
    if (!known) return known.error();
    const LogEntry* const entry = &known->entry;
    const Checked<HiddenFor> hidden =
        check_hidden(hashed, known->hidden, trust.charter, trust.keys, delivered.index, place);
    if (!hidden) return hidden.error();
    const Checked<Digest> head = check_register(*entry, delivered.index, trust.keys, place);
    if (!head) return head.error();
    const Result<void> trusted =
        trust.certificates.check(by.key.certificate, CertificateUse::sign, entry->time,
                                 crypto::RevocationCheck::by_register);
    if (!trusted) return Reason{to_errc(trusted.error()), place, {}};
    if (notice != nullptr) {
        const Checked<void> endorsed =
            check_endorsed(*notice, protocol::endorsements_of(delivery.endorsements, position),
                           *entry, delivered.index, trust, place);
        if (!endorsed) return endorsed.error();
        const Checked<void> late = check_late(*entry, delivered.index, trust, place);
        if (!late) return late.error();
    }
    batch.register_head = *head;
    CheckedLeaf checked{*std::move(leaf), hashed.sha256, delivered.index,
                        static_cast<std::uint16_t>(position), entry->time};
    checked.hidden_by_other = *hidden == HiddenFor::what_it_is_about;
    if (const auto* const logged = std::get_if<LoggedEvent>(&entry->event)) {
        checked.case_number = logged->case_number;
        checked.opens_case = logged->opens_case;
    }
    batch.leaves.push_back(std::move(checked));
    return {};
}

}  // namespace

Checked<CheckedBatch> check_delivery(const protocol::Delivery& delivery, const BatchTrust& trust) {
    if (delivery.run.first != delivery.batch) return Reason{Errc::entry_mismatch, "batch", {}};
    const Result<void> run = trust.log.check_run(delivery.run);
    if (!run) return Reason{to_errc(run.error()), "run", {}};
    const crypto::EnrolledKey* const key = trust.keys.find(delivery.signer);
    if (key == nullptr) return Reason{Errc::signer_not_enrolled, "signer", {}};
    const std::vector<Digest> hashes = leaf_hashes_of(delivery);
    const Checked<UnitId> sender = check_statement(delivery, hashes, trust, *key);
    if (!sender) return sender.error();
    const DeliveredBy by{*sender, {crypto::sha256(delivery.statement), delivery.signer}, *key};
    CheckedBatch batch;
    for (std::size_t position = 0; position < delivery.leaves.size(); ++position) {
        const auto* const delivered =
            std::get_if<protocol::DeliveredLeaf>(&delivery.leaves[position]);
        if (delivered == nullptr) continue;
        const Checked<void> checked =
            check_leaf(*delivered, position, hashes[position], delivery, trust, by, batch);
        if (!checked) return checked.error();
    }
    return batch;
}

Checked<CheckedOutcome> check_outcome(const protocol::Outcome& outcome, const SubmittedBatch& batch,
                                      const LogFollower& log, const crypto::KeyRegister& keys,
                                      const Charter& charter) {
    CheckedOutcome checked;
    checked.entries.resize(outcome.leaves.size());
    if (!outcome.run.entries.empty()) {
        const Result<void> run = log.check_run(outcome.run);
        if (!run) return Reason{to_errc(run.error()), "run", {}};
    }
    const SignedBy ours{crypto::sha256(batch.statement), batch.signer};
    for (std::size_t i = 0; i < outcome.leaves.size(); ++i) {
        const auto* const accepted = std::get_if<protocol::LeafAccepted>(&outcome.leaves[i]);
        if (accepted == nullptr) continue;
        const std::string place = "leaves[" + std::to_string(i) + ']';
        std::optional<protocol::Leaf> fresh;
        if (batch.read.empty() || !batch.read[i]) {
            Checked<protocol::Leaf> leaf = protocol::read_leaf(batch.leaves[i]);
            if (!leaf) return leaf.error();
            fresh = *std::move(leaf);
        }
        const protocol::Leaf& leaf = fresh ? *fresh : *batch.read[i];
        if (accepted->repeated) {
            const Result<void> stands = log.check_entry(accepted->earlier, accepted->index);
            if (!stands) return Reason{to_errc(stands.error()), place, {}};
        }
        const Bytes* const bytes =
            accepted->repeated ? &accepted->earlier.entry : entry_at(outcome.run, accepted->index);
        if (bytes == nullptr) return Reason{Errc::entry_mismatch, place, "its entry is not there"};
        const auto by = accepted->repeated ? std::nullopt : std::optional(ours);
        const Digest leaf_hash =
            batch.leaf_hashes.empty() ? crypto::leaf_hash(batch.leaves[i]) : batch.leaf_hashes[i];
        const HashedLeaf hashed{leaf, crypto::sha256(batch.leaves[i]), leaf_hash,
                                kind_at(charter, keys, leaf, accepted->index)};
        const Checked<KnownEntry> known =
            entry_of(*bytes, hashed, by, keys.head_before(accepted->index), place);
        if (!known) return known.error();
        const LogEntry* const entry = &known->entry;
        const Checked<HiddenFor> hidden =
            check_hidden(hashed, known->hidden, charter, keys, accepted->index, place);
        if (!hidden) return hidden.error();
        if (!accepted->repeated && !names(*entry, batch.endorsements, i)) {
            return Reason{Errc::entry_mismatch, place, "its entry names other endorsements"};
        }
        const Checked<Digest> head = check_register(*entry, accepted->index, keys, place);
        if (!head) return head.error();
        checked.register_head = *head;
        CheckedOutcome::Entry& said = checked.entries[i].emplace();
        said.logged_at = entry->time;
        said.hidden_by_other = *hidden == HiddenFor::what_it_is_about;
        if (const auto* const logged = std::get_if<LoggedEvent>(&entry->event)) {
            said.case_number = logged->case_number;
            said.late = logged->late;
        }
    }
    return checked;
}

}  // namespace tongbao::client
