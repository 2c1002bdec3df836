#pragma once

#include "crypto/certificate.hpp"
#include "domain/log_entry.hpp"
#include "domain/log_position.hpp"
#include "domain/reason.hpp"
#include "domain/spiffe_id.hpp"

#include <filesystem>
#include <optional>

namespace tongbao::client {

/// The origin of a trust domain's log: `hub.<trust domain>/log`.
[[nodiscard]] LogOrigin log_origin(const TrustDomain& trust_domain);

/// Puts a certificate into the folder from which a hub enrols: `<serial>.pem`, and before it
/// `<serial>.consent` if there is a consent, so that nobody sees the one without the other.
///
/// Errors, with the file as place: Errc::already_exists if other contents are there under this name
/// (the same contents are no error); Errc::not_found if the folder is not there;
/// Errc::storage_failure.
[[nodiscard]] Checked<void> put_enrolled(const std::filesystem::path& folder,
                                         const crypto::Certificate& certificate,
                                         const std::optional<SignedConsent>& consent);

}  // namespace tongbao::client
