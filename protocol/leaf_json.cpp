#include "protocol/leaf_json.hpp"

#include "protocol/act_json.hpp"
#include "protocol/limits.hpp"
#include "protocol/notice_json.hpp"

#include <algorithm>

namespace tongbao::protocol {
namespace {

bool has_format(const JsonValue& value, std::string_view format) {
    const auto* const members = std::get_if<JsonValue::Object>(&value.value);
    if (members == nullptr) return false;
    return std::any_of(members->begin(), members->end(), [format](const JsonMember& each) {
        const auto* const text = std::get_if<std::string_view>(&each.value.value);
        return each.name == "format" && text != nullptr && *text == format;
    });
}

}  // namespace

Checked<Leaf> read_leaf(BytesView text) {
    const Checked<JsonDocument> value = read_json(text, std::max(kMaxNoticeBytes, kMaxActBytes));
    if (!value) return value.error();
    if (has_format(*value, kActFormat)) {
        Checked<Act> act = act_from(*value);
        if (!act) return act.error();
        return Leaf(*std::move(act));
    }
    Checked<Notice> notice = notice_from(*value);
    if (!notice) return notice.error();
    return Leaf(*std::move(notice));
}

const UnitId& sender(const Leaf& leaf) noexcept {
    return std::visit([](const auto& each) -> const UnitId& { return each.from; }, leaf);
}

const Uuid& identifier(const Leaf& leaf) noexcept {
    return std::visit([](const auto& each) -> const Uuid& { return each.id.value(); }, leaf);
}

}  // namespace tongbao::protocol
