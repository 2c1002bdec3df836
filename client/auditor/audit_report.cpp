#include "client/auditor/audit_report.hpp"

#include "protocol/json_writer.hpp"

#include <sstream>

namespace tongbao::client {
namespace {

using protocol::JsonWriter;

void write_optional_index(JsonWriter& writer, std::string_view name,
                          const std::optional<LogIndex>& index) {
    if (index) writer.key(name).number(index->value());
}

void write_finding(JsonWriter& writer, const Finding& finding) {
    writer.begin_object().member("code", code(finding.code));
    write_optional_index(writer, "index", finding.index);
    write_optional_index(writer, "last", finding.last);
    writer.member("words", finding.words).end_object();
}

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
        out << "  " << place(finding) << ": " << code(finding.code) << ": " << finding.words
            << '\n';
    }
    if (findings.count() > findings.kept().size()) {
        out << "  and " << findings.count() - findings.kept().size() << " more\n";
    }
}

}  // namespace

void Findings::add(Errc code, std::optional<LogIndex> index, std::string words) {
    ++count_;
    if (kept_.size() < kMaxFindings) kept_.push_back({code, index, std::nullopt, std::move(words)});
}

void Findings::add_range(Errc code, LogIndex first, LogIndex last, std::string words) {
    ++count_;
    if (kept_.size() < kMaxFindings) kept_.push_back({code, first, last, std::move(words)});
}

std::string format_report(const AuditReport& report) {
    std::ostringstream out;
    if (report.checkpoint) {
        out << "log          " << report.checkpoint->origin.value() << '\n'
            << "size         " << report.checkpoint->size.value() << '\n'
            << "root         " << report.checkpoint->root.base64() << '\n';
    }
    if (report.known_size) {
        out << "extends      the known head of size " << report.known_size->value() << '\n';
    }
    if (report.charter) {
        out << "charter      " << report.charter->charter.value() << " version "
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
        << "notices read " << report.notices_read << '\n';
    if (report.verified()) {
        out << "VERIFIED: every entry is under the log's signature and every signed entry under "
               "its signer's\n";
    } else {
        format_findings(out, report.findings);
    }
    return out.str();
}

std::string write_report(const AuditReport& report) {
    JsonWriter writer;
    writer.begin_object().key("verified").boolean(report.verified());
    if (report.checkpoint) {
        writer.key("checkpoint")
            .begin_object()
            .member("origin", report.checkpoint->origin.value())
            .key("size")
            .number(report.checkpoint->size.value())
            .member("root", report.checkpoint->root.base64())
            .end_object();
    }
    if (report.known_size) writer.key("known_size").number(report.known_size->value());
    if (report.charter) {
        writer.key("charter")
            .begin_object()
            .member("id", report.charter->charter.value())
            .key("version")
            .number(std::uint64_t{report.charter->version.value()})
            .member("sha256", report.charter->sha256.hex())
            .end_object();
    }
    if (report.first_time) writer.member("first_time", format_utc(*report.first_time));
    if (report.last_time) writer.member("last_time", format_utc(*report.last_time));
    writer.key("entries").begin_object();
    for (const auto& [event, count] : report.entries) writer.key(event).number(count);
    writer.end_object().key("batches").number(report.batches);
    writer.key("signatures").number(report.signatures);
    writer.key("certificates").number(report.certificates);
    writer.key("notices_read").number(report.notices_read);
    writer.key("finding_count").number(report.findings.count());
    writer.key("findings").begin_array();
    for (const Finding& finding : report.findings.kept()) write_finding(writer, finding);
    writer.end_array().end_object();
    return writer.take();
}

}  // namespace tongbao::client
