#pragma once

#include "crypto/key_register.hpp"
#include "domain/charter.hpp"
#include "domain/ids.hpp"
#include "domain/log_position.hpp"
#include "domain/notice.hpp"

namespace tongbao::client {

/// Whether the unit gets the notice as the keeper of the case ledger alone: it is neither recipient
/// nor copy. It acts on none of these, and none stands in its inbox.
[[nodiscard]] bool is_keepers_copy(const Notice& notice, const UnitId& unit);

/// Whether a notice that was logged at `index` comes to the unit by right: as to a recipient, a
/// copy or the keeper. Whom an earlier charter than `charter` had keep the ledger is not known here
/// any more, so what was logged before that was adopted comes to whom the hub sends it.
[[nodiscard]] bool is_for(const Notice& notice, const UnitId& unit, const Charter& charter,
                          const crypto::KeyRegister& keys, LogIndex index);

}  // namespace tongbao::client
