#include "domain/act_rules.hpp"

#include "domain/field_type.hpp"
#include "domain/notice_rules.hpp"

#include <string_view>

namespace tongbao {
namespace {

constexpr const char* kPlace = "reason";
/// Blanks of ASCII and the ideographic space.
constexpr std::string_view kBlanks = " \n";
constexpr std::string_view kIdeographicSpace = "\u3000";

bool is_blank(std::string_view text) {
    while (!text.empty()) {
        if (kBlanks.find(text.front()) != std::string_view::npos) {
            text.remove_prefix(1);
        } else if (text.starts_with(kIdeographicSpace)) {
            text.remove_prefix(kIdeographicSpace.size());
        } else {
            return false;
        }
    }
    return true;
}

}  // namespace

Reasons check_words(const Charter& charter, const Act& act) {
    if (!act.reason) return {};
    Reasons reasons;
    if (!check_form(FieldType::text, *act.reason)) {
        reasons.push_back({Errc::malformed_field, kPlace, explain_form(FieldType::text)});
    } else if (is_blank(*act.reason)) {
        reasons.push_back({Errc::reason_required, kPlace, "expected words, not blanks"});
    }
    if (bears_refused_mark(charter, *act.reason)) {
        reasons.push_back({Errc::refused_mark, kPlace, "bears a mark of a state secret"});
    }
    return reasons;
}

}  // namespace tongbao
