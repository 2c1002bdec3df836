#include "client/cli/field_view.hpp"

#include "domain/masking.hpp"
#include "domain/money.hpp"

#include <algorithm>

namespace tongbao::client {

std::string FieldView::unit(const UnitId& id) const {
    if (const Unit* const known = charter_.find_unit(id)) {
        return id.value() + ' ' + (known->short_zh.empty() ? known->name_zh : known->short_zh);
    }
    const std::optional<UnitId> system = system_of(id);
    const LocalSystem* const local = system ? charter_.find_local_system(*system) : nullptr;
    return local == nullptr ? id.value() : id.value() + ' ' + local->name_zh;
}

std::string FieldView::enumerated(std::string_view type, const std::string& value) const {
    const EnumType* const known = charter_.find_enum(type);
    if (known == nullptr) return value;
    const auto found = std::find_if(known->values.begin(), known->values.end(),
                                    [&](const EnumValue& each) { return each.id == value; });
    if (found == known->values.end()) return value;
    return value + ' ' + found->zh + " / " + found->en;
}

const TableType* FieldView::table_of(const FieldRule* rule) const {
    return rule == nullptr || !rule->table ? nullptr : charter_.find_table(*rule->table);
}

std::string FieldView::words_for(const FieldRule& rule, const std::string& value) const {
    if (rule.type == FieldType::unit) return unit(UnitId(value));
    if (rule.type == FieldType::post) {
        const Post* const post = charter_.find_post(PostId(value));
        return post == nullptr ? value : value + ' ' + post->title_zh + " / " + post->title_en;
    }
    const auto* const id = std::get_if<std::string>(&rule.values);
    return id == nullptr ? value : enumerated(*id, value);
}

std::string FieldView::text(const FieldRule* rule, const Scalar& value) {
    if (const auto* const flag = std::get_if<bool>(&value)) return *flag ? "true 是" : "false 否";
    if (const auto* const number = std::get_if<std::int64_t>(&value)) {
        std::string digits = std::to_string(*number);
        if (rule == nullptr || rule->type != FieldType::fen) return digits;
        return format_yuan(Fen(*number)) + " yuan (" + digits + " fen)";
    }
    const std::string& written = std::get<std::string>(value);
    if (rule == nullptr) return written;
    if (!rule->masked || masking_ == Masking::shown) return words_for(*rule, written);
    done_ = MaskingDone::some;
    return mask_value(written);
}

}  // namespace tongbao::client
