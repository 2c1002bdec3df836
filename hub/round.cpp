#include "hub/round.hpp"

#include "crypto/merkle_tree.hpp"
#include "crypto/random.hpp"
#include "crypto/sha256.hpp"
#include "domain/leaf_event.hpp"
#include "hub/round_current.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/shown_entry.hpp"

#include <algorithm>

namespace tongbao::hub {
namespace {

/// The codes of the reasons, each once, in the order of the codes: all that the log says of them.
std::vector<Errc> codes_of(const Reasons& reasons) {
    std::set<Errc> codes;
    for (const Reason& reason : reasons) codes.insert(reason.code);
    return {codes.begin(), codes.end()};
}

/// Steps of escalations in one commit; of one recipient's clocks when something else touches them.
constexpr std::size_t kMaxStepsPerCommit = 1024;
constexpr std::size_t kMaxStepsPerTouch = 64;

/// The bytes of an entry with a new salt.
Bytes salted(LogEvent event, UtcTime time) {
    LogEntry entry{time, {}, std::move(event)};
    crypto::fill_random(entry.salt);
    return to_bytes(protocol::write_log_entry(entry));
}

/// Whether the leaf is a notice of a kind that not even the office may know of.
bool is_hidden(const Charter& charter, const AdmittedLeaf& leaf) {
    const auto* const notice = leaf.leaf ? std::get_if<Notice>(&*leaf.leaf) : nullptr;
    const Kind* const kind = notice == nullptr ? nullptr : charter.find_kind(notice->kind);
    return kind != nullptr && kind->restricted();
}

/// The kind that a leaf claims, as far as all who read the log may know it: one of the charter's,
/// and not one that some of them are not to hear of.
std::optional<KindId> shown_kind(const Charter& charter, const AdmittedLeaf& leaf) {
    if (!leaf.leaf) return std::nullopt;
    const auto* const notice = std::get_if<Notice>(&*leaf.leaf);
    if (notice == nullptr) return std::nullopt;
    const Kind* const kind = charter.find_kind(notice->kind);
    const bool shown = kind != nullptr && kind->auditors == AuditorScope::all;
    return shown ? std::optional(notice->kind) : std::nullopt;
}

}  // namespace

Round::Round(const Deployment& deployment, const storage::HubStore& store,
             const NoticeIndex& notices, RefusalLimit& refusals, UtcTime time)
    : deployment_(deployment),
      store_(store),
      notices_(notices),
      refusals_(refusals),
      time_(time),
      keys_(deployment.keys.get()),
      trust_(deployment.trust.get()),
      register_head_(keys_->head().value_or(Digest())),
      reach_(*deployment.charter, keys_->local_units()),
      clocks_(deployment.clocks.get(), store, time),
      cases_(deployment, store, time) {
    commit_.expected = store.size();
}

LogIndex Round::append(LogEvent event, Readers readers) {
    const LogIndex index = next_entry();
    Bytes entry = salted(std::move(event), time_);
    if (readers == Readers::parties) {
        const Digest digest = crypto::sha256(entry);
        commit_.records.push_back({index, std::move(entry)});
        entry = salted(OpaqueEvent{digest}, time_);
    }
    leaf_hashes_.push_back(crypto::leaf_hash(entry));
    commit_.entries.push_back(std::move(entry));
    return index;
}

LogIndex Round::next_entry() const {
    return advanced(next_index(commit_.expected), commit_.entries.size());
}

void Round::keep_identifier(const storage::IdentifierRow& row) {
    identifiers_.emplace(std::pair(row.id, row.sender), row);
    commit_.identifiers.push_back(row);
}

LogIndex Round::append(Current& current, LogEvent event, Readers readers) {
    const LogIndex index = append(std::move(event), readers);
    // Whatever a batch causes concerns notices that its sender is a party of.
    current.answer.entries.push_back(
        readers == Readers::parties
            ? protocol::join_shown_entry(commit_.entries.back(), commit_.records.back().record)
            : commit_.entries.back());
    return index;
}

SignedLeaf Round::signed_leaf(const Current& current, std::size_t position) const {
    const AdmittedLeaf& leaf = current.batch.leaves()[position];
    return {leaf.sha256, leaf.leaf_hash, current.batch.statement_digest(), current.batch.signer()};
}

void Round::mail(Current& current, std::size_t position, const UnitId& unit) {
    std::vector<std::uint16_t>& positions = current.mail[unit];
    const auto at = static_cast<std::uint16_t>(position);
    if (positions.empty() || positions.back() != at) positions.push_back(at);
    mailed_.insert(unit);
}

Result<void> Round::check_signer(const Digest& signer, CertificateUse use) const {
    const crypto::EnrolledKey* const key = keys_->find(signer);
    if (key == nullptr) return Errc::signer_not_enrolled;
    // It was in force when admission looked; its revocation may stand in the log since.
    if (key->revoked) return Errc::certificate_revoked;
    return trust_->check(key->certificate, use, time_);
}

Reasons Round::check_endorsers(const AdmittedLeaf& leaf) const {
    Reasons reasons;
    for (const AdmittedEndorsement& each : leaf.endorsements) {
        const Result<void> trusted = check_signer(each.ref.signer, each.use);
        if (trusted) continue;
        const Errc errc = to_errc(trusted.error());
        reasons.push_back({Errc::endorsement_invalid, "endorsements." + each.ref.role,
                           std::string(code(errc)) + ": " + std::string(sentence(errc))});
    }
    return reasons;
}

Result<Checked<SequencedBatch>> Round::add(const VerifiedBatch& batch) {
    using Answer = Checked<SequencedBatch>;
    const Result<void> trusted = check_signer(batch.signer(), CertificateUse::sign);
    if (!trusted) return Answer(Reason{to_errc(trusted.error()), "statement.signer", {}});
    if (const Result<void> read = read_earlier(batch); !read) return read.error();
    Current current{batch, {}, {}, {}};
    current.answer.first = next_entry();
    current.stored.first = current.answer.first;
    current.stored.signer = batch.signer();
    current.stored.leaves.reserve(batch.leaves().size());
    for (std::size_t position = 0; position < batch.leaves().size(); ++position) {
        const AdmittedLeaf& leaf = batch.leaves()[position];
        current.stored.leaves.push_back({leaf.leaf_hash, std::nullopt, {}});
        Result<protocol::LeafOutcome> outcome = judge(current, position);
        if (!outcome) return outcome.error();
        current.answer.leaves.push_back(*std::move(outcome));
    }
    if (current.answer.entries.empty()) return Answer(std::move(current.answer));
    current.stored.entry_count = static_cast<std::uint32_t>(current.answer.entries.size());
    current.stored.statement = batch.statement();
    commit_.batches.push_back(std::move(current.stored));
    for (auto& [unit, positions] : current.mail) {
        commit_.mail.push_back({unit, current.answer.first, std::move(positions)});
    }
    return Answer(std::move(current.answer));
}

Result<protocol::LeafOutcome> Round::judge(Current& current, std::size_t position) {
    const AdmittedLeaf& leaf = current.batch.leaves()[position];
    if (!leaf.leaf) return refuse(current, position, leaf.reasons);
    if (protocol::sender(*leaf.leaf) == current.batch.unit()) {
        std::optional<protocol::LeafOutcome> before = known(current.batch.unit(), leaf);
        if (before) {
            if (std::holds_alternative<protocol::LeafAccepted>(*before)) return *std::move(before);
            return refuse(current, position, std::get<protocol::LeafRefused>(*before).reasons);
        }
    }
    if (!leaf.reasons.empty() && std::holds_alternative<Act>(*leaf.leaf)) {
        return refuse(current, position, leaf.reasons);
    }
    if (const auto* const act = std::get_if<Act>(&*leaf.leaf)) {
        if (act->dispatch) return log_dispatch(current, position, *act);
        if (act->unit) return log_close(current, position, *act);
        return log_act(current, position, *act);
    }
    return log_notice(current, position, std::get<Notice>(*leaf.leaf));
}

Result<void> Round::read_earlier(const VerifiedBatch& batch) {
    std::vector<Uuid> ids;
    ids.reserve(batch.leaves().size());
    for (const AdmittedLeaf& leaf : batch.leaves()) {
        if (!leaf.leaf) continue;
        ids.push_back(protocol::identifier(*leaf.leaf));
        const auto* const notice = std::get_if<Notice>(&*leaf.leaf);
        if (notice != nullptr && notice->in_reply_to) ids.push_back(notice->in_reply_to->value());
    }
    const Result<std::vector<storage::IdentifierRow>> rows = store_.find_identifiers(ids);
    if (!rows) return rows.error();
    earlier_.clear();
    for (const storage::IdentifierRow& row : *rows) {
        earlier_.emplace(std::pair(row.id, row.sender), row);
    }
    return {};
}

std::optional<protocol::LeafOutcome> Round::known(const UnitId& sender,
                                                  const AdmittedLeaf& leaf) const {
    const std::pair key(protocol::identifier(*leaf.leaf), sender);
    for (const Identifiers* const each : {&identifiers_, &earlier_}) {
        const auto row = each->find(key);
        if (row == each->end()) continue;
        if (row->second.sha256 == leaf.sha256) {
            return protocol::LeafAccepted{row->second.index, true};
        }
        return protocol::LeafRefused{std::nullopt,
                                     {{Errc::id_conflict, "id", "was used for other contents"}}};
    }
    return std::nullopt;
}

Reasons Round::check_alone(const Current& current, Readers readers) {
    if (readers == Readers::all || current.batch.leaves().size() == 1) return {};
    return {{Errc::restricted_not_alone, {}, {}}};
}

LogIndex Round::accept(Current& current, std::size_t position, const Act& act, Readers readers) {
    const AdmittedLeaf& leaf = current.batch.leaves()[position];
    const LogIndex index =
        append(current, event_of(act, signed_leaf(current, position), register_head_), readers);
    current.stored.leaves[position].index = index;
    current.stored.leaves[position].bytes = leaf.bytes;
    keep_identifier({act.id.value(), act.from, index, leaf.sha256});
    return index;
}

Readers Round::readers_of(LogIndex index) const {
    if (!contains(commit_.expected, index)) {
        const SharedFacts pending = pending_at(index);
        return pending ? readers_of(*pending) : Readers::all;
    }
    // Of what can't be read nobody else is told.
    const Result<Readers> readers = notices_.readers_at(index);
    return readers ? *readers : Readers::parties;
}

Readers Round::readers_of_both(LogIndex one, LogIndex other) const {
    return std::max(readers_of(one), readers_of(other));
}

protocol::LeafOutcome Round::refuse(Current& current, std::size_t position, Reasons reasons,
                                    Readers readers) {
    const AdmittedLeaf& leaf = current.batch.leaves()[position];
    protocol::LeafRefused refused{std::nullopt, std::move(reasons)};
    // That a unit tried to send such a notice is nobody else's to know either.
    if (readers == Readers::parties || is_hidden(*deployment_.charter, leaf)) return refused;
    if (refusals_.allow(current.batch.unit(), time_)) {
        refused.index =
            append(current,
                   RefusedEvent{signed_leaf(current, position), current.batch.unit(),
                                shown_kind(*deployment_.charter, leaf), codes_of(refused.reasons)},
                   Readers::all);
        current.stored.leaves[position].index = refused.index;
    }
    return refused;
}

SharedFacts Round::pending_at(LogIndex index) const {
    const auto pending =
        std::lower_bound(logged_.begin(), logged_.end(), index,
                         [](const SharedFacts& each, LogIndex at) { return each->index < at; });
    const bool found = pending != logged_.end() && (*pending)->index == index;
    return found ? *pending : SharedFacts();
}

Result<SharedFacts> Round::facts_at(LogIndex index) {
    if (!contains(commit_.expected, index)) return pending_at(index);
    Result<SharedFacts> facts = notices_.find(index);
    if (!facts && facts.error() == Errc::no_such_notice) return SharedFacts();
    return facts;
}

Result<Notice> Round::notice_at(LogIndex index) {
    const auto pending = pending_notices_.find(index);
    if (pending != pending_notices_.end()) return *pending->second;
    Result<LoggedNotice> logged = notices_.read(index);
    if (!logged) return logged.error();
    return std::move(logged->notice);
}

Result<std::uint32_t> Round::state_of(LogIndex notice, const UnitId& unit) {
    const auto pending = states_.find({notice, unit});
    if (pending != states_.end()) return pending->second;
    const Result<std::uint32_t> read = store_.read_state(notice, unit);
    if (read) states_.emplace(std::pair(notice, unit), *read);
    return read;
}

void Round::set_state(LogIndex notice, const UnitId& unit, std::uint32_t state, bool fresh) {
    states_[{notice, unit}] = state;
    commit_.states.push_back({notice, unit, state, fresh});
}

RoundAccess Round::access() {
    return {[this](LogIndex notice, LogEvent event) {
                const LogIndex entry = append(std::move(event), readers_of(notice));
                commit_.trails.push_back({notice, entry});
                return entry;
            },
            [this](LogIndex notice, const UnitId& unit) { return state_of(notice, unit); },
            [this](LogIndex notice, const UnitId& unit, std::uint32_t state) {
                set_state(notice, unit, state, false);
            }};
}

Result<void> Round::do_due_steps(std::set<ClockPlace>& aside) {
    RoundAccess round = access();
    return clocks_.do_due(round, kMaxStepsPerCommit, aside);
}

storage::Commit Round::take_commit() {
    RoundAccess round = access();
    clocks_.finish(round, kMaxStepsPerTouch);
    commit_.clocks = std::move(clocks_.updates());
    cases_.put(commit_);
    return std::move(commit_);
}

}  // namespace tongbao::hub
