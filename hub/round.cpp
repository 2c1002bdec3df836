#include "hub/round.hpp"

#include "crypto/merkle_tree.hpp"
#include "crypto/random.hpp"
#include "domain/answer_rules.hpp"
#include "domain/leaf_event.hpp"
#include "domain/lifecycle.hpp"
#include "domain/notice_rules.hpp"
#include "protocol/log_entry_json.hpp"

#include <algorithm>

namespace tongbao::hub {
namespace {

/// The codes of the reasons, each once, in the order of the codes: all that the log says of them.
std::vector<Errc> codes_of(const Reasons& reasons) {
    std::set<Errc> codes;
    for (const Reason& reason : reasons) codes.insert(reason.code);
    return {codes.begin(), codes.end()};
}

/// An act has more faults than these only by intent: each costs the one writer a look at the disk.
constexpr std::size_t kMaxActFaults = 8;

/// Steps of escalations in one commit; of one recipient's clocks when something else touches them.
constexpr std::size_t kMaxStepsPerCommit = 1024;
constexpr std::size_t kMaxStepsPerTouch = 64;

RecipientState state_in(std::uint32_t bits) {
    return RecipientState(static_cast<std::uint8_t>(bits));
}

/// The standing with another state, its marks as they are.
std::uint32_t with_state(std::uint32_t bits, RecipientState state) {
    return (bits & ~std::uint32_t{0xff}) | state.bits();
}

/// The kind that a leaf claims, as far as all who read the log may know it: one of the charter's,
/// and not one that some of them are not to hear of.
std::optional<KindId> shown_kind(const Charter& charter, const AdmittedLeaf& leaf) {
    if (!leaf.leaf) return std::nullopt;
    const auto* const notice = std::get_if<Notice>(&*leaf.leaf);
    if (notice == nullptr) return std::nullopt;
    const Kind* const kind = charter.find_kind(notice->kind);
    const bool shown = kind != nullptr && kind->office_sees != OfficeSees::none &&
                       kind->auditors == AuditorScope::all;
    return shown ? std::optional(notice->kind) : std::nullopt;
}

}  // namespace

struct Round::Current {
    const VerifiedBatch& batch;
    SequencedBatch answer;
    storage::StoredBatch stored;
    std::map<UnitId, std::vector<std::uint16_t>> mail;
};

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
      clocks_(deployment.clocks.get(), store, time) {
    commit_.expected = store.size();
}

LogIndex Round::append(LogEvent event) {
    LogEntry entry{time_, {}, std::move(event)};
    crypto::fill_random(entry.salt);
    commit_.entries.push_back(to_bytes(protocol::write_log_entry(entry)));
    leaf_hashes_.push_back(crypto::leaf_hash(commit_.entries.back()));
    return advanced(next_index(commit_.expected), commit_.entries.size() - 1);
}

LogIndex Round::append(Current& current, LogEvent event) {
    const LogIndex index = append(std::move(event));
    current.answer.entries.push_back(commit_.entries.back());
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
    current.answer.first = advanced(next_index(commit_.expected), commit_.entries.size());
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

protocol::LeafOutcome Round::refuse(Current& current, std::size_t position, Reasons reasons) {
    const AdmittedLeaf& leaf = current.batch.leaves()[position];
    protocol::LeafRefused refused{std::nullopt, std::move(reasons)};
    if (refusals_.allow(current.batch.unit(), time_)) {
        refused.index =
            append(current,
                   RefusedEvent{signed_leaf(current, position), current.batch.unit(),
                                shown_kind(*deployment_.charter, leaf), codes_of(refused.reasons)});
        current.stored.leaves[position].index = refused.index;
    }
    return refused;
}

Result<SharedFacts> Round::facts_at(LogIndex index) {
    if (!contains(commit_.expected, index)) {
        const auto pending =
            std::lower_bound(logged_.begin(), logged_.end(), index,
                             [](const SharedFacts& each, LogIndex at) { return each->index < at; });
        const bool found = pending != logged_.end() && (*pending)->index == index;
        return found ? *pending : SharedFacts();
    }
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
    return store_.read_state(notice, unit);
}

Result<protocol::LeafOutcome> Round::log_notice(Current& current, std::size_t position,
                                                const Notice& notice) {
    const AdmittedLeaf& leaf = current.batch.leaves()[position];
    Reasons reasons = leaf.reasons;
    std::optional<Asked> asked;
    const bool known = deployment_.charter->find_kind(notice.kind) != nullptr;
    if (known && notice.in_reply_to && notice.from == current.batch.unit()) {
        Result<Asked> found = asked_by(notice);
        if (!found) return found.error();
        asked = *std::move(found);
        reasons.insert(reasons.end(), asked->faults.begin(), asked->faults.end());
    }
    const Reasons endorsers = check_endorsers(leaf);
    reasons.insert(reasons.end(), endorsers.begin(), endorsers.end());
    if (!reasons.empty()) return refuse(current, position, std::move(reasons));

    LoggedEvent logged = event_of(notice, signed_leaf(current, position), register_head_);
    storage::StoredLeaf& stored = current.stored.leaves[position];
    for (const AdmittedEndorsement& each : leaf.endorsements) {
        logged.endorsements.push_back(each.ref);
        stored.endorsements.push_back(each.statement);
    }
    const LogIndex index = append(current, std::move(logged));
    stored.index = index;
    stored.bytes = leaf.bytes;
    const storage::IdentifierRow row{notice.id.value(), notice.from, index, leaf.sha256};
    identifiers_.emplace(std::pair(row.id, row.sender), row);
    commit_.identifiers.push_back(row);
    logged_.push_back(std::make_shared<const NoticeFacts>(facts_of(notice, leaf.sha256, index)));
    pending_notices_.emplace(index, &notice);
    if (notice.case_number) commit_.cases.push_back({*notice.case_number, index});
    for (const AttachmentItem& item : notice.attachments) {
        const auto* const attachment = std::get_if<Attachment>(&item);
        if (attachment != nullptr) commit_.files.push_back({notice.from, attachment->sha256});
    }
    for (const UnitId& unit : online_recipients(*deployment_.charter, notice)) {
        mail(current, position, unit);
    }
    clocks_.logged(notice, index, leaf.sha256);
    if (asked && satisfied_reply(*deployment_.charter, asked->notice, notice) != nullptr) {
        // Its kind is in the charter, or it would ask for nothing.
        const Kind& asking = *deployment_.charter->find_kind(asked->notice.kind);
        const NoticeFacts& facts = *asked->facts;
        const LogIndex event = append(
            current, RepliedEvent{notice.from, {facts.sha256, facts.index}, {leaf.sha256, index}});
        commit_.trails.push_back({facts.index, event});
        const Result<std::uint32_t> state = state_of(facts.index, notice.from);
        if (!state) return state.error();
        set_state(facts.index, notice.from,
                  with_state(*state, after_answer(state_in(*state), asking)), *state == 0);
        const Result<void> noted = clocks_.answered(facts, asked->notice, notice, index);
        if (!noted) return noted.error();
    }
    return protocol::LeafAccepted{index, false};
}

void Round::set_state(LogIndex notice, const UnitId& unit, std::uint32_t state, bool fresh) {
    states_[{notice, unit}] = state;
    commit_.states.push_back({notice, unit, state, fresh});
}

Result<Reasons> Round::check_act(const Act& act, std::vector<ActedOn>& acted_on) {
    Reasons reasons;
    acted_on.reserve(act.notices.size());
    for (std::size_t i = 0; i < act.notices.size(); ++i) {
        if (reasons.size() == kMaxActFaults) {
            reasons.push_back({Errc::more_reasons, {}, {}});
            break;
        }
        const auto place = [i] { return "notices[" + std::to_string(i) + ']'; };
        const Result<SharedFacts> facts = facts_at(act.notices[i].index);
        if (!facts) return facts.error();
        // Absent, another notice, and not this unit's to act on: one answer for all three.
        if (!*facts || (*facts)->sha256 != act.notices[i].sha256 ||
            !((*facts)->recipient(act.from) || (*facts)->copied(act.from))) {
            reasons.push_back({Errc::no_such_notice, place(), {}});
            continue;
        }
        const Kind* const kind = deployment_.charter->find_kind((*facts)->kind);
        if (kind == nullptr) {
            reasons.push_back({Errc::unknown_kind, place(), {}});
            continue;
        }
        const Result<std::uint32_t> state = state_of((*facts)->index, act.from);
        if (!state) return state.error();
        // An officer may have signed for some of them before the daemon's act came: it stands for
        // the others.
        const bool before = state_in(*state).has(ActKind::delivered);
        if (act.kind == ActKind::delivered && before && act.notices.size() > 1) continue;
        const Addressed addressed = (*facts)->recipient(act.from) ? Addressed::to : Addressed::cc;
        const Result<RecipientState> next =
            apply(state_in(*state), act.kind, *kind, addressed, act.reason.has_value());
        if (!next) {
            reasons.push_back({to_errc(next.error()), place(), {}});
            continue;
        }
        acted_on.push_back({*facts, *state, with_state(*state, *next)});
    }
    if (reasons.empty() && acted_on.empty())
        return Reasons{{Errc::act_out_of_order, "notices", {}}};
    return reasons;
}

Result<protocol::LeafOutcome> Round::log_act(Current& current, std::size_t position,
                                             const Act& act) {
    const AdmittedLeaf& leaf = current.batch.leaves()[position];
    std::vector<ActedOn> acted_on;
    Result<Reasons> reasons = check_act(act, acted_on);
    if (!reasons) return reasons.error();
    if (!reasons->empty()) return refuse(current, position, *std::move(reasons));

    const LogIndex index =
        append(current, event_of(act, signed_leaf(current, position), register_head_));
    current.stored.leaves[position].index = index;
    current.stored.leaves[position].bytes = leaf.bytes;
    const storage::IdentifierRow row{act.id.value(), act.from, index, leaf.sha256};
    identifiers_.emplace(std::pair(row.id, row.sender), row);
    commit_.identifiers.push_back(row);
    for (const ActedOn& each : acted_on) {
        const NoticeFacts& facts = *each.notice;
        set_state(facts.index, act.from, each.after, each.before == 0);
        const Result<void> noted = clocks_.acted(facts, act.from, act.kind);
        if (!noted) return noted.error();
        commit_.trails.push_back({facts.index, index});
        // The sender is told; an act upon an act there is not.
        if (deployment_.charter->online(facts.from)) mail(current, position, facts.from);
    }
    return protocol::LeafAccepted{index, false};
}

RoundAccess Round::access() {
    return {[this](LogIndex notice, LogEvent event) {
                const LogIndex entry = append(std::move(event));
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
    return std::move(commit_);
}

}  // namespace tongbao::hub
