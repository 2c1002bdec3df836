#pragma once

#include "crypto/key_register.hpp"
#include "crypto/trust_store.hpp"
#include "domain/charter.hpp"
#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/spiffe_id.hpp"
#include "domain/time_zone.hpp"
#include "hub/clock_keeper.hpp"
#include "program/newest.hpp"

#include <memory>
#include <string>

namespace tongbao::hub {

/// What this hub serves and whom it knows, shared by all threads. All but `trust` and `keys` is
/// fixed while it runs; those two are replaced, each as a whole: who uses one takes it once for
/// each piece of work.
struct Deployment {
    LogOrigin origin;
    TrustDomain trust_domain;
    std::shared_ptr<const Charter> charter;
    /// SHA-256 of the charter's file, and the file.
    Digest charter_digest;
    std::string charter_text;
    /// Replaced by TrustWatch when the trust file changes.
    program::Newest<crypto::TrustStore> trust;
    /// Replaced by the sequencer when the log has new register entries.
    program::Newest<crypto::KeyRegister> keys;
    /// Starts the clocks of notices and says where they are; nothing: none are kept.
    std::shared_ptr<ClockKeeper> clocks;
    /// That of the charter; never nothing. The year of a case's number is the year there.
    std::shared_ptr<const TimeZone> zone;
};

}  // namespace tongbao::hub
