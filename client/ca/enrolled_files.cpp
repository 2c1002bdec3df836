#include "client/ca/enrolled_files.hpp"

#include "client/ca/authority_files.hpp"
#include "crypto/key_consent.hpp"
#include "program/files.hpp"

#include <string>
#include <string_view>
#include <system_error>

namespace tongbao::client {
namespace {

using std::filesystem::path;

constexpr std::size_t kMaxEnrolledFileBytes = 256 * 1024;

Checked<void> put(const path& file, std::string_view contents) {
    // Readable, since the hub may run as another user.
    const Result<void> written = program::create_file(file, contents, kReadable);
    if (written) return {};
    if (written.error() != Errc::already_exists) {
        return file_reason(written.error(), file, kWriteCure);
    }
    const Result<std::string> there = program::read_file(file, kMaxEnrolledFileBytes);
    if (there && *there == contents) return {};
    return Reason{Errc::already_exists, file.string(),
                  "another file has this name: look what it is, and move it away"};
}

}  // namespace

LogOrigin log_origin(const TrustDomain& trust_domain) {
    return LogOrigin("hub." + trust_domain.value() + "/log");
}

Checked<void> put_enrolled(const path& folder, const crypto::Certificate& certificate,
                           const std::optional<SignedConsent>& consent) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored)) {
        return Reason{Errc::not_found, folder.string(),
                      "name the folder that the hub's configuration calls `enrolled`"};
    }
    if (consent) {
        Checked<void> written = put(folder / (certificate.serial() + ".consent"),
                                    crypto::format_consent_file(*consent));
        if (!written) return written;
    }
    return put(folder / (certificate.serial() + ".pem"), certificate.pem());
}

}  // namespace tongbao::client
