#include "domain/charter_checker.hpp"

#include "domain/charter_findings.hpp"

#include <algorithm>

namespace tongbao {
namespace checking {
namespace {

constexpr std::string_view kLocalPrefix = "local:";

}  // namespace

void Findings::expect_unit(const std::string& place, const UnitId& id) {
    if (charter.find_unit(id) == nullptr) unresolved(place, "unit", id.value());
}

void Findings::expect_member(const std::string& place, const UnitId& id) {
    const Unit* const unit = charter.find_unit(id);
    if (unit == nullptr) {
        unresolved(place, "unit", id.value());
    } else if (unit->kind != UnitKind::member) {
        broken(place, id.value() + " is no member");
    }
}

void Findings::expect_address(const std::string& place, const UnitAddress& address) {
    const std::string& text = address.value();
    if (!text.starts_with(kLocalPrefix)) return expect_unit(place, UnitId(text));
    const UnitId system(text.substr(kLocalPrefix.size()));
    if (charter.find_local_system(system) == nullptr) unresolved(place, "local system", text);
}

void Findings::expect_unit_or_group(const std::string& place, const std::string& id) {
    if (charter.units_of(id).empty()) unresolved(place, "unit or group", id);
}

void Findings::expect_post(const std::string& place, const PostId& id) {
    if (charter.find_post(id) == nullptr) unresolved(place, "post", id.value());
}

void Findings::expect_kind(const std::string& place, const KindId& id) {
    if (charter.find_kind(id) == nullptr) unresolved(place, "kind", id.value());
}

void Findings::expect_enum(const std::string& place, const std::string& id) {
    if (charter.find_enum(id) == nullptr) unresolved(place, "enum", id);
}

const FieldRule* Findings::expect_field(const std::string& place, const Kind& kind,
                                        std::string_view name) {
    const FieldRule* const field = find_field(kind.fields, name);
    if (field == nullptr) unresolved(place, "field", name);
    return field;
}

void Findings::expect_unique(const std::string& prefix, const std::vector<std::string>& ids) {
    std::set<std::string> seen;
    for (const std::string& id : ids) {
        if (!seen.insert(id).second) broken(prefix + id, "is defined twice");
    }
}

}  // namespace checking

Reasons check_charter(const Charter& charter) {
    checking::Findings findings(charter);
    checking::check_units(findings);
    checking::check_office(findings);
    checking::check_ledger(findings);
    checking::check_enums_and_tables(findings);
    for (const Kind& kind : charter.parts().kinds) {
        const std::string place = "kinds." + kind.id.value();
        checking::check_kind(findings, kind, place);
        checking::check_deadlines(findings, kind, place);
        checking::check_replies(findings, kind, place);
        checking::check_effects(findings, kind, place);
        checking::check_acts(findings, kind, place);
        checking::check_clear(findings, kind, place);
    }
    checking::check_usage(findings);
    return findings.take();
}

}  // namespace tongbao
