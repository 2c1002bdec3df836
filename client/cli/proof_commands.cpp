#include "client/cli/audit_run.hpp"
#include "client/cli/audit_view.hpp"
#include "client/cli/command.hpp"
#include "client/cli/configuration.hpp"
#include "client/cli/daemon_client.hpp"
#include "client/cli/explanations.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/log_proof.hpp"
#include "client/cli/sent_outcome.hpp"
#include "client/cli/terminal_text.hpp"
#include "crypto/signed_note.hpp"
#include "program/files.hpp"
#include "protocol/limits.hpp"

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

namespace tongbao::client {
namespace {

using program::ExitCode;

/// Of a restricted notice it holds what the log hides.
constexpr unsigned kOwnersAlone = 0600;
/// An entry and its record in base64, the path, the checkpoint.
constexpr std::size_t kMaxProofBytes = 4 * protocol::kMaxLogEntryBytes + crypto::kMaxNoteBytes;

struct MakeOptions {
    std::string id;
    std::optional<std::uint64_t> event;
    std::optional<std::filesystem::path> out;
};

struct CheckOptions {
    std::filesystem::path file;
    std::optional<std::filesystem::path> notice;
    std::optional<std::string> log_key;
};

Attempt<void> make_proof(DaemonClient& daemon, const MakeOptions& options) {
    const Attempt<std::string> notice = notice_target(options.id);
    if (!notice) return notice.error();
    const Attempt<Answer> answer = daemon.get("/v1/notices/" + *notice + "/trail");
    if (!answer) return answer.error();
    const std::optional<LogIndex> event =
        options.event ? std::optional(LogIndex(*options.event)) : std::nullopt;
    const Result<crypto::TlogProof> proof = proof_from_trail(JsonView(answer->json), event);
    if (!proof && proof.error() == Errc::not_found) {
        return Failure{ExitCode::refused,
                       "the notice's trail has no event at that index: `tongbao trail " +
                           printable(options.id) + "` shows those there are",
                       ""};
    }
    if (!proof) return Failure{ExitCode::failed, "the daemon's answer can't be read", ""};
    const std::string text = crypto::format_tlog_proof(*proof);
    if (!options.out) {
        std::cout << text;
        return {};
    }
    const Result<void> saved = program::create_file(*options.out, text, kOwnersAlone);
    if (saved) {
        std::cerr << printable(options.out->string())
                  << " proves the entry, with the log's key alone: `tongbao proof verify`\n";
        return {};
    }
    if (saved.error() == Errc::already_exists) {
        return Failure{ExitCode::refused,
                       printable(options.out->string()) + ": is there, and not written over", ""};
    }
    return Failure{ExitCode::failed, printable(options.out->string()) + ": can't be written", ""};
}

/// The key that was given, or that of the configuration or sandbox.
Attempt<crypto::VerifierKey> key_to_check_with(const Invocation& invocation,
                                               const std::optional<std::string>& given) {
    if (given) return parse_log_key(*given);
    std::string words;
    const Result<AuditAccess> access = audit_access(invocation, "", words);
    if (!access) return usage_failure(words + "\nor give the log's key with --log-key");
    return parse_log_key(access->log_key);
}

Attempt<void> verify_proof(const Invocation& invocation, const CheckOptions& options) {
    const Attempt<crypto::VerifierKey> key = key_to_check_with(invocation, options.log_key);
    if (!key) return key.error();
    const Result<std::string> text = program::read_file(options.file, kMaxProofBytes);
    if (!text) return file_failure(options.file, text.error());
    const Result<ProvedLogEntry> proved = check_log_proof(*text, *key);
    if (!proved) {
        const Errc errc = to_errc(proved.error());
        return Failure{ExitCode::refused,
                       printable(options.file.string()) +
                           ": NOT VERIFIED: " + std::string(code(errc)) + ": " +
                           std::string(sentence(errc)) + '\n' + explain_hint({errc}),
                       ""};
    }
    if (options.notice) {
        const Result<std::string> notice =
            program::read_file(*options.notice, protocol::kMaxNoticeBytes);
        if (!notice) return file_failure(*options.notice, notice.error());
        if (!is_of_notice(*proved, as_bytes(*notice))) {
            return Failure{ExitCode::refused,
                           printable(options.notice->string()) +
                               ": NOT VERIFIED: is not the notice that the entry names",
                           ""};
        }
    }
    if (invocation.json) {
        std::cout << log_proof_json(*proved) << '\n';
        return {};
    }
    print_entries(std::cout, {{proved->index, proved->entry}});
    std::cout << "Verified: the entry stands in the log " << printable(key->name())
              << ", which had " << proved->checkpoint.size.value()
              << " entries, by the log's key.\n"
              << "Provisional: no witness has signed this head.\n";
    if (proved->hidden) std::cout << "The log shows what it is about to its parties alone.\n";
    return {};
}

}  // namespace

void add_proof_commands(CLI::App& app, Invocation& invocation) {
    CLI::App* const proof = app.add_subcommand(
        "proof",
        "a file that proves to anyone that a notice, or what was done with it, was logged");
    proof->require_subcommand(0, 1);
    const auto making = std::make_shared<MakeOptions>();
    proof->add_option("id", making->id, "the notice: its id or log index");
    proof->add_option(
        "--event", making->event,
        "in place of the notice's own entry: that of an event of its trail, by index");
    proof->add_option("--out", making->out, "the file to write; else standard output");
    proof->footer(
        "Example: tongbao proof 12 --out notice-12.tlog-proof --sandbox ./sandbox --as UNIT\n"
        "         tongbao proof verify notice-12.tlog-proof --sandbox ./sandbox\n"
        "The file is one of C2SP tlog-proof. Exit codes: 0 written, 1 no such notice or event, or "
        "the\n"
        "file is there, 2 wrong arguments, 3 daemon or hub not reachable, 4 the file can't be "
        "written.");

    CLI::App* const verifying = proof->add_subcommand(
        "verify", "check such a file with the log's key alone, asking nobody");
    const auto checking = std::make_shared<CheckOptions>();
    verifying->add_option("file", checking->file, "the proof")->required();
    verifying->add_option("--notice", checking->notice,
                          "the notice's exact bytes (notice.json of `tongbao fetch --proof`): the "
                          "entry must be of them");
    verifying->add_option("--log-key", checking->log_key,
                          "the log's verifier key (with --config or --sandbox theirs)");
    verifying->footer(
        "Example: tongbao proof verify notice-12.tlog-proof --log-key 'hub.example/log+1c2d…+AZ…'\n"
        "Exit codes: 0 verified, 1 not, 2 wrong arguments or no such file.");
    verifying->callback([checking, &invocation] {
        conclude_audit(invocation, verify_proof(invocation, *checking));
    });
    proof->callback([proof, verifying, making, &invocation] {
        if (proof->got_subcommand(verifying)) return;
        if (making->id.empty()) {
            conclude_audit(invocation,
                           usage_failure("name the notice whose entry is to be proved"));
            return;
        }
        run_with_daemon(invocation,
                        [&](DaemonClient& daemon) { return make_proof(daemon, *making); });
    });
}

}  // namespace tongbao::client
