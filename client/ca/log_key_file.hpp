#pragma once

#include "domain/reason.hpp"
#include "domain/spiffe_id.hpp"

#include <filesystem>
#include <string>

namespace tongbao::client {

/// The verifier key of a trust domain's log, `hub.<trust domain>/log`. Makes the log's key (0600)
/// and the file of the verifier key beside it if there is none.
///
/// Errors: Errc::not_permitted if others may read the key; Errc::bad_key; Errc::storage_failure.
[[nodiscard]] Checked<std::string> log_verifier_key_of(const std::filesystem::path& key_file,
                                                       const std::filesystem::path& verifier_file,
                                                       const TrustDomain& trust_domain);

}  // namespace tongbao::client
