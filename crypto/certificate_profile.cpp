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
#include <utility>
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

/// Gathers what is wrong.
class Faults {
public:
    void demand(bool holds, Errc code, std::string_view words) {
        if (!holds) faults_.push_back({code, words});
    }
    [[nodiscard]] std::vector<ProfileFault> take() { return std::move(faults_); }

private:
    std::vector<ProfileFault> faults_;
};

void check_names(const X509* x509, CertificateUse use, Faults& faults) {
    const GeneralNamesHandle names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
    int hosts = 0;
    int others = 0;
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        int type = 0;
        GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
        if (type == GEN_URI) continue;  // exactly one, which Certificate::spiffe has seen
        ++(type == GEN_DNS || type == GEN_IPADD ? hosts : others);
    }
    constexpr auto kCode = Errc::certificate_wrong_name;
    faults.demand(others == 0, kCode, "no names but one URI, DNS names and IP addresses");
    if (use == CertificateUse::hub) {
        faults.demand(hosts > 0, kCode, "the hub's has a DNS name or an IP address");
    } else {
        faults.demand(hosts == 0, kCode, "only the hub's has DNS names and IP addresses");
    }
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

void check_form(const Certificate& certificate, Faults& faults) {
    constexpr auto kCode = Errc::bad_certificate;
    X509* const x509 = certificate.native();
    faults.demand(X509_get_version(x509) == X509_VERSION_3, kCode, "version 3");
    faults.demand(is_usual_p256(certificate.public_key_der()), kCode,
                  "a P-256 key: named curve, uncompressed point");
    faults.demand(X509_get_signature_nid(x509) == NID_ecdsa_with_SHA256, kCode,
                  "signed by its issuer with ECDSA and SHA-256");
    faults.demand(has_good_serial(x509), kCode, "a positive serial number of at most 20 octets");
    faults.demand((X509_get_extension_flags(x509) & EXFLAG_SI) == 0, kCode,
                  "issued by somebody else than itself");
    faults.demand(certificate.not_before() < certificate.not_after(), kCode,
                  "a validity that ends after it begins");
}

void check_use(X509* x509, CertificateUse use, Faults& faults) {
    constexpr auto kCode = Errc::certificate_wrong_use;
    const KeyUsages usages = key_usages(use);
    // Not X509_check_ca: it takes CA:TRUE without keyCertSign for a leaf.
    faults.demand((X509_get_extension_flags(x509) & EXFLAG_CA) == 0, kCode,
                  "no certification authority's: basicConstraints absent or CA:FALSE");
    faults.demand(X509_get_key_usage(x509) == usages.key_usage, kCode,
                  "exactly the key usage of its use");
    faults.demand(has_exactly(x509, usages.extended()), kCode,
                  "exactly the extended key usages of its use");
}

}  // namespace

std::vector<ProfileFault> profile_faults(const Certificate& certificate) {
    Faults faults;
    const Result<SpiffeId>& id = certificate.spiffe();
    faults.demand(id.has_value(), Errc::certificate_wrong_name,
                  "exactly one URI among its names, spiffe://<trust domain>/ and the path of its "
                  "use");
    if (id) check_names(certificate.native(), id->use, faults);
    check_form(certificate, faults);
    if (id) check_use(certificate.native(), id->use, faults);
    clear_openssl_errors();
    return faults.take();
}

Result<void> check_profile(const Certificate& certificate) {
    const std::vector<ProfileFault> faults = profile_faults(certificate);
    if (faults.empty()) return {};
    return faults.front().code;
}

}  // namespace tongbao::crypto
