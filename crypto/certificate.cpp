#include "crypto/certificate.hpp"

#include "crypto/asn1_time.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/openssl_handle.hpp"
#include "crypto/pem.hpp"
#include "crypto/sha256.hpp"

#include <optional>
#include <utility>

namespace tongbao::crypto {
namespace {

constexpr std::size_t kMaxCertificateDer = 64 * 1024;

Result<SpiffeId> read_spiffe(const X509* x509) {
    // Null also when the extension stands there twice.
    const GeneralNamesHandle names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
    if (!names) return Errc::certificate_wrong_name;
    std::optional<std::string_view> uri;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        int type = 0;
        const void* const value =
            GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
        if (type != GEN_URI) continue;
        if (uri) return Errc::certificate_wrong_name;
        uri = as_text(bytes_of(static_cast<const ASN1_STRING*>(value)));
    }
    if (!uri) return Errc::certificate_wrong_name;
    return parse_spiffe_id(*uri);
}

std::string read_serial(const X509* x509) {
    const ASN1_INTEGER* const serial = X509_get0_serialNumber(x509);
    const std::string_view sign = ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER ? "-" : "";
    return std::string(sign) + to_hex(bytes_of(serial));
}

/// In the form of RFC 2253.
std::string read_name(const X509_NAME* name) {
    const BioHandle bio(BIO_new(BIO_s_mem()));
    if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

Bytes read_public_key(const X509* x509) {
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &der);
    const OpensslBufferHandle owned(der);
    if (size <= 0) return {};
    return to_bytes(BytesView(der, static_cast<std::size_t>(size)));
}

/// Whether OpenSSL would write `x509` in these very bytes: two spellings of one certificate would
/// have two digests.
bool is_canonical(const X509* x509, BytesView der) {
    unsigned char* again = nullptr;
    const int size = i2d_X509(x509, &again);
    const OpensslBufferHandle owned(again);
    return size > 0 && as_text(BytesView(again, static_cast<std::size_t>(size))) == as_text(der);
}

}  // namespace

struct Certificate::Parts {
    X509Handle x509;
    Bytes der;
    Digest digest;
    Bytes public_key;
    Digest public_key_digest;
    Result<SpiffeId> spiffe = Errc::certificate_wrong_name;
    UtcTime not_before;
    UtcTime not_after;
    std::string serial;
    std::string subject;
    std::string issuer;
    Bytes subject_key_id;
};

Result<Certificate> Certificate::from_der(BytesView der) {
    if (der.size() > kMaxCertificateDer) return Errc::bad_certificate;
    const unsigned char* position = der.data();
    X509Handle x509(d2i_X509(nullptr, &position, static_cast<long>(der.size())));
    if (!x509 || position != der.data() + der.size() || !is_canonical(x509.get(), der)) {
        clear_openssl_errors();
        return Errc::bad_certificate;
    }
    // Fills OpenSSL's cache of extensions now, so that what threads share is not written later.
    const bool valid_extensions = (X509_get_extension_flags(x509.get()) & EXFLAG_INVALID) == 0;
    const auto not_before = read_asn1_time(X509_get0_notBefore(x509.get()));
    const auto not_after = read_asn1_time(X509_get0_notAfter(x509.get()));
    Bytes public_key = read_public_key(x509.get());
    const bool readable_key = X509_get0_pubkey(x509.get()) != nullptr;
    if (!valid_extensions || !not_before || !not_after || public_key.empty() || !readable_key) {
        clear_openssl_errors();
        return Errc::bad_certificate;
    }
    auto parts = std::make_shared<Parts>();
    parts->der = to_bytes(der);
    parts->digest = sha256(der);
    parts->public_key = std::move(public_key);
    parts->public_key_digest = sha256(parts->public_key);
    parts->spiffe = read_spiffe(x509.get());
    parts->not_before = *not_before;
    parts->not_after = *not_after;
    parts->serial = read_serial(x509.get());
    parts->subject = read_name(X509_get_subject_name(x509.get()));
    parts->issuer = read_name(X509_get_issuer_name(x509.get()));
    const ASN1_OCTET_STRING* const key_id = X509_get0_subject_key_id(x509.get());
    if (key_id != nullptr) parts->subject_key_id = to_bytes(bytes_of(key_id));
    parts->x509 = std::move(x509);
    clear_openssl_errors();
    return Certificate(std::move(parts));
}

Result<Certificate> Certificate::from_pem(std::string_view pem) {
    Result<std::vector<Certificate>> certificates = read_certificates(pem);
    if (!certificates) return certificates.error();
    if (certificates->size() != 1) return Errc::bad_certificate;
    return std::move(certificates->front());
}

BytesView Certificate::der() const noexcept {
    return parts_->der;
}
std::string Certificate::pem() const {
    return write_pem(kCertificateLabel, parts_->der);
}
const Digest& Certificate::digest() const noexcept {
    return parts_->digest;
}
BytesView Certificate::public_key_der() const noexcept {
    return parts_->public_key;
}
const Digest& Certificate::public_key_digest() const noexcept {
    return parts_->public_key_digest;
}
const Result<SpiffeId>& Certificate::spiffe() const noexcept {
    return parts_->spiffe;
}
UtcTime Certificate::not_before() const noexcept {
    return parts_->not_before;
}
UtcTime Certificate::not_after() const noexcept {
    return parts_->not_after;
}
const std::string& Certificate::serial() const noexcept {
    return parts_->serial;
}
const std::string& Certificate::subject() const noexcept {
    return parts_->subject;
}
const std::string& Certificate::issuer() const noexcept {
    return parts_->issuer;
}
BytesView Certificate::subject_key_id() const noexcept {
    return parts_->subject_key_id;
}
X509* Certificate::native() const noexcept {
    return parts_->x509.get();
}
EVP_PKEY* Certificate::native_key() const noexcept {
    return X509_get0_pubkey(native());
}

bool is_certification_authority(const Certificate& certificate) {
    return X509_check_ca(certificate.native()) == 1;
}

Result<std::vector<Certificate>> read_certificates(std::string_view pem) {
    const Result<std::vector<PemBlock>> blocks = read_pem(pem);
    if (!blocks || blocks->empty()) return Errc::bad_certificate;
    std::vector<Certificate> certificates;
    certificates.reserve(blocks->size());
    for (const PemBlock& block : *blocks) {
        if (block.label != kCertificateLabel) return Errc::bad_certificate;
        Result<Certificate> certificate = Certificate::from_der(block.data);
        if (!certificate) return certificate.error();
        certificates.push_back(*std::move(certificate));
    }
    return certificates;
}

}  // namespace tongbao::crypto
