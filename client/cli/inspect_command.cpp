#include "client/ca/authority_files.hpp"
#include "client/ca/enrolment_request.hpp"
#include "client/cli/ca_parts.hpp"
#include "client/cli/reason_failure.hpp"
#include "client/cli/terminal_text.hpp"
#include "crypto/certificate.hpp"
#include "crypto/certificate_profile.hpp"
#include "crypto/certification_request.hpp"
#include "crypto/key_consent.hpp"
#include "crypto/pem.hpp"
#include "crypto/revocation_list.hpp"

#include <iostream>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace tongbao::client {
namespace {

/// What a file may hold.
using Item = std::variant<crypto::Certificate, crypto::CertificationRequest,
                          crypto::RevocationListText, EnrolmentRequest, crypto::KeyConsent>;

Failure unreadable(const std::string& file, const boost::system::error_code& error) {
    return local_failure(file_reason(error, file, ""));
}

Attempt<Item> read_block(const crypto::PemBlock& block, const std::string& file) {
    if (block.label == crypto::kCertificateLabel) {
        Result<crypto::Certificate> read = crypto::Certificate::from_der(block.data);
        if (!read) return unreadable(file, read.error());
        return Item(*std::move(read));
    }
    if (block.label == crypto::kRevocationListLabel) {
        Result<crypto::RevocationListText> read = crypto::read_revocation_list(block.data);
        if (!read) return unreadable(file, read.error());
        return Item(*std::move(read));
    }
    Result<crypto::CertificationRequest> read =
        crypto::read_certification_request(crypto::write_pem(block.label, block.data));
    if (!read) return unreadable(file, read.error());
    return Item(*std::move(read));
}

Attempt<std::vector<Item>> read_items(const std::string& file) {
    const Checked<std::string> text = read_text(file, "name a file to look into");
    if (!text) return local_failure(text.error());
    std::vector<Item> items;
    if (text->find("PRIVATE KEY-----") != std::string::npos) {
        return usage_failure(printable(file) +
                             " holds a private key, which nobody is shown: inspect its request or "
                             "its certificate");
    }
    if (text->starts_with('{')) {
        Checked<EnrolmentRequest> request = parse_enrolment_request(*text);
        if (!request) {
            Reason reason = request.error();
            reason.place = file + ": " + reason.place;
            return local_failure(reason);
        }
        items.emplace_back(*std::move(request));
        return items;
    }
    if (text->starts_with("tongbao/key-consent/")) {
        const Result<SignedConsent> consent = crypto::parse_consent_file(*text);
        if (!consent) return unreadable(file, consent.error());
        items.emplace_back(*crypto::parse_key_consent(consent->text));
        return items;
    }
    const Result<std::vector<crypto::PemBlock>> blocks = crypto::read_pem(*text);
    if (!blocks || blocks->empty()) {
        return local_failure(file_reason(
            Errc::unknown_format, file,
            "certificates, requests, revocation lists, request.json and consents can be read"));
    }
    for (const crypto::PemBlock& block : *blocks) {
        Attempt<Item> item = read_block(block, file);
        if (!item) return item.error();
        items.push_back(*std::move(item));
    }
    return items;
}

bool is_authority(const crypto::Certificate& certificate) {
    return crypto::is_certification_authority(certificate);
}

/// What a person reads.
struct Printed {
    std::ostream& out;

    void operator()(const crypto::Certificate& certificate) const {
        out << "certificate " << printable(certificate.subject()) << "\n  serial       "
            << certificate.serial() << "\n  issued by    " << printable(certificate.issuer())
            << "\n  valid from   " << format_utc(certificate.not_before()) << "\n  until        "
            << format_utc(certificate.not_after()) << "\n  in the log   "
            << certificate.digest().hex() << "\n  public key   "
            << certificate.public_key_digest().hex() << '\n';
        if (is_authority(certificate)) {
            out << "  a certification authority's\n";
            return;
        }
        const Result<SpiffeId>& id = certificate.spiffe();
        print_fingerprint(out, id ? format_spiffe_id(*id) : "(no name of ours)",
                          certificate.public_key_digest());
        const std::vector<crypto::ProfileFault> faults = crypto::profile_faults(certificate);
        out << (faults.empty() ? "  fits its profile\n" : "  does not fit; it must have\n");
        for (const crypto::ProfileFault& fault : faults) {
            out << "    " << fault.words << " (" << code(fault.code) << ")\n";
        }
    }
    void operator()(const crypto::CertificationRequest& request) const {
        out << "request, signed by its own key\n  public key   " << request.public_key_digest.hex()
            << '\n';
        print_fingerprint(out, format_spiffe_id(request.id), request.public_key_digest);
    }
    void operator()(const crypto::RevocationListText& list) const {
        out << "revocation list of " << printable(list.issuer) << "\n  in force     "
            << format_utc(list.this_update) << "\n  until        " << format_utc(list.next_update)
            << '\n';
        for (const auto& line : list.lines) {
            out << "  revoked      " << line.serial << ' ' << format_utc(line.revocation.time);
            if (line.revocation.compromised_since) {
                out << ", in other hands since " << format_utc(*line.revocation.compromised_since);
            }
            out << '\n';
        }
    }
    void operator()(const EnrolmentRequest& request) const {
        out << "enrolment request of " << request.unit.value() << " in "
            << request.trust_domain.value() << '\n';
        for (const RequestedKey& key : request.keys) {
            if (key.certificate) {
                (*this)(*key.certificate);
            } else {
                print_fingerprint(out, format_spiffe_id(key.id), key.public_key_digest);
            }
        }
        if (request.first_key() != nullptr) {
            out << "The sign key is the unit's first: have its code read out by telephone.\n";
        } else {
            out << "With the consent of the sign key " << request.consenting_key()->hex() << '\n';
        }
    }
    void operator()(const crypto::KeyConsent& consent) const {
        out << "consent of " << consent.unit.value() << " for " << consent.origin.value()
            << "\n  by the key   " << consent.by.hex() << "\n  claimed time "
            << format_utc(consent.time) << '\n';
        for (const crypto::ConsentedKey& key : consent.keys) {
            print_fingerprint(out, format_spiffe_id(key.id), key.public_key);
        }
    }
};

/// The same for programs.
struct Written {
    protocol::JsonWriter& json;

