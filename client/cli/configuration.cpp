#include "client/cli/configuration.hpp"

#include "client/cli/json_view.hpp"
#include "client/cli/terminal_text.hpp"
#include "program/config_file.hpp"
#include "program/files.hpp"
#include "protocol/json_value.hpp"

#include <optional>
#include <vector>

namespace tongbao::client {
namespace {

constexpr std::size_t kMaxSandboxBytes = std::size_t{1024} * 1024;

/// What either source of settings gives; what it lacks is empty.
struct Settings {
    std::optional<std::filesystem::path> socket;
    std::optional<AuditAccess> audit;
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

Result<protocol::JsonValue> read_sandbox(const std::filesystem::path& path, std::string& words) {
    const Result<std::string> text = program::read_file(path, kMaxSandboxBytes);
    if (!text && text.error() == Errc::not_found) {
        return say(Errc::not_found, words,
                   "there is no " + path.string() +
                       ": make a sandbox with `tongbao sandbox up --dir DIR`");
    }
    if (!text) return say(Errc::bad_configuration, words, path.string() + ": can't be read");
    Checked<protocol::JsonValue> value = protocol::read_json(as_bytes(*text), kMaxSandboxBytes);
    if (value) return *std::move(value);
    const Reason& fault = value.error();
    return say(Errc::bad_configuration, words,
               path.string() + ": " + std::string(code(fault.code)) + ' ' +
                   printable(fault.place + ' ' + fault.explanation));
}

std::string unit_names(const protocol::JsonValue& units) {
    std::string names;
    for (const std::string& name : JsonView(units).names()) {
        names += (names.empty() ? "" : ", ") + printable(name);
    }
    return names.empty() ? "none" : names;
}

/// A text member that must be there.
Result<std::string> demand(const JsonView& from, std::string_view name,
                           const std::filesystem::path& path, std::string& words) {
    std::string value = from.text(name);
    if (!value.empty()) return value;
    return say(Errc::bad_configuration, words,
               path.string() + ": `" + std::string(name) + "` is missing");
}

Result<void> check_source(const Invocation& invocation, std::string& words) {
    if (invocation.config && invocation.sandbox) {
        return say(Errc::bad_argument, words, "give --config or --sandbox, not both");
    }
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
    const std::filesystem::path path = *invocation.sandbox / "sandbox.json";
    const Result<protocol::JsonValue> sandbox = read_sandbox(path, words);
    if (!sandbox) return sandbox.error();
    const protocol::JsonValue& units = JsonView(*sandbox).member("units");
    if (invocation.as.empty()) {
        return say(Errc::bad_argument, words,
                   "say which unit acts with --as UNIT; this sandbox has: " + unit_names(units));
    }
    if (!JsonView(units).has(invocation.as)) {
        return say(Errc::bad_argument, words,
                   "this sandbox has no unit `" + printable(invocation.as) +
                       "`; it has: " + unit_names(units));
    }
    Result<std::string> socket =
        demand(JsonView(JsonView(units).member(invocation.as)), "socket", path, words);
    if (!socket) return socket.error();
    return UnitAccess{*std::move(socket)};
}

Result<AuditAccess> sandbox_auditor(const std::filesystem::path& folder, std::string& words) {
    const std::filesystem::path path = folder / "sandbox.json";
    const Result<protocol::JsonValue> sandbox = read_sandbox(path, words);
    if (!sandbox) return sandbox.error();
    const JsonView root(*sandbox);
    const JsonView auditor(root.member("auditor"));
    AuditAccess access;
    const Result<std::string> url = demand(root, "hub_url", path, words);
    if (!url) return url.error();
    const Result<HubAddress> hub = parse_hub_url(*url);
    if (!hub) return say(Errc::bad_configuration, words, path.string() + ": hub_url is no address");
    access.host = hub->host;
    access.port = hub->port;
    const Result<std::string> domain_name = demand(root, "trust_domain", path, words);
    if (!domain_name) return domain_name.error();
    const Result<TrustDomain> domain = parse_trust_domain(*domain_name);
    if (!domain) {
        return say(Errc::bad_configuration, words, path.string() + ": trust_domain is no name");
    }
    access.trust_domain = *domain;
    const Result<std::string> log_key = demand(root, "log_vkey", path, words);
    if (!log_key) return log_key.error();
    access.log_key = *log_key;
    const Result<std::string> certificate = demand(auditor, "cert", path, words);
    if (!certificate) return certificate.error();
    const Result<std::string> key = demand(auditor, "key", path, words);
    if (!key) return key.error();
    const Result<std::string> trust = demand(root, "ca_file", path, words);
    if (!trust) return trust.error();
    access.tls = program::TlsFiles{*certificate, *key, *trust};
    return access;
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

Result<AuditAccess> audit_access(const Invocation& invocation, std::string& words) {
    const Result<void> source = check_source(invocation, words);
    if (!source) return source.error();
    if (invocation.sandbox) return sandbox_auditor(*invocation.sandbox, words);
    const Result<Settings> settings = read_configuration(*invocation.config, words);
    if (!settings) return settings.error();
    if (settings->audit) return *settings->audit;
    return say(Errc::bad_configuration, words,
               invocation.config->string() + ": the table [audit] is missing");
}

}  // namespace tongbao::client
