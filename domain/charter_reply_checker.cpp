#include "domain/charter_findings.hpp"

#include <algorithm>

namespace tongbao::checking {
namespace {

bool contains(const std::vector<UnitAddress>& addresses, const UnitAddress& address) {
    return std::find(addresses.begin(), addresses.end(), address) != addresses.end();
}

/// Whether `answer` may point at notices of `asking`, be sent by those who owe it, and reach whom
/// it must.
void check_route(Findings& findings, const Kind& asking, const ReplyRule& reply, const Kind& answer,
                 const std::string& place) {
    if (!answer.is_answer() || answer.answers != AnswersTo::listed) {
        findings.broken(place, answer.id.value() + " is no kind that answers listed notices");
    }
    for (const UnitAddress& ower : owers(findings.charter, asking, reply)) {
        if (contains(answer.from, ower)) continue;
        findings.broken(place, ower.value() + " may not send " + answer.id.value());
    }
    for (const UnitAddress& asker : asking.from) {
        const bool reached = contains(answer.to, asker);
        if (reply.role == ReplyRole::reply && !reached) {
            findings.broken(place, asker.value() + " may not receive " + answer.id.value());
        }
        if (reply.role == ReplyRole::follow_up && reached) {
            findings.broken(place, answer.id.value() + " comes back and is no follow_up");
        }
    }
}

void check_owed_by(Findings& findings, const Kind& asking, const ReplyRule& reply,
                   const std::string& place) {
    const auto* const owing = std::get_if<std::string>(&reply.owed_by);
    if (owing == nullptr) return;
    findings.expect_unit_or_group(place + ".owed_by", *owing);
    for (const UnitId& unit : findings.charter.units_of(*owing)) {
        if (!any_covers(asking.to, unit)) {
            findings.broken(place + ".owed_by", unit.value() + " does not receive the question");
        }
    }
}

void check_rows(Findings& findings, const Kind& asking, const ReplyRule& reply, const Kind* answer,
                const std::string& place) {
    const bool by_row_unit = std::holds_alternative<OwedByRowUnit>(reply.owed_by);
    if (reply.rows.has_value() != reply.row_key.has_value()) {
        findings.broken(place + ".row_key", "rows and row_key stand together");
    }
    if (!reply.rows) {
        if (by_row_unit) findings.broken(place + ".owed_by", "row:unit needs rows");
        return;
    }
    const FieldRule* const field = findings.expect_field(place + ".rows", asking, *reply.rows);
    const TableType* const table =
        field != nullptr && field->table ? findings.charter.find_table(*field->table) : nullptr;
    if (table == nullptr) {
        if (field != nullptr) findings.broken(place + ".rows", "is no table");
        return;
    }
    const FieldRule* const unit = find_field(table->columns, kUnitColumn);
    if (by_row_unit && (unit == nullptr || unit->type != FieldType::unit)) {
        findings.unresolved(place + ".owed_by", "column of type unit named", kUnitColumn);
    }
    if (!reply.row_key) return;
    if (table->key != reply.row_key) {
        findings.broken(place + ".row_key", "is not the key of the table");
    }
    if (answer != nullptr) findings.expect_field(place + ".row_key", *answer, *reply.row_key);
}

bool is_asked_for(const Charter& charter, const KindId& id) {
    const std::vector<Kind>& kinds = charter.parts().kinds;
    return std::any_of(kinds.begin(), kinds.end(), [&](const Kind& kind) {
        return std::any_of(kind.replies.begin(), kind.replies.end(), [&](const ReplyRule& reply) {
            const auto& others = reply.satisfied_by;
            return reply.kind == id || std::find(others.begin(), others.end(), id) != others.end();
        });
    });
}

}  // namespace

bool is_external(const Charter& charter, const UnitAddress& address) {
    const Unit* const unit = charter.find_unit(UnitId(address.value()));
    return unit != nullptr && unit->kind == UnitKind::external;
}

std::vector<UnitAddress> owers(const Charter& charter, const Kind& asking, const ReplyRule& reply) {
    std::vector<UnitAddress> out;
    if (const auto* const owing = std::get_if<std::string>(&reply.owed_by)) {
        for (const UnitId& unit : charter.units_of(*owing)) out.emplace_back(unit.value());
        return out;
    }
    for (const UnitAddress& address : asking.to) {
        if (!is_external(charter, address)) out.push_back(address);
    }
    return out;
}

void check_replies(Findings& findings, const Kind& kind, const std::string& place) {
    if (kind.is_answer() && kind.answers == AnswersTo::listed &&
        !is_asked_for(findings.charter, kind.id)) {
        findings.broken(place + ".answers", "no kind asks for it");
    }
    for (std::size_t at = 0; at < kind.replies.size(); ++at) {
        const ReplyRule& reply = kind.replies[at];
        const std::string where = indexed(place + ".replies", at);
        const Kind* const answer = findings.charter.find_kind(reply.kind);
        findings.expect_kind(where + ".kind", reply.kind);
        if (answer != nullptr) check_route(findings, kind, reply, *answer, where + ".kind");
        for (const KindId& other : reply.satisfied_by) {
            const Kind* const also = findings.charter.find_kind(other);
            findings.expect_kind(where + ".satisfied_by", other);
            if (also != nullptr) {
                check_route(findings, kind, reply, *also, where + ".satisfied_by");
            }
        }
        check_owed_by(findings, kind, reply, where);
        check_rows(findings, kind, reply, answer, where);
    }
}

}  // namespace tongbao::checking
