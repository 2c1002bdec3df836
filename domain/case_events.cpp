#include "domain/case_events.hpp"

#include "domain/answer_rules.hpp"
#include "domain/lifecycle.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tongbao {
namespace {

/// The states of a recipient at which effects apply, in the order in which a notice passes them.
struct CaseStateEvent {
    Milestone milestone{};
    EffectEvent on{};
};

constexpr CaseStateEvent kStateEvents[] = {
    {Milestone::delivered, EffectEvent::delivered},
    {Milestone::signed_for, EffectEvent::signed_for},
    {Milestone::taken_up, EffectEvent::taken_up},
    {Milestone::declined, EffectEvent::declined},
};

bool has_effects(const Charter& charter, const KindId& id, EffectEvent on) {
    const Kind* const kind = charter.find_kind(id);
    return kind != nullptr && std::any_of(kind->effects.begin(), kind->effects.end(),
                                          [on](const Effect& effect) { return effect.on == on; });
}

/// Who did what to a notice, in a case or not.
struct Doing {
    NoticeRef cause;
    std::optional<UnitId> recipient;
    bool has_reason{false};
    EntryMoment moment;
};

void add_event(const Charter& charter, const NoticeInLog& to, EffectEvent on, const Doing& doing,
               std::vector<CaseEvent>& events) {
    if (!to.case_number || !has_effects(charter, to.notice->kind, on)) return;
    LedgerEvent event;
    event.on = on;
    event.case_number = *to.case_number;
    event.notice = to.ref;
    event.cause = doing.cause;
    event.entry = doing.moment.entry;
    event.at = doing.moment.at;
    event.recipient = doing.recipient;
    event.has_reason = on == EffectEvent::declined && doing.has_reason;
    event.answered = to.answered;
    events.push_back({to.notice, std::move(event)});
}

void add_entered(const Charter& charter, const NoticeInLog& to, RecipientState before,
                 RecipientState after, const Doing& doing, std::vector<CaseEvent>& events) {
    for (const CaseStateEvent& each : kStateEvents) {
        if (before.has(each.milestone) || !after.has(each.milestone)) continue;
        add_event(charter, to, each.on, doing, events);
    }
}

}  // namespace

bool is_kept(const Kind& kind) noexcept {
    return kind.case_use != CaseUse::none && kind.office_sees == OfficeSees::all;
}

bool is_kept(const Charter& charter, const KindId& kind) {
    const Kind* const found = charter.find_kind(kind);
    return found != nullptr && is_kept(*found);
}

bool has_events(const Charter& charter, const KindId& kind, RecipientState before,
                RecipientState after) {
    return std::any_of(std::begin(kStateEvents), std::end(kStateEvents),
                       [&](const CaseStateEvent& each) {
                           return !before.has(each.milestone) && after.has(each.milestone) &&
                                  has_effects(charter, kind, each.on);
                       });
}

std::vector<CaseEvent> events_of_notice(const Charter& charter, const NoticeInLog& logged,
                                        const AskedInLog* asked, EntryMoment moment) {
    std::vector<CaseEvent> events;
    const Notice& answer = *logged.notice;
    const Doing answering{logged.ref, answer.from, false, moment};
    const bool satisfies =
        asked != nullptr && satisfied_reply(charter, *asked->notice.notice, answer) != nullptr;
    if (satisfies) {
        // It asks for an answer, so the charter has its kind.
        const Kind& asking = *charter.find_kind(asked->notice.notice->kind);
        add_entered(charter, asked->notice, asked->before, after_answer(asked->before, asking),
                    answering, events);
    }
    add_event(charter, logged, EffectEvent::logged, {logged.ref, std::nullopt, false, moment},
              events);
    if (satisfies) add_event(charter, asked->notice, EffectEvent::replied, answering, events);
    return events;
}

std::vector<CaseEvent> events_of_act(const Charter& charter, const Act& act, const NoticeRef& ref,
                                     std::span<const ActedInLog> notices, EntryMoment moment) {
    std::vector<CaseEvent> events;
    if (is_senders(act.kind)) return events;
    const Doing acting{ref, act.from, act.reason.has_value(), moment};
    for (const ActedInLog& each : notices) {
        add_entered(charter, each.notice, each.before, each.after, acting, events);
    }
    return events;
}

}  // namespace tongbao
