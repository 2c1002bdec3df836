#include "client/sandbox/sandbox_material.hpp"

#include "client/ca/ca_folder.hpp"
#include "program/files.hpp"

#include <set>
#include <system_error>
#include <utility>

namespace tongbao::client {
namespace {

using std::filesystem::path;

constexpr unsigned kReadable = 0644;
constexpr std::size_t kMaxPem = 64 * 1024;
constexpr std::string_view kCure = "see that the folder can be written and the disk is not full";

Reason fault(const boost::system::error_code& error, const path& file) {
    return {to_errc(error), file.string(), std::string(kCure)};
}

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
        const Checked<void> enrolled = enrol(*issued);
        if (!enrolled) return enrolled.error();
        return CertificateFiles{order.certificate, order.key};
    }

private:
    [[nodiscard]] Checked<void> enrol(const IssuedCertificate& issued) {
        const path leaf = authority_.leaf_file(issued);
        const Result<std::string> pem = program::read_file(leaf, kMaxPem);
        if (!pem) return fault(pem.error(), leaf);
        const path enrolled = layout_.enrolled() / leaf.filename();
        const Result<void> written = program::create_file(enrolled, *pem, kReadable);
        if (!written) return fault(written.error(), enrolled);
        return {};
    }

    const SandboxLayout& layout_;
    CaFolder& authority_;
    UtcTime now_;
};

Checked<void> make_folders(const SandboxLayout& layout, const std::vector<UnitId>& units) {
    std::vector<path> folders{layout.enrolled(), layout.auditor(), layout.sockets()};
    for (const UnitId& unit : units) folders.push_back(layout.unit(unit.value()));
    for (const path& folder : folders) {
        std::error_code error;
        std::filesystem::create_directories(folder, error);
        if (error) return Reason{Errc::storage_failure, folder.string(), std::string(kCure)};
    }
    return {};
}

Checked<void> issue_units(Issuer& issuer, const SandboxLayout& layout,
                          const TrustDomain& trust_domain, const std::vector<UnitId>& units,
                          SandboxFile& sandbox) {
    for (const UnitId& unit : units) {
        const path folder = layout.unit(unit.value());
        SandboxUnit& entry = sandbox.units[unit.value()];
        Checked<CertificateFiles> daemon =
            issuer.issue(daemon_id(trust_domain, unit), folder, "daemon");
        if (!daemon) return daemon.error();
        Checked<CertificateFiles> sign = issuer.issue(sign_id(trust_domain, unit), folder, "sign");
        if (!sign) return sign.error();
        entry.daemon = *std::move(daemon);
        entry.sign = *std::move(sign);
    }
    return {};
}

Checked<void> issue_posts(Issuer& issuer, const SandboxLayout& layout,
                          const TrustDomain& trust_domain, const std::vector<HeldPost>& posts,
                          SandboxFile& sandbox) {
    for (const HeldPost& held : posts) {
        Checked<CertificateFiles> files =
            issuer.issue(post_id(trust_domain, held.unit, held.post),
                         layout.unit(held.unit.value()), "post-" + held.post.value());
        if (!files) return files.error();
        sandbox.posts.push_back({held.unit.value(), held.post.value(), *std::move(files)});
    }
    return {};
}

}  // namespace

std::vector<UnitId> sandbox_units(const Charter& charter) {
    std::vector<UnitId> units;
    for (const Unit& unit : charter.parts().units) {
        if (charter.online(unit.id)) units.push_back(unit.id);
    }
    return units;
}

std::vector<HeldPost> sandbox_posts(const Charter& charter) {
    std::set<HeldPost> held;
    for (const Kind& kind : charter.parts().kinds) {
        const Post* const post = kind.from_post ? charter.find_post(*kind.from_post) : nullptr;
        if (post == nullptr) continue;
        for (const UnitId& unit : charter.units_of(post->unit_or_group)) {
            if (charter.online(unit) && any_covers(kind.from, unit)) held.insert({unit, post->id});
        }
    }
    return {held.begin(), held.end()};
}

Checked<SandboxFile> make_sandbox_material(const SandboxLayout& layout, const Charter& charter,
                                           const std::string& charter_text, UtcTime now) {
    const TrustDomain trust_domain(charter.parts().trust_domain);
    const std::vector<UnitId> units = sandbox_units(charter);
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
    if (!copied) return fault(copied.error(), layout.charter());
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
    const Checked<void> unit_files = issue_units(issuer, layout, trust_domain, units, sandbox);
    if (!unit_files) return unit_files.error();
    const Checked<void> posts =
        issue_posts(issuer, layout, trust_domain, sandbox_posts(charter), sandbox);
    if (!posts) return posts.error();
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
