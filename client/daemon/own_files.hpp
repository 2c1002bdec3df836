#pragma once

#include "client/daemon/config.hpp"
#include "client/daemon/expiry.hpp"
#include "client/daemon/seal_keys.hpp"
#include "client/daemon/tls_keys.hpp"
#include "crypto/key_register.hpp"
#include "crypto/statement.hpp"
#include "domain/spiffe_id.hpp"
#include "domain/time.hpp"
#include "program/logging.hpp"
#include "program/newest.hpp"
#include "program/watched_files.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tongbao::client {

/// The unit's own certificates, keys and trust file: reads them, and takes over what changes while
/// the daemon runs. The three files under [tls] are taken over together, if all are good, or not at
/// all; so are the two under [sign]. What can't be taken over is told in the running log, once, if
/// it is still so at the next look; what was in force before stays so.
///
/// All but the getters by one thread at a time that may block.
class OwnFiles {
public:
    /// Remembers the files as they are now. All outlive the object.
    OwnFiles(const DaemonConfig& config, const TrustDomain& trust_domain, const Clock& clock,
             program::Logging& logging);

    /// Reads them first.
    ///
    /// Errors, with the file in `words`: those of read_tls_files, make_client_end and
    /// StatementSigner::make; Errc::certificate_wrong_name if a certificate is not the unit's.
    [[nodiscard]] Result<void> open(std::string& words);

    /// Looks whether they changed.
    ///
    /// @returns whether a new certificate was taken over: then settle() is due.
    bool look();

    /// Lets certificates that wait take over if the register enrols them.
    void settle(const crypto::KeyRegister& keys);

    /// Only after open(), from any thread.
    [[nodiscard]] const program::Newest<crypto::TrustStore>& trust() const { return trust_; }
    [[nodiscard]] const SealKeys& seals() const { return *seals_; }
    [[nodiscard]] TlsKeys& tls() { return tls_; }
    /// Those in use and those that wait, for the status and the warnings.
    [[nodiscard]] std::vector<OwnCertificate> certificates() const;
    /// SHA-256 of the SubjectPublicKeyInfo of each of them.
    [[nodiscard]] std::vector<Digest> public_keys() const;

private:
    [[nodiscard]] Result<crypto::StatementSigner> read_seal(std::string& words) const;
    enum class Taken { as_before, waits };

    [[nodiscard]] Result<Taken> take_tls(std::string& words);
    [[nodiscard]] Result<Taken> take_seal(std::string& words);
    /// Tells what came of a look at files that had changed; whether a certificate waits since.
    bool tell(program::WatchedFiles& files, const char* use, const Result<Taken>& taken,
              const std::string& words);

    const DaemonConfig& config_;
    TrustDomain trust_domain_;
    const Clock& clock_;
    program::Logging& logging_;
    program::WatchedFiles tls_files_;
    program::WatchedFiles seal_files_;
    program::Newest<crypto::TrustStore> trust_;
    TlsKeys tls_;
    std::unique_ptr<SealKeys> seals_;
};

}  // namespace tongbao::client
