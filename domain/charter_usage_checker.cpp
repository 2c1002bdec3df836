#include "domain/charter_findings.hpp"

namespace tongbao::checking {
namespace {

struct Used {
    std::set<std::string> deadlines;
    std::set<std::string> enums;
    std::set<std::string> tables;
    std::set<std::string> escalations;
};

void note_fields(Used& used, const std::vector<FieldRule>& fields) {
    for (const FieldRule& field : fields) {
        if (const auto* const id = std::get_if<std::string>(&field.values)) used.enums.insert(*id);
        if (field.table) used.tables.insert(*field.table);
    }
}

void note_kind(Used& used, const Kind& kind) {
    note_fields(used, kind.fields);
    used.escalations.insert(kind.escalation);
    if (kind.send_within) used.deadlines.insert(*kind.send_within);
    if (kind.receipt.within) used.deadlines.insert(*kind.receipt.within);
    for (const Check& check : kind.checks) {
        const auto* const order = std::get_if<OrderCheck>(&check);
        if (order != nullptr && order->deadline) used.deadlines.insert(*order->deadline);
    }
    for (const ReplyRule& reply : kind.replies) {
        if (reply.within.source == Within::Source::deadline) {
            used.deadlines.insert(reply.within.name);
        }
        if (reply.fallback) used.deadlines.insert(*reply.fallback);
    }
}

template <typename Map>
void expect_used(Findings& findings, const Map& defined, const std::set<std::string>& used,
                 const std::string& prefix) {
    for (const auto& [id, value] : defined) {
        if (!used.contains(id)) findings.broken(prefix + id, "is used nowhere");
    }
}

}  // namespace

void check_usage(Findings& findings) {
    const CharterParts& parts = findings.charter.parts();
    Used used;
    used.enums = {parts.header.secrecy,     parts.header.urgency,     std::string(kTrackStates),
                  std::string(kCaseStates), std::string(kMoneyKinds), std::string(kNoticeStates),
                  std::string(kNoticeFlags)};
    for (const auto& [id, table] : parts.tables) note_fields(used, table.columns);
    for (const Kind& kind : parts.kinds) note_kind(used, kind);
    for (const ReportingCycle& cycle : parts.reporting_cycles) used.deadlines.insert(cycle.due);
    expect_used(findings, parts.deadlines, used.deadlines, "deadlines.");
    expect_used(findings, parts.escalations, used.escalations, "escalations.");
    expect_used(findings, parts.enums, used.enums, "enums.");
    expect_used(findings, parts.tables, used.tables, "tables.");

    std::set<std::string> moved;
    for (const Kind& kind : parts.kinds) {
        for (const std::string& track : tracks_moved_by(findings.charter, kind)) {
            moved.insert(track);
        }
    }
    for (const LedgerTrack& track : parts.ledger.tracks) {
        if (!moved.contains(track.id)) {
            findings.broken("ledger.tracks." + track.id, "is moved by no effect");
        }
    }
}

}  // namespace tongbao::checking
