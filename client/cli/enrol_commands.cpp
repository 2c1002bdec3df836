#include "client/ca/authority_files.hpp"
#include "client/ca/enrolment.hpp"
#include "client/ca/enrolment_request.hpp"
#include "client/ca/request_answer.hpp"
#include "client/cli/ca_parts.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/terminal_text.hpp"
#include "crypto/certificate.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

constexpr const char* kFirstCure =
    "\nRing the office, or let it ring you, under a number that both know, and read this code "
    "out.\n";

struct EnrolArguments {
    std::string trust_domain;
    std::string unit;
    std::vector<std::string> uses;
    std::vector<std::string> posts;
    std::vector<std::string> certificates;
    std::string folder;
    std::string with;
    std::string with_key;
    std::string with_passphrase_file;
    std::string passphrase_file;
    bool encrypt{false};
};

Attempt<std::vector<SpiffeId>> wanted_keys(const EnrolArguments& arguments,
                                           const TrustDomain& trust_domain, const UnitId& unit) {
    std::vector<std::string> uses = arguments.uses;
    const bool usual = uses.empty() && arguments.certificates.empty();
    if (usual) uses = {"sign", "daemon"};
    std::vector<SpiffeId> ids;
    for (const std::string& use : uses) {
        if (use == "sign") {
            ids.push_back(sign_id(trust_domain, unit));
        } else if (use == "daemon") {
            ids.push_back(daemon_id(trust_domain, unit));
        } else if (use == "encrypt") {
            ids.push_back(encrypt_id(trust_domain, unit));
        } else {
            return usage_failure("--use is sign, daemon or encrypt; for a post there is --post");
        }
    }
    for (const std::string& name : arguments.posts) {
        const Result<std::string> post = parse_identifier(name);
        if (!post)
            return usage_failure("--post is the charter's id of a post, or reviewer or issuer");
        ids.push_back(post_id(trust_domain, unit, PostId(*post)));
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (std::find(ids.begin() + static_cast<std::ptrdiff_t>(i) + 1, ids.end(), ids[i]) !=
            ids.end()) {
            return usage_failure("name each use and each post once");
        }
    }
    return ids;
}

/// The first certificate of a file: a leaf, with its issuers behind it or not.
Attempt<crypto::Certificate> read_leaf_file(const std::string& file) {
    const Checked<std::string> pem = read_text(file, "name a certificate's file");
    if (!pem) return local_failure(pem.error());
    const Result<std::vector<crypto::Certificate>> chain = crypto::read_certificates(*pem);
    if (!chain) {
        return local_failure(file_reason(chain.error(), file, "certificates in PEM stand here"));
    }
    return chain->front();
}

Attempt<std::optional<Consenter>> read_consenter(const EnrolArguments& arguments) {
    if (arguments.with.empty() && arguments.with_key.empty()) return std::optional<Consenter>();
    if (arguments.with.empty() || arguments.with_key.empty()) {
        return usage_failure("--with and --with-key go together");
    }
    const Attempt<crypto::Certificate> certificate = read_leaf_file(arguments.with);
    if (!certificate) return certificate.error();
    Checked<crypto::SigningKey> key =
        read_key_file(arguments.with_key, passphrase_from(arguments.with_passphrase_file));
    if (!key) return local_failure(key.error());
    return std::optional(Consenter{*certificate, *std::move(key)});
}

Attempt<EnrolmentOrder> read_order(const EnrolArguments& arguments) {
    const Result<TrustDomain> trust_domain = parse_trust_domain(arguments.trust_domain);
    if (!trust_domain) return usage_failure("--trust-domain is as the charter names it");
    const Result<UnitId> unit = parse_unit_id(arguments.unit);
    if (!unit) return usage_failure("--unit is the charter's id of the unit");
    Attempt<std::vector<SpiffeId>> ids = wanted_keys(arguments, *trust_domain, *unit);
    if (!ids) return ids.error();
    EnrolmentOrder order{*trust_domain, *unit, *std::move(ids), {}, arguments.folder};
    for (const std::string& file : arguments.certificates) {
        const Attempt<crypto::Certificate> certificate = read_leaf_file(file);
        if (!certificate) return certificate.error();
        order.certificates.push_back(*certificate);
    }
    return order;
}

