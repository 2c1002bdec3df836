#include "client/sandbox/sandbox_material.hpp"

#include "client/ca/authority_files.hpp"
#include "client/ca/ca_folder.hpp"
#include "client/ca/enrolled_files.hpp"
#include "crypto/key_consent.hpp"
#include "crypto/secret_bytes.hpp"
#include "crypto/signing_key.hpp"
#include "domain/endorsement.hpp"
#include "program/files.hpp"

#include <optional>
#include <set>
#include <span>
#include <system_error>
#include <utility>

namespace tongbao::client {
namespace {

using std::filesystem::path;

constexpr std::size_t kMaxPem = 64 * 1024;

/// Issues certificates into the folders of one sandbox.
class Issuer {
public:
    Issuer(const SandboxLayout& layout, CaFolder& authority, UtcTime now)
        : layout_(layout), authority_(authority), now_(now) {}

    /// `<folder>/<name>.pem` and `.key`.
    [[nodiscard]] Checked<CertificateFiles> issue(const SpiffeId& id, const path& folder,
                                                  const std::string& name) {
        IssueOrder order{id, std::chrono::days(365),   {},
                         {}, folder / (name + ".pem"), folder / (name + ".key")};
        if (id.use == CertificateUse::hub) {
            order.dns_names = {"localhost"};
            order.ip_addresses = {"127.0.0.1", "::1"};
        }
        const Checked<IssuedCertificate> issued = authority_.issue(order, now_);
        if (!issued) return issued.error();
        if (id.use == CertificateUse::hub) return CertificateFiles{order.certificate, order.key};
        const Checked<void> enrolled = enrol(authority_.leaf_file(*issued), id);
        if (!enrolled) return enrolled.error();
        return CertificateFiles{order.certificate, order.key};
    }

    /// The sign key that consents to the unit's keys that are issued from here on.
    [[nodiscard]] Checked<void> let_consent(const CertificateFiles& sign) {
        Result<std::string> pem = program::read_secret_file(sign.key, kMaxPem);
        if (!pem) return file_reason(pem.error(), sign.key, kWriteCure);
        Result<crypto::SigningKey> key = crypto::SigningKey::from_pem(*pem);
        crypto::wipe_memory(std::span<char>(*pem));
        if (!key) return file_reason(key.error(), sign.key, kWriteCure);
        consenting_ = *std::move(key);
        return {};
    }

private:
    [[nodiscard]] Checked<void> enrol(const path& leaf_file, const SpiffeId& id) const {
        const Result<std::string> pem = program::read_file(leaf_file, kMaxPem);
        if (!pem) return file_reason(pem.error(), leaf_file, kWriteCure);
        const Result<crypto::Certificate> leaf = crypto::Certificate::from_pem(*pem);
        if (!leaf) return file_reason(leaf.error(), leaf_file, kWriteCure);
        if (!id.unit || id.use == CertificateUse::sign) {
            return put_enrolled(layout_.enrolled(), *leaf, std::nullopt);
        }
        const crypto::KeyConsent said{log_origin(id.trust_domain),
                                      *id.unit,
                                      consenting_->public_digest(),
                                      now_,
                                      {{id, leaf->public_key_digest()}}};
        Result<SignedConsent> consent = crypto::sign_key_consent(said, *consenting_);
        if (!consent) return file_reason(consent.error(), leaf_file, kWriteCure);
        return put_enrolled(layout_.enrolled(), *leaf, *std::move(consent));
    }

