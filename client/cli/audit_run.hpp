#pragma once

#include "client/auditor/log_directory.hpp"
#include "client/auditor/log_source.hpp"
#include "client/auditor/verifier.hpp"
#include "client/cli/command.hpp"
#include "client/cli/failure.hpp"
#include "crypto/verifier_key.hpp"
#include "domain/spiffe_id.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace tongbao::client {

/// What every audit command may be told.
struct AuditOptions {
    std::optional<std::filesystem::path> known_head;
    std::optional<std::filesystem::path> charter;
    std::string unit;
    /// A copy of the log (LogDirectory) to read in place of the hub.
    std::optional<std::filesystem::path> mirror;
};

void add_audit_options(CLI::App& command, AuditOptions& options);
/// `--mirror DIR`.
void add_mirror_option(CLI::App& command, AuditOptions& options);

/// What to say of a file that was named and can't be read, or is not what it should be.
[[nodiscard]] Failure file_failure(const std::filesystem::path& path,
                                   const boost::system::error_code& error);

/// The log's key of a configuration or an option. Fails with ExitCode::usage for another text.
[[nodiscard]] Attempt<crypto::VerifierKey> parse_log_key(const std::string& text);

/// All that a verification needs, made from the options. The source borrows the clock.
struct Audit {
    AuditTrust trust;
    CertificateUse caller{};
    std::unique_ptr<LogSource> source;
    AuditRequest request;
    /// The copy that the source reads, if it is one.
    std::optional<LogDirectory> mirror;
};

/// Fails with ExitCode::usage for a configuration, certificate, key, charter or head that is none;
/// asks nobody.
[[nodiscard]] Attempt<Audit> prepare_audit(const Invocation& invocation,
                                           const AuditOptions& options, const Clock& clock);

/// Has `request.progress` tell a terminal on standard error how far a verification is; nothing
/// where that is a file or a pipe.
class ProgressLine {
public:
    explicit ProgressLine(AuditRequest& request);
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    ProgressLine(ProgressLine&&) = delete;
    ProgressLine& operator=(ProgressLine&&) = delete;
    /// Ends the line.
    ~ProgressLine();

private:
    bool open_{false};
};

/// What to say where nothing was found out: ExitCode::refused where the caller may not read the
/// log, ExitCode::failed where a copy can't be read or written, ExitCode::unavailable where the hub
/// could not be asked.
[[nodiscard]] Failure not_verified(const boost::system::error_code& error, CertificateUse caller);

/// Verifies, and tells a terminal on standard error how far it is. A log that does not verify is a
/// report, not a failure.
///
/// Fails as not_verified() says.
[[nodiscard]] Attempt<AuditReport> run_audit(Audit& audit);

/// As run_audit, and fails with ExitCode::refused for a log that does not verify: of such a one no
/// entries are shown.
[[nodiscard]] Attempt<AuditReport> run_whole_audit(Audit& audit);

/// Ends the command as `done` says.
void conclude_audit(Invocation& invocation, const Attempt<void>& done);

}  // namespace tongbao::client
