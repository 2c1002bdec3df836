#pragma once

#include "client/ca/authority_files.hpp"
#include "client/ca/ca_index.hpp"
#include "client/ca/folder_lock.hpp"
#include "crypto/certificate_authority.hpp"
#include "domain/reason.hpp"
#include "domain/spiffe_id.hpp"
#include "domain/time.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// What a certificate is to be made for, and the files it goes to.
struct IssueOrder {
    SpiffeId id;
    std::chrono::days days{365};
    std::vector<std::string> dns_names;
    std::vector<std::string> ip_addresses;
    /// The certificate. For a connection's end (hub, daemon, log-auditor): leaf, then issuing
    /// authority, as TLS wants it; for all others the leaf alone. The leaf alone always lies in
    /// `issued/` too: that is what goes into the hub's folder of enrolled certificates.
    std::filesystem::path certificate;
    /// The new key, 0600.
    std::filesystem::path key;
};

/// A key that was made elsewhere, and what its certificate is to say.
struct CertifyOrder {
    SpiffeId id;
    /// The SubjectPublicKeyInfo in DER.
    Bytes public_key;
    std::chrono::days days{365};
    std::vector<std::string> dns_names{};
    std::vector<std::string> ip_addresses{};
};

struct RevokeOrder {
    std::string serial;
    crypto::RevocationReason reason{};
    /// From when on others may have had the key; not later than now.
    std::optional<UtcTime> compromised_since{};
};

/// Which lists were renewed.
struct RenewedLists {
    bool root{false};  ///< not, if the root's key is kept elsewhere
};

/// A trust domain's certification authorities in a folder:
///
///     root.pem root.key          the root; its key may be kept elsewhere after the start
///     issuing.pem issuing.key    issues everything else
///     root.crl issuing.crl       their revocation lists
///     trust.pem                  both certificates and both lists: what every program trusts by
///     others.pem                 other authorities and their lists, if any: added to trust.pem
///     index.json                 what was issued and revoked
///     issued/                    each leaf, alone
///     log.key log.vkey           the log's Ed25519 key, and what others check its notes with
///
/// Keys are 0600 and never overwritten. Locked while it lives: one command at a time.
///
/// Errors of all, with the file as place and what to do as explanation: Errc::storage_failure,
/// Errc::crypto_failure, and what each names.
class CaFolder {
public:
    /// Makes the folder if it is not there, both authorities, their lists, and the log's key. The
    /// authorities' keys are encrypted if there is a passphrase.
    ///
    /// Errors: Errc::already_exists if it holds an authority; Errc::bad_value for a passphrase that
    /// is empty or too long.
    [[nodiscard]] static Checked<CaFolder> create(const std::filesystem::path& folder,
                                                  const TrustDomain& trust_domain, UtcTime now,
                                                  const crypto::SecretBytes* passphrase = nullptr);

    /// `ask` is called for the passphrase of the issuing authority's key, and of the root's when
    /// its list is renewed, if they are encrypted.
    ///
    /// Errors: Errc::not_found if the folder holds none; Errc::not_permitted for a key that others
    /// may read; Errc::bad_key, Errc::wrong_passphrase, Errc::bad_certificate; those of
    /// parse_ca_index and of `ask`.
    [[nodiscard]] static Checked<CaFolder> open(const std::filesystem::path& folder,
                                                AskPassphrase ask = {});

    /// Makes a key and its certificate.
    ///
    /// Errors, after which nothing was made but by Errc::storage_failure: Errc::already_exists if
    /// one of the two files is there; Errc::not_found if the folder of one is not;
    /// Errc::bad_argument if both are one file; Errc::bad_time if the certificate would outlive the
    /// issuing authority; Errc::certificate_wrong_name for host names that are malformed, missing
    /// or do not belong there.
    [[nodiscard]] Checked<IssuedCertificate> issue(const IssueOrder& order, UtcTime now);

