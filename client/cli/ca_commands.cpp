#include "client/ca/ca_folder.hpp"
#include "client/cli/ca_parts.hpp"
#include "client/cli/command.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/terminal_text.hpp"
#include "protocol/json_writer.hpp"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

struct CaArguments {
    std::string folder;
    std::string passphrase_file;
    std::string trust_domain;
    bool encrypt{false};
    std::string use;
    std::string unit;
    std::string post;
    std::string name;
    std::vector<std::string> dns_names;
    std::vector<std::string> ip_addresses;
    std::string out;
    std::string key;
    std::int64_t days{365};
    std::string request;
    std::string enrolled;
    std::string confirmed;
};

Attempt<void> init(const CaArguments& arguments, const Invocation& invocation) {
    const Attempt<UtcTime> now = present_time(invocation);
    if (!now) return now.error();
    const Result<TrustDomain> trust_domain = parse_trust_domain(arguments.trust_domain);
    if (!trust_domain) {
        return usage_failure(
            "--trust-domain must be lower-case letters, digits, dots and hyphens, "
            "such as province.example; the charter names it");
    }
    const Attempt<std::optional<crypto::SecretBytes>> passphrase =
        new_passphrase(arguments.passphrase_file, arguments.encrypt);
    if (!passphrase) return passphrase.error();
    Checked<CaFolder> made = CaFolder::create(arguments.folder, *trust_domain, *now,
                                              *passphrase ? &**passphrase : nullptr);
    if (!made) return local_failure(made.error());
    const Checked<std::string> log_key = made->log_verifier_key();
    if (!log_key) return local_failure(log_key.error());
    if (invocation.json) {
        protocol::JsonWriter json;
        json.begin_object()
            .member("trust_domain", trust_domain->value())
            .member("trust_file", as_utf8(made->trust_file().string()))
            .member("log_vkey", *log_key)
            .end_object();
        std::cout << json.take() << '\n';
        return {};
    }
    std::cout << *log_key << '\n';
    std::cerr << "Made root and issuing authority of " << trust_domain->value() << ".\n"
              << "Trust file for all programs: " << made->trust_file().string() << '\n'
              << "The log's verifier key is above; its private key: "
              << made->log_key_file().string() << '\n'
              << "Now take root.key out of this folder and lock it away: certs/README.md.\n";
    return {};
}

Attempt<void> print_log_key(const CaArguments& arguments, const Invocation& invocation) {
    Attempt<CaFolder> folder = open_authority(arguments.folder, arguments.passphrase_file);
    if (!folder) return folder.error();
    const Checked<std::string> log_key = folder->log_verifier_key();
    if (!log_key) return local_failure(log_key.error());
    if (invocation.json) {
        protocol::JsonWriter json;
        json.begin_object()
            .member("log_vkey", *log_key)
            .member("key_file", as_utf8(folder->log_key_file().string()))
            .end_object();
        std::cout << json.take() << '\n';
    } else {
        std::cout << *log_key << '\n';
    }
    return {};
}

Attempt<UnitId> unit_of(const CaArguments& arguments) {
    const Result<UnitId> unit = parse_unit_id(arguments.unit);
    if (unit) return *unit;
    return usage_failure("--use " + arguments.use + " needs --unit: the charter's id of the unit");
}

Failure unwanted(const CaArguments& arguments, const std::string& options) {
    return usage_failure("--use " + arguments.use + " goes without " + options);
}

/// The name of a hub or log auditor, which have no unit.
Attempt<SpiffeId> id_without_unit(CertificateUse use, const CaArguments& arguments,
                                  const TrustDomain& trust_domain) {
    if (!arguments.unit.empty() || !arguments.post.empty()) {
        return unwanted(arguments, "--unit and --post");
    }
    if (use == CertificateUse::hub) {
        if (!arguments.name.empty()) return unwanted(arguments, "--name");
        return hub_id(trust_domain);
    }
    const Result<std::string> name = parse_auditor_name(arguments.name);
    if (name) return auditor_id(trust_domain, *name);
    return usage_failure(
        "--use log-auditor needs --name: lower-case letters, digits, _ and -, a "
        "letter first");
}

