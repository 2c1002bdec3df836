#pragma once

#include "client/ca/ca_folder.hpp"
#include "client/ca/enrolment_request.hpp"
#include "crypto/certificate.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {

/// How the office answers a request.
struct AnswerOrder {
    std::chrono::days days{365};
    /// For what goes back to the unit: `<use>.pem` for each key, `trust.pem`, `log.vkey`. Made if
    /// it is not there.
    std::filesystem::path out;
    /// The hub's folder `enrolled`; none: `out`/enrol, to be brought to the hub.
    std::optional<std::filesystem::path> enrolled;
    /// The code that the unit read out; needed for a unit's first sign key.
    std::optional<std::string> confirmed;
};

/// A key of the request and the certificate that it has now.
struct AnsweredKey {
    SpiffeId id;
    crypto::Certificate certificate;
    /// In AnswerOrder::out; none for another authority's, which the unit has.
    std::optional<std::filesystem::path> file;
};

/// Checks what the register will check, so that nothing is issued that no hub would enrol: who
/// consents is the unit's sign key, certified here or enrolled at the hub, and not revoked; a first
/// sign key is the only one. `enrolled` is the hub's folder, if it can be seen.
///
/// Errors: Errc::certificate_wrong_name for another trust domain; Errc::signer_not_enrolled if
/// nobody here knows the key that consents; Errc::certificate_revoked if it was revoked;
/// Errc::consent_invalid if its signature does not fit; Errc::consent_missing for a first sign key
/// of a unit that has one; those of check_profile and TrustStore::check for another authority's
/// certificate.
[[nodiscard]] Checked<void> check_request(const EnrolmentRequest& request,
                                          const CaFolder& authority,
                                          const std::optional<std::filesystem::path>& enrolled,
                                          UtcTime now);

/// Checks the request and the code, then issues a certificate for each PKCS#10 request, passes
/// other authorities' certificates on, and puts all of them with the unit's consent into the folder
/// from which the hub enrols.
///
/// Errors, after which nothing was issued but by Errc::storage_failure: those of check_request;
/// Errc::fingerprint_mismatch if the code is not that of the first sign key;
/// Errc::bad_argument if it is missing; Errc::already_exists for a file that is there; those of
/// CaFolder::certify.
[[nodiscard]] Checked<std::vector<AnsweredKey>> answer_request(const EnrolmentRequest& request,
                                                               CaFolder& authority,
                                                               const AnswerOrder& order,
                                                               UtcTime now);

}  // namespace tongbao::client
