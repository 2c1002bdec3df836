#include "domain/act_rules.hpp"

#include "domain/field_type.hpp"
#include "domain/notice_rules.hpp"

#include <string_view>

namespace tongbao {
namespace {

constexpr const char* kPlace = "reason";
constexpr std::size_t kMaxDispatchLine = 100;
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

void check_dispatch_line(Reasons& reasons, const Charter& charter, const std::string& text,
                         const char* place) {
    if (!check_plain_text(text, kMaxDispatchLine, Newlines::refused) || is_blank(text)) {
        reasons.push_back(
            {Errc::malformed_field, place, "expected one line of 1 to 100 characters"});
    }
    if (bears_refused_mark(charter, text)) {
        reasons.push_back({Errc::refused_mark, place, "bears a mark of a state secret"});
    }
}

Reasons check_dispatch_words(const Charter& charter, const Dispatch& dispatch) {
    Reasons reasons;
    check_dispatch_line(reasons, charter, dispatch.method, "dispatch.method");
    if (dispatch.number) check_dispatch_line(reasons, charter, *dispatch.number, "dispatch.number");
    return reasons;
}

}  // namespace

Reasons check_words(const Charter& charter, const Act& act) {
    if (act.dispatch) return check_dispatch_words(charter, *act.dispatch);
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
