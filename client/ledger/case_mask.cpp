#include "client/ledger/case_mask.hpp"

#include "client/ledger/case_columns.hpp"
#include "domain/masking.hpp"

namespace tongbao::client {
namespace {

/// What columns_of writes before the digest of an identity number.
constexpr std::string_view kDigestOfId = "cn_id:";

const FieldRule* rule_of_decision(const Charter& charter, const KindId& kind,
                                  std::string_view part) {
    const Kind* const known = charter.find_kind(kind);
    if (known == nullptr) return nullptr;
    for (const Effect& effect : known->effects) {
        for (const LedgerAttribute& each : effect.decision) {
            if (each.attribute == part) return find_field(known->fields, each.field);
        }
    }
    return nullptr;
}

}  // namespace

std::string CaseMask::text(bool hidden, const std::string& text) {
    if (!hidden || masking_ == Masking::shown) return text;
    masked_ = true;
    return mask_value(text);
}

Table CaseMask::table(const Table& rows, const TableType* type) {
    Table out = rows;
    for (Row& row : out) {
        for (auto& [name, value] : row.cells) {
            auto* const written = std::get_if<std::string>(&value);
            const FieldRule* const column =
                type != nullptr ? find_field(type->columns, name) : nullptr;
            if (written != nullptr) *written = text(column == nullptr || column->masked, *written);
        }
    }
    return out;
}

FieldValue CaseMask::fact(const CaseFact& fact) {
    const FieldRule* const rule = rule_of_fact(charter_, fact.source.kind, fact.attribute);
    if (const auto* const rows = std::get_if<Table>(&fact.value)) {
        const bool known = rule != nullptr && rule->table;
        return table(*rows, known ? charter_.find_table(*rule->table) : nullptr);
    }
    if (const auto* const written = std::get_if<std::string>(&fact.value)) {
        return text(rule != nullptr && rule->masked, *written);
    }
    return fact.value;
}

std::string CaseMask::decision(const KindId& kind, std::string_view part,
                               const std::string& written) {
    const FieldRule* const rule = rule_of_decision(charter_, kind, part);
    return text(rule != nullptr && rule->masked, written);
}

std::string CaseMask::field(const KindId& kind, std::string_view name, const std::string& written) {
    const Kind* const known = charter_.find_kind(kind);
    const FieldRule* const rule = known != nullptr ? find_field(known->fields, name) : nullptr;
    return text(rule != nullptr && rule->masked, written);
}

std::string CaseMask::subject(const std::string& identifier) {
    if (!identifier.starts_with(kDigestOfId)) return identifier;
    return std::string(kDigestOfId) + text(true, identifier.substr(kDigestOfId.size()));
}

}  // namespace tongbao::client
