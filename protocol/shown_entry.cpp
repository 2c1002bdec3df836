#include "protocol/shown_entry.hpp"

#include "protocol/log_entry_json.hpp"

#include <string>
#include <string_view>

namespace tongbao::protocol {
namespace {

constexpr char kNewline = '\n';

}  // namespace

ShownEntry split_shown_entry(BytesView shown) {
    const std::size_t end = as_text(shown).find(kNewline);
    if (end == std::string_view::npos) return {shown, std::nullopt};
    return {shown.first(end), shown.subspan(end + 1)};
}

Bytes join_shown_entry(BytesView entry, BytesView record) {
    Bytes shown;
    shown.reserve(entry.size() + 1 + record.size());
    shown.insert(shown.end(), entry.begin(), entry.end());
    shown.push_back(kNewline);
    shown.insert(shown.end(), record.begin(), record.end());
    return shown;
}

bool is_opaque_entry(BytesView entry) {
    static const std::string kBeginning =
        R"({"format":")" + std::string(kLogEntryFormat) + R"(","event":"opaque",)";
    return as_text(entry).starts_with(kBeginning);
}

}  // namespace tongbao::protocol
