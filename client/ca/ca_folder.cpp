#include "client/ca/ca_folder.hpp"

#include "crypto/ed25519_key.hpp"
#include "crypto/note_signer.hpp"
#include "crypto/secret_bytes.hpp"
#include "program/files.hpp"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

namespace tongbao::client {
namespace {

using crypto::CertificateAuthority;
using std::chrono::days;
using std::filesystem::path;

constexpr std::size_t kMaxFileBytes = 64 * 1024 * 1024;
constexpr unsigned kOwnerOnly = 0600;
constexpr unsigned kReadable = 0644;

constexpr days kRootDays{20 * 365};
constexpr days kIssuingDays{10 * 365};
constexpr days kRootListDays{365};
constexpr days kIssuingListDays{30};
/// Clocks of different machines differ: what is made now is good a little earlier.
constexpr std::chrono::minutes kClockTolerance{5};

constexpr std::string_view kWriteCure =
    "see that the folder can be written and the disk is not full";
constexpr std::string_view kNeverOverwritten =
    "keys and certificates are never overwritten: name another file, or move this one away";

Reason fault(const boost::system::error_code& error, const path& file, std::string_view cure) {
    return {to_errc(error), file.string(), std::string(cure)};
}

Reason fault(Errc errc, const path& file, std::string_view cure) {
    return {errc, file.string(), std::string(cure)};
}

Checked<void> create(const path& file, std::string_view contents, unsigned mode) {
    const Result<void> written = program::create_file(file, contents, mode);
    if (written) return {};
    const bool there = written.error() == Errc::already_exists;
    return fault(written.error(), file, there ? kNeverOverwritten : kWriteCure);
}

Checked<void> replace(const path& file, std::string_view contents, unsigned mode) {
    const Result<void> written = program::write_file(file, contents, mode);
    if (!written) return fault(written.error(), file, kWriteCure);
    return {};
}

Checked<std::string> read(const path& file, std::string_view cure) {
    Result<std::string> text = program::read_file(file, kMaxFileBytes);
    if (!text) return fault(text.error(), file, cure);
    return *std::move(text);
}

Checked<void> create_key(const path& file, const crypto::SigningKey& key) {
    const Result<crypto::SecretBytes> pem = key.private_pem();
    if (!pem) return fault(pem.error(), file, "");
    return create(file, pem->text(), kOwnerOnly);
}

Checked<crypto::SigningKey> read_key(const path& file) {
    Result<std::string> text = program::read_secret_file(file, kMaxFileBytes);
    if (!text) {
        const bool open = text.error() == Errc::not_permitted;
        return fault(text.error(), file,
                     open ? "others may read this key: chmod 600 it, and think about a new one"
                          : "bring the key back from where it is kept");
    }
    Result<crypto::SigningKey> key = crypto::SigningKey::from_pem(*text);
    crypto::wipe_memory(std::span<char>(*text));
    if (!key) return fault(key.error(), file, "an unencrypted P-256 key in PEM stands here");
    return *std::move(key);
}

Checked<CertificateAuthority> read_authority(const path& folder, const std::string& name) {
    const path file = folder / (name + ".pem");
    const Checked<std::string> text =
        read(file, "make the authority first: tongbao ca init --trust-domain DOMAIN --dir " +
                       folder.string());
    if (!text) return text.error();
    const Result<crypto::Certificate> certificate = crypto::Certificate::from_pem(*text);
    if (!certificate) return fault(certificate.error(), file, "one certificate stands here");
    Checked<crypto::SigningKey> key = read_key(folder / (name + ".key"));
    if (!key) return key.error();
    Result<CertificateAuthority> authority =
        CertificateAuthority::load(*certificate, *std::move(key));
    if (!authority)
        return fault(authority.error(), file, "certificate and key must belong together");
    return *std::move(authority);
}

Checked<void> write_authority(const path& folder, const std::string& name,
                              const CertificateAuthority& authority) {
    Checked<void> key = create_key(folder / (name + ".key"), authority.key());
    if (!key) return key;
    return create(folder / (name + ".pem"), authority.certificate().pem(), kReadable);
}

Checked<void> write_list(const path& file, const CertificateAuthority& authority,
                         const std::vector<crypto::Revocation>& revoked, std::uint64_t number,
                         UtcTime now, days how_long) {
    const Result<std::string> list =
        authority.revocation_list(revoked, number, now - kClockTolerance, now + how_long);
    if (!list) return fault(list.error(), file, "");
    return replace(file, *list, kReadable);
}

bool is_connection_end(CertificateUse use) {
    return use == CertificateUse::hub || use == CertificateUse::daemon ||
           use == CertificateUse::log_auditor;
}

Checked<void> make_log_key(const path& key_file, const path& verifier_file,
                           const TrustDomain& trust_domain) {
    const Result<crypto::NoteSigner> signer = crypto::NoteSigner::make(
        "hub." + trust_domain.value() + "/log", crypto::Ed25519SigningKey::generate());
    if (!signer) return fault(signer.error(), key_file, "");
    const crypto::SecretBytes text = signer->private_key_text();
    std::string line(text.text());
    line += '\n';
    Checked<void> written = create(key_file, line, kOwnerOnly);
    crypto::wipe_memory(std::span<char>(line));
    if (!written) return written;
    return replace(verifier_file, signer->verifier_key().text() + '\n', kReadable);
}

/// What of an order can be found wrong before anything is made.
Checked<void> check_order(const IssueOrder& order) {
    for (const path& file : {order.certificate, order.key}) {
        std::error_code ignored;
        if (std::filesystem::exists(file, ignored)) {
            return fault(Errc::already_exists, file, kNeverOverwritten);
        }
        const path parent = file.has_parent_path() ? file.parent_path() : path(".");
        if (!std::filesystem::is_directory(parent, ignored)) {
            return fault(Errc::not_found, parent, "make this folder first");
        }
        if (::access(parent.c_str(), W_OK) != 0) {
            return fault(Errc::storage_failure, parent, kWriteCure);
        }
    }
    std::error_code ignored;
    if (std::filesystem::weakly_canonical(order.certificate, ignored) ==
        std::filesystem::weakly_canonical(order.key, ignored)) {
        return fault(Errc::bad_argument, order.key, "certificate and key go to two files");
    }
    return {};
}

std::string_view hosts_cure(CertificateUse use) {
    return use == CertificateUse::hub
               ? "the hub needs --dns or --ip: the names under which daemons reach it"
               : "only the hub's certificate has --dns and --ip";
}

}  // namespace

Checked<CaFolder> CaFolder::create(const path& folder, const TrustDomain& trust_domain,
                                   UtcTime now) {
    std::error_code error;
    std::filesystem::create_directories(folder / "issued", error);
    if (error) return fault(Errc::storage_failure, folder, kWriteCure);
    Checked<FolderLock> lock = FolderLock::take(folder);
    if (!lock) return lock.error();
    for (const std::string_view name : {"index.json", "root.pem", "root.key", "issuing.key"}) {
        if (std::filesystem::exists(folder / name, error)) {
            return fault(Errc::already_exists, folder / name,
                         "this folder holds an authority, which is never overwritten");
        }
    }
    const UtcTime begin = now - kClockTolerance;
    const Result<CertificateAuthority> root =
        CertificateAuthority::make_root(trust_domain, {begin, now + kRootDays});
    if (!root) return fault(root.error(), folder / "root.pem", "");
    Result<CertificateAuthority> issuing =
        root->make_issuing(trust_domain, {begin, now + kIssuingDays});
    if (!issuing) return fault(issuing.error(), folder / "issuing.pem", "");
    const Checked<void> root_written = write_authority(folder, "root", *root);
    if (!root_written) return root_written.error();
    const Checked<void> issuing_written = write_authority(folder, "issuing", *issuing);
    if (!issuing_written) return issuing_written.error();
    CaFolder made(folder, *std::move(lock), *std::move(issuing), CaIndex{trust_domain, 0, 0, {}});
    const Checked<RenewedLists> lists = made.renew_lists(now);
    if (!lists) return lists.error();
    const Checked<std::string> log_key = made.log_verifier_key();
    if (!log_key) return log_key.error();
    return made;
}

Checked<CaFolder> CaFolder::open(const path& folder) {
    Checked<FolderLock> lock = FolderLock::take(folder);
    if (!lock) return lock.error();
    Checked<CertificateAuthority> issuing = read_authority(folder, "issuing");
    if (!issuing) return issuing.error();
    const path index_file = folder / "index.json";
    const Checked<std::string> text = read(index_file, "bring it back from a backup");
    if (!text) return text.error();
    Checked<CaIndex> index = parse_ca_index(*text);
    if (!index) {
        Reason reason = index.error();
        reason.place = index_file.string() + ": " + reason.place;
        return reason;
    }
    return CaFolder(folder, *std::move(lock), *std::move(issuing), *std::move(index));
}

Checked<IssuedCertificate> CaFolder::issue(const IssueOrder& order, UtcTime now) {
    const Checked<void> good = check_order(order);
    if (!good) return good.error();
    const bool in_range = order.days >= days(1) && order.days <= kIssuingDays;
    if (!in_range || now + order.days > issuing_.certificate().not_after()) {
        return fault(Errc::bad_time, order.certificate,
                     "a certificate is valid for a day at least, and not longer than the issuing "
                     "authority, which ends " +
                         format_utc(issuing_.certificate().not_after()));
    }
    const Result<crypto::SigningKey> key = crypto::SigningKey::generate();
    if (!key) return fault(key.error(), order.key, "");
    const Result<crypto::Certificate> certificate =
        issuing_.issue({order.id,
                        {now - kClockTolerance, now + order.days},
                        key->public_der(),
                        order.dns_names,
                        order.ip_addresses});
    if (!certificate) {
        return fault(
            certificate.error(), order.certificate,
            certificate.error() == Errc::certificate_wrong_name ? hosts_cure(order.id.use) : "");
    }
    IssuedCertificate issued{certificate->serial(),    format_spiffe_id(order.id),
                             certificate->digest(),    certificate->not_before(),
                             certificate->not_after(), std::nullopt};

    // If we stop before the index is written, there is a key without a certificate, which is good
    // for nothing. A certificate leaves only after the index has it.
    const Checked<void> key_written = create_key(order.key, *key);
    if (!key_written) return key_written.error();
    index_.issued.push_back(issued);
    const Checked<void> noted = write_index();
    if (!noted) return noted.error();
    // If we stop here, the index names a certificate that nobody has: harmless.
    const Checked<void> kept = client::create(leaf_file(issued), certificate->pem(), kReadable);
    if (!kept) return kept.error();
    const std::string chain = is_connection_end(order.id.use)
                                  ? certificate->pem() + issuing_.certificate().pem()
                                  : certificate->pem();
    const Checked<void> written = client::create(order.certificate, chain, kReadable);
    if (!written) return written.error();
    return issued;
}

Checked<IssuedCertificate> CaFolder::revoke(std::string_view serial,
                                            crypto::RevocationReason reason, UtcTime now) {
    const auto found =
        std::find_if(index_.issued.begin(), index_.issued.end(),
                     [serial](const IssuedCertificate& each) { return each.serial == serial; });
    if (found == index_.issued.end()) {
        return fault(Errc::not_found, folder_ / "index.json",
                     "no certificate has the serial number " + std::string(serial) +
                         ": `tongbao ca list` shows them");
    }
    if (found->revoked) {
        return fault(Errc::certificate_revoked, folder_ / "index.json",
                     found->spiffe + " was revoked on " + format_utc(found->revoked->time));
    }
    found->revoked = IssuedCertificate::Revoked{now, reason};
    // The index first: if we stop after it, `ca crl` makes the list that says so.
    const Checked<void> noted = write_index();
    if (!noted) return noted.error();
    const Checked<void> renewed = renew_issuing_list(now);
    if (!renewed) return renewed.error();
    const Checked<void> trusted = write_trust_file();
    if (!trusted) return trusted.error();
    return *found;
}

Checked<RenewedLists> CaFolder::renew_lists(UtcTime now) {
    RenewedLists renewed;
    std::error_code ignored;
    if (std::filesystem::exists(folder_ / "root.key", ignored)) {
        const Checked<CertificateAuthority> root = read_authority(folder_, "root");
        if (!root) return root.error();
        ++index_.root_list;
        const Checked<void> noted = write_index();
        if (!noted) return noted.error();
        const Checked<void> written =
            write_list(folder_ / "root.crl", *root, {}, index_.root_list, now, kRootListDays);
        if (!written) return written.error();
        renewed.root = true;
    }
    const Checked<void> issuing = renew_issuing_list(now);
    if (!issuing) return issuing.error();
    const Checked<void> trusted = write_trust_file();
    if (!trusted) return trusted.error();
    return renewed;
}

Checked<void> CaFolder::renew_issuing_list(UtcTime now) {
    std::vector<crypto::Revocation> revoked;
    for (const IssuedCertificate& each : index_.issued) {
        if (each.revoked)
            revoked.push_back({each.serial, each.revoked->time, each.revoked->reason});
    }
    // The number before the list: if we stop between them a number is left out, never given twice.
    ++index_.issuing_list;
    Checked<void> noted = write_index();
    if (!noted) return noted;
    return write_list(folder_ / "issuing.crl", issuing_, revoked, index_.issuing_list, now,
                      kIssuingListDays);
}

Checked<void> CaFolder::write_trust_file() const {
    std::string trust;
    for (const std::string_view name : {"issuing.pem", "root.pem", "issuing.crl", "root.crl"}) {
        const Checked<std::string> part = read(folder_ / name, "bring it back from a backup");
        if (!part) return part.error();
        trust += *part;
    }
    return replace(trust_file(), trust, kReadable);
}

Checked<void> CaFolder::write_index() const {
    return replace(folder_ / "index.json", format_ca_index(index_) + '\n', kOwnerOnly);
}

Checked<std::string> CaFolder::log_verifier_key() {
    std::error_code ignored;
    if (!std::filesystem::exists(log_key_file(), ignored)) {
        const Checked<void> made =
            make_log_key(log_key_file(), log_verifier_key_file(), trust_domain());
        if (!made) return made.error();
    }
    Result<std::string> text = program::read_secret_file(log_key_file(), kMaxFileBytes);
    if (!text) {
        return fault(text.error(), log_key_file(), "the log's key is its owner's alone: chmod 600");
    }
    const Result<crypto::NoteSigner> signer =
        crypto::NoteSigner::parse_private_key(std::string_view(*text).substr(0, text->find('\n')));
    crypto::wipe_memory(std::span<char>(*text));
    if (!signer) return fault(signer.error(), log_key_file(), "bring it back from a backup");
    return signer->verifier_key().text();
}

path CaFolder::leaf_file(const IssuedCertificate& issued) const {
    return folder_ / "issued" / (issued.serial + ".pem");
}

}  // namespace tongbao::client
