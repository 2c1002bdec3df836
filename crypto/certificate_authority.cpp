#include "crypto/certificate_authority.hpp"

#include "crypto/asn1_time.hpp"
#include "crypto/certificate_builder.hpp"
#include "crypto/key_usages.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/openssl_handle.hpp"
#include "crypto/pem.hpp"
#include "crypto/public_key.hpp"
#include "domain/code_points.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace tongbao::crypto {
namespace {

constexpr std::size_t kMaxHostName = 253;

bool is_empty(const Validity& validity) {
    return std::chrono::floor<std::chrono::seconds>(validity.not_before) >=
           std::chrono::floor<std::chrono::seconds>(validity.not_after);
}

/// A host name in lower case without wildcards: labels of letters, digits and inner hyphens.
bool is_host_name(std::string_view text) {
    if (text.empty() || text.size() > kMaxHostName) return false;
    char previous = '.';
    for (const char character : text) {
        const bool plain = is_lower(character) || is_digit(character);
        if (!plain && character != '-' && character != '.') return false;
        if (!plain && previous == '.') return false;
        if (character == '.' && previous == '-') return false;
        previous = character;
    }
    return previous != '.' && previous != '-';
}

bool is_ip_address(const std::string& text) {
    // A text with a NUL inside would be read up to there.
    if (text.find('\0') != std::string::npos) return false;
    const Asn1OctetStringHandle address(a2i_IPADDRESS(text.c_str()));
    clear_openssl_errors();
    return address != nullptr;
}

bool has_fitting_hosts(const CertificateRequest& request) {
    const bool has_hosts = !request.dns_names.empty() || !request.ip_addresses.empty();
    return has_hosts == (request.id.use == CertificateUse::hub) &&
           std::all_of(request.dns_names.begin(), request.dns_names.end(), is_host_name) &&
           std::all_of(request.ip_addresses.begin(), request.ip_addresses.end(), is_ip_address);
}

/// Adds one line to the list. Errors: Errc::bad_encoding, Errc::crypto_failure.
Result<void> add_revocation(X509_CRL* list, const Revocation& revocation) {
    const Result<Bytes> serial_bytes = from_hex(revocation.serial);
    if (!serial_bytes || serial_bytes->empty()) return Errc::bad_encoding;
    const BignumHandle number(
        BN_bin2bn(serial_bytes->data(), static_cast<int>(serial_bytes->size()), nullptr));
    const Asn1IntegerHandle serial(number ? BN_to_ASN1_INTEGER(number.get(), nullptr) : nullptr);
    const Asn1TimeHandle time = make_asn1_time(revocation.time);
    const Asn1EnumeratedHandle reason(ASN1_ENUMERATED_new());
    const Asn1TimeHandle since = revocation.compromised_since
                                     ? make_generalized_time(*revocation.compromised_since)
                                     : nullptr;
    X509RevokedHandle line(X509_REVOKED_new());
    const bool filled =
        serial && time && reason && line &&
        X509_REVOKED_set_serialNumber(line.get(), serial.get()) == 1 &&
        X509_REVOKED_set_revocationDate(line.get(), time.get()) == 1 &&
        ASN1_ENUMERATED_set(reason.get(), static_cast<long>(revocation.reason)) == 1;
    // RFC 5280 section 5.3.1: "unspecified" is said by saying nothing.
    const bool reasoned =
        filled && (revocation.reason == RevocationReason::unspecified ||
                   X509_REVOKED_add1_ext_i2d(line.get(), NID_crl_reason, reason.get(), 0, 0) == 1);
    const bool dated =
        reasoned && (!revocation.compromised_since ||
                     (since && X509_REVOKED_add1_ext_i2d(line.get(), NID_invalidity_date,
                                                         since.get(), 0, 0) == 1));
    if (!dated || X509_CRL_add0_revoked(list, line.get()) != 1) return Errc::crypto_failure;
    static_cast<void>(line.release());  // the list owns it now
    return {};
}

bool add_list_extensions(X509_CRL* list, std::uint64_t number, BytesView issuer_key_id) {
    const Asn1IntegerHandle list_number(ASN1_INTEGER_new());
    const AuthorityKeyIdHandle issuer = make_authority_key_id(issuer_key_id);
    return list_number && issuer && ASN1_INTEGER_set_uint64(list_number.get(), number) == 1 &&
           X509_CRL_add1_ext_i2d(list, NID_authority_key_identifier, issuer.get(), 0, 0) == 1 &&
           X509_CRL_add1_ext_i2d(list, NID_crl_number, list_number.get(), 0, 0) == 1;
}

}  // namespace

