#include "crypto/certificate_profile.hpp"

#include "crypto/key_usages.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/openssl_handle.hpp"
#include "crypto/public_key.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::crypto {
namespace {

constexpr int kMaxSerialOctets = 20;

bool has_good_serial(const X509* x509) {
    const ASN1_INTEGER* const serial = X509_get0_serialNumber(x509);
    if (ASN1_STRING_type(serial) != V_ASN1_INTEGER) return false;
    const BignumHandle number(ASN1_INTEGER_to_BN(serial, nullptr));
    // An octet more than the magnitude's where its first bit is set: DER writes a zero before it.
    return number && BN_is_zero(number.get()) == 0 &&
           BN_num_bits(number.get()) < kMaxSerialOctets * 8;
}

Result<void> check_names(const X509* x509, CertificateUse use) {
    const GeneralNamesHandle names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
    if (!names) return Errc::certificate_wrong_name;
    int hosts = 0;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        int type = 0;
        GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
        if (type == GEN_URI) continue;  // exactly one, which Certificate::spiffe has seen
        if (type != GEN_DNS && type != GEN_IPADD) return Errc::certificate_wrong_name;
        ++hosts;
    }
    if ((hosts > 0) != (use == CertificateUse::hub)) return Errc::certificate_wrong_name;
    return {};
}

std::optional<std::string> object_text(const ASN1_OBJECT* object) {
    std::array<char, 80> text{};
    const int size = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
    if (size <= 0 || size >= static_cast<int>(text.size())) return std::nullopt;
    return std::string(text.data(), static_cast<std::size_t>(size));
}

bool has_exactly(const X509* x509, std::span<const std::string_view> expected) {
    const ExtendedKeyUsageHandle usages(static_cast<EXTENDED_KEY_USAGE*>(
        X509_get_ext_d2i(x509, NID_ext_key_usage, nullptr, nullptr)));
    if (!usages) return false;
    std::vector<std::string> found;
    for (int i = 0; i < sk_ASN1_OBJECT_num(usages.get()); ++i) {
        std::optional<std::string> text = object_text(sk_ASN1_OBJECT_value(usages.get(), i));
        if (!text) return false;
        found.push_back(*std::move(text));
    }
    return std::is_permutation(found.begin(), found.end(), expected.begin(), expected.end());
}

}  // namespace

Result<void> check_profile(const Certificate& certificate) {
    const Result<SpiffeId>& id = certificate.spiffe();
    if (!id) return id.error();
    X509* const x509 = certificate.native();
    const Result<void> names = check_names(x509, id->use);
    if (!names) return names.error();

    const bool well_formed =
        X509_get_version(x509) == X509_VERSION_3 && is_usual_p256(certificate.public_key_der()) &&
        X509_get_signature_nid(x509) == NID_ecdsa_with_SHA256 && has_good_serial(x509) &&
        (X509_get_extension_flags(x509) & EXFLAG_SI) == 0 &&
        certificate.not_before() < certificate.not_after();
    const KeyUsages usages = key_usages(id->use);
    // Not X509_check_ca: it takes CA:TRUE without keyCertSign for a leaf.
    const bool right_use = (X509_get_extension_flags(x509) & EXFLAG_CA) == 0 &&
                           X509_get_key_usage(x509) == usages.key_usage &&
                           has_exactly(x509, usages.extended());
    clear_openssl_errors();
    if (!well_formed) return Errc::bad_certificate;
    if (!right_use) return Errc::certificate_wrong_use;
    return {};
}

}  // namespace tongbao::crypto
