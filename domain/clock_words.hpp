#pragma once

#include "domain/charter_deadline.hpp"
#include "domain/recipient_state.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace tongbao {

// The words of what clocks bring about: as charters, the log and answers have them.

inline constexpr std::array<std::string_view, 5> kDeedWords{"remind", "mark_overdue", "urge",
                                                            "supervise", "list_for_meeting"};

[[nodiscard]] constexpr std::string_view word(EscalationDeed deed) noexcept {
    return kDeedWords[static_cast<std::size_t>(deed)];
}

[[nodiscard]] constexpr std::optional<EscalationDeed> deed_from_word(
    std::string_view text) noexcept {
    for (std::size_t at = 0; at < kDeedWords.size(); ++at) {
        if (kDeedWords[at] == text) return static_cast<EscalationDeed>(at);
    }
    return std::nullopt;
}

inline constexpr std::array<std::string_view, 10> kMarkWords{
    "due_soon",     "overdue",      "urged",      "supervised", "answered_late",
    "corrected_by", "withdrawn_by", "superseded", "extended",   "closed_by_sender"};

/// Empty for Mark::evidenced, which the register of dispatches shows as a stage of its own.
[[nodiscard]] constexpr std::string_view word(Mark mark) noexcept {
    const auto at = static_cast<std::size_t>(mark);
    return at < kMarkWords.size() ? kMarkWords[at] : std::string_view();
}

static_assert(word(EscalationDeed::list_for_meeting) == "list_for_meeting");
static_assert(word(Mark::closed_by_sender) == "closed_by_sender");

}  // namespace tongbao
