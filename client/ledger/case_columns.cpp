#include "client/ledger/case_columns.hpp"

#include "crypto/sha256.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace tongbao::client {
namespace {

using Identifiers = std::set<std::string>;

bool counts(const CaseDecision& decision) {
    return !decision.reversed_by;
}

/// Empty for a value that tells no subject apart.
std::string identifier_of(const FieldRule& column, const Scalar& value) {
    const auto* const text = std::get_if<std::string>(&value);
    if (text == nullptr) return {};
    const std::string type = std::string(word(column.type)) + ':';
    switch (column.type) {
        case FieldType::uscc:
        case FieldType::medins_code:
            return type + *text;
        case FieldType::cn_id:
            return type + crypto::sha256(as_bytes(*text)).hex();
        default:
            return {};
    }
}

void add_identifiers(const Charter& charter, const CaseFact& fact, Identifiers& identifiers) {
    const auto* const rows = std::get_if<Table>(&fact.value);
    if (rows == nullptr || fact.reversed_by) return;
    const FieldRule* const rule = rule_of_fact(charter, fact.source.kind, fact.attribute);
    const TableType* const table =
        rule != nullptr && rule->table ? charter.find_table(*rule->table) : nullptr;
    if (table == nullptr) return;
    for (const Row& row : *rows) {
        for (const auto& [name, value] : row.cells) {
            const FieldRule* const column = find_field(table->columns, name);
            std::string identifier = column != nullptr ? identifier_of(*column, value) : "";
            if (!identifier.empty()) identifiers.insert(std::move(identifier));
        }
    }
}

void add_conclusion(const CaseFile& file, storage::CaseColumns& columns) {
    if (file.state != CaseState::concluded) return;
    for (const CaseLink& link : file.links) {
        if (link.role != LinkRole::closed || link.reversed_by) continue;
        columns.concluded_at = link.source.at;
        columns.concluded_by = link.source.sender;
    }
}

}  // namespace

const FieldRule* rule_of_fact(const Charter& charter, const KindId& kind,
                              std::string_view attribute) {
    const Kind* const known = charter.find_kind(kind);
    if (known == nullptr) return nullptr;
    for (const Effect& effect : known->effects) {
        for (const LedgerAttribute& fact : effect.facts) {
            if (fact.attribute == attribute) return find_field(known->fields, fact.field);
        }
    }
    return nullptr;
}

storage::CaseColumns columns_of(const Charter& charter, const CaseHistory& history) {
    const CaseFile file = case_file_of(history);
    storage::CaseColumns columns;
    columns.number = file.number;
    columns.state = file.state;
    columns.title = file.title;
    columns.opened_at = file.opened_at;
    columns.opened_by = file.opened_by;
    columns.major = file.flags.major;
    columns.supervised = file.flags.supervised.has_value();
    columns.updated_at = history.facts.back().source.at;
    add_conclusion(file, columns);
    columns.decided = std::any_of(file.decisions.begin(), file.decisions.end(), counts);
    for (const CaseTrack& track : file.tracks) {
        const bool decided = std::any_of(track.decisions.begin(), track.decisions.end(), counts);
        columns.tracks.push_back(
            {track.id, track.unit, track.state, track.since, track.open(), decided});
    }
    for (const MoneyEntry& entry : file.money) {
        if (!entry.counts) continue;
        columns.money.push_back(
            {entry.said.kind, entry.said.fen, entry.source.sender, entry.source.at});
    }
    Identifiers identifiers;
    for (const CaseFact& fact : file.facts) add_identifiers(charter, fact, identifiers);
    columns.subjects.assign(identifiers.begin(), identifiers.end());
    return columns;
}

}  // namespace tongbao::client