Attempt<SpiffeId> id_of(const CaArguments& arguments, const TrustDomain& trust_domain) {
    const Result<CertificateUse> use = parse_use(arguments.use);
    if (!use) {
        return usage_failure("--use is one of hub, daemon, sign, post, encrypt, log-auditor");
    }
    if (*use == CertificateUse::hub || *use == CertificateUse::log_auditor) {
        return id_without_unit(*use, arguments, trust_domain);
    }
    if (!arguments.name.empty()) return unwanted(arguments, "--name");
    const Attempt<UnitId> unit = unit_of(arguments);
    if (!unit) return unit.error();
    if (*use == CertificateUse::post) {
        const Result<std::string> post = parse_identifier(arguments.post);
        if (post) return post_id(trust_domain, *unit, PostId(*post));
        return usage_failure("--use post needs --post: the charter's id of the post");
    }
    if (!arguments.post.empty()) return unwanted(arguments, "--post");
    if (*use == CertificateUse::sign) return sign_id(trust_domain, *unit);
    if (*use == CertificateUse::encrypt) return encrypt_id(trust_domain, *unit);
    return daemon_id(trust_domain, *unit);
}

/// With --request, everything is said by the request; without it, by the options.
Attempt<void> issue(const CaArguments& arguments, const Invocation& invocation) {
    const Attempt<UtcTime> now = present_time(invocation);
    if (!now) return now.error();
    if (!arguments.request.empty()) {
        if (!arguments.use.empty() || !arguments.key.empty()) {
            return usage_failure("--request goes without --use and --key: the unit has its keys");
        }
        return issue_request(
            {arguments.folder, arguments.passphrase_file, arguments.request, arguments.out,
             arguments.enrolled, arguments.confirmed, arguments.days},
            invocation);
    }
    if (arguments.use.empty() || arguments.out.empty() || arguments.key.empty()) {
        return usage_failure("give --request, or --use with --out and --key");
    }
    if (!arguments.enrolled.empty() || !arguments.confirmed.empty()) {
        return usage_failure("--enrolled and --confirmed go with --request");
    }
    Attempt<CaFolder> folder = open_authority(arguments.folder, arguments.passphrase_file);
    if (!folder) return folder.error();
    const Attempt<SpiffeId> id = id_of(arguments, folder->trust_domain());
    if (!id) return id.error();
    const Checked<IssuedCertificate> issued =
        folder->issue({*id, std::chrono::days(arguments.days), arguments.dns_names,
                       arguments.ip_addresses, arguments.out, arguments.key},
                      *now);
    if (!issued) return local_failure(issued.error());
    const std::string leaf = folder->leaf_file(*issued).string();
    if (invocation.json) {
        protocol::JsonWriter json;
        json.begin_object()
            .member("serial", issued->serial)
            .member("spiffe", issued->spiffe)
            .member("not_after", format_utc(issued->not_after))
            .member("certificate", as_utf8(arguments.out))
            .member("key", as_utf8(arguments.key))
            .member("leaf", as_utf8(leaf))
            .end_object();
        std::cout << json.take() << '\n';
        return {};
    }
    std::cout << issued->serial << '\n';
    std::cerr << issued->spiffe << " until " << format_utc(issued->not_after) << '\n'
              << "certificate  " << printable(arguments.out) << '\n'
              << "key          " << printable(arguments.key) << '\n';
    if (id->unit && id->use != CertificateUse::sign) {
        std::cerr
            << "It is enrolled only with the consent of the unit's sign key, which `tongbao ca "
               "enrol` asks for at the unit.\n";
    } else if (id->use != CertificateUse::hub) {
        std::cerr
            << "To enrol it, copy into the hub's `enrolled` folder; a hub that runs takes it over: "
            << leaf << '\n';
    }
    return {};
}

using CaWork = Attempt<void> (*)(const CaArguments&, const Invocation&);

