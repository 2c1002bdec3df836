#include "domain/charter_findings.hpp"

#include <algorithm>
#include <array>

namespace tongbao::checking {
namespace {

/// Notes where `name` is no value of the enum `id`, or the enum is missing.
void expect_value(Findings& findings, const std::string& place, std::string_view id,
                  const std::string& name) {
    const EnumType* const type = findings.charter.find_enum(id);
    if (type == nullptr) {
        findings.unresolved("enums." + std::string(id), "enum", id);
    } else if (!type->has(name)) {
        findings.unresolved(place, "value of " + std::string(id), name);
    }
}

/// What a field's or column's type asks of its other members.
void check_form_of(Findings& findings, const FieldRule& field, const std::string& place) {
    const auto* const enumeration = std::get_if<std::string>(&field.values);
    const auto* const posts = std::get_if<std::vector<PostId>>(&field.values);
    if (field.type == FieldType::enumeration) {
        if (enumeration == nullptr) {
            findings.broken(place + ".values", "an enum field names its enum");
        } else {
            findings.expect_enum(place + ".values", *enumeration);
        }
    } else if (enumeration != nullptr) {
        findings.broken(place + ".values", "only an enum field names an enum");
    }
    if (posts != nullptr && field.type == FieldType::post) {
        for (const PostId& post : *posts) findings.expect_post(place + ".values", post);
    } else if (posts != nullptr) {
        findings.broken(place + ".values", "only a post field names posts");
    }
    if ((field.type == FieldType::table) != field.table.has_value()) {
        findings.broken(place + ".table", "exactly the fields of type table name a table");
    } else if (field.table && findings.charter.find_table(*field.table) == nullptr) {
        findings.unresolved(place + ".table", "table", *field.table);
    }
    if (field.each && field.type != FieldType::table) {
        findings.broken(place + ".each", "only a table has rows");
    }
    if (field.required && field.required_if) {
        findings.broken(place + ".required_if", "the field is required anyway");
    }
    if (!is_expression_name(field.name)) {
        findings.broken(place + ".name", "is a word of the conditions' grammar");
    }
}

void check_table(Findings& findings, const TableType& table, const std::string& place) {
    std::vector<std::string> names;
    for (const FieldRule& column : table.columns) {
        names.push_back(column.name);
        check_form_of(findings, column, place + ".columns." + column.name);
    }
    findings.expect_unique(place + ".columns.", names);
    if (table.min_rows > table.max_rows) {
        findings.broken(place + ".min_rows", "is more than max_rows");
    }
    if (table.key && find_field(table.columns, *table.key) == nullptr) {
        findings.unresolved(place + ".key", "column", *table.key);
    }
}

void check_enum(Findings& findings, const EnumType& type, const std::string& place) {
    std::vector<std::string> values;
    for (const EnumValue& value : type.values) values.push_back(value.id);
    findings.expect_unique(place + ".values.", values);
    for (const auto& [name, members] : type.sets) {
        for (const std::string& member : members) {
            if (!type.has(member)) findings.unresolved(place + ".sets." + name, "value", member);
        }
    }
}

}  // namespace

void check_ledger(Findings& findings) {
    const LedgerRules& ledger = findings.charter.parts().ledger;
    findings.expect_unit("ledger.kept_by", ledger.kept_by);
    for (const UnitId& unit : ledger.closed_by) findings.expect_unit("ledger.closed_by", unit);
    for (const LedgerTrack& track : ledger.tracks) {
        findings.expect_unit("ledger.tracks." + track.id + ".unit", track.unit);
        const auto mains = std::count_if(
            ledger.tracks.begin(), ledger.tracks.end(), [&](const LedgerTrack& other) {
                return other.main && track.main && other.unit == track.unit;
            });
        if (mains > 1) {
            findings.broken("ledger.tracks." + track.id + ".main", "the unit has another one");
        }
    }
    for (const std::string& state : ledger.finished_states) {
        expect_value(findings, "ledger.finished_states", kTrackStates, state);
    }
    std::vector<std::string> kinds;
    for (const LedgerMoney& money : ledger.money) {
        kinds.push_back(money.kind);
        expect_value(findings, "ledger.money." + money.kind, kMoneyKinds, money.kind);
    }
    findings.expect_unique("ledger.money.", kinds);
}

void check_enums_and_tables(Findings& findings) {
    const CharterParts& parts = findings.charter.parts();
    for (const std::string_view id :
         {kTrackStates, kCaseStates, kMoneyKinds, kNoticeStates, kNoticeFlags}) {
        findings.expect_enum("enums." + std::string(id), std::string(id));
    }
    for (const auto& [id, type] : parts.enums) check_enum(findings, type, "enums." + id);
    for (const auto& [id, table] : parts.tables) check_table(findings, table, "tables." + id);
    for (const Kind& kind : parts.kinds) {
        for (const FieldRule& field : kind.fields) {
            check_form_of(findings, field, "kinds." + kind.id.value() + ".fields." + field.name);
        }
    }
}

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
