#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

#include <openssl/types.h>

#include <optional>
#include <string>
#include <vector>

namespace tongbao::crypto {

/// A revoked certificate as a list has it.
struct ListedRevocation {
    UtcTime time;
    /// From when on others may have had the key: the list's invalidityDate, if it says so with the
    /// reason keyCompromise, or no reason at all. Source: RFC 5280 section 5.3.2.
    std::optional<UtcTime> compromised_since{};
};

/// What a revocation list says, for a person; its signature is not checked.
struct RevocationListText {
    struct Line {
        std::string serial;  ///< as Certificate::serial gives it
        ListedRevocation revocation;
    };

    std::string issuer;  ///< in the form of RFC 2253
    UtcTime this_update;
    UtcTime next_update;
    std::vector<Line> lines;
};

/// Reads one revocation list in DER.
///
/// Errors: Errc::crl_unusable if it can't be read, or does not say when the next one comes.
[[nodiscard]] Result<RevocationListText> read_revocation_list(BytesView der);

/// One line of a list; none if its time can't be read. Internal to crypto/.
[[nodiscard]] std::optional<ListedRevocation> read_revocation(const X509_REVOKED* line);

}  // namespace tongbao::crypto
