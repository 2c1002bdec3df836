#include "client/cli/audit_mirror_command.hpp"

#include "client/auditor/log_mirror.hpp"
#include "client/ca/folder_lock.hpp"
#include "client/cli/audit_run.hpp"
#include "client/cli/audit_view.hpp"
#include "client/cli/command_clock.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/terminal_text.hpp"
#include "protocol/json_writer.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace tongbao::client {
namespace {

using program::ExitCode;

struct MirrorOptions {
    AuditOptions shared;
    std::filesystem::path to;
};

std::string mirror_json(const MirrorReport& report) {
    protocol::JsonWriter writer;
    writer.begin_object();
    if (report.size_before) writer.key("size_before").number(report.size_before->value());
    writer.key("fetched").number(report.fetched).key("mended").boolean(report.mended);
    if (report.rejected) writer.member("rejected", report.rejected->string());
    writer.key("report").raw(write_report(report.audit)).end_object();
    return writer.take();
}

void print_mirror(const MirrorReport& report, const std::filesystem::path& to) {
    std::cout << format_report(report.audit);
    if (!report.audit.verified()) return;
    if (report.mended) {
        std::cout
            << "The hub's log is whole and the copy was not: it was damaged here, and all of it "
               "is fetched anew\n";
    }
    const std::uint64_t before = report.size_before ? report.size_before->value() : 0;
    std::cout << printable(to.string()) << " holds " << report.audit.checkpoint->size.value()
              << " entries, " << report.audit.checkpoint->size.value() - before << " of them new\n";
}

/// Makes the folder if it is not there, and keeps other runs out of it.
Attempt<FolderLock> lock_folder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return Failure{ExitCode::failed,
                       printable(folder.string()) + ": can't be made: " + error.message(), ""};
    }
    Checked<FolderLock> lock = FolderLock::take(folder);
    if (lock) return *std::move(lock);
    const bool busy = lock.error().code == Errc::already_running;
    return Failure{busy ? ExitCode::refused : ExitCode::failed,
                   printable(folder.string()) +
                       (busy ? ": another command copies into it now" : ": can't be opened"),
                   ""};
}

Attempt<void> mirror(const Invocation& invocation, const MirrorOptions& options) {
    const Attempt<std::unique_ptr<Clock>> clock = command_clock(invocation);
    if (!clock) return clock.error();
    Attempt<Audit> audit = prepare_audit(invocation, options.shared, **clock);
    if (!audit) return audit.error();
    const Attempt<FolderLock> lock = lock_folder(options.to);
    if (!lock) return lock.error();
    const Result<std::optional<Checkpoint>> before = copied_head(options.to, audit->trust);
    if (!before && before.error() == Errc::storage_failure) {
        return not_verified(before.error(), audit->caller);
    }
    if (!before) {
        return Failure{ExitCode::refused,
                       printable((options.to / "checkpoint").string()) +
                           ": is no head by the log's key, so this folder is no copy of the log: "
                           "name another one, or find out who wrote this file",
                       ""};
    }
    const Result<MirrorReport> report = [&] {
        const ProgressLine line(audit->request);
        return mirror_log(*audit->source, options.to, audit->trust, audit->request);
    }();
    if (!report) return not_verified(report.error(), audit->caller);
    if (invocation.json) {
        std::cout << mirror_json(*report) << '\n';
    } else {
        print_mirror(*report, options.to);
    }
    if (report->audit.verified()) return {};
    std::string words =
        "The log does not verify: the copy stays as it was. Do not rely on the hub until a person "
        "has looked, compare the log's head with other units'.";
    if (report->rejected) {
        words +=
            "\nWhat the hub showed is kept as evidence: " + printable(report->rejected->string());
    }
    return Failure{ExitCode::refused, std::move(words), ""};
}

}  // namespace

void add_audit_mirror_command(CLI::App& audit, Invocation& invocation) {
    CLI::App* const command = audit.add_subcommand(
        "mirror",
        "copy the log into a folder, verified: all of it, or what is new since last time");
    const auto options = std::make_shared<MirrorOptions>();
    command->add_option("--to", options->to, "the folder, made if it is not there")->required();
    add_audit_options(*command, options->shared);
    command->footer(
        "Example: tongbao audit mirror --to ./mirror --config auditor.toml\n"
        "The folder is a tlog-tiles log (checkpoint, tile/...) that other tools read, too; beside "
        "it\n"
        "stand the statements and the register. A run that was cut off goes on where it was. The "
        "log\n"
        "must extend the head that the folder holds. `tongbao audit verify ./mirror` verifies it "
        "again\n"
        "without the hub.\n"
        "Exit codes: 0 copied, 1 the log does not verify or is not permitted, 2 wrong arguments, 3 "
        "hub\n"
        "not reachable, 4 the folder can't be written.");
    command->callback(
        [options, &invocation] { conclude_audit(invocation, mirror(invocation, *options)); });
}

}  // namespace tongbao::client