Result<CertificateAuthority> CertificateAuthority::make_root(const TrustDomain& trust_domain,
                                                             const Validity& validity) {
    if (is_empty(validity)) return Errc::bad_time;
    Result<SigningKey> key = SigningKey::generate();
    if (!key) return key.error();
    CertificateBuilder builder(key->public_der());
    builder.set_subject(trust_domain.value(), "root " + builder.short_key_id());
    builder.set_own_issuer();
    builder.set_validity(validity.not_before, validity.not_after);
    builder.add_authority_constraints(1);
    builder.add_key_usage(KU_KEY_CERT_SIGN | KU_CRL_SIGN);
    Result<Certificate> certificate = builder.sign(key->native());
    if (!certificate) return certificate.error();
    return CertificateAuthority(*std::move(certificate), *std::move(key));
}

Result<CertificateAuthority> CertificateAuthority::load(Certificate certificate, SigningKey key) {
    if (certificate.public_key_digest() != key.public_digest()) return Errc::bad_key;
    if (X509_check_ca(certificate.native()) != 1) return Errc::certificate_wrong_use;
    return CertificateAuthority(std::move(certificate), std::move(key));
}

Result<CertificateAuthority> CertificateAuthority::make_issuing(const TrustDomain& trust_domain,
                                                                const Validity& validity) const {
    if (is_empty(validity)) return Errc::bad_time;
    if (X509_get_pathlen(certificate_.native()) < 1) return Errc::certificate_wrong_use;
    Result<SigningKey> key = SigningKey::generate();
    if (!key) return key.error();
    CertificateBuilder builder(key->public_der());
    // The key in the name: a second issuing authority of one trust domain has another name, and
    // nobody looks for its certificates in the first one's list.
    builder.set_subject(trust_domain.value(), "issuing " + builder.short_key_id());
    builder.set_issuer(certificate_.native());
    builder.set_validity(validity.not_before, validity.not_after);
    builder.add_authority_constraints(0);
    builder.add_key_usage(KU_KEY_CERT_SIGN | KU_CRL_SIGN);
    Result<Certificate> certificate = builder.sign(key_.native());
    if (!certificate) return certificate.error();
    return CertificateAuthority(*std::move(certificate), *std::move(key));
}

Result<Certificate> CertificateAuthority::issue(const CertificateRequest& request) const {
    if (is_empty(request.validity)) return Errc::bad_time;
    if (!read_p256_public_key(request.public_key)) return Errc::bad_key;
    if (!has_fitting_hosts(request)) return Errc::certificate_wrong_name;
    const KeyUsages usages = key_usages(request.id.use);
    CertificateBuilder builder(request.public_key);
    builder.set_subject(request.id.trust_domain.value(), readable_name(request.id));
    builder.set_issuer(certificate_.native());
    builder.set_validity(request.validity.not_before, request.validity.not_after);
    builder.add_holder_constraints();
    builder.add_key_usage(usages.key_usage);
    builder.add_extended_key_usage(usages.extended());
    builder.add_names(format_spiffe_id(request.id), request.dns_names, request.ip_addresses);
    return builder.sign(key_.native());
}

Result<std::string> CertificateAuthority::revocation_list(std::span<const Revocation> revoked,
                                                          std::uint64_t number, UtcTime this_update,
                                                          UtcTime next_update) const {
    if (is_empty({this_update, next_update})) return Errc::bad_time;
    const X509CrlHandle list(X509_CRL_new());
    const Asn1TimeHandle begin = make_asn1_time(this_update);
    const Asn1TimeHandle end = make_asn1_time(next_update);
    const bool begun =
        list && begin && end && X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) == 1 &&
        X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(certificate_.native())) == 1 &&
        X509_CRL_set1_lastUpdate(list.get(), begin.get()) == 1 &&
        X509_CRL_set1_nextUpdate(list.get(), end.get()) == 1 &&
        add_list_extensions(list.get(), number, certificate_.subject_key_id());
    if (!begun) {
        clear_openssl_errors();
        return Errc::crypto_failure;
    }
    for (const Revocation& revocation : revoked) {
        const Result<void> added = add_revocation(list.get(), revocation);
        if (!added) return added.error();
    }
    unsigned char* der = nullptr;
    const bool signed_well = X509_CRL_sort(list.get()) == 1 &&
                             X509_CRL_sign(list.get(), key_.native(), EVP_sha256()) > 0;
    const int size = signed_well ? i2d_X509_CRL(list.get(), &der) : 0;
    const OpensslBufferHandle owned(der);
    clear_openssl_errors();
    if (size <= 0) return Errc::crypto_failure;
    return write_pem(kRevocationListLabel, BytesView(der, static_cast<std::size_t>(size)));
}

}  // namespace tongbao::crypto
