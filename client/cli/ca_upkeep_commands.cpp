#include "client/ca/authority_files.hpp"
#include "client/ca/ca_folder.hpp"
#include "client/ca/enrolled_files.hpp"
#include "client/cli/ca_parts.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/table.hpp"
#include "client/cli/terminal_text.hpp"
#include "crypto/certificate.hpp"
#include "protocol/json_writer.hpp"

#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using program::ExitCode;

struct UpkeepArguments {
    std::string folder;
    std::string passphrase_file;
    std::string serial;
    std::string certificate;
    std::string out;
    std::string enrolled;
    std::int64_t days{365};
    std::string reason;
    std::string compromised_since;
};

/// The serial number that the options name.
Attempt<std::string> serial_of(const UpkeepArguments& arguments) {
    if (arguments.serial.empty() == arguments.certificate.empty()) {
        return usage_failure("give --serial or --certificate");
    }
    if (!arguments.serial.empty()) return arguments.serial;
    const Checked<std::string> text = read_text(arguments.certificate, "name a PEM file");
    if (!text) return local_failure(text.error());
    const Result<std::vector<crypto::Certificate>> chain = crypto::read_certificates(*text);
    if (!chain) {
        return local_failure({to_errc(chain.error()), arguments.certificate, "name a PEM file"});
    }
    return chain->front().serial();
}

/// What the options say, but for the serial number.
Attempt<RevokeOrder> revoke_order(const UpkeepArguments& arguments) {
    RevokeOrder order;
    if (!arguments.compromised_since.empty()) {
        const Result<UtcTime> since = parse_date_time(arguments.compromised_since);
        if (!since) {
            return usage_failure(
                "--compromised-since is a time with its offset, such as 2026-11-22T17:30+08:00");
        }
        order.compromised_since = std::chrono::floor<std::chrono::seconds>(*since);
        order.reason = crypto::RevocationReason::key_compromise;
    }
    if (arguments.reason.empty()) return order;
    const std::optional<crypto::RevocationReason> reason =
        revocation_reason_from_word(arguments.reason);
    if (!reason) {
        return usage_failure(
            "--reason is one of unspecified, key_compromise, "
            "affiliation_changed, superseded, cessation_of_operation");
    }
    if (order.compromised_since && *reason != crypto::RevocationReason::key_compromise) {
        return usage_failure("--compromised-since goes with --reason key_compromise");
    }
    order.reason = *reason;
    return order;
}

Attempt<void> revoke(const UpkeepArguments& arguments, const Invocation& invocation) {
    const Attempt<UtcTime> now = present_time(invocation);
    if (!now) return now.error();
    Attempt<RevokeOrder> order = revoke_order(arguments);
    if (!order) return order.error();
    const Attempt<std::string> serial = serial_of(arguments);
    if (!serial) return serial.error();
    order->serial = *serial;
    Attempt<CaFolder> folder = open_authority(arguments.folder, arguments.passphrase_file);
    if (!folder) return folder.error();
    const Checked<std::vector<IssuedCertificate>> revoked = folder->revoke(*order, *now);
    if (!revoked) {
        Failure failure = local_failure(revoked.error());
        if (revoked.error().code == Errc::certificate_revoked) {
            failure.exit_code = ExitCode::refused;
        }
        return failure;
    }
    if (invocation.json) std::cout << format_issued(*revoked) << '\n';
    for (const IssuedCertificate& each : *revoked) {
        std::cerr << "Revoked " << each.spiffe << ", " << each.serial << ".\n";
    }
    std::cerr << "Bring the new trust file to the hub and every unit, and start the hub and all "
                 "daemons again: "
              << folder->trust_file().string() << '\n';
    return {};
}

