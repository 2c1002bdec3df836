#pragma once

#include "client/ca/enrolment_request.hpp"
#include "crypto/certificate.hpp"
#include "crypto/signing_key.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {

/// What a unit wants keys for.
struct EnrolmentOrder {
    TrustDomain trust_domain;
    UnitId unit;
    /// New keys, each for one identity of the unit, none twice.
    std::vector<SpiffeId> make;
    /// Certificates of another authority, whose keys the unit has.
    std::vector<crypto::Certificate> certificates;
    /// Where keys and request go. Made if it is not there.
    std::filesystem::path folder;
};

/// The unit's sign key in force, which consents to the new ones.
struct Consenter {
    crypto::Certificate certificate;
    crypto::SigningKey key;
};

/// Makes the keys of `order` (0600, `<use>.key` or `post-<post>.key`, encrypted if there is a
/// passphrase) and `request.json` in its
/// folder. All keys but the one that consents are consented to: by `previous`, or, the first time,
/// by the new sign key, whose fingerprint people then compare.
///
/// Errors, after which no key was made but by Errc::storage_failure: Errc::bad_argument if there is
/// nothing to make or pass on, or too much; Errc::already_exists for a file that is there;
/// Errc::consent_missing if there is neither a previous nor a new sign key;
/// Errc::certificate_wrong_name if a certificate is another unit's; Errc::wrong_signer if
/// `previous` is not a key and certificate of the unit's seal that belong together;
/// Errc::bad_value for a passphrase that is empty or too long; Errc::crypto_failure,
/// Errc::storage_failure.
[[nodiscard]] Checked<EnrolmentRequest> enrol(const EnrolmentOrder& order,
                                              const std::optional<Consenter>& previous, UtcTime now,
                                              const crypto::SecretBytes* passphrase = nullptr);

/// `request.json` in the folder.
[[nodiscard]] std::filesystem::path request_file(const std::filesystem::path& folder);

/// Where enrol puts the key, and where its certificate is expected: `daemon`, `sign`, `encrypt`,
/// `post-<post>`, without an ending.
[[nodiscard]] std::string file_stem(const SpiffeId& id);

}  // namespace tongbao::client
