#include "crypto/certificate_builder.hpp"

#include "crypto/asn1_time.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/sha256.hpp"

#include <utility>

namespace tongbao::crypto {
namespace {

constexpr int kSerialBits = 127;  // with the first one set, 16 octets and positive
constexpr std::size_t kSubjectKeyIdSize = 20;
constexpr std::size_t kMaxNameLength = 64;

Asn1IntegerHandle make_serial() {
    const BignumHandle number(BN_new());
    if (!number || BN_rand(number.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) != 1) {
        return nullptr;
    }
    return Asn1IntegerHandle(BN_to_ASN1_INTEGER(number.get(), nullptr));
}

/// RFC 7093 section 2, method 1: the first 160 bits of the SHA-256 of the key's bit string.
Bytes make_key_id(const X509* x509) {
    const ASN1_BIT_STRING* const key = X509_get0_pubkey_bitstr(x509);
    const Digest digest = sha256(bytes_of(key));
    return to_bytes(digest.bytes().first(kSubjectKeyIdSize));
}

bool set_bytes(ASN1_STRING* string, BytesView bytes) {
    return string != nullptr &&
           ASN1_STRING_set(string, bytes.data(), static_cast<int>(bytes.size())) == 1;
}

bool push_name(GENERAL_NAMES* names, int type, ASN1_STRING* value) {
    GeneralNameHandle name(GENERAL_NAME_new());
    if (!name || value == nullptr) {
        ASN1_STRING_free(value);
        return false;
    }
    GENERAL_NAME_set0_value(name.get(), type, value);
    if (sk_GENERAL_NAME_push(names, name.get()) <= 0) return false;
    static_cast<void>(name.release());  // the stack owns it now
    return true;
}

bool push_text(GENERAL_NAMES* names, int type, std::string_view text) {
    Asn1StringHandle value(ASN1_IA5STRING_new());
    return set_bytes(value.get(), as_bytes(text)) && push_name(names, type, value.release());
}

bool add_name_part(X509_NAME* name, const char* part, std::string_view text) {
    text = text.substr(0, kMaxNameLength);
    return X509_NAME_add_entry_by_txt(name, part, MBSTRING_UTF8, as_bytes(text).data(),
                                      static_cast<int>(text.size()), -1, 0) == 1;
}

}  // namespace

std::string readable_name(const SpiffeId& id) {
    if (id.post) return id.unit->value() + ' ' + id.post->value();
    if (id.unit) return id.unit->value() + ' ' + std::string(use_name(id.use));
    if (id.auditor) return std::string(use_name(id.use)) + ' ' + *id.auditor;
    return std::string(use_name(id.use));
}

X509NameHandle make_subject(std::string_view organisation, std::string_view common_name) {
    X509NameHandle name(X509_NAME_new());
    const bool made = name && add_name_part(name.get(), "O", organisation) &&
                      add_name_part(name.get(), "CN", common_name);
    return made ? std::move(name) : nullptr;
}

GeneralNamesHandle make_names(std::string_view uri, std::span<const std::string> dns_names,
                              std::span<const std::string> ip_addresses) {
    GeneralNamesHandle names(GENERAL_NAMES_new());
    bool made = names && push_text(names.get(), GEN_URI, uri);
    for (const std::string& dns : dns_names) made = made && push_text(names.get(), GEN_DNS, dns);
    for (const std::string& ip : ip_addresses) {
        made = made && push_name(names.get(), GEN_IPADD, a2i_IPADDRESS(ip.c_str()));
    }
    return made ? std::move(names) : nullptr;
}

AuthorityKeyIdHandle make_authority_key_id(BytesView issuer_key_id) {
    AuthorityKeyIdHandle id(AUTHORITY_KEYID_new());
    if (!id) return nullptr;
    id->keyid = ASN1_OCTET_STRING_new();
    if (!set_bytes(id->keyid, issuer_key_id)) return nullptr;
    return id;
}

CertificateBuilder::CertificateBuilder(BytesView public_key) : x509_(X509_new()) {
    const unsigned char* position = public_key.data();
    const PkeyHandle key(d2i_PUBKEY(nullptr, &position, static_cast<long>(public_key.size())));
    const Asn1IntegerHandle serial = make_serial();
    require(x509_ && key && serial && X509_set_version(x509_.get(), X509_VERSION_3) == 1 &&
            X509_set_serialNumber(x509_.get(), serial.get()) == 1 &&
            X509_set_pubkey(x509_.get(), key.get()) == 1);
    if (good_) key_id_ = make_key_id(x509_.get());
}

void CertificateBuilder::add(int nid, void* value, bool critical) {
    require(good_ && value != nullptr &&
            X509_add1_ext_i2d(x509_.get(), nid, value, critical ? 1 : 0, X509V3_ADD_APPEND) == 1);
}

void CertificateBuilder::add_key_ids(BytesView issuer_key_id) {
    const Asn1OctetStringHandle own(ASN1_OCTET_STRING_new());
    require(set_bytes(own.get(), key_id_));
    add(NID_subject_key_identifier, own.get(), false);
    add(NID_authority_key_identifier, make_authority_key_id(issuer_key_id).get(), false);
}

void CertificateBuilder::set_subject(std::string_view organisation, std::string_view common_name) {
    const X509NameHandle name = make_subject(organisation, common_name);
    require(good_ && name && X509_set_subject_name(x509_.get(), name.get()) == 1);
}

void CertificateBuilder::set_issuer(const X509* issuer) {
    const ASN1_OCTET_STRING* const id = X509_get0_subject_key_id(const_cast<X509*>(issuer));
    require(good_ && id != nullptr &&
            X509_set_issuer_name(x509_.get(), X509_get_subject_name(issuer)) == 1);
    if (!good_) return;
    add_key_ids(bytes_of(id));
}

void CertificateBuilder::set_own_issuer() {
    require(good_ && X509_set_issuer_name(x509_.get(), X509_get_subject_name(x509_.get())) == 1);
    add_key_ids(key_id_);
}

void CertificateBuilder::set_validity(UtcTime not_before, UtcTime not_after) {
    const Asn1TimeHandle begin = make_asn1_time(not_before);
    const Asn1TimeHandle end = make_asn1_time(not_after);
    require(good_ && begin && end && X509_set1_notBefore(x509_.get(), begin.get()) == 1 &&
            X509_set1_notAfter(x509_.get(), end.get()) == 1);
}

void CertificateBuilder::add_authority_constraints(long path_length) {
    const BasicConstraintsHandle constraints(BASIC_CONSTRAINTS_new());
    if (!constraints) return require(false);
    constraints->ca = 0xff;
    constraints->pathlen = ASN1_INTEGER_new();
    require(constraints->pathlen != nullptr &&
            ASN1_INTEGER_set(constraints->pathlen, path_length) == 1);
    add(NID_basic_constraints, constraints.get(), true);
}

void CertificateBuilder::add_holder_constraints() {
    const BasicConstraintsHandle constraints(BASIC_CONSTRAINTS_new());
    add(NID_basic_constraints, constraints.get(), true);
}

void CertificateBuilder::add_key_usage(std::uint32_t bits) {
    const Asn1BitStringHandle usage(ASN1_BIT_STRING_new());
    // RFC 5280 section 4.2.1.3 counts bits from the first; OpenSSL's KU_ values fill the first
    // octet from its highest bit, so bit n of the string is 0x80 >> n.
    for (int bit = 0; bit < 8; ++bit) {
        if ((bits & (0x80u >> bit)) == 0) continue;
        require(usage && ASN1_BIT_STRING_set_bit(usage.get(), bit, 1) == 1);
    }
    add(NID_key_usage, usage.get(), true);
}

void CertificateBuilder::add_extended_key_usage(std::span<const std::string_view> object_ids) {
    const ExtendedKeyUsageHandle usages(EXTENDED_KEY_USAGE_new());
    for (const std::string_view id : object_ids) {
        Asn1ObjectHandle object(OBJ_txt2obj(std::string(id).c_str(), 1));
        const bool pushed = usages && object && sk_ASN1_OBJECT_push(usages.get(), object.get()) > 0;
        require(pushed);
        if (pushed) static_cast<void>(object.release());  // the stack owns it now
    }
    add(NID_ext_key_usage, usages.get(), false);
}

void CertificateBuilder::add_names(std::string_view uri, std::span<const std::string> dns_names,
                                   std::span<const std::string> ip_addresses) {
    const GeneralNamesHandle names = make_names(uri, dns_names, ip_addresses);
    add(NID_subject_alt_name, names.get(), false);
}

std::string CertificateBuilder::short_key_id() const {
    return to_hex(key_id_).substr(0, 8);
}

Result<Certificate> CertificateBuilder::sign(EVP_PKEY* key) {
    unsigned char* der = nullptr;
    const bool signed_well = good_ && X509_sign(x509_.get(), key, EVP_sha256()) > 0;
    const int size = signed_well ? i2d_X509(x509_.get(), &der) : 0;
    const OpensslBufferHandle owned(der);
    clear_openssl_errors();
    if (size <= 0) return Errc::crypto_failure;
    return Certificate::from_der(BytesView(der, static_cast<std::size_t>(size)));
}

}  // namespace tongbao::crypto