void print_request(const EnrolmentRequest& request, const std::filesystem::path& folder,
                   bool as_json) {
    const std::string file = request_file(folder).string();
    if (as_json) {
        protocol::JsonWriter json;
        json.begin_object().member("request", as_utf8(file)).key("keys").begin_array();
        for (const RequestedKey& key : request.keys) {
            json.begin_object().member("spiffe", format_spiffe_id(key.id));
            write_fingerprint(json, key.public_key_digest);
            json.end_object();
        }
        json.end_array().key("first");
        json.boolean(request.first_key() != nullptr).end_object();
        std::cout << json.take() << '\n';
        return;
    }
    std::cout << file << '\n';
    for (const RequestedKey& key : request.keys) {
        print_fingerprint(std::cerr, format_spiffe_id(key.id), key.public_key_digest);
    }
    std::cerr << "\nBring the request to the office. It holds no secret; the keys stay here.\n";
    const RequestedKey* const first = request.first_key();
    if (first == nullptr) {
        std::cerr << "The unit's present sign key has consented to these keys.\n";
        return;
    }
    std::cerr << "This is the unit's first sign key. The others rest on it." << kFirstCure;
    print_fingerprint(std::cerr, format_spiffe_id(first->id), first->public_key_digest);
}

Attempt<void> run_enrol(const EnrolArguments& arguments, const Invocation& invocation) {
    const Attempt<UtcTime> now = present_time(invocation);
    if (!now) return now.error();
    const Attempt<EnrolmentOrder> order = read_order(arguments);
    if (!order) return order.error();
    const Attempt<std::optional<Consenter>> previous = read_consenter(arguments);
    if (!previous) return previous.error();
    const Attempt<std::optional<crypto::SecretBytes>> passphrase =
        new_passphrase(arguments.passphrase_file, arguments.encrypt);
    if (!passphrase) return passphrase.error();
    const Checked<EnrolmentRequest> request =
        enrol(*order, *previous, *now, *passphrase ? &**passphrase : nullptr);
    if (!request) return local_failure(request.error());
    print_request(*request, order->folder, invocation.json);
    return {};
}

/// The code that the unit reads out, from the option or the terminal.
std::optional<std::string> confirmation(const RequestArguments& arguments,
                                        const EnrolmentRequest& request) {
    if (!arguments.confirmed.empty()) return arguments.confirmed;
    if (request.first_key() == nullptr) return std::nullopt;
    return ask_line("This is the first sign key of " + request.unit.value() +
                    ". Ring the unit under a number that you know and\n"
                    "type the code that it reads out:");
}

void print_answer(const std::vector<AnsweredKey>& answered, const RequestArguments& arguments,
                  bool as_json) {
    if (as_json) {
        protocol::JsonWriter json;
        json.begin_array();
        for (const AnsweredKey& each : answered) {
            json.begin_object()
                .member("serial", each.certificate.serial())
                .member("spiffe", format_spiffe_id(each.id))
                .member("not_after", format_utc(each.certificate.not_after()));
            if (each.file) json.member("certificate", as_utf8(each.file->string()));
            json.end_object();
        }
        json.end_array();
        std::cout << json.take() << '\n';
        return;
    }
    for (const AnsweredKey& each : answered) {
        std::cout << each.certificate.serial() << '\n';
        std::cerr << format_spiffe_id(each.id) << " until "
                  << format_utc(each.certificate.not_after());
        if (each.file) std::cerr << ": " << printable(each.file->string());
        std::cerr << '\n';
    }
    std::cerr << "Bring what is in " << printable(arguments.out) << " to the unit.\n";
    if (arguments.enrolled.empty()) {
        std::cerr << "Copy what is in " << printable(arguments.out)
                  << "/enrol, consents and certificates, into the hub's folder `enrolled`.\n";
    }
}

}  // namespace

