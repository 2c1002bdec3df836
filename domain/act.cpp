#include "domain/act.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tongbao {
namespace {

constexpr std::array<std::pair<ActKind, std::string_view>, 7> kWords{{
    {ActKind::delivered, "delivered"},
    {ActKind::signed_for, "signed_for"},
    {ActKind::opened, "opened"},
    {ActKind::taken_up, "taken_up"},
    {ActKind::declined, "declined"},
    {ActKind::dispatched, "dispatched"},
    {ActKind::closed_by_sender, "closed_by_sender"},
}};

}  // namespace

std::string_view word(ActKind kind) noexcept {
    const auto row = std::find_if(kWords.begin(), kWords.end(),
                                  [kind](const auto& each) { return each.first == kind; });
    return row == kWords.end() ? std::string_view() : row->second;
}

std::optional<ActKind> act_kind_from_word(std::string_view text) noexcept {
    const auto row = std::find_if(kWords.begin(), kWords.end(),
                                  [text](const auto& each) { return each.second == text; });
    if (row == kWords.end()) return std::nullopt;
    return row->first;
}

}  // namespace tongbao
