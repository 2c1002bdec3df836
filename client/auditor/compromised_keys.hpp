#pragma once

#include "crypto/key_register.hpp"
#include "domain/digest.hpp"
#include "domain/time.hpp"

#include <map>

namespace tongbao::client {

/// The certificates whose key others may have had, by SHA-256, and since when. What they signed
/// from then on stays valid by the order of the log, and is flagged: somebody else may have signed
/// it.
using CompromisedKeys = std::map<Digest, UtcTime>;

/// What the register says of it. A key may have several certificates: what is said of one holds for
/// all, the earliest time of all.
[[nodiscard]] CompromisedKeys compromised_keys(const crypto::KeyRegister& keys);

}  // namespace tongbao::client
