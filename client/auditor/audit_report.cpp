#include "client/auditor/audit_report.hpp"

#include "protocol/json_writer.hpp"

#include <utility>

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

}  // namespace

void Findings::add(Errc code, std::optional<LogIndex> index, std::string words) {
    ++count_;
    if (kept_.size() < kMaxFindings) kept_.push_back({code, index, std::nullopt, std::move(words)});
}

void Findings::add_range(Errc code, LogIndex first, LogIndex last, std::string words) {
    ++count_;
    if (kept_.size() < kMaxFindings) kept_.push_back({code, first, last, std::move(words)});
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
    writer.key("notices_withheld").number(report.notices_withheld);
    writer.key("signed_since_compromise_count").number(report.flagged_count);
    writer.key("signed_since_compromise").begin_array();
    for (const FlaggedEntry& each : report.flagged) {
        writer.begin_object()
            .key("index")
            .number(each.index.value())
            .member("time", format_utc(each.time))
            .member("signer", each.spiffe)
            .member("since", format_utc(each.since))
            .end_object();
    }
    writer.end_array();
    writer.key("finding_count").number(report.findings.count());
    writer.key("findings").begin_array();
    for (const Finding& finding : report.findings.kept()) write_finding(writer, finding);
    writer.end_array().end_object();
    return writer.take();
}

}  // namespace tongbao::client
