#include "client/ca/ca_folder.hpp"

#include "client/ca/authority_files.hpp"
#include "client/ca/log_key_file.hpp"
#include "crypto/host_names.hpp"
#include "crypto/secret_bytes.hpp"
#include "crypto/sha256.hpp"
#include "crypto/trust_store.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

namespace tongbao::client {
namespace {

using crypto::CertificateAuthority;
using crypto::RevocationReason;
using std::chrono::days;
using std::filesystem::path;

constexpr days kRootDays{20 * 365};
constexpr days kIssuingDays{10 * 365};
constexpr days kRootListDays{365};
constexpr days kIssuingListDays{30};
/// Clocks of different machines differ: what is made now is good a little earlier.
constexpr std::chrono::minutes kClockTolerance{5};

Checked<CertificateAuthority> read_authority(const path& folder, const std::string& name,
                                             const AskPassphrase& ask) {
    const path file = folder / (name + ".pem");
    const Checked<std::string> text =
        read_text(file, "make the authority first: tongbao ca init --trust-domain DOMAIN --dir " +
                            folder.string());
    if (!text) return text.error();
    const Result<crypto::Certificate> certificate = crypto::Certificate::from_pem(*text);
    if (!certificate) return file_reason(certificate.error(), file, "one certificate stands here");
    Checked<crypto::SigningKey> key = read_key_file(folder / (name + ".key"), ask);
    if (!key) return key.error();
    Result<CertificateAuthority> authority =
        CertificateAuthority::load(*certificate, *std::move(key));
    if (!authority)
        return file_reason(authority.error(), file, "certificate and key must belong together");
    return *std::move(authority);
}

Checked<void> write_authority(const path& folder, const std::string& name,
                              const CertificateAuthority& authority,
                              const crypto::SecretBytes* passphrase) {
    Checked<void> key = create_key_file(folder / (name + ".key"), authority.key(), passphrase);
    if (!key) return key;
    return create_new(folder / (name + ".pem"), authority.certificate().pem(), kReadable);
}

Checked<void> write_list(const path& file, const CertificateAuthority& authority,
                         const std::vector<crypto::Revocation>& revoked, std::uint64_t number,
                         UtcTime now, days how_long) {
    const Result<std::string> list =
        authority.revocation_list(revoked, number, now - kClockTolerance, now + how_long);
    if (!list) return file_reason(list.error(), file, "");
    return replace_file(file, *list, kReadable);
}

bool is_connection_end(CertificateUse use) {
    return use == CertificateUse::hub || use == CertificateUse::daemon ||
           use == CertificateUse::log_auditor;
}

/// What of an order can be found wrong before anything is made.
Checked<void> check_order(const IssueOrder& order) {
    for (const path& file : {order.certificate, order.key}) {
        Checked<void> free = check_new_file(file);
        if (!free) return free;
    }
    std::error_code ignored;
    if (std::filesystem::weakly_canonical(order.certificate, ignored) ==
        std::filesystem::weakly_canonical(order.key, ignored)) {
        return file_reason(Errc::bad_argument, order.key, "certificate and key go to two files");
    }
    return {};
}

/// Gives the passphrase with which the folder is being made.
AskPassphrase asks_for_copy_of(const crypto::SecretBytes* passphrase) {
    if (passphrase == nullptr) return {};
    const auto kept = std::make_shared<const crypto::SecretBytes>(passphrase->bytes());
    return [kept](const path&) -> Checked<crypto::SecretBytes> {
        return crypto::SecretBytes(kept->bytes());
    };
}

std::string_view hosts_cure(CertificateUse use) {
    return use == CertificateUse::hub
               ? "the hub needs --dns or --ip: the names under which daemons reach it"
               : "only the hub's certificate has --dns and --ip";
}

}  // namespace

Checked<CaFolder> CaFolder::create(const path& folder, const TrustDomain& trust_domain, UtcTime now,
                                   const crypto::SecretBytes* passphrase) {
    std::error_code error;
    std::filesystem::create_directories(folder / "issued", error);
    if (error) return file_reason(Errc::storage_failure, folder, kWriteCure);
    Checked<FolderLock> lock = FolderLock::take(folder);
    if (!lock) return lock.error();
    for (const std::string_view name : {"index.json", "root.pem", "root.key", "issuing.key"}) {
        if (std::filesystem::exists(folder / name, error)) {
            return file_reason(Errc::already_exists, folder / name,
                               "this folder holds an authority, which is never overwritten");
        }
    }
    const UtcTime begin = now - kClockTolerance;
    const Result<CertificateAuthority> root =
        CertificateAuthority::make_root(trust_domain, {begin, now + kRootDays});
    if (!root) return file_reason(root.error(), folder / "root.pem", "");
    Result<CertificateAuthority> issuing =
        root->make_issuing(trust_domain, {begin, now + kIssuingDays});
    if (!issuing) return file_reason(issuing.error(), folder / "issuing.pem", "");
    const Checked<void> root_written = write_authority(folder, "root", *root, passphrase);
    if (!root_written) return root_written.error();
    const Checked<void> issuing_written = write_authority(folder, "issuing", *issuing, passphrase);
    if (!issuing_written) return issuing_written.error();
    CaFolder made(folder, *std::move(lock), *std::move(issuing), CaIndex{trust_domain, 0, 0, {}},
                  asks_for_copy_of(passphrase));
    const Checked<RenewedLists> lists = made.renew_lists(now);
    if (!lists) return lists.error();
    const Checked<std::string> log_key = made.log_verifier_key();
    if (!log_key) return log_key.error();
    return made;
}

Checked<CaFolder> CaFolder::open(const path& folder, AskPassphrase ask) {
    Checked<FolderLock> lock = FolderLock::take(folder);
    if (!lock) return lock.error();
    Checked<CertificateAuthority> issuing = read_authority(folder, "issuing", ask);
    if (!issuing) return issuing.error();
    const path index_file = folder / "index.json";
    const Checked<std::string> text = read_text(index_file, "bring it back from a backup");
    if (!text) return text.error();
    Checked<CaIndex> index = parse_ca_index(*text);
    if (!index) {
        Reason reason = index.error();
        reason.place = index_file.string() + ": " + reason.place;
        return reason;
    }
    return CaFolder(folder, *std::move(lock), *std::move(issuing), *std::move(index),
                    std::move(ask));
}

Checked<void> CaFolder::check_days(days how_long, UtcTime now) const {
    const bool in_range = how_long >= days(1) && how_long <= kIssuingDays;
    if (in_range && now + how_long <= issuing_.certificate().not_after()) return {};
    return file_reason(Errc::bad_time, folder_ / "issuing.pem",
                       "a certificate is valid for a day at least, and not longer than the "
                       "issuing authority, which ends " +
                           format_utc(issuing_.certificate().not_after()));
}

Checked<void> CaFolder::check_public_key(const SpiffeId& id, const Digest& public_key) const {
    const std::string name = format_spiffe_id(id);
    for (const IssuedCertificate& each : index_.issued) {
        if (each.public_key != public_key) continue;
        if (each.spiffe != name) {
            return file_reason(Errc::already_exists, leaf_file(each),
                               "this key was certified for " + each.spiffe +
                                   ": one key serves one use of one unit");
        }
        if (each.revoked) {
            return file_reason(Errc::certificate_revoked, leaf_file(each),
                               "this key's certificate was revoked: make a new key");
        }
    }
    return {};
}

Checked<crypto::Certificate> CaFolder::certify(const CertifyOrder& order, UtcTime now) {
    const Checked<void> in_time = check_days(order.days, now);
    if (!in_time) return in_time.error();
    const Checked<void> free = check_public_key(order.id, crypto::sha256(order.public_key));
    if (!free) return free.error();
    const Result<crypto::Certificate> certificate =
        issuing_.issue({order.id,
                        {now - kClockTolerance, now + order.days},
                        order.public_key,
                        order.dns_names,
                        order.ip_addresses});
    if (!certificate) {
        return file_reason(
            certificate.error(), format_spiffe_id(order.id),
            certificate.error() == Errc::certificate_wrong_name ? hosts_cure(order.id.use) : "");
    }
    const IssuedCertificate issued{certificate->serial(),
                                   format_spiffe_id(order.id),
                                   certificate->digest(),
                                   certificate->public_key_digest(),
                                   certificate->not_before(),
                                   certificate->not_after(),
                                   std::nullopt};
    index_.issued.push_back(issued);
    const Checked<void> noted = write_index();
    if (!noted) return noted.error();
    // If we stop here, the index names a certificate that nobody has: harmless.
    const Checked<void> kept = create_new(leaf_file(issued), certificate->pem(), kReadable);
    if (!kept) return kept.error();
    return *certificate;
}

Checked<IssuedCertificate> CaFolder::issue(const IssueOrder& order, UtcTime now) {
    const Checked<void> good = check_order(order);
    if (!good) return good.error();
    const Checked<void> in_time = check_days(order.days, now);
    if (!in_time) return in_time.error();
    const bool has_hosts = !order.dns_names.empty() || !order.ip_addresses.empty();
    if (has_hosts != (order.id.use == CertificateUse::hub)) {
        return file_reason(Errc::certificate_wrong_name, order.certificate,
                           hosts_cure(order.id.use));
    }
    const Result<crypto::SigningKey> key = crypto::SigningKey::generate();
    if (!key) return file_reason(key.error(), order.key, "");
    const Checked<crypto::Certificate> certificate = certify(
        {order.id, key->public_der(), order.days, order.dns_names, order.ip_addresses}, now);
    if (!certificate) return certificate.error();
    // If we stop here, the index has a certificate whose key nobody has: harmless.
    const Checked<void> key_written = create_key_file(order.key, *key);
    if (!key_written) return key_written.error();
    const Checked<void> written =
        create_new(order.certificate, certificate_file(*certificate), kReadable);
    if (!written) return written.error();
    return index_.issued.back();
}

std::string CaFolder::certificate_file(const crypto::Certificate& certificate) const {
    return is_connection_end(certificate.spiffe()->use)
               ? certificate.pem() + issuing_.certificate().pem()
               : certificate.pem();
}

Checked<crypto::Certificate> CaFolder::renew(std::string_view serial, days how_long, UtcTime now) {
    const IssuedCertificate* const found = find(serial);
    if (found == nullptr) return unknown_serial(serial);
    const Checked<crypto::Certificate> old = read_leaf(*found);
    if (!old) return old.error();
    const crypto::HostNames hosts = crypto::host_names(*old);
    return certify({*old->spiffe(), to_bytes(old->public_key_der()), how_long, hosts.dns_names,
                    hosts.ip_addresses},
                   now);
}

Checked<crypto::Certificate> CaFolder::read_leaf(const IssuedCertificate& issued) const {
    const path file = leaf_file(issued);
    const Checked<std::string> pem = read_text(file, "bring it back from a backup");
    if (!pem) return pem.error();
    const Result<crypto::Certificate> leaf = crypto::Certificate::from_pem(*pem);
    if (!leaf || leaf->digest() != issued.sha256) {
        return file_reason(Errc::bad_certificate, file, "bring it back from a backup");
    }
    return *leaf;
}

const IssuedCertificate* CaFolder::find(std::string_view serial) const {
    const auto found =
        std::find_if(index_.issued.begin(), index_.issued.end(),
                     [serial](const IssuedCertificate& each) { return each.serial == serial; });
    return found == index_.issued.end() ? nullptr : &*found;
}

Reason CaFolder::unknown_serial(std::string_view serial) const {
    return file_reason(Errc::not_found, folder_ / "index.json",
                       "no certificate has the serial number " + std::string(serial) +
                           ": `tongbao ca list` shows them");
}

Checked<std::vector<IssuedCertificate>> CaFolder::revoke(const RevokeOrder& order, UtcTime now) {
    const IssuedCertificate* const named = find(order.serial);
    if (named == nullptr) return unknown_serial(order.serial);
    if (order.compromised_since && *order.compromised_since > now) {
        return file_reason(Errc::bad_time, format_utc(*order.compromised_since),
                           "this moment is still to come");
    }
    const Digest public_key = named->public_key;
    std::vector<IssuedCertificate> revoked;
    for (IssuedCertificate& each : index_.issued) {
        // Who has a key has it for every certificate that was issued for it.
        const bool shares =
            order.reason == RevocationReason::key_compromise && each.public_key == public_key;
        if (each.serial != order.serial && !shares) continue;
        const bool news =
            !each.revoked || (order.compromised_since &&
                              (!each.revoked->compromised_since ||
                               *order.compromised_since < *each.revoked->compromised_since));
        if (!news) continue;
        const UtcTime time = each.revoked ? each.revoked->time : now;
        each.revoked = IssuedCertificate::Revoked{time, order.reason, order.compromised_since};
        revoked.push_back(each);
    }
    if (revoked.empty()) {
        return file_reason(Errc::certificate_revoked, folder_ / "index.json",
                           named->spiffe + " was revoked on " + format_utc(named->revoked->time));
    }
    // The index first: if we stop after it, `ca crl` makes the list that says so.
    const Checked<void> noted = write_index();
    if (!noted) return noted.error();
    const Checked<void> renewed = renew_issuing_list(now);
    if (!renewed) return renewed.error();
    const Checked<void> trusted = write_trust_file();
    if (!trusted) return trusted.error();
    return revoked;
}

Checked<RenewedLists> CaFolder::renew_lists(UtcTime now) {
    RenewedLists renewed;
    std::error_code ignored;
    if (std::filesystem::exists(folder_ / "root.key", ignored)) {
        const Checked<CertificateAuthority> root = read_authority(folder_, "root", ask_);
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
        if (!each.revoked) continue;
        revoked.push_back({each.serial, each.revoked->time, each.revoked->reason,
                           each.revoked->compromised_since});
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
        const Checked<std::string> part = read_text(folder_ / name, "bring it back from a backup");
        if (!part) return part.error();
        trust += *part;
    }
    const path others = folder_ / "others.pem";
    std::error_code ignored;
    if (std::filesystem::exists(others, ignored)) {
        const Checked<std::string> part = read_text(others, "");
        if (!part) return part.error();
        trust += *part;
        // A file that no program can read would stop them all.
        const auto readable = crypto::TrustStore::from_pem(trust_domain(), trust);
        if (!readable) {
            return file_reason(readable.error(), others,
                               "certificates of certification authorities and their revocation "
                               "lists stand here, in PEM; trust.pem is as it was");
        }
    }
    return replace_file(trust_file(), trust, kReadable);
}

Checked<void> CaFolder::write_index() const {
    return replace_file(folder_ / "index.json", format_ca_index(index_) + '\n', kOwnerOnly);
}

Checked<std::string> CaFolder::log_verifier_key() {
    return log_verifier_key_of(log_key_file(), log_verifier_key_file(), trust_domain());
}

path CaFolder::leaf_file(const IssuedCertificate& issued) const {
    return folder_ / "issued" / (issued.serial + ".pem");
}

}  // namespace tongbao::client