    const SandboxLayout& layout_;
    CaFolder& authority_;
    UtcTime now_;
    std::optional<crypto::SigningKey> consenting_;
};

Checked<void> make_folders(const SandboxLayout& layout, const std::vector<UnitId>& units) {
    std::vector<path> folders{layout.enrolled(), layout.auditor(), layout.sockets()};
    for (const UnitId& unit : units) folders.push_back(layout.unit(unit.value()));
    for (const path& folder : folders) {
        std::error_code error;
        std::filesystem::create_directories(folder, error);
        if (error) return Reason{Errc::storage_failure, folder.string(), std::string(kWriteCure)};
    }
    return {};
}

/// One unit's keys: its seal first, which consents to the others.
Checked<void> issue_unit(Issuer& issuer, const SandboxLayout& layout,
                         const TrustDomain& trust_domain, const UnitId& unit,
                         const std::vector<HeldPost>& posts, SandboxFile& sandbox) {
    const path folder = layout.unit(unit.value());
    SandboxUnit& entry = sandbox.units[unit.value()];
    Checked<CertificateFiles> sign = issuer.issue(sign_id(trust_domain, unit), folder, "sign");
    if (!sign) return sign.error();
    const Checked<void> consenting = issuer.let_consent(*sign);
    if (!consenting) return consenting.error();
    Checked<CertificateFiles> daemon =
        issuer.issue(daemon_id(trust_domain, unit), folder, "daemon");
    if (!daemon) return daemon.error();
    entry.sign = *std::move(sign);
    entry.daemon = *std::move(daemon);
    for (const HeldPost& held : posts) {
        if (held.unit != unit) continue;
        Checked<CertificateFiles> files = issuer.issue(post_id(trust_domain, unit, held.post),
                                                       folder, "post-" + held.post.value());
        if (!files) return files.error();
        sandbox.posts.push_back({unit.value(), held.post.value(), *std::move(files)});
    }
    return {};
}

}  // namespace

std::vector<UnitId> sandbox_units(const Charter& charter, const std::vector<UnitId>& local) {
    std::vector<UnitId> units;
    for (const Unit& unit : charter.parts().units) {
        if (charter.online(unit.id)) units.push_back(unit.id);
    }
    units.insert(units.end(), local.begin(), local.end());
    return units;
}

Checked<std::vector<UnitId>> sandbox_local_units(const Charter& charter,
                                                 const std::vector<std::string>& ids) {
    std::vector<UnitId> units;
    for (const std::string& id : ids) {
        Result<UnitId> unit = parse_unit_id(id);
        if (!unit || !system_of(*unit) || !charter.knows(*unit)) {
            return Reason{Errc::bad_argument, id,
                          "name a local unit of one of the charter's systems: "
                          "local.<division>.<system>"};
        }
        if (!contains(units, *unit)) units.push_back(*std::move(unit));
    }
    return units;
}

std::vector<HeldPost> sandbox_posts(const Charter& charter, const std::vector<UnitId>& units) {
    std::set<HeldPost> held;
    for (const Kind& kind : charter.parts().kinds) {
        for (const UnitId& unit : units) {
            if (!any_covers(kind.from, unit)) continue;
            for (const Endorsement& each : needed_endorsements(charter, kind, unit)) {
                if (each.signer.post) held.insert({unit, *each.signer.post});
            }
        }
    }
    return {held.begin(), held.end()};
}

Checked<SandboxFile> make_sandbox_material(const SandboxLayout& layout, const Charter& charter,
                                           const std::string& charter_text,
                                           const std::vector<UnitId>& units, UtcTime now) {
    const TrustDomain trust_domain(charter.parts().trust_domain);
    SandboxFile sandbox;
    sandbox.hub_url = "https://127.0.0.1";
    sandbox.trust_domain = trust_domain.value();
    sandbox.charter = charter.id().value();
    sandbox.charter_file = layout.charter();
    for (const UnitId& unit : units)
        sandbox.units[unit.value()].socket = layout.socket(unit.value());
    const Checked<void> short_enough = check_sockets(sandbox);
    if (!short_enough) return short_enough.error();

    const Checked<void> folders = make_folders(layout, units);
    if (!folders) return folders.error();
    const Result<void> copied = program::create_file(layout.charter(), charter_text, kReadable);
    if (!copied) return file_reason(copied.error(), layout.charter(), kWriteCure);
    Checked<CaFolder> authority = CaFolder::create(layout.ca(), trust_domain, now);
    if (!authority) return authority.error();
    Checked<std::string> log_key = authority->log_verifier_key();
    if (!log_key) return log_key.error();
    sandbox.log_verifier_key = *std::move(log_key);
    sandbox.ca_file = authority->trust_file();

    Issuer issuer(layout, *authority, now);
    const Checked<CertificateFiles> hub = issuer.issue(hub_id(trust_domain), layout.hub(), "hub");
    if (!hub) return hub.error();
    Checked<CertificateFiles> auditor =
        issuer.issue(auditor_id(trust_domain, "auditor"), layout.auditor(), "auditor");
    if (!auditor) return auditor.error();
    sandbox.auditor = *std::move(auditor);
    const std::vector<HeldPost> posts = sandbox_posts(charter, units);
    for (const UnitId& unit : units) {
        const Checked<void> issued = issue_unit(issuer, layout, trust_domain, unit, posts, sandbox);
        if (!issued) return issued.error();
    }
    return sandbox;
}

Checked<void> renew_sandbox_lists(const SandboxLayout& layout, UtcTime now) {
    Checked<CaFolder> authority = CaFolder::open(layout.ca());
    if (!authority) return authority.error();
    const Checked<RenewedLists> renewed = authority->renew_lists(now);
    if (!renewed) return renewed.error();
    return {};
}

}  // namespace tongbao::client
