#include "tests/support/certificate_matrix.hpp"

#include <array>
#include <stdexcept>
#include <string>

namespace tongbao::testing {
namespace {

using std::chrono::hours;
using Odd = OddCertificate;

// The names of good_certificate begin with the one URI.
constexpr std::string_view kDomain = "test.example";

void nothing(Odd& /*odd*/, UtcTime /*now*/) {}

void replace_domain(Odd& odd, std::string_view with) {
    odd.names.replace(odd.names.find(kDomain), kDomain.size(), with);
}

// clang-format off
constexpr std::array kCertificateRows{
    CertificateRow{"expired", Errc::certificate_expired,
        [](Odd& odd, UtcTime now) { odd.not_after = now - hours(1); }},
    CertificateRow{"expires at this very second", Errc::certificate_expired,
        [](Odd& odd, UtcTime now) { odd.not_after = now; }},
    CertificateRow{"not yet valid", Errc::certificate_not_yet_valid,
        [](Odd& odd, UtcTime now) { odd.not_before = now + hours(1); }},
    CertificateRow{"never valid", Errc::bad_certificate,
        [](Odd& odd, UtcTime now) { odd.not_before = now; odd.not_after = now; }},
    CertificateRow{"revoked", Errc::certificate_revoked, nothing, RowIssuer::issuing, true},
    CertificateRow{"foreign root of the same names", Errc::certificate_untrusted, nothing,
        RowIssuer::foreign},
    CertificateRow{"issued by a unit", Errc::certificate_untrusted, nothing, RowIssuer::holder},
    CertificateRow{"issued to its issuer", Errc::bad_certificate,
        [](Odd& odd, UtcTime) { odd.self_issued = true; }},

    CertificateRow{"no extended key usage", Errc::certificate_wrong_use,
        [](Odd& odd, UtcTime) { odd.extended_key_usage = ""; }},
    CertificateRow{"anyExtendedKeyUsage alone", Errc::certificate_wrong_use,
        [](Odd& odd, UtcTime) { odd.extended_key_usage = "anyExtendedKeyUsage"; }},
    CertificateRow{"anyExtendedKeyUsage besides", Errc::certificate_wrong_use,
        [](Odd& odd, UtcTime) { odd.extended_key_usage += ",anyExtendedKeyUsage"; }},
    CertificateRow{"another extended key usage", Errc::certificate_wrong_use,
        [](Odd& odd, UtcTime) { odd.extended_key_usage = "timeStamping"; }},
    CertificateRow{"an extended key usage too many", Errc::certificate_wrong_use,
        [](Odd& odd, UtcTime) { odd.extended_key_usage += ",codeSigning"; }},
    CertificateRow{"no key usage", Errc::certificate_wrong_use,
        [](Odd& odd, UtcTime) { odd.key_usage = ""; }},
    CertificateRow{"another key usage", Errc::certificate_wrong_use,
        [](Odd& odd, UtcTime) { odd.key_usage = "critical,keyEncipherment"; }},
    CertificateRow{"a key usage too many", Errc::certificate_wrong_use,
        [](Odd& odd, UtcTime) { odd.key_usage += ",keyAgreement"; }},
    CertificateRow{"a certification authority as a leaf", Errc::certificate_wrong_use,
        [](Odd& odd, UtcTime) { odd.basic_constraints = "critical,CA:TRUE"; }},
    CertificateRow{"a certification authority that may sign", Errc::certificate_wrong_use,
        [](Odd& odd, UtcTime) {
            odd.basic_constraints = "critical,CA:TRUE";
            odd.key_usage += ",keyCertSign";
        }},

    CertificateRow{"two URIs", Errc::certificate_wrong_name,
        [](Odd& odd, UtcTime) { odd.names += ",URI:spiffe://test.example/unit/psd/sign"; }},
    CertificateRow{"the URI twice", Errc::certificate_wrong_name,
        [](Odd& odd, UtcTime) { odd.names += ',' + odd.names.substr(0, odd.names.find(',')); }},
    CertificateRow{"a URI that is no SPIFFE name", Errc::certificate_wrong_name,
        [](Odd& odd, UtcTime) { odd.names = "URI:https://test.example/unit/hsa/sign"; }},
    CertificateRow{"no name at all", Errc::certificate_wrong_name,
        [](Odd& odd, UtcTime) { odd.names = ""; }},
    CertificateRow{"a host name alone", Errc::certificate_wrong_name,
        [](Odd& odd, UtcTime) { odd.names = "DNS:localhost"; }},
    CertificateRow{"a mail address besides", Errc::certificate_wrong_name,
        [](Odd& odd, UtcTime) { odd.names += ",email:a@a.example"; }},
    CertificateRow{"another trust domain", Errc::certificate_wrong_name,
        [](Odd& odd, UtcTime) { replace_domain(odd, "other.example"); }},
    CertificateRow{"a trust domain below ours", Errc::certificate_wrong_name,
        [](Odd& odd, UtcTime) { replace_domain(odd, "a.test.example"); }},
    CertificateRow{"a trust domain in upper case", Errc::certificate_wrong_name,
        [](Odd& odd, UtcTime) { replace_domain(odd, "Test.example"); }},
    CertificateRow{"a name with a query", Errc::certificate_wrong_name,
        [](Odd& odd, UtcTime) { odd.names.insert(std::min(odd.names.find(','),
                                                          odd.names.size()), "?a=b"); }},

    CertificateRow{"version 1", Errc::certificate_wrong_name,
        [](Odd& odd, UtcTime) {
            odd.version = 0;
            odd.names = odd.basic_constraints = odd.key_usage = odd.extended_key_usage = "";
        }},
    CertificateRow{"the serial number 0", Errc::bad_certificate,
        [](Odd& odd, UtcTime) { odd.serial = "0"; }},
    CertificateRow{"a negative serial number", Errc::bad_certificate,
        [](Odd& odd, UtcTime) { odd.serial = "-4660"; }},
    // 2^159, the smallest number of 21 octets.
    CertificateRow{"a serial number of 21 octets", Errc::bad_certificate,
        [](Odd& odd, UtcTime) {
            odd.serial = "730750818665451459101842416358141509827966271488"; }},
    CertificateRow{"an RSA key of 1024 bits", Errc::bad_certificate,
        [](Odd& odd, UtcTime) { odd.curve = "RSA-1024"; }},
    CertificateRow{"an RSA key of 2048 bits", Errc::bad_certificate,
        [](Odd& odd, UtcTime) { odd.curve = "RSA"; }},
    CertificateRow{"a weak curve", Errc::bad_certificate,
        [](Odd& odd, UtcTime) { odd.curve = "P-192"; }},
    CertificateRow{"the curve P-224", Errc::bad_certificate,
        [](Odd& odd, UtcTime) { odd.curve = "P-224"; }},
    CertificateRow{"the curve P-384", Errc::bad_certificate,
        [](Odd& odd, UtcTime) { odd.curve = "P-384"; }},
    CertificateRow{"the curve secp256k1", Errc::bad_certificate,
        [](Odd& odd, UtcTime) { odd.curve = "secp256k1"; }},
    CertificateRow{"a compressed point", Errc::bad_certificate,
        [](Odd& odd, UtcTime) { odd.compressed_point = true; }},
    CertificateRow{"signed with SHA-1", Errc::bad_certificate,
        [](Odd& odd, UtcTime) { odd.digest = "SHA1"; }},
    CertificateRow{"signed with SHA-384", Errc::bad_certificate,
        [](Odd& odd, UtcTime) { odd.digest = "SHA384"; }},
};
// clang-format on

}  // namespace

std::span<const CertificateRow> certificate_matrix() {
    return kCertificateRows;
}

OddCertificate good_certificate(CertificateUse use) {
    OddCertificate good;
    if (use == CertificateUse::sign) return good;
    good.key_usage = "critical,digitalSignature";
    good.extended_key_usage = "clientAuth";
    if (use == CertificateUse::daemon) {
        good.names = "URI:spiffe://test.example/unit/hsa/daemon";
    } else if (use == CertificateUse::log_auditor) {
        good.names = "URI:spiffe://test.example/log-auditor/one";
    } else if (use == CertificateUse::hub) {
        good.names = "URI:spiffe://test.example/hub,DNS:localhost,IP:127.0.0.1";
        good.extended_key_usage = "serverAuth";
    } else {
        throw std::runtime_error("no good certificate for this use");
    }
    return good;
}

OddHolder make_row(const CertificateRow& row, CertificateUse use, TestPki& pki) {
    OddCertificate odd = good_certificate(use);
    row.spoil(odd, pki.now());
    // A list names serial numbers: the others' is not to stand in it.
    if (row.revoked) odd.serial = "4661";
    if (row.issuer == RowIssuer::foreign) {
        const TestPki foreign(kDomain, pki.now());
        return odd.make(foreign.issuing());
    }
    if (row.issuer == RowIssuer::holder) {
        OddCertificate unit = good_certificate(CertificateUse::sign);
        unit.subject = "unit";
        return odd.make(unit.make(pki.issuing()));
    }
    OddHolder holder = odd.make(pki.issuing());
    if (row.revoked) pki.revoke(holder.certificate);
    return holder;
}

}  // namespace tongbao::testing
