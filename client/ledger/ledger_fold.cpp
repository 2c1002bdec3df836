#include "client/ledger/ledger_fold.hpp"

#include "client/ledger/case_columns.hpp"
#include "domain/case_rules.hpp"

#include <algorithm>
#include <utility>

namespace tongbao::client {
namespace {

/// How far the places of an act's notices lie apart: more than one notice has events at an act.
constexpr std::uint32_t kPlacesPerNotice = 8;
/// From the place of `logged` to that of an opening which is written alone: the last one.
constexpr std::uint32_t kOpeningPlace = 3;

/// The place of an event among those of its entry, which does not depend on what else is known:
/// what an answer implies, then its own effects, then that it replies.
std::uint32_t place_of(EffectEvent on) {
    switch (on) {
        case EffectEvent::delivered:
            return 0;
        case EffectEvent::signed_for:
            return 1;
        case EffectEvent::taken_up:
            return 2;
        case EffectEvent::declined:
            return 3;
        case EffectEvent::logged:
            return 4;
        case EffectEvent::replied:
            return 5;
        case EffectEvent::closed:
            return 6;
    }
    return kPlacesPerNotice - 1;
}

bool has_later_effects(const Kind& kind) {
    return std::any_of(kind.effects.begin(), kind.effects.end(),
                       [](const Effect& effect) { return effect.on != EffectEvent::logged; });
}

bool only_links(const LedgerPlan& plan) {
    return std::all_of(plan.changes.begin(), plan.changes.end(), [](const LedgerChange& change) {
        return std::holds_alternative<NoticeLinked>(change);
    });
}

bool has_later_deed(const std::vector<storage::LedgerDeed>& deeds, const UnitId& unit,
                    LogIndex entry) {
    return std::any_of(deeds.begin(), deeds.end(), [&](const storage::LedgerDeed& each) {
        return each.unit == unit && entry < each.cause.index;
    });
}

NoticeInLog in_log(const KnownNotice& known) {
    return {&known.notice, known.row.ref, known.row.case_number, known.answered};
}

storage::LedgerDeed deed_of(const NoticeRef& asked, const FedNotice& answer) {
    return {asked, answer.notice.from, answer.ref, answer.at, 0, std::nullopt, false, false};
}

}  // namespace

Result<void> LedgerFold::take(const FedNotice& fed) {
    const Result<storage::NoticeUse> use = piece_.use_of(fed.ref.index);
    if (!use) return use.error();
    if (*use != storage::NoticeUse::unknown) return {};
    const Kind* const kind = charter_.find_kind(fed.notice.kind);
    if (kind == nullptr) {
        const Result<void> counted = piece_.count_skipped();
        if (!counted) return counted.error();
    }
    // A keeper is not told of the acts on what it does not keep, its own among them.
    const bool counts = kind != nullptr && fed.case_number && kind->case_use != CaseUse::none &&
                        (role_ == LedgerRole::follower || is_kept(*kind));
    return counts ? add_known(fed) : add_ignored(fed);
}

Result<void> LedgerFold::add_ignored(const FedNotice& fed) {
    storage::LedgerNotice row;
    row.ref = fed.ref;
    row.id = fed.notice.id;
    row.at = fed.at;
    const Result<void> added = piece_.add_notice(row);
    if (!added) return added.error();
    return piece_.drop_deeds(fed.ref.index);
}

Result<void> LedgerFold::add_known(const FedNotice& fed) {
    KnownNotice known;
    known.notice = fed.notice;
    known.row.ref = fed.ref;
    known.row.id = fed.notice.id;
    known.row.at = fed.at;
    known.row.case_number = fed.case_number;
    known.row.in_reply_to = fed.notice.in_reply_to;
    known.row.takes_deeds = has_later_effects(*charter_.find_kind(fed.notice.kind));
    known.row.bytes = to_bytes(fed.bytes);
    const Result<std::optional<KnownNotice>> asked = known_.asked_by(fed.notice, fed.ref.index);
    if (!asked) return asked.error();
    if (*asked) known.answered = AnsweredInCase{(*asked)->row.ref, (*asked)->row.case_number};
    const Result<void> added = piece_.add_notice(known.row);
    if (!added) return added.error();
    const Result<void> written = write_first(known, *asked);
    if (!written || role_ == LedgerRole::keeper) return written;
    return settle_waiting(known);
}

/// The events of the notice's own entry.
Result<void> LedgerFold::write_first(const KnownNotice& known,
                                     const std::optional<KnownNotice>& asked) {
    const LogIndex entry = known.row.ref.index;
    const EntryMoment moment{entry, known.row.at};
    const bool in_case = asked && asked->row.case_number;
    if (!in_case) return write(events_of_notice(charter_, in_log(known), nullptr, moment), 0);
    const LogIndex asked_at = asked->row.ref.index;
    AskedInLog at_asked{in_log(*asked), {}};
    bool late = false;
    if (asked->row.takes_deeds) {
        const Result<Deeds> deeds = piece_.deeds_at(asked_at);
        if (!deeds) return deeds.error();
        const Result<RecipientState> before =
            known_.state_at(*asked, *deeds, known.notice.from, entry);
        if (!before) return before.error();
        at_asked.before = *before;
        late = has_later_deed(*deeds, known.notice.from, entry);
        const FedNotice answer{known.notice, known.row.bytes, known.row.ref, {}, known.row.at};
        const Result<void> added = piece_.add_deed(deed_of(asked->row.ref, answer));
        if (!added) return added.error();
    }
    const std::vector<CaseEvent> events =
        events_of_notice(charter_, in_log(known), &at_asked, moment);
    if (!late) return write(events, 0);
    const Result<void> own = write(events, 0, entry);
    if (!own) return own.error();
    return rewrite(asked_at);
}

/// What came before the notice and waited for it: acts on it, and answers that name it.
Result<void> LedgerFold::settle_waiting(const KnownNotice& known) {
    const LogIndex index = known.row.ref.index;
    const Result<Deeds> deeds = piece_.deeds_at(index);
    if (!deeds) return deeds.error();
    if (!deeds->empty()) {
        const Result<void> settled =
            known.row.takes_deeds ? piece_.end_waiting(index) : piece_.drop_deeds(index);
        if (!settled) return settled.error();
    }
    const Result<std::vector<storage::LedgerNotice>> answers = piece_.answers_to(known.row.id);
    if (!answers) return answers.error();
    bool pointed_at = false;
    for (const storage::LedgerNotice& answer : *answers) {
        if (answer.ref.index <= index) continue;
        pointed_at = true;
        const Result<void> moved = move_answer(answer, known);
        if (!moved) return moved.error();
    }
    if (deeds->empty() && !pointed_at) return {};
    return rewrite(index);
}

/// The answer may point at the notice that arrived, or, for its sake, not any more at another one
/// with the same identifier.
Result<void> LedgerFold::move_answer(const storage::LedgerNotice& answer,
                                     const KnownNotice& arrived) {
    const LogIndex index = answer.ref.index;
    const Result<KnownNotice> known = known_.read(answer);
    if (!known) return known.error();
    const LogIndex new_one = arrived.row.ref.index;
    const Result<std::optional<KnownNotice>> before =
        known_.asked_by(known->notice, index, new_one);
    if (!before) return before.error();
    const Result<std::optional<KnownNotice>> now = known_.asked_by(known->notice, index);
    if (!now) return now.error();
    if (*before && (*before)->row.takes_deeds && (!*now || (*now)->row != (*before)->row)) {
        const LogIndex left = (*before)->row.ref.index;
        const Result<void> dropped = piece_.drop_deed(left, index);
        if (!dropped) return dropped.error();
        const Result<void> rewritten = rewrite(left);
        if (!rewritten) return rewritten.error();
    }
    if (*now && (*now)->row.ref.index == new_one && (*now)->row.takes_deeds) {
        const FedNotice fed{known->notice, known->row.bytes, known->row.ref, {}, known->row.at};
        const Result<void> added = piece_.add_deed(deed_of((*now)->row.ref, fed));
        if (!added) return added.error();
    }
    return rewrite(index);
}

Result<void> LedgerFold::take(const FedAct& fed) {
    // What the sender does to its own notice moves no case, and is no deed of a recipient.
    if (is_senders(fed.act.kind)) return {};
    std::uint32_t place = 0;
    for (const NoticeRef& notice : fed.act.notices) {
        storage::LedgerDeed deed{notice,
                                 fed.act.from,
                                 fed.ref,
                                 fed.at,
                                 place++,
                                 fed.act.kind,
                                 fed.act.reason.has_value(),
                                 false};
        const Result<storage::NoticeUse> use = piece_.use_of(notice.index);
        if (!use) return use.error();
        if (*use == storage::NoticeUse::without_deeds) continue;
        if (*use == storage::NoticeUse::unknown) {
            // What comes to a keeper comes in the log's order: the notice would be there.
            if (role_ == LedgerRole::keeper) continue;
            deed.waits = true;
        }
        const Result<void> taken = take_deed(deed);
        if (!taken) return taken.error();
    }
    return {};
}

Result<void> LedgerFold::take_deed(const storage::LedgerDeed& deed) {
    const LogIndex index = deed.notice.index;
    const LogIndex entry = deed.cause.index;
    const Result<Deeds> deeds = piece_.deeds_at(index);
    if (!deeds) return deeds.error();
    const bool repeated =
        std::any_of(deeds->begin(), deeds->end(),
                    [entry](const storage::LedgerDeed& each) { return each.cause.index == entry; });
    if (repeated) return {};
    const Result<void> added = piece_.add_deed(deed);
    if (!added || deed.waits) return added;
    const Result<std::optional<KnownNotice>> known = known_.at(index);
    if (!known) return known.error();
    if (!*known) return Errc::storage_corrupt;
    if (has_later_deed(*deeds, deed.unit, entry)) return rewrite(index);
    const Result<RecipientState> before = known_.state_at(**known, *deeds, deed.unit, entry);
    if (!before) return before.error();
    return write_act(**known, deed, *before);
}

Result<void> LedgerFold::write_act(const KnownNotice& known, const storage::LedgerDeed& deed,
                                   RecipientState before) {
    const Result<RecipientState> then = known_.after(known, deed, before);
    if (!then) return then.error();
    Act act;
    act.kind = *deed.act;
    act.from = deed.unit;
    if (deed.has_reason) act.reason.emplace();
    const ActedInLog acted{in_log(known), before, *then};
    return write(events_of_act(charter_, act, deed.cause, {&acted, 1}, {deed.cause.index, deed.at}),
                 deed.place * kPlacesPerNotice);
}

/// All events of the notice anew, by all that is known now.
Result<void> LedgerFold::rewrite(LogIndex notice) {
    const Result<std::optional<KnownNotice>> known = known_.at(notice);
    if (!known) return known.error();
    if (!*known || !(*known)->row.case_number) return Errc::storage_corrupt;
    const Result<void> dropped = piece_.drop_rows_of(notice);
    if (!dropped) return dropped.error();
    changed_.insert_or_assign(*(*known)->row.case_number, Change::more);
    const Result<void> own =
        write(events_of_notice(charter_, in_log(**known), nullptr, {notice, (*known)->row.at}), 0);
    if (!own) return own.error();
    const Result<Deeds> deeds = piece_.deeds_at(notice);
    if (!deeds) return deeds.error();
    std::map<UnitId, RecipientState> states;
    for (const storage::LedgerDeed& deed : *deeds) {
        const Result<void> done = rewrite_deed(**known, deed, states[deed.unit]);
        if (!done) return done.error();
    }
    return {};
}

Result<void> LedgerFold::rewrite_deed(const KnownNotice& known, const storage::LedgerDeed& deed,
                                      RecipientState& state) {
    const RecipientState before = state;
    const Result<RecipientState> then = known_.after(known, deed, before);
    if (!then) return then.error();
    state = *then;
    if (deed.act) return write_act(known, deed, before);
    const Result<std::optional<KnownNotice>> answer = known_.at(deed.cause.index);
    if (!answer) return answer.error();
    if (!*answer) return Errc::storage_corrupt;
    const AskedInLog asked{in_log(known), before};
    return write(events_of_notice(charter_, in_log(**answer), &asked, {deed.cause.index, deed.at}),
                 0, known.row.ref.index);
}

Result<void> LedgerFold::write(const std::vector<CaseEvent>& events, std::uint32_t place,
                               std::optional<LogIndex> only) {
    for (const CaseEvent& each : events) {
        if (only && each.event.notice.index != *only) continue;
        const Result<void> written = write(each, place + place_of(each.event.on));
        if (!written) return written.error();
    }
    return {};
}

Result<void> LedgerFold::write(const CaseEvent& event, std::uint32_t place) {
    storage::LedgerRow row;
    row.place = place;
    row.plan = plan_effects(charter_, *event.notice, event.event, Viewpoint::unit);
    LedgerPlan& plan = row.plan;
    // It does not judge, and by its part of the log alone reasons could differ.
    if (role_ == LedgerRole::follower) plan.reasons.clear();
    if (plan.changes.empty() && plan.reasons.empty()) return {};
    const Result<const CaseHistory*> history = piece_.history(plan.case_number);
    if (!history) return history.error();
    if (role_ == LedgerRole::keeper) row.refused = check_plan(*history, plan);
    const bool behind =
        *history != nullptr && (*history)->facts.back().source.entry <= plan.source.entry;
    const std::optional<LedgerPlan> opening =
        row.refused.empty() ? std::nullopt : opening_of(*history, plan);
    if (opening) {
        const Result<void> opened = piece_.add_row({*opening, place + kOpeningPlace, {}});
        if (!opened) return opened.error();
        changed_.insert_or_assign(plan.case_number, Change::more);
    }
    if (row.refused.empty()) {
        const Change change = behind && only_links(plan) ? Change::links : Change::more;
        Change& known = changed_.try_emplace(plan.case_number, change).first->second;
        if (change == Change::more) known = change;
    }
    return piece_.add_row(row);
}

Result<void> LedgerFold::finish() {
    for (const auto& [number, change] : changed_) {
        const Result<const CaseHistory*> history = piece_.history(number);
        if (!history) return history.error();
        Result<void> put{};
        if (*history == nullptr) {
            put = piece_.drop_columns(number);
        } else if (change == Change::links) {
            put = piece_.touch_columns(number, (*history)->facts.back().source.at);
        } else {
            put = piece_.put_columns(columns_of(charter_, **history));
        }
        if (!put) return put.error();
    }
    changed_.clear();
    return {};
}

}  // namespace tongbao::client