Attempt<void> renew_lists(const UpkeepArguments& arguments, const Invocation& invocation) {
    const Attempt<UtcTime> now = present_time(invocation);
    if (!now) return now.error();
    Attempt<CaFolder> folder = open_authority(arguments.folder, arguments.passphrase_file);
    if (!folder) return folder.error();
    const Checked<RenewedLists> renewed = folder->renew_lists(*now);
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

/// `ca renew`: a further certificate for the same key.
Attempt<void> renew_certificate(const UpkeepArguments& arguments, const Invocation& invocation) {
    const Attempt<UtcTime> now = present_time(invocation);
    if (!now) return now.error();
    const Attempt<std::string> serial = serial_of(arguments);
    if (!serial) return serial.error();
    const Checked<void> free = check_new_file(arguments.out);
    if (!free) return local_failure(free.error());
    Attempt<CaFolder> folder = open_authority(arguments.folder, arguments.passphrase_file);
    if (!folder) return folder.error();
    const Checked<crypto::Certificate> renewed =
        folder->renew(*serial, std::chrono::days(arguments.days), *now);
    if (!renewed) return local_failure(renewed.error());
    const Checked<void> written =
        create_new(arguments.out, folder->certificate_file(*renewed), kReadable);
    if (!written) return local_failure(written.error());
    const bool is_hub = renewed->spiffe()->use == CertificateUse::hub;
    if (!arguments.enrolled.empty() && !is_hub) {
        const Checked<void> put = put_enrolled(arguments.enrolled, *renewed, std::nullopt);
        if (!put) return local_failure(put.error());
    }
    if (invocation.json) {
        std::cout << format_issued({folder->issued().back()}) << '\n';
        return {};
    }
    std::cout << renewed->serial() << '\n';
    std::cerr << format_spiffe_id(*renewed->spiffe()) << " until "
              << format_utc(renewed->not_after()) << ": " << printable(arguments.out) << '\n';
    if (arguments.enrolled.empty() && !is_hub) {
        std::cerr << "To enrol it, copy into the hub's `enrolled` folder: "
                  << folder->leaf_file(folder->issued().back()).string() << '\n';
    }
    return {};
}

std::string state_of(const IssuedCertificate& issued, UtcTime at) {
    if (issued.revoked) {
        std::string state = "revoked " + format_utc(issued.revoked->time) + ' ' +
                            std::string(word(issued.revoked->reason));
        if (issued.revoked->compromised_since) {
            state += " since " + format_utc(*issued.revoked->compromised_since);
        }
        return state;
    }
    return issued.not_after <= at ? "expired" : "good";
}

Attempt<void> list(const UpkeepArguments& arguments, const Invocation& invocation) {
    const Attempt<UtcTime> now = present_time(invocation);
    if (!now) return now.error();
    const Attempt<CaFolder> folder = open_authority(arguments.folder, arguments.passphrase_file);
    if (!folder) return folder.error();
    if (invocation.json) {
        std::cout << format_issued(folder->issued()) << '\n';
        return {};
    }
    TextTable table({"serial", "name", "until", "state"});
    for (const IssuedCertificate& each : folder->issued()) {
        table.add({each.serial, each.spiffe, format_utc(each.not_after), state_of(each, *now)});
    }
    table.print(std::cout);
    return {};
}

using UpkeepWork = Attempt<void> (*)(const UpkeepArguments&, const Invocation&);

/// A command under `ca` with --dir; `work` gets what its options say.
CLI::App* add_command(CLI::App& parent, Invocation& invocation,
                      const std::shared_ptr<UpkeepArguments>& arguments, const char* name,
                      const char* description, UpkeepWork work) {
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

void add_renew(CLI::App& parent, Invocation& invocation) {
    const auto arguments = std::make_shared<UpkeepArguments>();
    CLI::App* const command =
        add_command(parent, invocation, arguments, "renew",
                    "a further certificate for the key of one that ends soon", renew_certificate);
    command->add_option("--serial", arguments->serial, "its serial number, as `ca list` shows it");
    command->add_option("--certificate", arguments->certificate, "or its file");
    command->add_option("--out", arguments->out, "the new certificate's file, not there yet")
        ->required();
    command->add_option("--enrolled", arguments->enrolled,
                        "the hub's folder of certificates to enrol");
    command->add_option("--days", arguments->days, "how long it is valid; 365 unless said");
    command->footer(
        "Example: tongbao ca renew --dir ca --certificate sign.pem --out sign-2.pem\n"
        "The key stays: no request and no consent are needed. It gives nobody a new key; where a\n"
        "key is changed every year, use `tongbao ca enrol --with` at the unit. A key of which a\n"
        "certificate was revoked is not renewed. Prints the serial number.");
}

void add_revoke(CLI::App& parent, Invocation& invocation) {
    const auto arguments = std::make_shared<UpkeepArguments>();
    CLI::App* const command =
        add_command(parent, invocation, arguments, "revoke",
                    "revoke a certificate, renew its list and trust.pem", revoke);
    command->add_option("--serial", arguments->serial, "its serial number, as `ca list` shows it");
    command->add_option("--certificate", arguments->certificate, "or its file");
    command->add_option("--reason", arguments->reason,
                        "unspecified (if not said), key_compromise, affiliation_changed, "
                        "superseded or cessation_of_operation");
    command->add_option("--compromised-since", arguments->compromised_since,
                        "from when on others may have had the key: 2026-11-22T17:30+08:00");
    command->footer(
        "Example: tongbao ca revoke --dir ca --certificate daemon.pem --reason key_compromise \\\n"
        "             --compromised-since 2026-11-22T17:30+08:00\n"
        "With key_compromise every certificate of the same key is revoked. What was signed since\n"
        "the time given stays in the log, flagged.\n"
        "Exit codes: 0 revoked, 1 it was revoked before, 2 no such certificate.");
}

}  // namespace

void add_upkeep_commands(CLI::App& parent, Invocation& invocation) {
    add_renew(parent, invocation);
    add_revoke(parent, invocation);
    add_command(parent, invocation, std::make_shared<UpkeepArguments>(), "crl",
                "renew the revocation lists and trust.pem", renew_lists)
        ->footer(
            "Example: tongbao ca crl --dir ca\n"
            "The issuing authority's list lasts for 30 days: renew it weekly. The root's lasts\n"
            "for 365 and is renewed only while root.key is in the folder. Prints the path of\n"
            "trust.pem: bring it to the hub and all units.");
    add_command(parent, invocation, std::make_shared<UpkeepArguments>(), "list",
                "what was issued and revoked", list)
        ->footer("Example: tongbao ca list --dir ca --json\nTimes are UTC (Z).");
}

}  // namespace tongbao::client
