#include "client/cli/configuration.hpp"

#include "client/cli/failure.hpp"
#include "client/cli/terminal_text.hpp"
#include "client/sandbox/sandbox_file.hpp"
#include "program/config_file.hpp"
#include "program/files.hpp"

#include <optional>
#include <vector>

namespace tongbao::client {
namespace {

/// What either source of settings gives; what it lacks is empty.
struct Settings {
    std::optional<std::filesystem::path> socket;
    std::optional<AuditAccess> audit;
    std::optional<std::filesystem::path> clock;
};

/// Gives `code`, and leaves `sentence` in `words`.
Errc say(Errc code, std::string& words, std::string sentence) {
    words = std::move(sentence);
    return code;
}

AuditAccess read_audit_table(program::ConfigTable& audit) {
    AuditAccess access;
    const Result<HubAddress> hub = parse_hub_url(audit.text("hub"));
    if (hub) {
        access.host = hub->host;
        access.port = hub->port;
    } else if (audit.has("hub")) {
        audit.fault("hub", "must be such as \"https://hub.example:8443\"");
    }
    access.hub_name = audit.text("hub_name", "");
    const Result<TrustDomain> domain = parse_trust_domain(audit.text("trust_domain"));
    if (domain) {
        access.trust_domain = *domain;
    } else if (audit.has("trust_domain")) {
        audit.fault("trust_domain", "must be the name in the certificates' SPIFFE URIs");
    }
    access.log_key = audit.text("log_key");
    program::ConfigTable tls = audit.table("tls");
    access.tls.certificate = tls.path("certificate");
    access.tls.key = tls.path("key");
    access.tls.trust = tls.path("trust");
    access.tls.passphrase = tls.optional_path("passphrase_file");
    tls.finish();
    audit.finish();
    return access;
}

/// Reads the file wholly, whatever the command needs of it: a misspelt key is a fault for all.
Result<Settings> read_configuration(const std::filesystem::path& path, std::string& words) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
        return say(Errc::not_found, words, "there is no configuration file " + path.string());
    }
    program::ConfigFile file = program::ConfigFile::read(path);
    Settings settings;
    if (file.faults().empty()) {
        program::ConfigTable root = file.root();
        settings.socket = root.optional_path("socket");
        settings.clock = root.optional_path("clock");
        const bool test_deployment = root.boolean("test_deployment", false);
        if (settings.clock && !test_deployment) {
            root.fault("clock", "is for test deployments: test_deployment = true is missing");
        }
        const bool has_audit = root.has("audit");
        program::ConfigTable audit = root.table("audit", false);
        if (has_audit) settings.audit = read_audit_table(audit);
        root.finish();
    }
    if (file.faults().empty()) return settings;
    words.clear();
    for (const std::string& fault : file.faults()) words += (words.empty() ? "" : "\n") + fault;
    return Errc::bad_configuration;
}

Result<SandboxFile> read_sandbox(const std::filesystem::path& folder, std::string& words) {
    Checked<SandboxFile> sandbox = read_sandbox_file(folder);
    if (sandbox) return *std::move(sandbox);
    const Reason& fault = sandbox.error();
    if (fault.code == Errc::not_found) {
        return say(Errc::not_found, words,
                   "there is no " + printable(fault.place) +
                       ": make a sandbox with `tongbao sandbox up --dir DIR`");
    }
    return say(Errc::bad_configuration, words, reason_lines({fault}));
}

/// That unit of the sandbox.
Result<SandboxUnit> find_unit(const SandboxFile& sandbox, const std::string& id,
                              const std::string& question, std::string& words) {
    const auto found = sandbox.units.find(id);
    if (found != sandbox.units.end()) return found->second;
    std::string names;
    for (const auto& [name, unit] : sandbox.units) {
        names += (names.empty() ? "" : ", ") + printable(name);
    }
    return say(Errc::bad_argument, words,
               (id.empty() ? question : "this sandbox has no unit `" + printable(id) + '`') +
                   "; it has: " + names);
}

Result<void> check_not_both(const Invocation& invocation, std::string& words) {
    if (!invocation.config || !invocation.sandbox) return {};
    return say(Errc::bad_argument, words, "give --config or --sandbox, not both");
}

Result<void> check_source(const Invocation& invocation, std::string& words) {
    const Result<void> one = check_not_both(invocation, words);
    if (!one) return one.error();
    if (!invocation.config && !invocation.sandbox) {
        return say(Errc::bad_argument, words,
                   "say where to connect: --sandbox DIR --as UNIT, or --config FILE");
    }
    if (invocation.config && !invocation.as.empty()) {
        return say(Errc::bad_argument, words, "--as goes with --sandbox only");
    }
    return {};
}

