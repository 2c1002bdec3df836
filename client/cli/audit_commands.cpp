#include "client/cli/audit_mirror_command.hpp"
#include "client/cli/audit_run.hpp"
#include "client/cli/audit_search_command.hpp"
#include "client/cli/audit_view.hpp"
#include "client/cli/command.hpp"
#include "client/cli/command_clock.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/terminal_text.hpp"
#include "program/files.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using program::ExitCode;

constexpr std::uint64_t kMaxListedEntries = 100'000;

struct VerifyOptions {
    AuditOptions shared;
    std::optional<std::filesystem::path> save_head;
};

struct ListOptions {
    AuditOptions shared;
    std::uint64_t from{0};
    std::uint64_t count{100};
};

Attempt<void> verify(const Invocation& invocation, const VerifyOptions& options) {
    const Attempt<std::unique_ptr<Clock>> clock = command_clock(invocation);
    if (!clock) return clock.error();
    Attempt<Audit> audit = prepare_audit(invocation, options.shared, **clock);
    if (!audit) return audit.error();
    const Attempt<AuditReport> report = run_audit(*audit);
    if (!report) return report.error();
    std::cout << (invocation.json ? write_report(*report) + '\n' : format_report(*report));
    if (!report->verified()) {
        return Failure{ExitCode::refused,
                       "The log does not verify. Keep this report, do not rely on the hub until a "
                       "person has looked, compare the log's head with other units'.\n"
                       "`tongbao explain CODE` says more of each finding.",
                       ""};
    }
    if (!options.save_head) return {};
    constexpr unsigned kReadableByAll = 0644;
    const Result<void> saved =
        program::write_file(*options.save_head, report->note, kReadableByAll);
    if (saved) return {};
    return Failure{ExitCode::failed,
                   printable(options.save_head->string()) +
                       ": can't be written: is the folder there and this user's, and the disk not "
                       "full? The log did verify.",
                   ""};
}

Attempt<void> list_entries(const Invocation& invocation, const ListOptions& options) {
    const Attempt<std::unique_ptr<Clock>> clock = command_clock(invocation);
    if (!clock) return clock.error();
    Attempt<Audit> audit = prepare_audit(invocation, options.shared, **clock);
    if (!audit) return audit.error();
    std::vector<ListedEntry> entries;
    const std::uint64_t count = std::min(options.count, kMaxListedEntries);
    audit->request.observe = [&](LogIndex index, const LogEntry& entry) {
        const bool wanted = index.value() >= options.from && entries.size() < count;
        if (wanted) entries.push_back({index, entry});
    };
    const Attempt<AuditReport> report = run_whole_audit(*audit);
    if (!report) return report.error();
    if (invocation.json) {
        std::cout << entries_json(entries, *report->checkpoint) << '\n';
    } else {
        print_entries(std::cout, entries);
    }
    return {};
}

}  // namespace

void add_audit_commands(CLI::App& app, Invocation& invocation) {
    CLI::App* const audit = app.add_subcommand(
        "audit", "verify the hub's audit log (存证日志), trusting no answer of the hub");
    audit->require_subcommand(1);

    CLI::App* const verifying = audit->add_subcommand(
        "verify", "download all entries and verify them, their signatures and the log's head");
    const auto verify_options = std::make_shared<VerifyOptions>();
    add_audit_options(*verifying, verify_options->shared);
    verifying->add_option("dir", verify_options->shared.mirror,
                          "a copy of the log (`tongbao audit mirror`) to read in place of the hub");
    verifying->add_option("--save-head", verify_options->save_head,
                          "write the verified head here, for --known-head next time");
    verifying->footer(
        "Example: tongbao audit verify --sandbox ./sandbox --save-head head.txt\n"
        "         tongbao audit verify ./mirror --config auditor.toml\n"
        "Exit codes: 0 all verified, 1 findings or not permitted, 2 wrong arguments, 3 hub not\n"
        "reachable, 4 the copy can't be read or the head not written.");
    verifying->callback([verify_options, &invocation] {
        conclude_audit(invocation, verify(invocation, *verify_options));
    });

    CLI::App* const listing =
        audit->add_subcommand("entries", "list entries of the log, after all of it was verified");
    const auto list_options = std::make_shared<ListOptions>();
    add_audit_options(*listing, list_options->shared);
    add_mirror_option(*listing, list_options->shared);
    listing->add_option("--from", list_options->from, "the first index")->capture_default_str();
    listing->add_option("--count", list_options->count, "how many, at most 100000")
        ->capture_default_str();
    listing->footer(
        "Example: tongbao audit entries --from 30 --count 20 --sandbox ./sandbox --json\n"
        "Times are UTC (Z). Exit codes as for `audit verify`.");
    listing->callback([list_options, &invocation] {
        conclude_audit(invocation, list_entries(invocation, *list_options));
    });

    add_audit_mirror_command(*audit, invocation);
    add_audit_search_command(*audit, invocation);
}

}  // namespace tongbao::client
