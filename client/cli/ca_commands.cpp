#include "client/ca/ca_folder.hpp"
#include "client/cli/command.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/table.hpp"
#include "client/cli/terminal_text.hpp"
#include "crypto/certificate.hpp"
#include "program/files.hpp"
#include "protocol/json_writer.hpp"
#include "transport/system_clock.hpp"

#include <sys/stat.h>

#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using program::ExitCode;

struct CaArguments {
    std::string folder;
    std::string trust_domain;
    std::string use;
    std::string unit;
    std::string post;
    std::string name;
    std::vector<std::string> dns_names;
    std::vector<std::string> ip_addresses;
    std::string out;
    std::string key;
    std::int64_t days{365};
    std::string serial;
    std::string certificate;
    std::string reason{"unspecified"};
};

UtcTime now() {
    return transport::SystemClock().now();
}

/// What is made here is its owner's alone, but for the files whose mode says otherwise.
void keep_to_owner() {
    constexpr mode_t kNobodyElse = 077;
    ::umask(kNobodyElse);
}

Attempt<CaFolder> open_folder(const CaArguments& arguments) {
    Checked<CaFolder> folder = CaFolder::open(arguments.folder);
    if (!folder) return local_failure(folder.error());
    return *std::move(folder);
}

Attempt<void> init(const CaArguments& arguments, const Invocation& invocation) {
    const Result<TrustDomain> trust_domain = parse_trust_domain(arguments.trust_domain);
    if (!trust_domain) {
        return usage_failure(
            "--trust-domain must be lower-case letters, digits, dots and hyphens, "
            "such as province.example; the charter names it");
    }
    Checked<CaFolder> made = CaFolder::create(arguments.folder, *trust_domain, now());
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
    Attempt<CaFolder> folder = open_folder(arguments);
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

Attempt<void> issue(const CaArguments& arguments, const Invocation& invocation) {
    Attempt<CaFolder> folder = open_folder(arguments);
    if (!folder) return folder.error();
    const Attempt<SpiffeId> id = id_of(arguments, folder->trust_domain());
    if (!id) return id.error();
    const Checked<IssuedCertificate> issued =
        folder->issue({*id, std::chrono::days(arguments.days), arguments.dns_names,
                       arguments.ip_addresses, arguments.out, arguments.key},
                      now());
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
    if (id->use != CertificateUse::hub) {
        std::cerr << "To enrol it, copy into the hub's `enrolled` folder and start the hub again: "
                  << leaf << '\n';
    }
    return {};
}

/// The serial number that the options name.
Attempt<std::string> serial_of(const CaArguments& arguments) {
    constexpr std::size_t kMaxFile = 1024 * 1024;
    if (arguments.serial.empty() == arguments.certificate.empty()) {
        return usage_failure("give --serial or --certificate");
    }
    if (!arguments.serial.empty()) return arguments.serial;
    const Result<std::string> text = program::read_file(arguments.certificate, kMaxFile);
    if (!text) {
        return local_failure({to_errc(text.error()), arguments.certificate, "name a PEM file"});
    }
    const Result<std::vector<crypto::Certificate>> chain = crypto::read_certificates(*text);
    if (!chain) {
        return local_failure({to_errc(chain.error()), arguments.certificate, "name a PEM file"});
    }
    return chain->front().serial();
}

Attempt<void> revoke(const CaArguments& arguments, const Invocation& invocation) {
    const std::optional<crypto::RevocationReason> reason =
        revocation_reason_from_word(arguments.reason);
    if (!reason) {
        return usage_failure(
            "--reason is one of unspecified, key_compromise, "
            "affiliation_changed, superseded, cessation_of_operation");
    }
    const Attempt<std::string> serial = serial_of(arguments);
    if (!serial) return serial.error();
    Attempt<CaFolder> folder = open_folder(arguments);
    if (!folder) return folder.error();
    const Checked<IssuedCertificate> revoked = folder->revoke(*serial, *reason, now());
    if (!revoked) {
        Failure failure = local_failure(revoked.error());
        if (revoked.error().code == Errc::certificate_revoked) {
            failure.exit_code = ExitCode::refused;
        }
        return failure;
    }
    if (invocation.json) std::cout << format_issued({*revoked}) << '\n';
    std::cerr << "Revoked " << revoked->spiffe << ", " << revoked->serial
              << ".\nBring the new trust file to the hub and every unit, and start the hub and all "
                 "daemons again: "
              << folder->trust_file().string() << '\n';
    return {};
}

Attempt<void> renew(const CaArguments& arguments, const Invocation& invocation) {
    Attempt<CaFolder> folder = open_folder(arguments);
    if (!folder) return folder.error();
    const Checked<RenewedLists> renewed = folder->renew_lists(now());
    if (!renewed) return local_failure(renewed.error());
    const std::string trust = folder->trust_file().string();
    if (invocation.json) {
        protocol::JsonWriter json;
        json.begin_object().member("trust_file", as_utf8(trust)).key("root_list_renewed");
        json.boolean(renewed->root).end_object();
        std::cout << json.take() << '\n';
        return {};
    }
    std::cout << trust << '\n';
    std::cerr << "The issuing authority's list is in force for 30 days"
              << (renewed->root
                      ? ", the root's for 365.\n"
                      : "; the root's was not renewed: root.key is not in this folder.\n");
    return {};
}

std::string state_of(const IssuedCertificate& issued, UtcTime at) {
    if (issued.revoked) {
        return "revoked " + format_utc(issued.revoked->time) + ' ' +
               std::string(word(issued.revoked->reason));
    }
    return issued.not_after <= at ? "expired" : "good";
}

Attempt<void> list(const CaArguments& arguments, const Invocation& invocation) {
    const Attempt<CaFolder> folder = open_folder(arguments);
    if (!folder) return folder.error();
    if (invocation.json) {
        std::cout << format_issued(folder->issued()) << '\n';
        return {};
    }
    TextTable table({"serial", "name", "until", "state"});
    for (const IssuedCertificate& each : folder->issued()) {
        table.add({each.serial, each.spiffe, format_utc(each.not_after), state_of(each, now())});
    }
    table.print(std::cout);
    return {};
}

using CaWork = Attempt<void> (*)(const CaArguments&, const Invocation&);

/// A command under `ca` with --dir; `work` gets what its options say.
CLI::App* add_command(CLI::App& parent, Invocation& invocation,
                      const std::shared_ptr<CaArguments>& arguments, const char* name,
                      const char* description, CaWork work) {
    CLI::App* const command = parent.add_subcommand(name, description);
    command->add_option("--dir", arguments->folder, "the authority's folder")->required();
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
    command
        ->add_option("--use", arguments->use,
                     "hub, daemon, sign, post, encrypt or log-auditor: certs/README.md")
        ->required();
    command->add_option("--unit", arguments->unit, "the unit, for daemon, sign, post and encrypt");
    command->add_option("--post", arguments->post, "the post, for post");
    command->add_option("--name", arguments->name, "the log auditor's name");
    command->add_option("--dns", arguments->dns_names, "a DNS name of the hub; may be repeated");
    command->add_option("--ip", arguments->ip_addresses, "an IP address of the hub; the same");
    command->add_option("--out", arguments->out, "the certificate's file, not there yet")
        ->required();
    command->add_option("--key", arguments->key, "the key's file, not there yet; made 0600")
        ->required();
    command->add_option("--days", arguments->days, "how long it is valid; 365 unless said");
    command->footer(
        "Example: tongbao ca issue --dir ca --use daemon --unit UNIT --out daemon.pem \\\n"
        "             --key daemon.key\n"
        "For hub, daemon and log-auditor the file holds the chain that TLS wants: the leaf, then\n"
        "the issuing authority. For sign, post and encrypt it holds the leaf alone. The leaf "
        "alone\n"
        "lies in the authority's folder too, as issued/<serial>.pem: the file to enrol at the "
        "hub.\n"
        "Prints the serial number.");
}

void add_revoke(CLI::App& parent, Invocation& invocation) {
    const auto arguments = std::make_shared<CaArguments>();
    CLI::App* const command =
        add_command(parent, invocation, arguments, "revoke",
                    "revoke a certificate, renew its list and trust.pem", revoke);
    command->add_option("--serial", arguments->serial, "its serial number, as `ca list` shows it");
    command->add_option("--certificate", arguments->certificate, "or its file");
    command->add_option("--reason", arguments->reason,
                        "unspecified (if not said), key_compromise, affiliation_changed, "
                        "superseded or cessation_of_operation");
    command->footer(
        "Example: tongbao ca revoke --dir ca --certificate daemon.pem --reason key_compromise\n"
        "Exit codes: 0 revoked, 1 it was revoked before, 2 no such certificate.");
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
    init_command->footer(
        "Example: tongbao ca init --dir ca --trust-domain province.example\n"
        "Prints the log's verifier key, which daemons and log auditors are configured with.");

    add_issue(*parent, invocation);
    add_revoke(*parent, invocation);
    add_command(*parent, invocation, std::make_shared<CaArguments>(), "crl",
                "renew the revocation lists and trust.pem", renew)
        ->footer(
            "Example: tongbao ca crl --dir ca\n"
            "The issuing authority's list lasts for 30 days: renew it weekly. The root's lasts\n"
            "for 365 and is renewed only while root.key is in the folder. Prints the path of\n"
            "trust.pem: bring it to the hub and all units, and start their programs again.");
    add_command(*parent, invocation, std::make_shared<CaArguments>(), "list",
                "what was issued and revoked", list)
        ->footer("Example: tongbao ca list --dir ca --json\nTimes are UTC (Z).");
    add_command(*parent, invocation, std::make_shared<CaArguments>(), "log-key",
                "print the log's verifier key; make the key if there is none", print_log_key)
        ->footer("Example: tongbao ca log-key --dir ca");
}

}  // namespace tongbao::client
