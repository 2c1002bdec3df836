#include "hub/enrolled_folder.hpp"

#include "crypto/key_consent.hpp"
#include "program/files.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

namespace tongbao::hub {
namespace {

constexpr std::size_t kMaxCertificateBytes = 64 * 1024;
/// The text and its signature in base64.
constexpr std::size_t kMaxConsentFileBytes = crypto::kMaxConsentBytes + 256;

/// None if there is none.
Result<std::optional<SignedConsent>> read_consent(const std::filesystem::path& file) {
    const Result<std::string> text = program::read_file(file, kMaxConsentFileBytes);
    if (!text && text.error() == Errc::not_found) return std::optional<SignedConsent>();
    if (!text) return text.error();
    Result<SignedConsent> consent = crypto::parse_consent_file(*text);
    if (!consent) return consent.error();
    return std::optional(*std::move(consent));
}

/// `file` becomes the consent's if the fault is there.
Result<FolderCertificate> read_certificate(std::filesystem::path& file) {
    const std::filesystem::path certificate_file = file;
    const Result<std::string> text = program::read_file(file, kMaxCertificateBytes);
    if (!text) return text.error();
    const Result<crypto::Certificate> certificate = crypto::Certificate::from_pem(*text);
    if (!certificate) return certificate.error();
    const Result<SpiffeId>& id = certificate->spiffe();
    if (!id) return id.error();
    file.replace_extension(".consent");
    Result<std::optional<SignedConsent>> consent = read_consent(file);
    if (!consent) return consent.error();
    return FolderCertificate{
        certificate_file,
        *certificate,
        {format_spiffe_id(*id), to_bytes(certificate->der()), *std::move(consent)}};
}

}  // namespace

Result<EnrolledFolder> read_enrolled_folder(const std::filesystem::path& folder) {
    EnrolledFolder found;
    std::error_code error;
    for (const auto& item : std::filesystem::directory_iterator(folder, error)) {
        if (item.path().extension() != ".pem") continue;
        std::filesystem::path file = item.path();
        Result<FolderCertificate> certificate = read_certificate(file);
        if (certificate) {
            found.certificates.push_back(*std::move(certificate));
        } else {
            found.faults.push_back({std::move(file), to_errc(certificate.error())});
        }
    }
    if (error) return Errc::not_found;
    const auto order = [](const FolderCertificate& each) {
        return std::tuple(each.certificate.spiffe()->use != CertificateUse::sign,
                          each.enrolment.spiffe, each.certificate.digest(), each.file);
    };
    std::sort(found.certificates.begin(), found.certificates.end(),
              [&order](const auto& a, const auto& b) { return order(a) < order(b); });
    const auto same = [](const FolderCertificate& a, const FolderCertificate& b) {
        return a.certificate == b.certificate;
    };
    found.certificates.erase(
        std::unique(found.certificates.begin(), found.certificates.end(), same),
        found.certificates.end());
    return found;
}

}  // namespace tongbao::hub
