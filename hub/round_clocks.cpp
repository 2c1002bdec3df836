#include "hub/round_clocks.hpp"

#include "domain/lifecycle.hpp"

#include <algorithm>
#include <queue>
#include <tuple>
#include <vector>

namespace tongbao::hub {
namespace {

using storage::ClockRecord;

/// Records that one commit looks at.
constexpr std::size_t kLooksPerCommit = 256;
/// Answers that a record keeps though they stop nothing anew: they count if an earlier one is taken
/// back. A unit may answer as often as it likes, and each touch writes the whole record.
constexpr std::size_t kMostSpareAnswers = 64;

/// Whether an answer that stops these clocks finds all of them stopped, and the notice signed for.
bool is_spare(const ClockHistory& history, const std::vector<ClockId>& stops) {
    const auto stopped = [&history](const ClockId& clock) {
        return std::any_of(history.answers.begin(), history.answers.end(),
                           [&clock](const AnswerFact& fact) {
                               return !fact.reversed_at && can_stop(fact, clock);
                           });
    };
    return history.signed_for_at && std::all_of(stops.begin(), stops.end(), stopped);
}

}  // namespace

/// A record with the steps that are due, while they are done in the order of all.
struct RoundClocks::Visit {
    Held held;
    std::uint32_t standing{0};
    ClockView view;
    std::vector<ScheduledStep> due;
    std::size_t next{0};
};

void RoundClocks::logged(const Notice& notice, LogIndex index, const Digest& sha256,
                         const std::vector<UnitId>& reached) {
    if (keeper_ == nullptr || !keeper_->starts_clocks(notice.kind)) return;
    for (const UnitId& unit : notice.to) {
        if (!contains(reached, unit)) continue;
        std::optional<ClockRecord> record = keeper_->start(notice, index, sha256, unit, time_);
        if (record)
            held_.insert_or_assign({index, unit}, Held{*std::move(record), {}, true, false, false});
    }
}

Result<RoundClocks::Held*> RoundClocks::open(const ClockPlace& place) {
    const auto known = held_.find(place);
    if (known != held_.end()) return &known->second;
    Result<std::optional<ClockRecord>> record = store_.read_clocks(place.first, place.second);
    if (!record) return record.error();
    if (!*record) return static_cast<Held*>(nullptr);
    storage::ClockIndexes before = (*record)->indexes;
    Held held{**std::move(record), std::move(before), false, false, false};
    return &held_.emplace(place, std::move(held)).first->second;
}

Result<void> RoundClocks::acted(const NoticeFacts& notice, const UnitId& unit, ActKind act) {
    if (keeper_ == nullptr || !notice.recipient(unit)) return {};
    if (!keeper_->may_have_clocks(notice.kind, notice.index)) return {};
    const bool arrival = act == ActKind::delivered || act == ActKind::opened;
    if (arrival && !keeper_->may_start_delivered(notice.kind, notice.index)) return {};
    const Result<Held*> held = open({notice.index, unit});
    if (!held) return held.error();
    if (*held == nullptr) return {};
    const ClockHistory before = (*held)->record.history;
    note_act((*held)->record.history, lifecycle_act(act), time_);
    // Taking up changes no time, but what is owed.
    const bool decides = act == ActKind::taken_up || act == ActKind::declined;
    if (decides || (*held)->record.history != before) (*held)->touched = true;
    return {};
}

Result<void> RoundClocks::answered(const NoticeFacts& facts, const Notice& asked,
                                   const Notice& answer, LogIndex index) {
    const Result<Held*> held = open(facts, answer.from);
    if (!held) return held.error();
    if (*held == nullptr) return {};
    const Kind* const kind = keeper_->charter().find_kind(facts.kind);
    if (kind == nullptr) return {};
    ClockRecord& record = (*held)->record;
    const std::vector<ClockTerms> terms = terms_by(record, *kind);
    const std::vector<ClockId> stopped =
        kept_ids(record, terms, clocks_stopped_by(keeper_->charter(), asked, answer, terms));
    const auto counting =
        std::count_if(record.history.answers.begin(), record.history.answers.end(),
                      [](const AnswerFact& each) { return !each.reversed_at; });
    const bool full = static_cast<std::size_t>(counting) >= kMostSpareAnswers;
    if (full && is_spare(record.history, stopped)) return {};
    note_answer(record.history, {index, time_, stopped});
    (*held)->touched = true;
    return {};
}

void RoundClocks::do_step(RoundAccess& round, Held& held, ClockView& view,
                          const ScheduledStep& step) {
    ClockRecord& record = held.record;
    EscalatedEvent event;
    event.notice = {record.sha256, record.notice};
    event.unit = record.unit;
    event.clock = view.place_of(step.id.clock);
    if (step.id.clock.purpose == ClockId::Purpose::reply) event.reply = step.id.clock.reply;
    event.limit = step.id.limit;
    event.step = step.id.step;
    event.deed = step.deed;
    event.due = step.at;
    const LogIndex entry = round.append(record.notice, event);
    record.done.push_back({event.clock, event.limit, event.step, event.due, time_, entry});
    view.done.insert(step.id);
}

void RoundClocks::keep(Held held) {
    const std::optional<UtcTime>& look = held.record.indexes.look;
    if (look && (!next_look_ || *look < *next_look_)) next_look_ = look;
    updates_.push_back({std::move(held.record), std::move(held.before)});
}

/// When the steps that could be done are done: marks, closing, and what finds the record.
void RoundClocks::conclude(RoundAccess& round, Held& held, const ClockView& view,
                           std::uint32_t bits) {
    ClockRecord& record = held.record;
    keeper_->tell_troubles(record, view);
    const Standing before = standing_from(bits);
    Standing standing = marked(before, view, time_);
    if (view.due(time_).empty() && is_to_close(record, view, standing, time_)) {
        round.append(record.notice, ClosedEvent{{record.sha256, record.notice}, record.unit});
        const Result<Standing> closed =
            advance(standing, {LifecycleAct::settled, Party::hub, Kind(), Addressed::to, false});
        if (closed) standing = *closed;
    }
    if (standing != before) round.set_state(record.notice, record.unit, bits_of(standing));
    record.indexes = indexes_of(view, standing, time_);
}

void RoundClocks::finish(RoundAccess& round, std::size_t limit) {
    for (auto& [place, held] : held_) {
        if (held.touched) {
            ClockView view = keeper_->view(held.record);
            // What touched the record set it in this round: that costs no look at the disk.
            const Result<std::uint32_t> read = round.state_of(place.first, place.second);
            const std::uint32_t bits = read ? *read : 0;
            const bool closed = standing_from(bits).state.has(Milestone::closed) && !held.ends;
            std::size_t done = 0;
            for (const ScheduledStep& step : view.due(time_)) {
                // Of what is closed nothing is said any more.
                if (closed || done++ == limit) break;
                do_step(round, held, view, step);
            }
            conclude(round, held, view, bits);
        }
        if (held.touched || held.fresh) keep(std::move(held));
    }
    held_.clear();
}

Result<void> RoundClocks::do_due(RoundAccess& round, std::size_t limit,
                                 std::set<ClockPlace>& aside) {
    if (keeper_ == nullptr) return {};
    const std::size_t asked = kLooksPerCommit + aside.size();
    const Result<std::vector<storage::LookRow>> rows = store_.read_looks(asked);
    if (!rows) return rows.error();
    std::vector<Visit> visits;
    for (const storage::LookRow& row : *rows) {
        if (row.at >= time_) break;
        const ClockPlace place{row.notice, row.unit};
        if (aside.contains(place)) continue;
        const Result<Held*> held = open(place);
        const Result<std::uint32_t> state =
            held ? round.state_of(row.notice, row.unit) : Result<std::uint32_t>(held.error());
        if (!state || *held == nullptr || (*held)->before.look != row.at) {
            const Errc errc = state ? Errc::storage_corrupt : to_errc(state.error());
            keeper_->tell({{errc, "clocks", "can't be read"}, row.notice, row.unit});
            aside.insert(place);
            continue;
        }
        Visit visit{std::move(**held), *state, {}, {}, 0};
        visit.view = keeper_->view(visit.held.record);
        visit.due = visit.view.due(time_);
        visits.push_back(std::move(visit));
    }
    held_.clear();

    // The earliest of all first. What was not read stands behind the last row that was.
    const bool all = rows->size() < asked;
    const auto later = [&visits](std::size_t a, std::size_t b) {
        const auto key = [&visits](std::size_t i) {
            const Visit& visit = visits[i];
            return std::tie(visit.due[visit.next].falls_due, visit.held.record.notice,
                            visit.held.record.unit);
        };
        return key(b) < key(a);
    };
    std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> waiting(later);
    for (std::size_t i = 0; i < visits.size(); ++i) {
        if (!visits[i].due.empty()) waiting.push(i);
    }
    for (std::size_t done = 0; !waiting.empty() && done < limit; ++done) {
        const std::size_t first = waiting.top();
        Visit& visit = visits[first];
        const storage::LookRow& last = rows->back();
        const ClockRecord& record = visit.held.record;
        const bool beyond = std::tie(visit.due[visit.next].falls_due, record.notice, record.unit) >
                            std::tie(last.at, last.notice, last.unit);
        if (!all && beyond) break;
        waiting.pop();
        do_step(round, visit.held, visit.view, visit.due[visit.next]);
        if (++visit.next < visit.due.size()) waiting.push(first);
    }
    for (Visit& visit : visits) {
        conclude(round, visit.held, visit.view, visit.standing);
        keep(std::move(visit.held));
    }
    return {};
}

}  // namespace tongbao::hub
