#include "crypto/enrolled_units.hpp"

#include <algorithm>

namespace tongbao::crypto {

EnrolledUnits enrolled_local_units(const KeyRegister& keys) {
    EnrolledUnits units;
    for (const EnrolledKey& key : keys.keys()) {
        if (key.id.use != CertificateUse::sign || key.revoked || !key.id.unit) continue;
        if (system_of(*key.id.unit)) units.push_back(*key.id.unit);
    }
    std::sort(units.begin(), units.end());
    units.erase(std::unique(units.begin(), units.end()), units.end());
    return units;
}

}  // namespace tongbao::crypto
