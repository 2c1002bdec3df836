#include "client/cli/audit_view.hpp"

#include "client/auditor/entry_search.hpp"
#include "client/cli/table.hpp"
#include "client/cli/terminal_text.hpp"
#include "domain/clock_words.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/log_entry_json.hpp"

#include <sstream>
#include <variant>

namespace tongbao::client {
namespace {

std::string place(const Finding& finding) {
    if (!finding.index) return "log";
    const std::string first = std::to_string(finding.index->value());
    if (!finding.last) return "entry " + first;
    return "entries " + first + " to " + std::to_string(finding.last->value());
}

void format_findings(std::ostream& out, const Findings& findings) {
    out << "NOT VERIFIED: " << findings.count() << " finding" << (findings.count() == 1 ? "" : "s")
        << '\n';
    for (const Finding& finding : findings.kept()) {
        out << "  " << place(finding) << ": " << code(finding.code) << ": "
            << printable(finding.words) << '\n';
    }
    if (findings.count() > findings.kept().size()) {
        out << "  and " << findings.count() - findings.kept().size() << " more\n";
    }
}

/// What a listing says of an entry: who, which kind or register data, which other entries.
struct Particulars {
    std::string unit;
    std::string kind;
    std::vector<Errc> reasons;
    std::vector<LogIndex> about;
};

std::string kind_in(const LogEvent& event) {
    if (const auto* const logged = std::get_if<LoggedEvent>(&event)) return logged->kind.value();
    if (const auto* const refused = std::get_if<RefusedEvent>(&event)) {
        return refused->kind ? refused->kind->value() : "";
    }
    const auto* const entry = std::get_if<RegisterEvent>(&event);
    return entry != nullptr ? register_subject(*entry) : "";
}

Particulars particulars_of(const ListedEntry& listed) {
    const LogEvent& event = listed.entry.event;
    Particulars particulars{"", kind_in(event), {}, {}};
    if (const UnitId* const doer = doer_of(event)) particulars.unit = doer->value();
    if (const auto* const refused = std::get_if<RefusedEvent>(&event)) {
        particulars.reasons = refused->reasons;
    }
    if (!std::holds_alternative<LoggedEvent>(event)) {
        particulars.about = notices_of(listed.index, event);
    }
    return particulars;
}

template <typename T, typename Text>
std::string joined(const std::vector<T>& items, Text text) {
    std::string line;
    for (const T& item : items) line += (line.empty() ? "" : ",") + text(item);
    return line;
}

std::string code_text(Errc errc) {
    return std::string(code(errc));
}
std::string index_text(LogIndex index) {
    return std::to_string(index.value());
}

}  // namespace

std::string format_report(const AuditReport& report) {
    std::ostringstream out;
    if (report.checkpoint) {
        out << "log          " << printable(report.checkpoint->origin.value()) << '\n'
            << "size         " << report.checkpoint->size.value() << '\n'
            << "root         " << report.checkpoint->root.base64() << '\n';
    }
    if (report.known_size) {
        out << "extends      the known head of size " << report.known_size->value() << '\n';
    }
    if (report.charter) {
        out << "charter      " << printable(report.charter->charter.value()) << " version "
            << report.charter->version.value() << ", SHA-256 " << report.charter->sha256.hex()
            << '\n';
    }
    if (report.first_time && report.last_time) {
        out << "time         " << format_utc(*report.first_time) << " to "
            << format_utc(*report.last_time) << '\n';
    }
    out << "entries\n";
    for (const auto& [event, count] : report.entries) out << "  " << event << ' ' << count << '\n';
    out << "batches      " << report.batches << " with " << report.signatures << " signatures\n"
        << "certificates " << report.certificates << '\n'
        << "notices read " << report.notices_read;
    if (report.notices_withheld > 0) {
        out << ", not shown to this caller " << report.notices_withheld;
    }
    out << '\n';
    if (report.flagged_count > 0) {
        out << "SIGNED SINCE A COMPROMISE: " << report.flagged_count
            << ", valid by the order of the log, but somebody else may have had the key\n";
        for (const FlaggedEntry& each : report.flagged) {
            out << "  entry " << each.index.value() << ", " << format_utc(each.time) << ", "
                << printable(each.spiffe) << ", compromised since " << format_utc(each.since)
                << '\n';
        }
    }
    if (report.verified()) {
        out << "VERIFIED: every entry is under the log's signature and every signed entry under "
               "its signer's\n";
    } else {
        format_findings(out, report.findings);
    }
    return out.str();
}

std::string register_subject(const RegisterEvent& entry) {
    if (const auto* const key = std::get_if<KeyEnrolled>(&entry.data)) return key->spiffe;
    if (const auto* const key = std::get_if<KeyRevoked>(&entry.data)) return key->spiffe;
    const auto* const charter = std::get_if<CharterAdopted>(&entry.data);
    return charter != nullptr ? charter->charter.value() : "";
}

void print_entries(std::ostream& out, const std::vector<ListedEntry>& entries) {
    TextTable table({"index", "time", "event", "unit", "kind", "reasons", "about"});
    for (const ListedEntry& each : entries) {
        const Particulars particulars = particulars_of(each);
        table.add({index_text(each.index), format_utc(each.entry.time),
                   std::string(protocol::event_word(each.entry.event)), particulars.unit,
                   particulars.kind, joined(particulars.reasons, code_text),
                   joined(particulars.about, index_text)});
    }
    table.print(out);
}

std::string entries_json(const std::vector<ListedEntry>& entries, const Checkpoint& head) {
    protocol::JsonWriter writer;
    writer.begin_object().key("size").number(head.size.value());
    writer.key("entries").begin_array();
    for (const ListedEntry& each : entries) {
        const Particulars particulars = particulars_of(each);
        writer.begin_object().key("index").number(each.index.value());
        writer.member("time", format_utc(each.entry.time))
            .member("event", protocol::event_word(each.entry.event));
        if (!particulars.unit.empty()) writer.member("unit", particulars.unit);
        if (!particulars.kind.empty()) writer.member("kind", particulars.kind);
        if (!particulars.reasons.empty()) {
            writer.key("reasons").begin_array();
            for (const Errc reason : particulars.reasons) writer.text(code(reason));
            writer.end_array();
        }
        if (!particulars.about.empty()) {
            writer.key("about").begin_array();
            for (const LogIndex index : particulars.about) writer.number(index.value());
            writer.end_array();
        }
        if (const auto* const step = std::get_if<EscalatedEvent>(&each.entry.event)) {
            writer.key("clock").number(std::uint64_t{step->clock});
            writer.key("step").number(std::uint64_t{step->step});
            writer.member("deed", word(step->deed)).member("due", format_utc(step->due));
        }
        writer.end_object();
    }
    writer.end_array().end_object();
    return writer.take();
}

}  // namespace tongbao::client
