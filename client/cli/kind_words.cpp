#include "client/cli/kind_words.hpp"

#include <variant>

namespace tongbao::client {
namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& each : words) text += (text.empty() ? "" : ", ") + each;
    return text;
}

}  // namespace

std::string_view word(UnitKind kind) noexcept {
    switch (kind) {
        case UnitKind::member:
            return "member";
        case UnitKind::office:
            return "office";
        case UnitKind::external:
            return "external";
    }
    return "";
}

std::string_view word(Obligation mode) noexcept {
    return mode == Obligation::must ? "must" : "may";
}

std::string_view word(ReplyUse use) noexcept {
    switch (use) {
        case ReplyUse::required:
            return "required";
        case ReplyUse::optional:
            return "optional";
        case ReplyUse::none:
            return "none";
    }
    return "";
}

std::string_view word(CaseUse use) noexcept {
    switch (use) {
        case CaseUse::required:
            return "required";
        case CaseUse::optional:
            return "optional";
        case CaseUse::may_open:
            return "may_open";
        case CaseUse::none:
            return "none";
    }
    return "";
}

std::string_view word(SecurityClass security_class) noexcept {
    switch (security_class) {
        case SecurityClass::l1:
            return "L1";
        case SecurityClass::l2:
            return "L2";
        case SecurityClass::l3:
            return "L3";
        case SecurityClass::l4:
            return "L4";
    }
    return "";
}

std::string_view word(ReplyRole role) noexcept {
    return role == ReplyRole::reply ? "reply" : "follow_up";
}

std::string addresses(const std::vector<UnitAddress>& from) {
    std::vector<std::string> words;
    words.reserve(from.size());
    for (const UnitAddress& each : from) words.push_back(each.value());
    return words.empty() ? "-" : joined(words);
}

std::string within_text(const Within& within) {
    switch (within.source) {
        case Within::Source::deadline:
            return within.name;
        case Within::Source::field:
            return "field:" + within.name;
        case Within::Source::row:
            return "row:" + within.name;
    }
    return within.name;
}

std::string need_text(bool required, const std::optional<Condition>& required_if) {
    if (required_if) return "if " + required_if->text;
    return required ? "yes" : "no";
}

std::vector<std::string> values_of(const Charter& charter, const FieldRule& field) {
    std::vector<std::string> values;
    if (const auto* const posts = std::get_if<std::vector<PostId>>(&field.values)) {
        for (const PostId& post : *posts) values.push_back(post.value());
    }
    if (const auto* const enumeration = std::get_if<std::string>(&field.values)) {
        const EnumType* const type = charter.find_enum(*enumeration);
        if (type == nullptr) return values;
        for (const EnumValue& value : type->values) values.push_back(value.id);
    }
    return values;
}

std::string values_text(const Charter& charter, const FieldRule& field) {
    return field.table ? "table " + *field.table : joined(values_of(charter, field));
}

std::string check_text(const Check& check) {
    if (const auto* const must = std::get_if<MustCheck>(&check)) return must->must.text;
    const auto& order = std::get<OrderCheck>(check);
    std::string text = order.from + " is not after " + order.to;
    if (order.deadline) text += ", flagged if more than " + *order.deadline + " later";
    return text;
}

std::string check_title(const Check& check) {
    const auto* const must = std::get_if<MustCheck>(&check);
    return must == nullptr ? "" : must->title_zh + " / " + must->title_en;
}

}  // namespace tongbao::client
