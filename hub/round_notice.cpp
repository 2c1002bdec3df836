#include "domain/answer_rules.hpp"
#include "domain/case_events.hpp"
#include "domain/leaf_event.hpp"
#include "domain/reach.hpp"
#include "hub/round.hpp"
#include "hub/round_current.hpp"

#include <algorithm>
#include <cstddef>

// How a notice is judged and logged.

namespace tongbao::hub {
namespace {

/// Adds reasons at places where nothing is wrong otherwise: a field of another form, or a sender
/// who may not send, was told before.
void add_untold(Reasons& reasons, const Reasons& faults) {
    const std::size_t before = reasons.size();
    for (const Reason& fault : faults) {
        const auto end = reasons.begin() + static_cast<std::ptrdiff_t>(before);
        const bool told = std::any_of(reasons.begin(), end, [&fault](const Reason& each) {
            return each.place == fault.place;
        });
        if (!told) reasons.push_back(fault);
    }
}

}  // namespace

Result<Reasons> Round::check_notice_case(const Notice& notice, const AdmittedLeaf& leaf,
                                         const std::optional<Asked>& asked, InCase& in_case) {
    const Kind& kind = *deployment_.charter->find_kind(notice.kind);
    const SharedFacts& facts = asked ? asked->facts : SharedFacts();
    Result<NoticeCase> placed =
        cases_.place(notice, kind, facts ? facts->case_number : std::nullopt);
    if (!placed) return placed.error();
    in_case.notice = *std::move(placed);
    if (!in_case.notice.reasons.empty()) return in_case.notice.reasons;
    if (asked && !asked->faults.empty()) return Reasons();
    // Of notices in no case nothing is written.
    if (!in_case.notice.number && !(facts && facts->case_number)) return Reasons();
    const NoticeRef own{leaf.sha256, next_entry()};
    NoticeInLog logged{&notice, own, in_case.notice.number, {}};
    std::optional<AskedInLog> pointed_at;
    if (facts) {
        const Result<std::uint32_t> state = state_of(facts->index, notice.from);
        if (!state) return state.error();
        const NoticeRef ref{facts->sha256, facts->index};
        logged.answered = AnsweredInCase{ref, facts->case_number};
        pointed_at = AskedInLog{{&asked->notice, ref, facts->case_number, {}}, state_in(*state)};
    }
    const std::vector<CaseEvent> events = events_of_notice(
        *deployment_.charter, logged, pointed_at ? &*pointed_at : nullptr, {own.index, time_});
    return cases_.judge(events, in_case.plans);
}

Result<protocol::LeafOutcome> Round::log_notice(Current& current, std::size_t position,
                                                const Notice& notice) {
    const AdmittedLeaf& leaf = current.batch.leaves()[position];
    Reasons reasons = leaf.reasons;
    std::optional<Asked> asked;
    Deed deed;
    InCase in_case;
    Readers readers = Readers::all;
    const bool known = deployment_.charter->find_kind(notice.kind) != nullptr;
    // Who sends in another's name is told nothing of notices and cases.
    if (known && notice.from == current.batch.unit()) {
        if (notice.in_reply_to) {
            Result<Asked> found = asked_by(notice);
            if (!found) return found.error();
            asked = *std::move(found);
            reasons.insert(reasons.end(), asked->faults.begin(), asked->faults.end());
            Result<Deed> does = deed_of(notice, *asked);
            if (!does) return does.error();
            deed = *std::move(does);
            add_untold(reasons, deed.faults);
        }
        const Result<Reasons> faults = check_notice_case(notice, leaf, asked, in_case);
        if (!faults) return faults.error();
        add_untold(reasons, *faults);
        const bool own = deployment_.charter->find_kind(notice.kind)->restricted();
        if (own || (asked && asked->facts && asked->facts->restricted)) {
            readers = Readers::parties;
            add_untold(reasons, check_alone(current, readers));
            if (!own) add_untold(reasons, check_among_parties(notice, asked->notice));
            // Who keeps the ledger of the case is not told of it.
            if (!own && in_case.notice.number) {
                add_untold(reasons, {{Errc::case_not_allowed, "case",
                                      "what it answers may not be known there"}});
            }
        }
    }
    const Reasons endorsers = check_endorsers(leaf);
    reasons.insert(reasons.end(), endorsers.begin(), endorsers.end());
    if (!reasons.empty()) return refuse(current, position, std::move(reasons), readers);

    LoggedEvent logged = event_of(notice, signed_leaf(current, position), register_head_);
    logged.case_number = in_case.notice.number;
    logged.opens_case = in_case.notice.opened;
    storage::StoredLeaf& stored = current.stored.leaves[position];
    for (const AdmittedEndorsement& each : leaf.endorsements) {
        logged.endorsements.push_back(each.ref);
        stored.endorsements.push_back(each.statement);
    }
    Result<std::vector<std::string>> late =
        clocks_.late_for(notice, next_entry(), asked ? asked->facts.get() : nullptr);
    if (!late) return late.error();
    logged.late = *std::move(late);
    const LogIndex index = append(current, std::move(logged), readers);
    stored.index = index;
    stored.bytes = leaf.bytes;
    keep_identifier({notice.id.value(), notice.from, index, leaf.sha256});
    NoticeFacts facts = facts_of(notice, leaf.sha256, index, in_case.notice.number);
    facts.restricted = readers == Readers::parties;
    logged_.push_back(std::make_shared<const NoticeFacts>(std::move(facts)));
    pending_notices_.emplace(index, &notice);
    cases_.logged(notice, index, in_case.notice);
    cases_.write(in_case.plans);
    for (const AttachmentItem& item : notice.attachments) {
        const auto* const attachment = std::get_if<Attachment>(&item);
        if (attachment != nullptr) commit_.files.push_back({notice.from, attachment->sha256});
    }
    const std::vector<UnitId> reached = online_recipients(reach_, notice);
    for (const UnitId& unit : reached) mail(current, position, unit);
    open_items(notice, index);
    const std::optional<UnitId> keeper = keeper_for(*deployment_.charter, notice.kind);
    if (keeper && readers == Readers::all) mail(current, position, *keeper);
    clocks_.logged(notice, index, leaf.sha256, reached);
    if (asked) {
        const NoticeRef by{leaf.sha256, index};
        const Result<void> noted = note_answer(current, notice, by, *asked);
        if (!noted) return noted.error();
        const Result<void> done = do_deed(current, notice, by, deed, *asked);
        if (!done) return done.error();
    }
    return protocol::LeafAccepted{index, false};
}

}  // namespace tongbao::hub
