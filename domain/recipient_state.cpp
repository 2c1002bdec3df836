#include "domain/recipient_state.hpp"

#include "domain/lifecycle_table.hpp"

#include <algorithm>
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

constexpr unsigned kMarkCount = static_cast<unsigned>(Mark::evidenced) + 1;
constexpr std::uint32_t kMostStandingBits = (std::uint32_t{1} << (8 + kMarkCount)) - 1;

/// Whether `state` has what each act that it tells of implies.
bool has_implied(Milestones state) {
    return std::all_of(kLifecycle.begin(), kLifecycle.end(), [state](const LifecycleRule& rule) {
        return !state.intersects(rule.adds) || state.contains(rule.implies);
    });
}

bool is_reachable(Milestones state, Marks marks) {
    if (!has_implied(state) || state.contains(lifecycle_table::kDecided)) return false;
    if (state.has(Milestone::registered)) {
        // Of who is outside only this is told, and that the notice was taken out of force.
        const bool replaced = marks.intersects(lifecycle_table::kReplaced);
        const Milestones beside = replaced ? Milestones(Milestone::closed) : Milestones();
        if (state != (Milestones(Milestone::registered) | beside)) return false;
    }
    if (marks.has(Mark::evidenced) && !state.has(Milestone::registered)) return false;
    if (marks.intersects(kOutOfForce) && !state.has(Milestone::closed)) return false;
    if (marks.contains(lifecycle_table::kReplaced)) return false;
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
