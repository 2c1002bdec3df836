#pragma once

#include "crypto/key_register.hpp"
#include "domain/reach.hpp"

namespace tongbao::crypto {

/// The local units that have a sign key which is not revoked, each once, in the order of their ids.
/// Costs a look at each key.
[[nodiscard]] EnrolledUnits enrolled_local_units(const KeyRegister& keys);

}  // namespace tongbao::crypto
