#pragma once

#include "crypto/key_register.hpp"
#include "crypto/trust_store.hpp"
#include "domain/bytes.hpp"
#include "domain/endorsement.hpp"
#include "domain/ids.hpp"
#include "domain/log_entry.hpp"
#include "domain/log_position.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"

#include <span>
#include <vector>

namespace tongbao::client {

/// Where an endorsement's certainty comes from. Borrows.
struct EndorsementTrust {
    const LogOrigin& origin;
    /// The register as of the entry, or later.
    const crypto::KeyRegister& keys;
    const crypto::TrustStore& certificates;
};

/// Opens the endorsements that came with a notice, whose `logged` entry stands at `index` with
/// `time`: they are exactly those that the entry names, each signs this notice for this log, and
/// its key was in force and its certificate good there. Whether they are what the charter asks for
/// says check_endorsements. Costs a signature check each.
///
/// Errors, at `endorsements` or `endorsements[i]`: Errc::entry_mismatch for others than the entry
/// names; Errc::endorsement_invalid, with the particular code in the explanation.
[[nodiscard]] Checked<std::vector<Endorsement>> open_endorsements(std::span<const Bytes> statements,
                                                                  const LoggedEvent& event,
                                                                  LogIndex index, UtcTime time,
                                                                  const EndorsementTrust& trust);

}  // namespace tongbao::client
