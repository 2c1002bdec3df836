#include "client/ca/authority_files.hpp"
#include "client/cli/ca_parts.hpp"
#include "client/cli/command.hpp"
#include "client/cli/command_clock.hpp"
#include "client/cli/configuration.hpp"
#include "client/cli/draft.hpp"
#include "client/cli/json_view.hpp"
#include "client/cli/notice_view.hpp"
#include "client/cli/sent_outcome.hpp"
#include "client/cli/table.hpp"
#include "client/cli/terminal_text.hpp"
#include "crypto/endorsement.hpp"
#include "crypto/merkle_tree.hpp"
#include "crypto/sha256.hpp"
#include "domain/time.hpp"
#include "program/files.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/notice_json.hpp"

#include <iostream>
#include <memory>

namespace tongbao::client {
namespace {

using program::ExitCode;

constexpr std::size_t kMaxFile = 128 * 1024;
constexpr const char* kMissing = " (missing)";

struct EndorseArguments {
    std::string id;
    std::string post;
    std::string certificate;
    std::string key;
    std::string passphrase_file;
    std::string request;
    std::string stamp;
    std::string out;
    std::string statement;
    bool withdraw{false};
    bool unmask{false};
    Waiting waiting;
};

/// `role (missing)` or `role`, for each endorsement.
std::string endorsement_words(const JsonView& held) {
    std::string words;
    for (const protocol::JsonValue& item : held.array("endorsements")) {
        const JsonView each(item);
        if (!words.empty()) words += ", ";
        words += each.text("role");
        if (!each.boolean("given")) words += kMissing;
    }
    return words;
}

Attempt<void> list(DaemonClient& daemon, const Invocation& invocation) {
    const Attempt<Answer> answer = daemon.get("/v1/held?limit=" + std::to_string(kMaxListed));
    if (!answer) return answer.error();
    if (invocation.json) {
        std::cout << answer->text << '\n';
        return {};
    }
    bool stuck = false;
    TextTable table({"since", "kind", "to", "title", "endorsements", "id"});
    for (const protocol::JsonValue& item : JsonView(answer->json).array("notices")) {
        const JsonView held(item);
        const std::string words = endorsement_words(held);
        stuck = stuck || words.find(kMissing) == std::string::npos;
        table.add({held.text("held_at"), held.text("kind"), held.texts("to"), held.text("title"),
                   words.empty() ? "none can be given" : words, held.text("id")});
    }
    table.print(std::cout);
    if (stuck) {
        std::cerr << "None can be given where the charter does not know the kind, or asks for none "
                     "any more: such a notice is not sent; `tongbao endorse ID --withdraw` gives "
                     "it up.\n";
    }
    if (table.empty()) std::cerr << "No notice of this unit waits for an endorsement.\n";
    return {};
}

Attempt<void> keep_file(const std::string& path, const std::string& text) {
    const Checked<void> kept = create_new(path, text + '\n', kReadable);
    if (kept) return {};
    return Failure{ExitCode::failed, reason_lines({kept.error()}), ""};
}

Attempt<std::string> read_given_file(const std::string& path) {
    Result<std::string> text = program::read_file(path, kMaxFile);
    if (text) return *std::move(text);
    return usage_failure(printable(path) + ": " + std::string(sentence(to_errc(text.error()))));
}

/// Who signs: the files that the options name, or those of the sandbox's post.
Attempt<crypto::StatementSigner> read_signer(const Invocation& invocation,
                                             const EndorseArguments& arguments) {
    std::filesystem::path certificate = arguments.certificate;
    std::filesystem::path key = arguments.key;
    if (!arguments.post.empty()) {
        std::string words;
        const Result<CertificateFiles> files = post_files(invocation, arguments.post, words);
        if (!files) return usage_failure(words);
        certificate = files->certificate;
        key = files->key;
    } else if (certificate.empty() || key.empty()) {
        return usage_failure(
            "say who signs: --certificate FILE --key FILE, or with --sandbox --post POST");
    }
    const Attempt<std::string> pem = read_given_file(certificate.string());
    if (!pem) return pem.error();
    Result<crypto::Certificate> signer = crypto::Certificate::from_pem(*pem);
    if (!signer) {
        return usage_failure(printable(certificate.string()) + ": " +
                             std::string(sentence(to_errc(signer.error()))));
    }
    Checked<crypto::SigningKey> read =
        read_key_file(key, passphrase_from(arguments.passphrase_file));
    if (!read) return usage_failure(reason_lines({read.error()}));
    Result<crypto::StatementSigner> made =
        crypto::StatementSigner::make(*std::move(read), *std::move(signer));
    if (made) return *std::move(made);
    return usage_failure(printable(certificate.string()) + ": " +
                         std::string(sentence(to_errc(made.error()))));
}

/// A notice that waits, as the daemon shows it.
struct Held {
    Bytes bytes;
    Notice notice;
    LogOrigin origin;
};

Attempt<Held> fetch(DaemonClient& daemon, const std::string& id) {
    const Attempt<Answer> answer = daemon.get("/v1/held/" + id);
    if (!answer) return answer.error();
    const JsonView view(answer->json);
    Result<Bytes> bytes = from_base64(view.text("notice"));
    Checked<Notice> notice =
        bytes ? protocol::read_notice(*bytes) : Checked<Notice>(Reason{Errc::bad_encoding, {}, {}});
    if (notice) {
        return Held{*std::move(bytes), *std::move(notice), LogOrigin(view.text("log"))};
    }
    return Failure{ExitCode::failed,
                   "the daemon's answer can't be read: is it of the same version as this program?",
                   ""};
}

/// What is signed is what is shown here: the bytes that the digest is of.
Attempt<void> show(DaemonClient& daemon, const Held& held, bool unmask) {
    const Attempt<Charter> charter = fetch_charter(daemon);
    if (!charter) return charter.error();
    std::cerr << "What is endorsed (SHA-256 " << crypto::sha256(held.bytes).hex() << "):\n";
    const MaskingDone masking =
        print_notice(std::cerr, held.notice, *charter, unmask ? Masking::shown : Masking::masked);
    if (masking == MaskingDone::some) std::cerr << "--unmask shows masked values whole.\n";
    return {};
}

Attempt<void> hand_in(DaemonClient& daemon, const Invocation& invocation,
                      const EndorseArguments& arguments, const std::string& body) {
    const Attempt<Answer> answer = daemon.post("/v1/held/" + arguments.id + "/endorsements", body);
    if (!answer) return answer.error();
    return report_outcome(daemon, invocation, *answer, arguments.waiting);
}

Attempt<void> sign(DaemonClient& daemon, const Invocation& invocation,
                   const EndorseArguments& arguments) {
    const Attempt<crypto::StatementSigner> signer = read_signer(invocation, arguments);
    if (!signer) return signer.error();
    const Attempt<Held> held = fetch(daemon, arguments.id);
    if (!held) return held.error();
    if (!invocation.json) {
        const Attempt<void> shown = show(daemon, *held, arguments.unmask);
        if (!shown) return shown.error();
    }
    const SpiffeId& id = *signer->certificate().spiffe();
    if (!id.post) {
        return usage_failure(
            "this certificate is a unit's seal, not a post's: a stamp on behalf is given with "
            "--request at the sender and --stamp at the unit that stamps");
    }
    const Attempt<std::unique_ptr<Clock>> clock = command_clock(invocation);
    if (!clock) return clock.error();
    const Result<Bytes> statement = crypto::sign_endorsement(
        *signer, id.post->value(), held->origin, crypto::leaf_hash(held->bytes), (*clock)->now());
    if (!statement) {
        return Failure{ExitCode::failed, std::string(sentence(to_errc(statement.error()))), ""};
    }
    protocol::JsonWriter writer;
    writer.begin_object()
        .member("statement", to_base64(*statement))
        .member("signer", signer->certificate().pem())
        .end_object();
    return hand_in(daemon, invocation, arguments, writer.take());
}

Attempt<void> ask_for_stamp(DaemonClient& daemon, const EndorseArguments& arguments) {
    const Attempt<Held> held = fetch(daemon, arguments.id);
    if (!held) return held.error();
    protocol::JsonWriter writer;
    writer.begin_object().member("notice", to_base64(held->bytes)).end_object();
    const Attempt<void> kept = keep_file(arguments.request, writer.take());
    if (!kept) return kept.error();
    std::cerr
        << "Written to " << printable(arguments.request)
        << ". The unit that stamps it: tongbao endorse --stamp FILE --out STAMPED; then here: "
           "tongbao endorse ID --statement STAMPED\n";
    return {};
}

Attempt<void> stamp(DaemonClient& daemon, const EndorseArguments& arguments) {
    if (arguments.out.empty()) return usage_failure("say with --out where the stamp is to go");
    const Attempt<std::string> request = read_given_file(arguments.stamp);
    if (!request) return request.error();
    const Attempt<Answer> answer = daemon.post("/v1/stamps", *request);
    if (!answer) return answer.error();
    return keep_file(arguments.out, answer->text);
}

Attempt<void> withdraw(DaemonClient& daemon, const Invocation& invocation,
                       const EndorseArguments& arguments) {
    const Attempt<Answer> answer = daemon.remove("/v1/held/" + arguments.id);
    if (!answer) return answer.error();
    if (invocation.json) std::cout << answer->text << '\n';
    std::cerr << "withdrawn: the notice is never sent\n";
    return {};
}

Attempt<void> endorse(DaemonClient& daemon, const Invocation& invocation,
                      const EndorseArguments& arguments) {
    const int chosen =
        int{!arguments.request.empty()} + int{!arguments.stamp.empty()} +
        int{!arguments.statement.empty()} + int{arguments.withdraw} +
        int{!arguments.post.empty() || !arguments.certificate.empty() || !arguments.key.empty()};
    if (chosen > 1) {
        return usage_failure(
            "one at a time: a post's signature, --request, --stamp, --statement or --withdraw");
    }
    if (!arguments.stamp.empty()) {
        if (!arguments.id.empty()) return usage_failure("--stamp takes no id: FILE says which");
        return stamp(daemon, arguments);
    }
    if (arguments.id.empty()) {
        if (chosen > 0) return usage_failure("say which notice: tongbao endorse ID ...");
        return list(daemon, invocation);
    }
    if (!Uuid::parse(arguments.id)) {
        return usage_failure(printable(arguments.id) +
                             ": a notice that waits has no index yet: "
                             "give its id, as `tongbao endorse` lists it");
    }
    if (arguments.withdraw) return withdraw(daemon, invocation, arguments);
    if (!arguments.request.empty()) return ask_for_stamp(daemon, arguments);
    if (arguments.statement.empty()) return sign(daemon, invocation, arguments);
    const Attempt<std::string> body = read_given_file(arguments.statement);
    if (!body) return body.error();
    return hand_in(daemon, invocation, arguments, *body);
}

}  // namespace

void add_endorse_command(CLI::App& app, Invocation& invocation) {
    CLI::App* const command = app.add_subcommand(
        "endorse",
        "sign a notice that waits for a reviewer (核稿), an issuer (签发), a post, or a stamp on "
        "behalf (代章); without an id: list what waits");
    const auto arguments = std::make_shared<EndorseArguments>();
    command->add_option("id", arguments->id, "the notice that waits");
    command->add_option("--post", arguments->post,
                        "with --sandbox: sign with the unit's key for this post");
    command->add_option("--certificate", arguments->certificate, "the post's certificate (PEM)");
    command->add_option("--key", arguments->key, "its key (PEM, 0600)");
    command->add_option("--passphrase-file", arguments->passphrase_file,
                        "the passphrase of the key in its first line; asked for if it is encrypted "
                        "and this is left out");
    command->add_option("--request", arguments->request,
                        "write to FILE what the unit that stamps on behalf needs");
    command->add_option("--stamp", arguments->stamp,
                        "at that unit: stamp what another unit wrote with --request to FILE");
    command->add_option("--out", arguments->out, "with --stamp: where the stamp goes");
    command->add_option("--statement", arguments->statement,
                        "hand in the stamp that came back in FILE");
    command->add_flag("--withdraw", arguments->withdraw, "give the notice up: it is never sent");
    command->add_flag("--unmask", arguments->unmask, "show masked values whole");
    add_waiting(*command, arguments->waiting);
    command->footer(
        "Example: tongbao endorse --sandbox ./sandbox --as UNIT\n"
        "         tongbao endorse ID --post issuer --sandbox ./sandbox --as UNIT\n"
        "         tongbao endorse ID --certificate post-issuer.pem --key post-issuer.key --config "
        "FILE");
    command->callback([arguments, &invocation] {
        run_with_daemon(invocation, [&](DaemonClient& daemon) {
            return endorse(daemon, invocation, *arguments);
        });
    });
}

}  // namespace tongbao::client
