#include "client/cli/audit_run.hpp"

#include "client/auditor/hub_log_source.hpp"
#include "client/cli/audit_view.hpp"
#include "client/cli/configuration.hpp"
#include "client/cli/explanations.hpp"
#include "client/cli/terminal_text.hpp"
#include "crypto/sha256.hpp"
#include "crypto/signed_note.hpp"
#include "program/files.hpp"
#include "protocol/charter_json.hpp"

#include <unistd.h>

#include <iostream>
#include <system_error>
#include <utility>

namespace tongbao::client {

using program::ExitCode;

Failure file_failure(const std::filesystem::path& path, const boost::system::error_code& error) {
    const Errc errc = to_errc(error);
    // The code's own sentence is about what a hub keeps.
    const std::string what =
        errc == Errc::not_found ? "there is no such file" : std::string(sentence(errc));
    return usage_failure(printable(path.string()) + ": " + what + '\n' + explain_hint({errc}));
}

Attempt<crypto::VerifierKey> parse_log_key(const std::string& text) {
    Result<crypto::VerifierKey> key = crypto::VerifierKey::parse(text);
    if (key && key->type() == crypto::NoteKeyType::ed25519) return *std::move(key);
    return usage_failure("the log's key is no verifier key, <name>+<id>+<base64>");
}

namespace {

/// The charter that was named, or else the sandbox's, with its file's digest; none without one.
struct AuditCharter {
    std::optional<Digest> digest;
    std::shared_ptr<const Charter> rules;
};

Attempt<AuditCharter> read_charter(const AuditOptions& options, const AuditAccess& access) {
    const std::optional<std::filesystem::path>& file =
        options.charter ? options.charter : access.charter;
    if (!file) return AuditCharter{};
    const Result<std::string> text = program::read_file(*file, protocol::kMaxCharterBytes);
    if (!text) return file_failure(*file, text.error());
    protocol::LoadedCharter loaded = protocol::load_charter(*text);
    if (const auto* const reasons = std::get_if<Reasons>(&loaded)) {
        return usage_failure(printable(file->string()) + ": is no charter that can be read\n" +
                             reason_lines(*reasons));
    }
    return AuditCharter{crypto::sha256(as_bytes(*text)),
                        std::make_shared<const Charter>(std::get<Charter>(std::move(loaded)))};
}

Attempt<std::optional<Checkpoint>> known_head(const AuditOptions& options,
                                              const crypto::VerifierKey& log_key) {
    if (!options.known_head) return std::optional<Checkpoint>();
    const Result<std::string> note = program::read_file(*options.known_head, crypto::kMaxNoteBytes);
    if (!note) return file_failure(*options.known_head, note.error());
    const Result<Checkpoint> head = crypto::verify_checkpoint(*note, log_key);
    if (!head) return file_failure(*options.known_head, head.error());
    return std::optional<Checkpoint>(*head);
}

}  // namespace

Attempt<Audit> prepare_audit(const Invocation& invocation, const AuditOptions& options,
                             const Clock& clock) {
    std::string words;
    const Result<AuditAccess> access = audit_access(invocation, options.unit, words);
    if (!access) return usage_failure(words);
    const Attempt<crypto::VerifierKey> log_key = parse_log_key(access->log_key);
    if (!log_key) return log_key.error();
    const Result<program::TlsMaterial> material =
        program::read_tls_files(access->tls, access->trust_domain, words);
    if (!material) {
        const Errc errc = to_errc(material.error());
        return usage_failure(words + ": " + std::string(sentence(errc)) + '\n' +
                             explain_hint({errc}));
    }
    const Result<SpiffeId>& caller = material->chain.front().spiffe();
    if (!caller ||
        (caller->use != CertificateUse::daemon && caller->use != CertificateUse::log_auditor)) {
        return usage_failure(access->tls.certificate.string() +
                             ": is not a log auditor's or a daemon's certificate");
    }
    const Result<transport::TlsSide> side = program::client_side(*material, clock);
    if (!side) return file_failure(access->tls.certificate, side.error());
    const Attempt<AuditCharter> charter = read_charter(options, *access);
    if (!charter) return charter.error();
    const Attempt<std::optional<Checkpoint>> known = known_head(options, *log_key);
    if (!known) return known.error();
    Audit audit{AuditTrust{*log_key, material->trust, charter->digest, charter->rules}, caller->use,
                nullptr, AuditRequest{}, std::nullopt};
    if (*known) audit.request.known.push_back(**known);
    if (options.mirror) {
        std::error_code error;
        if (!std::filesystem::is_directory(*options.mirror, error)) {
            return usage_failure(printable(options.mirror->string()) + ": there is no such folder");
        }
        audit.mirror = LogDirectory(*options.mirror);
        audit.source = std::make_unique<DirectoryLogSource>(*audit.mirror);
        return audit;
    }
    if (caller->use == CertificateUse::daemon) audit.request.unit = caller->unit;
    audit.source = std::make_unique<HubLogSource>(
        transport::HttpsAddress{access->host, access->port, access->hub_name}, *side, caller->use);
    return audit;
}

Failure not_verified(const boost::system::error_code& error, CertificateUse caller) {
    const Errc errc = to_errc(error);
    if (errc == Errc::not_permitted && caller == CertificateUse::daemon) {
        return Failure{ExitCode::refused,
                       "the hub does not give the log's entries to this unit: log auditors and the "
                       "office may read them",
                       ""};
    }
    if (errc == Errc::storage_failure) {
        return Failure{ExitCode::failed,
                       "the copy of the log can't be read or written: is the folder there and this "
                       "user's, and the disk not full?",
                       ""};
    }
    const ExitCode exit_code =
        errc == Errc::not_permitted ? ExitCode::refused : ExitCode::unavailable;
    return Failure{
        exit_code,
        "the log was not verified, the hub could not be asked: " + std::string(code(errc)) + ": " +
            std::string(sentence(errc)) + '\n' + explain_hint({errc}),
        ""};
}

ProgressLine::ProgressLine(AuditRequest& request) {
    if (isatty(STDERR_FILENO) == 0) return;
    request.progress = [this](TreeSize done, TreeSize size) {
        std::cerr << "\rverified " << done.value() << " of " << size.value() << " entries"
                  << std::flush;
        open_ = true;
    };
}

ProgressLine::~ProgressLine() {
    if (open_) std::cerr << '\n';
}

Attempt<AuditReport> run_audit(Audit& audit) {
    Result<AuditReport> report = [&] {
        const ProgressLine line(audit.request);
        return verify_log(*audit.source, audit.trust, audit.request);
    }();
    if (report && report->checkpoint && audit.mirror) {
        const Result<void> checked =
            audit.mirror->check_files(report->checkpoint->size, report->findings);
        if (!checked) report = checked.error();
    }
    if (!report) return not_verified(report.error(), audit.caller);
    return *std::move(report);
}

Attempt<AuditReport> run_whole_audit(Audit& audit) {
    Attempt<AuditReport> report = run_audit(audit);
    if (!report || report->verified()) return report;
    return Failure{ExitCode::refused,
                   format_report(*report) + "no entries are shown of a log that does not verify",
                   ""};
}

void conclude_audit(Invocation& invocation, const Attempt<void>& done) {
    std::cout.flush();
    if (done) return;
    if (!done.error().words.empty()) std::cerr << done.error().words << '\n';
    invocation.exit_code = done.error().exit_code;
}

void add_mirror_option(CLI::App& command, AuditOptions& options) {
    command.add_option("--mirror", options.mirror,
                       "read this copy of the log (`tongbao audit mirror`), not the hub");
}

void add_audit_options(CLI::App& command, AuditOptions& options) {
    command.add_option("--known-head", options.known_head,
                       "a head that was saved before: the log must extend it");
    command.add_option("--charter", options.charter,
                       "the charter's file, whose SHA-256 must be the one that the log adopted "
                       "(with --sandbox the sandbox's)");
    command.add_option("--unit", options.unit,
                       "with --sandbox: ask with this unit's certificate, not the log auditor's");
}

}  // namespace tongbao::client
