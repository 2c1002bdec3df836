#include "domain/recipient_state.hpp"

#include <array>
#include <utility>

namespace tongbao {
namespace {

/// From the furthest on.
constexpr std::array<std::pair<Milestone, Stage>, 7> kStages{{
    {Milestone::closed, Stage::closed},
    {Milestone::replied, Stage::replied},
    {Milestone::declined, Stage::declined},
    {Milestone::taken_up, Stage::taken_up},
    {Milestone::signed_for, Stage::signed_for},
    {Milestone::delivered, Stage::delivered},
    {Milestone::registered, Stage::registered},
}};

constexpr unsigned kMarkCount = static_cast<unsigned>(Mark::closed_by_sender) + 1;
constexpr std::uint32_t kMostStandingBits = (std::uint32_t{1} << (8 + kMarkCount)) - 1;

bool is_reachable(Milestones state, Marks marks) {
    constexpr Milestones kNeedsDelivery = Milestone::signed_for | Milestone::opened;
    constexpr Milestones kNeedsReceipt =
        Milestone::taken_up | Milestone::declined | Milestones(Milestone::replied);
    constexpr Marks kEnds = Mark::withdrawn_by | Mark::corrected_by | Marks(Mark::closed_by_sender);
    if (state.intersects(kNeedsDelivery) && !state.has(Milestone::delivered)) return false;
    if (state.intersects(kNeedsReceipt) && !state.has(Milestone::signed_for)) return false;
    if (state.contains(Milestone::taken_up | Milestone::declined)) return false;
    if (state.has(Milestone::registered) && state != Milestones(Milestone::registered)) {
        return false;
    }
    if (marks.intersects(kEnds) && !state.has(Milestone::closed)) return false;
    if (marks.contains(Mark::withdrawn_by | Mark::corrected_by)) return false;
    return marks.has(Mark::corrected_by) == marks.has(Mark::superseded);
}

}  // namespace

Stage RecipientState::stage() const noexcept {
    for (const auto& [milestone, stage] : kStages) {
        if (has(milestone)) return stage;
    }
    return Stage::logged;
}

Result<Standing> standing_of_bits(std::uint32_t bits) {
    if (bits > kMostStandingBits) return Errc::bad_value;
    const Standing standing{RecipientState(static_cast<std::uint8_t>(bits & 0xffU)),
                            Marks::of_bits(static_cast<std::uint16_t>(bits >> 8U))};
    if (!is_reachable(standing.state.milestones(), standing.marks)) return Errc::bad_value;
    return standing;
}

}  // namespace tongbao
