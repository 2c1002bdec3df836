#include "client/daemon/keepers_copy.hpp"

#include "domain/case_events.hpp"

namespace tongbao::client {

bool is_keepers_copy(const Notice& notice, const UnitId& unit) {
    return !contains(notice.to, unit) && !contains(notice.cc, unit);
}

bool is_for(const Notice& notice, const UnitId& unit, const Charter& charter,
            const crypto::KeyRegister& keys, LogIndex index) {
    if (!is_keepers_copy(notice, unit)) return true;
    if (!keys.adopted_before(index, charter.id(), charter.version())) return true;
    return charter.parts().ledger.kept_by == unit && is_kept(charter, notice.kind);
}

}  // namespace tongbao::client
