#pragma once

#include "crypto/key_register.hpp"
#include "crypto/trust_store.hpp"
#include "domain/charter.hpp"
#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/spiffe_id.hpp"

#include <memory>
#include <string>

namespace tongbao::hub {

/// What this hub serves and whom it knows: fixed while it runs, shared by all threads.
struct Deployment {
    LogOrigin origin;
    TrustDomain trust_domain;
    std::shared_ptr<const Charter> charter;
    /// SHA-256 of the charter's file, and the file.
    Digest charter_digest;
    std::string charter_text;
    std::shared_ptr<const crypto::TrustStore> trust;
    std::shared_ptr<const crypto::KeyRegister> keys;
};

}  // namespace tongbao::hub
