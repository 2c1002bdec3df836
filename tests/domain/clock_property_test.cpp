#include "domain/escalation_steps.hpp"
#include "domain/extension.hpp"
#include "domain/recipient_record.hpp"
#include "tests/domain/clock_fixture.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

// What holds of clocks and their steps after any sequence of events, at any looks.

using namespace tongbao;
using namespace tongbao::testing;

namespace {

using StepUnit = EscalationTime::Unit;
using L = LifecycleAct;

enum class Op {
    deliver,
    sign,
    open,
    take_up,
    decline,
    interim,
    answer,
    reverse,
    extend,
    withdraw,
    look
};

struct Event {
    Op op{};
    /// After the event before; the times of a log never decrease.
    std::chrono::minutes gap{};
    std::uint16_t number{0};
};

/// Declining and withdrawing end everything, so they come seldom.
rc::Gen<std::vector<Event>> any_events() {
    const auto one = rc::gen::exec([] {
        Event event;
        event.op = *rc::gen::weightedElement<Op>({{2, Op::deliver},
                                                  {3, Op::sign},
                                                  {1, Op::open},
                                                  {2, Op::take_up},
                                                  {1, Op::decline},
                                                  {3, Op::interim},
                                                  {6, Op::answer},
                                                  {5, Op::reverse},
                                                  {4, Op::extend},
                                                  {1, Op::withdraw},
                                                  {8, Op::look}});
        event.gap = std::chrono::minutes(*rc::gen::inRange(0, 4 * 24 * 60));
        event.number = *rc::gen::inRange<std::uint16_t>(0, 8);
        return event;
    });
    return rc::gen::container<std::vector<Event>>(one);
}

Escalation ladder() {
    Escalation out;
    out.steps = {{{-1, StepUnit::working_days}, EscalationDeed::remind, {}, {}},
                 {{0, StepUnit::hours}, EscalationDeed::mark_overdue, {}, {}},
                 {{8, StepUnit::hours}, EscalationDeed::urge, {}, {}},
                 {{3, StepUnit::working_days}, EscalationDeed::supervise, {}, {}}};
    return out;
}

/// Every way in which the charters count.
const std::array kDeadlines{
    deadline_of(3, TimeUnit::day, kRolling),
    deadline_of(5, TimeUnit::working_day, FreeDayRule::none, Duration{5, TimeUnit::working_day}),
    deadline_of(24, TimeUnit::hour),
    deadline_of(1, TimeUnit::month, kRolling, Duration{15, TimeUnit::day}, Strength::statutory),
    deadline_of(7, TimeUnit::day)};

/// A notice of 2020 at one recipient, its clocks drawn.
struct Drawn {
    Drawn() {
        logged = at("2020-01-06 00:00") + std::chrono::minutes(*rc::gen::inRange(0, 350 * 24 * 60));
        world.history.logged_at = logged;
        if (*rc::gen::weightedElement<bool>({{4, true}, {1, false}})) world.receipt();
        const int replies = *rc::gen::inRange(1, 4);
        for (int reply = 0; reply < replies; ++reply) add_reply();
        kind.accept.required = *rc::gen::arbitrary<bool>();
        kind.accept.decline = DeclineRule::with_reason;
    }

    void add_reply() {
        const auto from = *rc::gen::weightedElement<ClockStart>({{6, ClockStart::signed_for},
                                                                 {2, ClockStart::delivered},
                                                                 {2, ClockStart::logged},
                                                                 {2, ClockStart::fixed},
                                                                 {1, ClockStart::never}});
        const bool day_only = from == ClockStart::fixed;
        const auto place = *rc::gen::inRange<std::size_t>(0, kDeadlines.size());
        ClockTerms& terms = world.reply(kDeadlines[day_only && place == 2 ? 0 : place], from);
        terms.owed = *rc::gen::weightedElement<bool>({{4, true}, {1, false}});
        const LocalDay today = day_in(world.zone, logged);
        if (day_only) terms.start = today + std::chrono::days(*rc::gen::inRange(-20, 20));
        if (from == ClockStart::logged && *rc::gen::arbitrary<bool>()) {
            terms.named = today + std::chrono::days(*rc::gen::inRange(-3, 30));
        }
    }

    [[nodiscard]] std::vector<LimitClock> clocks(const RecipientRecord& record) const {
        return run_clocks(world.terms, record.history, world.by());
    }
    [[nodiscard]] Schedule steps(const RecipientRecord& record) const {
        return schedule(clocks(record), ladder(), world.by());
    }

    ClockWorld world{"2020-01-06 00:00"};
    UtcTime logged{};
    Kind kind;
};

/// Keeps a record through events, and does at looks what a hub does then.
struct Keeper {
    explicit Keeper(const Drawn& of)
        : drawn(of), record(logged_record(of.logged)), now(of.logged) {}