/// A command under `ca` with --dir; `work` gets what its options say.
CLI::App* add_command(CLI::App& parent, Invocation& invocation,
                      const std::shared_ptr<CaArguments>& arguments, const char* name,
                      const char* description, CaWork work) {
    CLI::App* const command = parent.add_subcommand(name, description);
    command->add_option("--dir", arguments->folder, "the authority's folder")->required();
    command->add_option("--passphrase-file", arguments->passphrase_file,
                        "the passphrase of its keys in the first line; asked for if they are "
                        "encrypted and this is not given");
    command->callback([arguments, work, &invocation] {
        keep_to_owner();
        run_locally(invocation, [&] { return work(*arguments, invocation); });
    });
    return command;
}

void add_issue(CLI::App& parent, Invocation& invocation) {
    const auto arguments = std::make_shared<CaArguments>();
    CLI::App* const command = add_command(parent, invocation, arguments, "issue",
                                          "make a key and its certificate", issue);
    command->add_option("--use", arguments->use,
                        "hub, daemon, sign, post, encrypt or log-auditor: certs/README.md");
    command->add_option("--unit", arguments->unit, "the unit, for daemon, sign, post and encrypt");
    command->add_option("--post", arguments->post, "the post, for post");
    command->add_option("--name", arguments->name, "the log auditor's name");
    command->add_option("--dns", arguments->dns_names, "a DNS name of the hub; may be repeated");
    command->add_option("--ip", arguments->ip_addresses, "an IP address of the hub; the same");
    command->add_option("--request", arguments->request,
                        "a unit's request.json, in place of --use and --key");
    command->add_option("--out", arguments->out,
                        "the certificate's file, not there yet; with --request a folder");
    command->add_option("--key", arguments->key, "the key's file, not there yet; made 0600");
    command->add_option("--enrolled", arguments->enrolled,
                        "with --request: the hub's folder of certificates to enrol");
    command->add_option("--confirmed", arguments->confirmed,
                        "with --request: the code of a first sign key, as the unit read it out; "
                        "asked for if not given");
    command->add_option("--days", arguments->days, "how long it is valid; 365 unless said");
    command->footer(
        "Example: tongbao ca issue --dir ca --request request.json --out answer\n"
        "Answers what `tongbao ca enrol` made at a unit: checks that the unit has the keys and "
        "that\n"
        "its present sign key consents, or, for the first one, the code that it read out.\n"
        "Example: tongbao ca issue --dir ca --use hub --dns hub.province.example --out hub.pem \\\n"
        "             --key hub.key\n"
        "Makes a key here, with its certificate: for the hub and for log auditors.\n"
        "For hub, daemon and log-auditor the file holds the chain that TLS wants: the leaf, then\n"
        "the issuing authority. For sign, post and encrypt it holds the leaf alone. The leaf "
        "alone\n"
        "lies in the authority's folder too, as issued/<serial>.pem: the file to enrol at the "
        "hub.\n"
        "Prints the serial number.");
}

}  // namespace

void add_ca_commands(CLI::App& app, Invocation& invocation) {
    CLI::App* const parent =
        app.add_subcommand("ca", "the certification authority of a trust domain, in a folder");
    parent->require_subcommand(1);
    parent->footer(
        "Example: tongbao ca init --dir ca --trust-domain province.example\n"
        "Keys are made 0600 and never overwritten.");

    const auto init_arguments = std::make_shared<CaArguments>();
    CLI::App* const init_command =
        add_command(*parent, invocation, init_arguments, "init",
                    "make root and issuing authority, revocation lists, the log's key", init);
    init_command
        ->add_option("--trust-domain", init_arguments->trust_domain, "as the charter names it")
        ->required();
    init_command->add_flag("--encrypt", init_arguments->encrypt,
                           "encrypt root.key and issuing.key with a passphrase, which is asked "
                           "for twice; --passphrase-file does so too");
    init_command->footer(
        "Example: tongbao ca init --dir ca --trust-domain province.example\n"
        "Prints the log's verifier key, which daemons and log auditors are configured with.");

    add_enrol_command(*parent, invocation);
    add_issue(*parent, invocation);
    add_inspect_command(*parent, invocation);
    add_upkeep_commands(*parent, invocation);
    add_command(*parent, invocation, std::make_shared<CaArguments>(), "log-key",
                "print the log's verifier key; make the key if there is none", print_log_key)
        ->footer("Example: tongbao ca log-key --dir ca");
}

}  // namespace tongbao::client
