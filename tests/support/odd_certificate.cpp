#include "tests/support/odd_certificate.hpp"

#include "crypto/asn1_time.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <stdexcept>
#include <utility>

namespace tongbao::testing {
namespace {

using namespace crypto;

void require_certificate(bool done) {
    if (!done) throw std::runtime_error("OpenSSL can't make this certificate");
}

PkeyHandle make_key(const OddCertificate& odd) {
    const std::size_t rsa_bits = odd.curve == "RSA-1024" ? 1024 : 2048;
    PkeyHandle key(odd.curve.starts_with("RSA")
                       ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", rsa_bits)
                       : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", odd.curve.c_str()));
    require_certificate(key != nullptr);
    if (odd.compressed_point) {
        require_certificate(
            EVP_PKEY_set_utf8_string_param(key.get(), OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                           OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_COMPRESSED) == 1);
    }
    return key;
}

void set_serial(X509* x509, const std::string& decimal) {
    BIGNUM* number = nullptr;
    require_certificate(BN_dec2bn(&number, decimal.c_str()) > 0);
    const BignumHandle owned(number);
    require_certificate(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != nullptr);
}

void add_extension(X509* x509, X509V3_CTX* context, int nid, const std::string& value) {
    if (value.empty()) return;
    const X509ExtensionHandle extension(X509V3_EXT_conf_nid(nullptr, context, nid, value.c_str()));
    require_certificate(extension && X509_add_ext(x509, extension.get(), -1) == 1);
}

void set_names(X509* x509, X509* issuer, const std::string& name, bool self_issued) {
    X509_NAME* const subject = X509_get_subject_name(x509);
    require_certificate(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                                   as_bytes(name).data(),
                                                   static_cast<int>(name.size()), -1, 0) == 1);
    if (self_issued)
        require_certificate(X509_set_subject_name(x509, X509_get_subject_name(issuer)) == 1);
    require_certificate(X509_set_issuer_name(x509, X509_get_subject_name(issuer)) == 1);
}

void set_validity(X509* x509, const X509* issuer, const OddCertificate& odd) {
    const Asn1TimeHandle begin = odd.not_before ? make_asn1_time(*odd.not_before) : nullptr;
    const Asn1TimeHandle end = odd.not_after ? make_asn1_time(*odd.not_after) : nullptr;
    require_certificate(
        X509_set1_notBefore(x509, begin ? begin.get() : X509_get0_notBefore(issuer)) == 1);
    require_certificate(X509_set1_notAfter(x509, end ? end.get() : X509_get0_notAfter(issuer)) ==
                        1);
}

}  // namespace

Certificate OddCertificate::issue(const CertificateAuthority& issuer) const {
    return make(issuer).certificate;
}

OddHolder OddCertificate::make(const CertificateAuthority& issuer) const {
    return make(issuer.certificate().native(), issuer.key().native());
}

OddHolder OddCertificate::make(const OddHolder& issuer) const {
    return make(issuer.certificate.native(), issuer.key.get());
}

OddHolder OddCertificate::make(X509* issuer_x509, EVP_PKEY* issuer_key) const {
    const X509Handle x509(X509_new());
    PkeyHandle key = make_key(*this);
    require_certificate(x509 && X509_set_version(x509.get(), version) == 1 &&
                        X509_set_pubkey(x509.get(), key.get()) == 1);
    set_serial(x509.get(), serial);
    set_names(x509.get(), issuer_x509, subject, self_issued);
    set_validity(x509.get(), issuer_x509, *this);
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer_x509, x509.get(), nullptr, nullptr, 0);
    if (version == 2) {
        add_extension(x509.get(), &context, NID_subject_key_identifier, "hash");
        add_extension(x509.get(), &context, NID_authority_key_identifier, "keyid:always");
    }
    add_extension(x509.get(), &context, NID_basic_constraints, basic_constraints);
    add_extension(x509.get(), &context, NID_key_usage, key_usage);
    add_extension(x509.get(), &context, NID_ext_key_usage, extended_key_usage);
    add_extension(x509.get(), &context, NID_subject_alt_name, names);
    require_certificate(X509_sign(x509.get(), issuer_key, EVP_get_digestbyname(digest.c_str())) >
                        0);
    unsigned char* der = nullptr;
    const int size = i2d_X509(x509.get(), &der);
    const OpensslBufferHandle owned(der);
    require_certificate(size > 0);
    Result<Certificate> certificate =
        Certificate::from_der(BytesView(der, static_cast<std::size_t>(size)));
    require_certificate(certificate.has_value());
    return {std::move(key), *certificate};
}

}  // namespace tongbao::testing