    void act(L what, Party by = Party::recipient) {
        const Result<RecipientRecord> next =
            after_act(record, {what, by, drawn.kind, Addressed::to, true}, now);
        if (next) record = *next;
    }

    void answer(std::uint16_t number) {
        AnswerFact fact{LogIndex(next_index), now, {}};
        for (const ClockTerms& terms : drawn.world.terms) {
            const bool is_reply = terms.id.purpose == ClockId::Purpose::reply;
            if (is_reply && (number >> terms.id.reply) % 2 == 1) fact.stops.push_back(terms.id);
        }
        const auto next =
            after_satisfying_answer(record, fact, drawn.clocks(record), drawn.kind, Addressed::to);
        if (next) record = *next;
    }

    void extend(std::uint16_t number) {
        const UtcTime new_due = now + std::chrono::hours(24 * (1 + 3 * number));
        const auto moved = clocks_moved_by(drawn.clocks(record), drawn.world.terms, {new_due, true},
                                           now, drawn.world.by());
        if (!moved) return;
        const auto next = after_extension(record, {LogIndex(next_index), now, new_due, *moved},
                                          drawn.kind, Addressed::to);
        if (next) record = *next;
    }

    void look() {
        const Schedule all = drawn.steps(record);
        for (const ScheduledStep& step : due_steps(all, done, now)) {
            done.insert(step.id);
            taken.push_back(step);
        }
        const Marks marks = clock_marks(drawn.clocks(record), all, now);
        record = with_clock_marks(record, marks, drawn.kind, Addressed::to);
        if (is_settled(record, drawn.clocks(record), drawn.kind, Addressed::to, now)) {
            act(L::settled, Party::hub);
        }
    }

    void take(const Event& event, bool looks) {
        now += event.gap;
        ++next_index;
        switch (event.op) {
            case Op::deliver:
                return act(L::delivered);
            case Op::sign:
                return act(L::signed_for);
            case Op::open:
                return act(L::opened);
            case Op::take_up:
                return act(L::taken_up);
            case Op::decline:
                return act(L::declined);
            case Op::interim:
                return act(L::interim_answer);
            case Op::answer:
                return answer(event.number);
            case Op::reverse:
                record =
                    after_reversal(record,
                                   LogIndex(next_index - 1 -
                                            std::min<std::uint64_t>(event.number, next_index - 1)),
                                   drawn.kind, now);
                return;
            case Op::extend:
                return extend(event.number);
            case Op::withdraw:
                return act(L::withdrawn, Party::sender);
            case Op::look:
                if (looks) look();
                return;
        }
    }

    /// Long after the last event.
    void end() {
        now += std::chrono::hours(24 * 90);
        look();
    }

    const Drawn& drawn;
    RecipientRecord record;
    UtcTime now;
    std::uint64_t next_index{0};
    std::set<StepId> done;
    std::vector<ScheduledStep> taken;
};

}  // namespace

