#pragma once

#include "crypto/trust_store.hpp"
#include "crypto/verifier_key.hpp"
#include "domain/charter.hpp"
#include "domain/digest.hpp"

#include <memory>
#include <optional>

namespace tongbao::client {

/// What an auditor knows without asking the hub: all certainty comes from here.
struct AuditTrust {
    /// The log's key; its name is the log's origin.
    crypto::VerifierKey log_key;
    std::shared_ptr<const crypto::TrustStore> certificates;
    /// SHA-256 of the charter's file, if the auditor has it.
    std::optional<Digest> charter;
    /// What it says; null if the auditor does not have it. Which endorsements the notices need that
    /// were logged since it was adopted is checked then.
    std::shared_ptr<const Charter> rules{};
};

}  // namespace tongbao::client
