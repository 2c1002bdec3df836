#include "domain/leaf_event.hpp"

namespace tongbao {

LoggedEvent event_of(const Notice& notice, const SignedLeaf& leaf, const Digest& register_head) {
    return {leaf,
            notice.from,
            notice.to,
            notice.cc,
            notice.kind,
            notice.charter,
            notice.charter_version,
            register_head};
}

ActEvent event_of(const Act& act, const SignedLeaf& leaf, const Digest& register_head) {
    return {leaf, act.kind, act.from, act.notices, register_head};
}

bool says(const LoggedEvent& event, const Notice& notice) {
    LoggedEvent expected = event_of(notice, event.leaf, event.register_head);
    expected.endorsements = event.endorsements;
    return event == expected;
}

bool says(const ActEvent& event, const Act& act) {
    return event == event_of(act, event.leaf, event.register_head);
}

}  // namespace tongbao
