#include "domain/charter_field.hpp"

#include <algorithm>

namespace tongbao {

bool Condition::holds(const FieldLookup& lookup) const {
    return bound && bound->holds(lookup);
}

const std::vector<ExpressionName>& Condition::names() const {
    static const std::vector<ExpressionName> kNone;
    return bound ? bound->expression().names() : kNone;
}

bool is_required(const FieldRule& rule, const FieldLookup& lookup) {
    return rule.required || (rule.required_if && rule.required_if->holds(lookup));
}

const FieldRule* find_field(const std::vector<FieldRule>& fields, std::string_view name) noexcept {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const FieldRule& field) { return field.name == name; });
    return found == fields.end() ? nullptr : &*found;
}

bool EnumType::has(std::string_view value) const noexcept {
    return std::any_of(values.begin(), values.end(),
                       [&](const EnumValue& known) { return known.id == value; });
}

}  // namespace tongbao