TEST_SUITE("clock properties") {
    TEST_CASE("steps come each once and in one order whenever one looks") {
        CHECK(rc::check([] {
            const Drawn drawn;
            const std::vector<Event> events = *any_events();
            Keeper often(drawn);
            Keeper once(drawn);
            for (const Event& event : events) {
                often.take(event, true);
                once.take(event, false);
            }
            often.end();
            once.end();
            RC_ASSERT(often.taken == once.taken);
            RC_ASSERT(often.done.size() == often.taken.size());
            const auto by_time = [](const ScheduledStep& a, const ScheduledStep& b) {
                return a.falls_due < b.falls_due;
            };
            RC_ASSERT(std::is_sorted(often.taken.begin(), often.taken.end(), by_time));
            for (const ScheduledStep& step : often.taken) RC_ASSERT(step.at <= step.falls_due);
        }));
    }

    TEST_CASE("what a hub kept at its looks is what a replay of the log gives") {
        CHECK(rc::check([] {
            const Drawn drawn;
            const std::vector<Event> events = *any_events();
            Keeper kept(drawn);
            Keeper replayed(drawn);
            for (const Event& event : events) kept.take(event, true);
            for (const Event& event : events) {
                replayed.take(event, false);
                replayed.record.standing = *standing_of_bits(bits_of(replayed.record.standing));
            }
            kept.end();
            replayed.end();
            RC_ASSERT(kept.record == replayed.record);
        }));
    }

    TEST_CASE("overdue and answered late stay once they were set") {
        CHECK(rc::check([] {
            const Drawn drawn;
            Keeper keeper(drawn);
            for (const Event& event : *any_events()) {
                const Marks before = keeper.record.standing.marks;
                keeper.take(event, true);
                keeper.look();
                RC_ASSERT(keeper.record.standing.marks.contains(before.without(Mark::due_soon)));
                const bool told = std::any_of(keeper.taken.begin(), keeper.taken.end(),
                                              [](const ScheduledStep& step) {
                                                  return step.deed == EscalationDeed::mark_overdue;
                                              });
                RC_ASSERT(keeper.record.standing.marks.has(Mark::overdue) == told);
            }
        }));
    }

    TEST_CASE("closed or declined or withdrawn owes nothing and has no more steps") {
        CHECK(rc::check([] {
            const Drawn drawn;
            Keeper keeper(drawn);
            for (const Event& event : *any_events()) {
                keeper.take(event, true);
                const std::vector<LimitClock> clocks = drawn.clocks(keeper.record);
                const bool ended = keeper.record.history.ended_at.has_value();
                if (ended || keeper.record.standing.state.has(Milestone::closed)) {
                    RC_ASSERT(!any_owed(clocks, keeper.now));
                }
                if (!ended) continue;
                for (const ScheduledStep& step : drawn.steps(keeper.record).steps) {
                    RC_ASSERT(step.falls_due < *keeper.record.history.ended_at);
                }
            }
        }));
    }

    TEST_CASE("one recipient's events move no clock of another") {
        CHECK(rc::check([] {
            const Drawn drawn;
            const std::vector<Event> events = *any_events();
            const auto owners =
                *rc::gen::container<std::vector<bool>>(events.size(), rc::gen::arbitrary<bool>());
            std::map<bool, Keeper> both{{false, Keeper(drawn)}, {true, Keeper(drawn)}};
            std::map<bool, Keeper> alone = both;
            for (std::size_t at = 0; at < events.size(); ++at) {
                both.at(owners[at]).take(events[at], true);
            }
            for (const bool owner : {false, true}) {
                for (std::size_t at = 0; at < events.size(); ++at) {
                    if (owners[at] == owner) alone.at(owner).take(events[at], true);
                }
                RC_ASSERT(drawn.clocks(alone.at(owner).record) ==
                          drawn.clocks(both.at(owner).record));
            }
        }));
    }

    TEST_CASE("an interim answer changes nothing at any time") {
        CHECK(rc::check([] {
            const Drawn drawn;
            Keeper keeper(drawn);
            for (const Event& event : *any_events()) keeper.take(event, true);
            const RecipientRecord before = keeper.record;
            keeper.act(L::interim_answer);
            RC_ASSERT(keeper.record == before);
            RC_ASSERT(drawn.clocks(keeper.record) == drawn.clocks(before));
        }));
    }

    TEST_CASE("a unit that does nothing is overdue on every limit that it has") {
        CHECK(rc::check([] {
            const Drawn drawn;
            Keeper keeper(drawn);
            keeper.end();
            for (const LimitClock& clock : drawn.clocks(keeper.record)) {
                if (clock.limits.empty() || !clock.owed) continue;
                const std::optional<UtcTime> since = overdue_since(clock);
                RC_ASSERT(since.has_value());
                RC_ASSERT(*since ==
                          std::max(clock.limits[0].limit.due.at, clock.runs.front().from));
                RC_ASSERT(keeper.record.standing.marks.has(Mark::overdue));
            }
        }));
    }

    TEST_CASE("nobody gains time by signing later or never") {
        CHECK(rc::check([] {
            const Drawn drawn;
            RecipientRecord early = logged_record(drawn.logged);
            RecipientRecord late = early;
            const auto first = std::chrono::minutes(*rc::gen::inRange(0, 10 * 24 * 60));
            const auto gap = std::chrono::minutes(*rc::gen::inRange(0, 10 * 24 * 60));
            note_act(early.history, L::signed_for, drawn.logged + first);
            note_act(late.history, L::signed_for, drawn.logged + first + gap);
            const auto sooner = drawn.clocks(early);
            const auto later = drawn.clocks(late);
            const auto never = drawn.clocks(logged_record(drawn.logged));
            const bool has_receipt = sooner[0].id.purpose == ClockId::Purpose::receipt;
            for (std::size_t at = 0; at < sooner.size(); ++at) {
                if (sooner[at].limits.empty()) continue;
                const UtcTime due = sooner[at].limits[0].limit.due.at;
                RC_ASSERT(due <= later[at].limits[0].limit.due.at);
                if (!has_receipt) continue;
                RC_ASSERT(later[at].limits[0].limit.due.at <= never[at].limits[0].limit.due.at);
            }
        }));
    }

    TEST_CASE("no decision moves a limit further than the charter lets it") {
        CHECK(rc::check([] {
            const Drawn drawn;
            Keeper keeper(drawn);
            for (const Event& event : *any_events()) keeper.take(event, false);
            const std::vector<LimitClock> clocks = drawn.clocks(keeper.record);
            for (std::size_t at = 0; at < clocks.size(); ++at) {
                if (clocks[at].limits.size() < 2) continue;
                const auto latest =
                    latest_extension(clocks[at], drawn.world.terms[at], drawn.world.by());
                RC_ASSERT(latest.has_value());
                for (const ClockLimit& limit : clocks[at].limits) {
                    RC_ASSERT(limit.limit.due.at <= latest->at);
                }
            }
        }));
    }
}