    /// Issues a certificate for a key that was made elsewhere. Who asks has shown that he has it:
    /// see read_certification_request.
    ///
    /// Errors, after which nothing was issued: Errc::bad_time, Errc::certificate_wrong_name as
    /// issue; Errc::bad_key; Errc::already_exists if the key was certified for another identity;
    /// Errc::certificate_revoked if a certificate for this key was revoked.
    [[nodiscard]] Checked<crypto::Certificate> certify(const CertifyOrder& order, UtcTime now);

    /// A further certificate for the key and the names of one that was issued here.
    ///
    /// Errors: Errc::not_found; Errc::bad_certificate if its file is damaged; those of certify.
    [[nodiscard]] Checked<crypto::Certificate> renew(std::string_view serial,
                                                     std::chrono::days how_long, UtcTime now);

    /// Revokes a certificate, and with the reason key_compromise all others for its key, and renews
    /// the issuing authority's list and trust.pem. One that was revoked before may be revoked again
    /// with an earlier compromised_since. Gives those of which something changed.
    ///
    /// Errors: Errc::not_found if this authority has not issued it; Errc::certificate_revoked if it
    /// was revoked before and this says nothing new; Errc::bad_time if compromised_since is to
    /// come.
    [[nodiscard]] Checked<std::vector<IssuedCertificate>> revoke(const RevokeOrder& order,
                                                                 UtcTime now);

    /// Renews both lists and trust.pem: the issuing authority's for 30 days, the root's, if its key
    /// is here, for 365.
    [[nodiscard]] Checked<RenewedLists> renew_lists(UtcTime now);

    /// The log's verifier key, whose name is `hub.<trust domain>/log`; makes the key if there is
    /// none.
    ///
    /// Errors: Errc::not_permitted, Errc::bad_key.
    [[nodiscard]] Checked<std::string> log_verifier_key();

    [[nodiscard]] const TrustDomain& trust_domain() const noexcept { return index_.trust_domain; }
    [[nodiscard]] const std::vector<IssuedCertificate>& issued() const noexcept {
        return index_.issued;
    }
    [[nodiscard]] std::filesystem::path trust_file() const { return folder_ / "trust.pem"; }
    [[nodiscard]] std::filesystem::path log_key_file() const { return folder_ / "log.key"; }
    [[nodiscard]] std::filesystem::path log_verifier_key_file() const {
        return folder_ / "log.vkey";
    }
    /// Where the leaf of an issued certificate lies alone.
    [[nodiscard]] std::filesystem::path leaf_file(const IssuedCertificate& issued) const;
    /// Errors: Errc::not_found, Errc::bad_certificate if it is not the one that the index names.
    [[nodiscard]] Checked<crypto::Certificate> read_leaf(const IssuedCertificate& issued) const;
    /// What goes into the file that IssueOrder::certificate names.
    [[nodiscard]] std::string certificate_file(const crypto::Certificate& certificate) const;

private:
    CaFolder(std::filesystem::path folder, FolderLock lock, crypto::CertificateAuthority issuing,
             CaIndex index, AskPassphrase ask)
        : folder_(std::move(folder)),
          lock_(std::move(lock)),
          issuing_(std::move(issuing)),
          index_(std::move(index)),
          ask_(std::move(ask)) {}

    [[nodiscard]] const IssuedCertificate* find(std::string_view serial) const;
    [[nodiscard]] Reason unknown_serial(std::string_view serial) const;
    [[nodiscard]] Checked<void> check_days(std::chrono::days how_long, UtcTime now) const;
    [[nodiscard]] Checked<void> check_public_key(const SpiffeId& id,
                                                 const Digest& public_key) const;
    [[nodiscard]] Checked<void> write_index() const;
    [[nodiscard]] Checked<void> renew_issuing_list(UtcTime now);
    [[nodiscard]] Checked<void> write_trust_file() const;

    std::filesystem::path folder_;
    FolderLock lock_;
    crypto::CertificateAuthority issuing_;
    CaIndex index_;
    AskPassphrase ask_;
};

}  // namespace tongbao::client
