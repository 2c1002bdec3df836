#pragma once

#include "crypto/certificate.hpp"
#include "domain/log_entry.hpp"
#include "domain/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace tongbao::hub {

/// A file of the folder of enrolled certificates.
struct FolderCertificate {
    std::filesystem::path file;
    crypto::Certificate certificate;
    /// The register entry that enrols it.
    KeyEnrolled enrolment;
};

/// A file of the folder that says no certificate, or no consent.
struct FolderFault {
    std::filesystem::path file;
    Errc code{};
};

struct EnrolledFolder {
    /// In an order that does not depend on the files' names: sign keys before what they consent to,
    /// then by SPIFFE id and digest. Each certificate once, whatever files it is in.
    std::vector<FolderCertificate> certificates;
    std::vector<FolderFault> faults;
};

/// Reads every `<name>.pem` of the folder, with the unit's consent if there is one,
/// `<name>.consent` (crypto::format_consent_file).
///
/// Errors: Errc::not_found if the folder can't be read. What is wrong with one file stands in
/// `faults`: those of read_file, Errc::bad_certificate, Errc::certificate_wrong_name,
/// Errc::consent_invalid for a consent that can't be read.
[[nodiscard]] Result<EnrolledFolder> read_enrolled_folder(const std::filesystem::path& folder);

}  // namespace tongbao::hub
