#include "domain/leaf_event.hpp"

#include "domain/ledger_effects.hpp"

namespace tongbao {

LoggedEvent event_of(const Notice& notice, const SignedLeaf& leaf, const Digest& register_head) {
    return {leaf,
            notice.from,
            notice.to,
            notice.cc,
            notice.kind,
            notice.charter,
            notice.charter_version,
            register_head,
            {},
            notice.case_number,
            false};
}

ActEvent event_of(const Act& act, const SignedLeaf& leaf, const Digest& register_head) {
    ActEvent event{leaf, act.kind, act.from, act.notices, register_head};
    event.unit = act.dispatch ? std::optional(act.dispatch->to) : act.unit;
    return event;
}

bool says_case(const LoggedEvent& event, const Notice& notice, const Kind* kind) {
    if (notice.case_number) return event.case_number == notice.case_number && !event.opens_case;
    if (kind == nullptr) return event.case_number || !event.opens_case;
    if (opens_case(*kind, notice)) return event.case_number && event.opens_case;
    const bool may_inherit = kind->case_use != CaseUse::none && notice.in_reply_to;
    return !event.opens_case && (may_inherit || !event.case_number);
}

bool says(const LoggedEvent& event, const Notice& notice, const Kind* kind) {
    LoggedEvent expected = event_of(notice, event.leaf, event.register_head);
    expected.endorsements = event.endorsements;
    expected.late = event.late;
    expected.case_number = event.case_number;
    expected.opens_case = event.opens_case;
    return event == expected && says_case(event, notice, kind);
}

bool says(const ActEvent& event, const Act& act) {
    return event == event_of(act, event.leaf, event.register_head);
}

}  // namespace tongbao