Attempt<void> issue_request(const RequestArguments& arguments, const Invocation& invocation) {
    const Attempt<UtcTime> now = present_time(invocation);
    if (!now) return now.error();
    if (arguments.out.empty()) return usage_failure("--request needs --out: a folder");
    const Checked<std::string> text =
        read_text(arguments.request, "name the request.json that the unit brought");
    if (!text) return local_failure(text.error());
    const Checked<EnrolmentRequest> request = parse_enrolment_request(*text);
    if (!request) {
        Reason reason = request.error();
        reason.place = arguments.request + (reason.place.empty() ? "" : ": " + reason.place);
        return local_failure(reason);
    }
    Attempt<CaFolder> authority = open_authority(arguments.folder, arguments.passphrase_file);
    if (!authority) return authority.error();
    AnswerOrder order{std::chrono::days(arguments.days), arguments.out, std::nullopt, std::nullopt};
    if (!arguments.enrolled.empty()) order.enrolled = arguments.enrolled;
    // Before anybody is rung.
    const Checked<void> good = check_request(*request, *authority, order.enrolled, *now);
    if (!good) return local_failure(good.error());
    order.confirmed = confirmation(arguments, *request);
    const Checked<std::vector<AnsweredKey>> answered =
        answer_request(*request, *authority, order, *now);
    if (!answered) return local_failure(answered.error());
    print_answer(*answered, arguments, invocation.json);
    return {};
}

void add_enrol_command(CLI::App& parent, Invocation& invocation) {
    const auto arguments = std::make_shared<EnrolArguments>();
    CLI::App* const command =
        parent.add_subcommand("enrol", "at a unit: make keys, and a request for certificates");
    command->add_option("--unit", arguments->unit, "the charter's id of the unit")->required();
    command->add_option("--trust-domain", arguments->trust_domain, "as the charter names it")
        ->required();
    command->add_option("--dir", arguments->folder, "where keys and request.json go; made")
        ->required();
    command->add_option("--use", arguments->uses,
                        "sign, daemon or encrypt; may be repeated; sign and daemon unless said");
    command->add_option(
        "--post", arguments->posts,
        "a key for who holds this post, or reviews or issues (reviewer, issuer); may be repeated");
    command->add_option("--with", arguments->with,
                        "the certificate of the unit's present sign key, which consents");
    command->add_option("--with-key", arguments->with_key, "its key");
    command->add_option("--with-passphrase-file", arguments->with_passphrase_file,
                        "the passphrase of that key, if it is encrypted; asked for if not given");
    command->add_flag("--encrypt", arguments->encrypt,
                      "encrypt the new keys with a passphrase, which is asked for twice");
    command->add_option("--passphrase-file", arguments->passphrase_file,
                        "encrypt them with the passphrase in the first line of this file");
    command->add_option("--certificate", arguments->certificates,
                        "a certificate of another authority to pass on; may be repeated");
    command->callback([arguments, &invocation] {
        keep_to_owner();
        run_locally(invocation, [&] { return run_enrol(*arguments, invocation); });
    });
    command->footer(
        "Example: tongbao ca enrol --unit UNIT --trust-domain province.example --dir keys\n"
        "Example of new keys while the present ones are in force:\n"
        "         tongbao ca enrol --unit UNIT --trust-domain province.example --dir keys-2 \\\n"
        "             --with keys/sign.pem --with-key keys/sign.key\n"
        "Keys are made 0600 and never leave this machine. Prints the request's path. The first\n"
        "sign key is confirmed by telephone: read the office its code. Every later key is\n"
        "consented to by the sign key before it.");
}

}  // namespace tongbao::client
