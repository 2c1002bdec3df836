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

}  // namespace tongbao
