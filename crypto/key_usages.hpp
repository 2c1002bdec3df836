#pragma once

#include "domain/spiffe_id.hpp"

#include <openssl/x509v3.h>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace tongbao::crypto {

/// What the certificate of one use says that its key may do: what the certificate authority writes
/// and what check_profile demands, from one table.
struct KeyUsages {
    std::uint32_t key_usage;  ///< KU_ bits of OpenSSL
    std::array<std::string_view, 2> object_ids;
    std::size_t count;

    [[nodiscard]] constexpr std::span<const std::string_view> extended() const {
        return std::span(object_ids).first(count);
    }
};

[[nodiscard]] constexpr KeyUsages key_usages(CertificateUse use) {
    // RFC 5280 section 4.2.1.12 and RFC 9336; by number, since OpenSSL 3.0 has no name for the
    // last.
    constexpr std::string_view kServerAuth = "1.3.6.1.5.5.7.3.1";
    constexpr std::string_view kClientAuth = "1.3.6.1.5.5.7.3.2";
    constexpr std::string_view kEmailProtection = "1.3.6.1.5.5.7.3.4";
    constexpr std::string_view kDocumentSigning = "1.3.6.1.5.5.7.3.36";
    switch (use) {
        case CertificateUse::hub:
            return {KU_DIGITAL_SIGNATURE, {kServerAuth}, 1};
        case CertificateUse::daemon:
        case CertificateUse::log_auditor:
            return {KU_DIGITAL_SIGNATURE, {kClientAuth}, 1};
        case CertificateUse::sign:
        case CertificateUse::post:
            return {
                KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION, {kDocumentSigning, kEmailProtection}, 2};
        case CertificateUse::encrypt:
            return {KU_KEY_AGREEMENT, {kEmailProtection}, 1};
    }
    return {};
}

}  // namespace tongbao::crypto
