#include "client/cli/fetched_files.hpp"

#include "client/cli/explanations.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/saved_file.hpp"
#include "client/cli/saved_proof.hpp"
#include "client/cli/sent_outcome.hpp"
#include "client/cli/terminal_text.hpp"
#include "protocol/json_writer.hpp"

#include <iostream>
#include <vector>

namespace tongbao::client {
namespace {

using program::ExitCode;

struct Wanted {
    std::string kind;
    std::string name;
    Digest sha256;
};

Attempt<std::vector<Wanted>> wanted_of(const Answer& answer, const std::string& only) {
    if (!only.empty() && !Digest::from_hex(only)) {
        return usage_failure("--attachment " + printable(only) +
                             ": give a SHA-256 as 64 lower-case hexadecimal digits");
    }
    std::vector<Wanted> wanted;
    const JsonView notice(JsonView(answer.json).member("notice"));
    for (const protocol::JsonValue& item : notice.array("attachments")) {
        const JsonView attachment(item);
        const std::string digits = attachment.text("sha256");
        const Result<Digest> digest = Digest::from_hex(digits);
        if (!digest || (!only.empty() && only != digits)) continue;
        wanted.push_back(Wanted{attachment.text("kind"), attachment.text("name"), *digest});
    }
    if (!only.empty() && wanted.empty()) {
        return Failure{ExitCode::refused,
                       "the notice has no attachment " + only + "; `tongbao show ID` lists them",
                       ""};
    }
    return wanted;
}

Failure failure_at(const std::filesystem::path& path, Errc errc) {
    const ExitCode exit_code = errc == Errc::already_exists ? ExitCode::refused : ExitCode::failed;
    return Failure{
        exit_code,
        printable(path.string()) + ": " + std::string(sentence(errc)) + '\n' + explain_hint({errc}),
        ""};
}

/// Gives the path of the file.
Attempt<std::filesystem::path> save(DaemonClient& daemon, const std::string& target,
                                    const std::filesystem::path& folder, const Wanted& wanted) {
    const std::string name = safe_file_name(wanted.sha256, wanted.name);
    const std::filesystem::path path = folder / name;
    Attempt<SavedFile> file = SavedFile::create(folder);
    if (!file) return file.error();
    Result<void> written;
    const Attempt<void> loaded =
        daemon.download(target + "/attachments/" + wanted.sha256.hex(), [&](BytesView bytes) {
            written = file->write(bytes);
            return written;
        });
    if (!written) return failure_at(path, to_errc(written.error()));
    if (!loaded) return loaded.error();
    const Result<void> kept = file->keep_as(name, wanted.sha256);
    if (!kept) return failure_at(path, to_errc(kept.error()));
    return path;
}

}  // namespace

Attempt<void> fetch(DaemonClient& daemon, const Invocation& invocation,
                    const FetchArguments& arguments) {
    const Attempt<std::string> id = notice_target(arguments.id);
    if (!id) return id.error();
    const std::string target = "/v1/notices/" + *id;
    const Attempt<Answer> answer = daemon.get(target);
    if (!answer) return answer.error();
    const Attempt<std::vector<Wanted>> all = wanted_of(*answer, arguments.attachment);
    if (!all) return all.error();

    protocol::JsonWriter writer;
    writer.begin_array();
    const auto report = [&](const std::filesystem::path& path, const Wanted& what) {
        if (!invocation.json) std::cout << path.string() << '\n';
        writer.begin_object()
            .member("kind", what.kind)
            .member("name", what.name)
            .member("sha256", what.sha256.hex())
            .member("path", as_utf8(path.string()))
            .end_object();
    };
    for (const Wanted& wanted : *all) {
        const Attempt<std::filesystem::path> path = save(daemon, target, arguments.folder, wanted);
        if (!path) return path.error();
        report(*path, wanted);
    }
    if (all->empty()) std::cerr << "The notice has no attachments.\n";
    if (arguments.proof) {
        const Attempt<SavedProof> proof = save_proof(daemon, target, arguments.folder);
        if (!proof) return proof.error();
        for (const ProofFile& file : proof->files) {
            report(file.path, {"proof", file.name, file.sha256});
        }
        std::cerr
            << "A stranger checks it in that folder, with trust.pem as it was in force then:\n"
            << proof->commands
            << "\nThe first prints the statement; the second must print its root.\n";
    }
    writer.end_array();
    if (invocation.json) std::cout << writer.take() << '\n';
    return {};
}

}  // namespace tongbao::client
