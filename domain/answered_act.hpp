#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tongbao {

/// What a notice can do to an earlier one. Of all but `extend` that is the notice it answers; what
/// extends answers a request, and does it to the notice that the request answered.
enum class AnsweredAct : std::uint8_t {
    correct,    ///< 更正: the old one ends, and another notice counts instead
    withdraw,   ///< 撤回: the old one ends
    extend,     ///< 延期: the limit of the unit that asked for it moves
    urge,       ///< 催办
    supervise,  ///< 督办
};

/// As charters have them.
inline constexpr std::array<std::string_view, 5> kAnsweredActWords{"correct", "withdraw", "extend",
                                                                   "urge", "supervise"};
/// As the log has them, done.
inline constexpr std::array<std::string_view, 5> kAnsweredEventWords{
    "corrected", "withdrawn", "extended", "urged", "supervised"};

[[nodiscard]] constexpr std::string_view word(AnsweredAct act) noexcept {
    return kAnsweredActWords[static_cast<std::size_t>(act)];
}

[[nodiscard]] constexpr std::string_view event_word(AnsweredAct act) noexcept {
    return kAnsweredEventWords[static_cast<std::size_t>(act)];
}

[[nodiscard]] constexpr std::optional<AnsweredAct> answered_act_from_event(
    std::string_view text) noexcept {
    for (std::size_t at = 0; at < kAnsweredEventWords.size(); ++at) {
        if (kAnsweredEventWords[at] == text) return static_cast<AnsweredAct>(at);
    }
    return std::nullopt;
}

/// Whether it takes a notice of its own sender out of force.
[[nodiscard]] constexpr bool reverses(AnsweredAct act) noexcept {
    return act == AnsweredAct::correct || act == AnsweredAct::withdraw;
}

/// Whether it presses those who owe something of a notice.
[[nodiscard]] constexpr bool presses(AnsweredAct act) noexcept {
    return act == AnsweredAct::urge || act == AnsweredAct::supervise;
}

static_assert(word(AnsweredAct::supervise) == "supervise");
static_assert(event_word(AnsweredAct::supervise) == "supervised");

}  // namespace tongbao