Result<UnitAccess> sandbox_unit(const Invocation& invocation, std::string& words) {
    const Result<SandboxFile> sandbox = read_sandbox(*invocation.sandbox, words);
    if (!sandbox) return sandbox.error();
    const Result<SandboxUnit> unit =
        find_unit(*sandbox, invocation.as, "say which unit acts with --as UNIT", words);
    if (!unit) return unit.error();
    return UnitAccess{unit->socket};
}

Result<AuditAccess> sandbox_auditor(const std::filesystem::path& folder, const std::string& unit_id,
                                    std::string& words) {
    const Result<SandboxFile> sandbox = read_sandbox(folder, words);
    if (!sandbox) return sandbox.error();
    const std::string file = printable(sandbox_json(folder).string());
    const Result<HubAddress> hub = parse_hub_url(sandbox->hub_url);
    if (!hub) return say(Errc::bad_configuration, words, file + ": hub_url is no address");
    const Result<TrustDomain> domain = parse_trust_domain(sandbox->trust_domain);
    if (!domain) return say(Errc::bad_configuration, words, file + ": trust_domain is no name");
    CertificateFiles files = sandbox->auditor;
    if (!unit_id.empty()) {
        const Result<SandboxUnit> unit = find_unit(*sandbox, unit_id, "", words);
        if (!unit) return unit.error();
        files = unit->daemon;
    }
    return AuditAccess{hub->host,
                       hub->port,
                       "",
                       *domain,
                       sandbox->log_verifier_key,
                       {files.certificate, files.key, sandbox->ca_file},
                       sandbox->charter_file};
}

}  // namespace

Result<UnitAccess> unit_access(const Invocation& invocation, std::string& words) {
    const Result<void> source = check_source(invocation, words);
    if (!source) return source.error();
    if (invocation.sandbox) return sandbox_unit(invocation, words);
    const Result<Settings> settings = read_configuration(*invocation.config, words);
    if (!settings) return settings.error();
    if (settings->socket) return UnitAccess{*settings->socket};
    return say(Errc::bad_configuration, words,
               invocation.config->string() + ": `socket` is missing: the daemon's Unix socket");
}

Result<CertificateFiles> post_files(const Invocation& invocation, const std::string& post,
                                    std::string& words) {
    const Result<void> source = check_source(invocation, words);
    if (!source) return source.error();
    if (!invocation.sandbox) {
        return say(Errc::bad_argument, words,
                   "--post goes with --sandbox only: give --certificate and --key");
    }
    const Result<SandboxFile> sandbox = read_sandbox(*invocation.sandbox, words);
    if (!sandbox) return sandbox.error();
    std::string names;
    for (const SandboxPost& each : sandbox->posts) {
        if (each.unit != invocation.as) continue;
        if (each.post == post) return each.files;
        names += (names.empty() ? "" : ", ") + printable(each.post);
    }
    return say(Errc::bad_argument, words,
               "this sandbox has no post `" + printable(post) + "` at `" +
                   printable(invocation.as) +
                   "`; it has there: " + (names.empty() ? "none" : names));
}

Result<AuditAccess> audit_access(const Invocation& invocation, const std::string& unit,
                                 std::string& words) {
    const Result<void> source = check_source(invocation, words);
    if (!source) return source.error();
    if (invocation.sandbox) return sandbox_auditor(*invocation.sandbox, unit, words);
    if (!unit.empty()) {
        return say(Errc::bad_argument, words, "--unit goes with --sandbox only");
    }
    const Result<Settings> settings = read_configuration(*invocation.config, words);
    if (!settings) return settings.error();
    if (settings->audit) return *settings->audit;
    return say(Errc::bad_configuration, words,
               invocation.config->string() + ": the table [audit] is missing");
}

Result<std::optional<std::filesystem::path>> clock_file(const Invocation& invocation,
                                                        std::string& words) {
    const Result<void> one = check_not_both(invocation, words);
    if (!one) return one.error();
    if (invocation.sandbox) {
        Result<SandboxFile> sandbox = read_sandbox(*invocation.sandbox, words);
        if (!sandbox) return sandbox.error();
        return std::move(sandbox->clock);
    }
    if (!invocation.config) return std::optional<std::filesystem::path>();
    Result<Settings> settings = read_configuration(*invocation.config, words);
    if (!settings) return settings.error();
    return std::move(settings->clock);
}

}  // namespace tongbao::client
