#include "domain/dispatch_stage.hpp"

#include "domain/due_time.hpp"
#include "domain/lifecycle_table.hpp"

#include <array>
#include <utility>

namespace tongbao {
namespace {

constexpr std::array<std::pair<DispatchStage, std::string_view>, 4> kStageWords{{
    {DispatchStage::open, "open"},
    {DispatchStage::registered, "registered"},
    {DispatchStage::evidenced, "evidenced"},
    {DispatchStage::withdrawn, "withdrawn"},
}};

}  // namespace

std::string_view word(DispatchStage stage) noexcept {
    for (const auto& [each, text] : kStageWords) {
        if (each == stage) return text;
    }
    return {};
}

std::optional<DispatchStage> dispatch_stage_from_word(std::string_view text) noexcept {
    for (const auto& [stage, each] : kStageWords) {
        if (each == text) return stage;
    }
    return std::nullopt;
}

DispatchStage dispatch_stage(const Standing& standing) noexcept {
    if (standing.marks.intersects(kOutOfForce)) return DispatchStage::withdrawn;
    if (standing.marks.has(Mark::evidenced)) return DispatchStage::evidenced;
    const bool registered = standing.state.has(Milestone::registered);
    return registered ? DispatchStage::registered : DispatchStage::open;
}

bool is_chased(DispatchStage stage) noexcept {
    return stage == DispatchStage::open || stage == DispatchStage::registered;
}

std::optional<UtcTime> chased_from(DispatchStage stage, UtcTime begun, const LimitCalendar& by) {
    if (!is_chased(stage)) return std::nullopt;
    const WorkingDays working_days(by.calendar);
    for (const TimeUnit unit : {TimeUnit::working_day, TimeUnit::day}) {
        const Checked<DueTime> end =
            due_time(begun, {1, unit}, FreeDayRule::none, {working_days, by.zone});
        if (end) return end->at;
    }
    return begun;
}

}  // namespace tongbao
