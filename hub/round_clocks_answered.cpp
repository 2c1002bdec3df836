#include "domain/answered_act_rules.hpp"
#include "domain/recipient_record.hpp"
#include "domain/send_limit.hpp"
#include "hub/round_clocks.hpp"

#include <algorithm>

// What a notice does to the clocks of earlier ones.

namespace tongbao::hub {
namespace {

/// Decisions that one record keeps: each is a limit more, with steps of its own, and every touch
/// writes the whole record.
constexpr std::size_t kMostExtensions = 64;

}  // namespace

Result<RoundClocks::Held*> RoundClocks::open(const NoticeFacts& notice, const UnitId& unit) {
    const bool none = keeper_ == nullptr || !keeper_->may_have_clocks(notice.kind, notice.index);
    if (none) return static_cast<Held*>(nullptr);
    return open({notice.index, unit});
}

Result<void> RoundClocks::taken_back(const NoticeFacts& notice, const UnitId& unit,
                                     LifecycleAct act, bool closed) {
    const Result<Held*> held = open(notice, unit);
    if (!held) return held.error();
    if (*held == nullptr) return {};
    note_act((*held)->record.history, act, time_);
    (*held)->touched = true;
    // Of what was closed before nothing is said any more.
    (*held)->ends = !closed;
    return {};
}

Result<Reversal> RoundClocks::reversed(RoundAccess& round, const NoticeFacts& notice,
                                       const UnitId& unit, LogIndex reversed) {
    const Result<Held*> held = open(notice, unit);
    if (!held) return held.error();
    if (*held == nullptr) return Reversal::nothing;
    const ClockHistory& history = (*held)->record.history;
    ClockHistory after = history;
    const Reversal reversal = note_reversal(after, reversed, time_);
    if (reversal == Reversal::nothing) return reversal;
    const Result<std::uint32_t> bits = round.state_of(notice.index, unit);
    if (!bits) return bits.error();
    const Standing before = standing_from(*bits);
    // No act that follows from a reversal asks anything of the kind.
    RecipientRecord record = after_reversal({before, history}, reversed, Kind(), time_);
    if (record.standing != before) {
        round.set_state(notice.index, unit, bits_of(record.standing));
    }
    (*held)->record.history = std::move(record.history);
    (*held)->touched = true;
    return reversal;
}

Result<std::size_t> RoundClocks::owed_clocks(const NoticeFacts& notice, const UnitId& unit) {
    const Result<Held*> held = open(notice, unit);
    if (!held) return held.error();
    if (*held == nullptr) return std::size_t{0};
    const ClockView view = keeper_->view((*held)->record);
    return static_cast<std::size_t>(std::count_if(
        view.clocks.begin(), view.clocks.end(),
        [this](const LimitClock& clock) { return clock.owed && is_open(clock, time_); }));
}

Result<Checked<std::vector<ClockId>>> RoundClocks::movable(const NoticeFacts& notice,
                                                           const UnitId& unit,
                                                           const ExtensionGrant& grant) {
    using Answer = Checked<std::vector<ClockId>>;
    const Result<Held*> held = open(notice, unit);
    if (!held) return held.error();
    if (*held == nullptr) {
        return Answer(Reason{Errc::extension_not_allowed, "new_due", "no limit runs there"});
    }
    if ((*held)->record.history.extensions.size() >= kMostExtensions) {
        return Answer(Reason{Errc::extension_not_allowed, "new_due", "was moved too often"});
    }
    return Answer(clocks_moved_by((*held)->record, grant, time_, keeper_->by()));
}

Result<std::vector<std::uint16_t>> RoundClocks::extended(const NoticeFacts& notice,
                                                         const UnitId& unit, ExtensionFact fact) {
    std::vector<std::uint16_t> places;
    const Result<Held*> held = open(notice, unit);
    if (!held) return held.error();
    if (*held == nullptr) return places;
    storage::ClockRecord& record = (*held)->record;
    for (std::size_t place = 0; place < record.clocks.size(); ++place) {
        const ClockId& id = record.clocks[place].id;
        if (std::find(fact.moves.begin(), fact.moves.end(), id) == fact.moves.end()) continue;
        places.push_back(static_cast<std::uint16_t>(place));
    }
    note_extension(record.history, std::move(fact));
    (*held)->touched = true;
    return places;
}

Result<std::vector<std::string>> RoundClocks::late_for(const Notice& notice, LogIndex index,
                                                       const NoticeFacts* asked) {
    std::vector<std::string> late;
    const Kind* const kind =
        keeper_ == nullptr ? nullptr : keeper_->charter().find_kind(notice.kind);
    if (kind == nullptr || !has_send_rules(*kind)) return late;
    Result<Held*> held = static_cast<Held*>(nullptr);
    if (asked != nullptr) held = open(*asked, notice.from);
    if (!held) return held.error();
    std::optional<RecordTerms> all;
    std::optional<AnsweredNotice> answered;
    if (*held != nullptr) {
        all.emplace(terms_in((*held)->record));
        answered.emplace(AnsweredNotice{all->terms, (*held)->record.history});
    }
    const SendLimits limits = send_limits(keeper_->charter(), *kind, notice, time_,
                                          answered ? &*answered : nullptr, keeper_->by());
    for (const SendLimit& each : limits.limits) {
        if (each.late) late.push_back(each.rule);
    }
    for (const Reason& fault : limits.faults) keeper_->tell({fault, index, notice.from});
    return late;
}

}  // namespace tongbao::hub