    void operator()(const crypto::Certificate& certificate) const {
        json.begin_object().member("what", "certificate");
        if (const auto& id = certificate.spiffe()) json.member("spiffe", format_spiffe_id(*id));
        json.member("subject", as_utf8(certificate.subject()))
            .member("issuer", as_utf8(certificate.issuer()))
            .member("serial", certificate.serial())
            .member("not_before", format_utc(certificate.not_before()))
            .member("not_after", format_utc(certificate.not_after()))
            .member("sha256", certificate.digest().hex());
        write_fingerprint(json, certificate.public_key_digest());
        json.key("authority");
        json.boolean(is_authority(certificate));
        if (!is_authority(certificate)) {
            json.key("misfits").begin_array();
            for (const crypto::ProfileFault& fault : crypto::profile_faults(certificate)) {
                json.begin_object()
                    .member("code", code(fault.code))
                    .member("demanded", fault.words)
                    .end_object();
            }
            json.end_array();
        }
        json.end_object();
    }
    void operator()(const crypto::CertificationRequest& request) const {
        json.begin_object()
            .member("what", "request")
            .member("spiffe", format_spiffe_id(request.id));
        write_fingerprint(json, request.public_key_digest);
        json.end_object();
    }
    void operator()(const crypto::RevocationListText& list) const {
        json.begin_object()
            .member("what", "revocation_list")
            .member("issuer", as_utf8(list.issuer))
            .member("this_update", format_utc(list.this_update))
            .member("next_update", format_utc(list.next_update))
            .key("revoked")
            .begin_array();
        for (const auto& line : list.lines) {
            json.begin_object()
                .member("serial", line.serial)
                .member("time", format_utc(line.revocation.time));
            if (line.revocation.compromised_since) {
                json.member("compromised_since", format_utc(*line.revocation.compromised_since));
            }
            json.end_object();
        }
        json.end_array().end_object();
    }
    void operator()(const EnrolmentRequest& request) const {
        json.begin_object()
            .member("what", "enrolment_request")
            .member("unit", request.unit.value())
            .member("trust_domain", request.trust_domain.value())
            .key("keys")
            .begin_array();
        for (const RequestedKey& key : request.keys) {
            json.begin_object().member("spiffe", format_spiffe_id(key.id));
            write_fingerprint(json, key.public_key_digest);
            json.end_object();
        }
        json.end_array().key("first");
        json.boolean(request.first_key() != nullptr).end_object();
    }
    void operator()(const crypto::KeyConsent& consent) const {
        json.begin_object()
            .member("what", "consent")
            .member("unit", consent.unit.value())
            .member("log", consent.origin.value())
            .member("by", consent.by.hex())
            .member("time", format_utc(consent.time))
            .key("keys")
            .begin_array();
        for (const crypto::ConsentedKey& key : consent.keys) {
            json.begin_object().member("spiffe", format_spiffe_id(key.id));
            write_fingerprint(json, key.public_key);
            json.end_object();
        }
        json.end_array().end_object();
    }
};

bool fits(const Item& item) {
    const auto* const certificate = std::get_if<crypto::Certificate>(&item);
    return certificate == nullptr || is_authority(*certificate) ||
           crypto::profile_faults(*certificate).empty();
}

Attempt<void> inspect(const std::string& file, const Invocation& invocation) {
    const Attempt<std::vector<Item>> items = read_items(file);
    if (!items) return items.error();
    if (invocation.json) {
        protocol::JsonWriter json;
        json.begin_array();
        for (const Item& item : *items) std::visit(Written{json}, item);
        json.end_array();
        std::cout << json.take() << '\n';
    } else {
        for (const Item& item : *items) std::visit(Printed{std::cout}, item);
    }
    for (const Item& item : *items) {
        if (!fits(item)) return Failure{program::ExitCode::refused, "", ""};
    }
    return {};
}

}  // namespace

void add_inspect_command(CLI::App& parent, Invocation& invocation) {
    const auto file = std::make_shared<std::string>();
    CLI::App* const command = parent.add_subcommand(
        "inspect", "say what a certificate, request, revocation list or consent is");
    command->add_option("FILE", *file, "PEM, request.json, or <serial>.consent")->required();
    command->callback([file, &invocation] {
        run_locally(invocation, [&] { return inspect(*file, invocation); });
    });
    command->footer(
        "Example: tongbao ca inspect request.json\n"
        "Fingerprints are shown as a code and as words, to be read out and compared, and whole.\n"
        "Nothing is trusted by it: chains and revocations are not looked at.\n"
        "Exit codes: 0 read, 1 a certificate does not fit its profile, 2 it can't be read.");
}

}  // namespace tongbao::client
