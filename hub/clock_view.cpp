#include "hub/clock_view.hpp"

#include "domain/charter_kind.hpp"
#include "domain/recipient_record.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tongbao::hub {
namespace {

using storage::ClockRecord;
using storage::KeptClock;

/// The deadlines of a record's clocks, in their order, for the terms to point at.
std::vector<Deadline> deadlines_of(const ClockRecord& record) {
    std::vector<Deadline> deadlines(record.clocks.size());
    for (std::size_t place = 0; place < deadlines.size(); ++place) {
        const auto& limit = record.clocks[place].limit;
        if (!limit) continue;
        Deadline& deadline = deadlines[place];
        deadline.length = limit->length;
        deadline.if_ends_on_non_working_day = limit->free_days;
        deadline.strength = limit->strength;
        deadline.extendable = limit->extendable;
    }
    return deadlines;
}

ClockTerms terms_of(const KeptClock& clock) {
    ClockTerms terms;
    terms.id = clock.id;
    terms.owed = clock.owed;
    terms.from = clock.from;
    terms.start = clock.start;
    terms.named = clock.named;
    return terms;
}

/// What the lifecycle asks of a kind for the hub's own acts: nothing else of it counts there.
const Kind& kind_with(bool taking_up) {
    static const std::array<Kind, 2> kKinds = [] {
        std::array<Kind, 2> kinds;
        kinds[1].accept.required = true;
        return kinds;
    }();
    return kKinds[taking_up ? 1 : 0];
}

}  // namespace

std::uint16_t ClockView::place_of(const ClockId& clock) const {
    const auto found = std::find_if(clocks.begin(), clocks.end(),
                                    [&clock](const LimitClock& each) { return each.id == clock; });
    return static_cast<std::uint16_t>(found - clocks.begin());
}

RecordTerms terms_in(const ClockRecord& record) {
    RecordTerms all{deadlines_of(record), {}};
    for (std::size_t place = 0; place < record.clocks.size(); ++place) {
        all.terms.push_back(terms_of(record.clocks[place]));
        if (record.clocks[place].limit) all.terms.back().deadline = &all.deadlines[place];
    }
    return all;
}

ClockView view_of(const ClockRecord& record, const LimitCalendar& by) {
    const RecordTerms all = terms_in(record);
    Escalation escalation;
    for (const storage::KeptStep& step : record.steps) {
        escalation.steps.push_back({step.at, step.deed, {}, std::nullopt});
    }
    ClockView view;
    view.clocks = run_clocks(all.terms, record.history, by);
    view.schedule = schedule(view.clocks, escalation, by);
    for (const storage::DoneStep& step : record.done) {
        view.done.insert({record.clocks[step.clock].id, step.limit, step.step});
    }
    return view;
}

std::vector<ClockTerms> terms_by(const ClockRecord& record, const Kind& asked_kind) {
    const std::vector<ReplyRule>& replies = asked_kind.replies;
    std::vector<ClockTerms> terms;
    for (const KeptClock& clock : record.clocks) {
        ClockTerms each = terms_of(clock);
        const bool moved =
            each.id.purpose == ClockId::Purpose::reply &&
            (each.id.reply >= replies.size() || replies[each.id.reply].kind != clock.asked);
        if (moved) {
            const auto found =
                std::find_if(replies.begin(), replies.end(),
                             [&clock](const ReplyRule& rule) { return rule.kind == clock.asked; });
            each.id.reply = static_cast<std::uint16_t>(found - replies.begin());
        }
        terms.push_back(std::move(each));
    }
    return terms;
}

std::vector<ClockId> kept_ids(const ClockRecord& record, const std::vector<ClockTerms>& terms,
                              const std::vector<ClockId>& ids) {
    std::vector<ClockId> kept;
    for (std::size_t place = 0; place < terms.size(); ++place) {
        if (std::find(ids.begin(), ids.end(), terms[place].id) != ids.end()) {
            kept.push_back(record.clocks[place].id);
        }
    }
    return kept;
}

Checked<std::vector<ClockId>> clocks_moved_by(const ClockRecord& record,
                                              const ExtensionGrant& grant, UtcTime now,
                                              const LimitCalendar& by) {
    const RecordTerms all = terms_in(record);
    const std::vector<LimitClock> clocks = run_clocks(all.terms, record.history, by);
    return tongbao::clocks_moved_by(clocks, all.terms, grant, now, by);
}

std::optional<UtcTime> due_of(const LimitClock& clock) {
    if (clock.limits.empty()) return std::nullopt;
    return clock.limits.back().limit.due.at;
}

bool is_open(const LimitClock& clock, UtcTime now) {
    const ClockStatus status = status_at(clock, now);
    return status == ClockStatus::not_started || status == ClockStatus::running;
}

Standing marked(const Standing& standing, const ClockView& view, UtcTime now) {
    const Marks marks = clock_marks(view.clocks, view.schedule, now);
    // No act that gives marks asks anything of the kind.
    return with_clock_marks({standing, {}}, marks, kind_with(false), Addressed::to).standing;
}

bool is_to_close(const ClockRecord& record, const ClockView& view, const Standing& standing,
                 UtcTime now) {
    const bool owed = record.taking_up || std::any_of(record.clocks.begin(), record.clocks.end(),
                                                      [](const auto& each) { return each.owed; });
    return owed &&
           is_settled({standing, {}}, view.clocks, kind_with(record.taking_up), Addressed::to, now);
}

storage::ClockIndexes indexes_of(const ClockView& view, const Standing& standing, UtcTime now) {
    storage::ClockIndexes indexes;
    if (standing.state.has(Milestone::closed)) return indexes;
    indexes.look = next_step_at(view.schedule, view.done);
    for (std::size_t place = 0; place < view.clocks.size(); ++place) {
        const LimitClock& clock = view.clocks[place];
        if (!is_open(clock, now)) continue;
        indexes.open.push_back({static_cast<std::uint16_t>(place), due_of(clock)});
    }
    return indexes;
}

Standing standing_from(std::uint32_t bits) {
    const Result<Standing> standing = standing_of_bits(bits);
    if (standing) return *standing;
    return {RecipientState(static_cast<std::uint8_t>(bits)), {}};
}

}  // namespace tongbao::hub
