#include "client/cli/saved_proof.hpp"

#include "client/cli/json_view.hpp"
#include "client/cli/saved_file.hpp"
#include "client/cli/terminal_text.hpp"
#include "crypto/sha256.hpp"
#include "domain/ids.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace tongbao::client {
namespace {

using program::ExitCode;

constexpr std::string_view kHash = " | openssl dgst -sha256 -binary";

/// What the daemon said.
struct Said {
    Bytes notice;
    Bytes statement;
    std::string signer;
    UtcTime time;
    BatchPlace place;
    struct Endorsed {
        std::string role;
        Bytes statement;
        std::string signer;
    };
    std::vector<Endorsed> endorsements{};
};

std::optional<Said> read_answer(const JsonView& answer) {
    Result<Bytes> notice = from_base64(answer.text("notice"));
    Result<Bytes> statement = from_base64(answer.text("statement"));
    const Result<UtcTime> time = parse_utc(answer.text("time"));
    const std::int64_t position = answer.integer("position").value_or(-1);
    const std::int64_t count = answer.integer("count").value_or(-1);
    if (!notice || !statement || !time || position < 0 || count <= position) return std::nullopt;
    BatchPlace place{static_cast<std::uint64_t>(position), static_cast<std::uint64_t>(count), {}};
    for (const protocol::JsonValue& item : answer.array("path")) {
        const auto* const text = std::get_if<std::string_view>(&item.value);
        const Result<Digest> hash = text == nullptr ? Errc::wrong_type : Digest::from_base64(*text);
        if (!hash) return std::nullopt;
        place.path.push_back(*hash);
    }
    Said said{*std::move(notice), *std::move(statement), answer.text("signer"), *time,
              std::move(place)};
    for (const protocol::JsonValue& item : answer.array("endorsements")) {
        const JsonView each(item);
        Result<Bytes> endorsement = from_base64(each.text("statement"));
        // It becomes the name of a file.
        if (!endorsement || !parse_identifier(each.text("role"))) return std::nullopt;
        said.endorsements.push_back(
            {each.text("role"), *std::move(endorsement), each.text("signer")});
    }
    return said;
}

Attempt<ProofFile> save(const std::filesystem::path& folder, const std::string& name,
                        BytesView bytes) {
    Attempt<SavedFile> file = SavedFile::create(folder);
    if (!file) return file.error();
    const Digest sha256 = crypto::sha256(bytes);
    Result<void> done = file->write(bytes);
    if (done) done = file->keep_as(name, sha256);
    const std::filesystem::path path = folder / name;
    if (done) return ProofFile{name, path, sha256};
    const Errc errc = to_errc(done.error());
    return Failure{errc == Errc::already_exists ? ExitCode::refused : ExitCode::failed,
                   printable(path.string()) + ": " + std::string(sentence(errc)), ""};
}

}  // namespace

Result<std::string> root_command(const BatchPlace& place) {
    std::string command = "(printf '\\0'; cat notice.json)" + std::string(kHash);
    std::uint64_t node = place.position;
    std::uint64_t last = place.count - 1;
    for (const Digest& hash : place.path) {
        if (last == 0) return Errc::proof_mismatch;
        const std::string sibling = "printf " + hash.base64() + " | base64 -d";
        if (node % 2 == 1 || node == last) {
            command += " | (printf '\\1'; " + sibling + "; cat)";
            while (node % 2 == 0 && node != 0) {
                node /= 2;
                last /= 2;
            }
        } else {
            command += " | (printf '\\1'; cat; " + sibling + ')';
        }
        command += kHash;
        node /= 2;
        last /= 2;
    }
    if (last != 0) return Errc::proof_mismatch;
    return command + " | base64";
}

std::string statement_command(UtcTime time, const std::string& statement,
                              const std::string& signer) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch();
    return "openssl cms -verify -cades -binary -inform DER -in " + statement + " -certfile " +
           signer + " -CAfile trust.pem -crl_check_all -x509_strict -attime " +
           std::to_string(seconds.count());
}

std::string path_text(const BatchPlace& place) {
    std::string text = "position " + std::to_string(place.position) + "\ncount " +
                       std::to_string(place.count) + '\n';
    for (const Digest& hash : place.path) text += hash.base64() + '\n';
    return text;
}

Attempt<SavedProof> save_proof(DaemonClient& daemon, const std::string& target,
                               const std::filesystem::path& folder) {
    const Attempt<Answer> answer = daemon.get(target + "/proof");
    if (!answer) return answer.error();
    const std::optional<Said> said = read_answer(JsonView(answer->json));
    const Result<std::string> root =
        said ? root_command(said->place) : Result<std::string>(Errc::bad_value);
    if (!root) {
        return Failure{ExitCode::failed,
                       "the daemon's answer is no proof that can be read: is it of the "
                       "same version as this program?",
                       ""};
    }
    const std::string path = path_text(said->place);
    std::vector<std::pair<std::string, BytesView>> wanted{{"notice.json", said->notice},
                                                          {"statement.p7s", said->statement},
                                                          {"signer.pem", as_bytes(said->signer)}};
    if (said->place.count > 1) wanted.emplace_back("path.txt", as_bytes(path));
    for (const Said::Endorsed& each : said->endorsements) {
        wanted.emplace_back("endorsement-" + each.role + ".p7s", each.statement);
        wanted.emplace_back("endorsement-" + each.role + ".pem", as_bytes(each.signer));
    }
    SavedProof saved;
    for (const auto& [name, bytes] : wanted) {
        Attempt<ProofFile> file = save(folder, name, bytes);
        if (!file) return file.error();
        saved.files.push_back(*std::move(file));
    }
    saved.commands = statement_command(said->time) + '\n' + *root;
    if (!said->endorsements.empty()) {
        saved.commands += "\n# the root of an endorsement, which covers the notice alone:\n" +
                          *root_command({0, 1, {}});
    }
    for (const Said::Endorsed& each : said->endorsements) {
        const std::string name = "endorsement-" + each.role;
        saved.commands += '\n' + statement_command(said->time, name + ".p7s", name + ".pem");
    }
    return saved;
}

}  // namespace tongbao::client
