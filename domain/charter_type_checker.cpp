#include "domain/charter_findings.hpp"

namespace tongbao::checking {
namespace {

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
        const std::string where = std::string(place).append(".sets.").append(name);
        for (const std::string& member : members) {
            if (!type.has(member)) findings.unresolved(where, "value", member);
        }
    }
}

}  // namespace

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

}  // namespace tongbao::checking
