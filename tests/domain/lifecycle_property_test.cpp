#include "domain/lifecycle.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cstdint>
#include <vector>

// What holds after any sequence of acts, allowed ones and others.

using namespace tongbao;

namespace {

using A = LifecycleAct;
using M = Milestone;

struct DrawnAct {
    A act{};
    Party by{};
    bool has_reason{false};
};

/// Mostly by whom it may be done, so that long ways are walked.
rc::Gen<std::vector<DrawnAct>> any_acts() {
    const auto one = rc::gen::exec([] {
        DrawnAct drawn;
        drawn.act = static_cast<A>(*rc::gen::inRange<int>(0, static_cast<int>(kLifecycle.size())));
        drawn.by = *rc::gen::weightedElement<Party>({{12, party_of(rule_of(drawn.act).actor)},
                                                     {1, Party::hub},
                                                     {1, Party::recipient},
                                                     {1, Party::sender},
                                                     {1, Party::office}});
        drawn.has_reason = *rc::gen::arbitrary<bool>();
        return drawn;
    });
    return rc::gen::container<std::vector<DrawnAct>>(one);
}

rc::Gen<Kind> any_kind() {
    return rc::gen::exec([] {
        Kind kind;
        kind.accept.required = *rc::gen::arbitrary<bool>();
        kind.accept.decline = *rc::gen::element(DeclineRule::with_reason, DeclineRule::not_allowed);
        return kind;
    });
}

/// Walks the acts of a case and asks `holds` after each one that was allowed.
template <typename Holds>
Standing walk(const std::vector<DrawnAct>& acts, const Kind& kind, Addressed addressed,
              Holds holds) {
    Standing standing;
    for (const DrawnAct& drawn : acts) {
        const Result<Standing> next =
            advance(standing, {drawn.act, drawn.by, kind, addressed, drawn.has_reason});
        if (!next) continue;
        holds(standing, drawn, *next);
        standing = *next;
    }
    return standing;
}

}  // namespace

TEST_SUITE("lifecycle properties") {
    TEST_CASE("whatever acts are tried the standing is one that can be stored and read") {
        CHECK(rc::check([] {
            const Kind kind = *any_kind();
            const auto addressed = *rc::gen::element(Addressed::to, Addressed::cc);
            walk(*any_acts(), kind, addressed,
                 [](const Standing&, const DrawnAct&, const Standing& next) {
                     const Result<Standing> read = standing_of_bits(bits_of(next));
                     RC_ASSERT(read.has_value());
                     RC_ASSERT(*read == next);
                 });
        }));
    }

    TEST_CASE("what happened stays but for an answer taken back and a limit that is near") {
        CHECK(rc::check([] {
            const Kind kind = *any_kind();
            walk(*any_acts(), kind, Addressed::to,
                 [](const Standing& before, const DrawnAct& drawn, const Standing& next) {
                     const Milestones lost =
                         before.state.milestones().without(next.state.milestones());
                     if (drawn.act == A::answer_reversed) {
                         RC_ASSERT((M::replied | M::closed | lost) == (M::replied | M::closed));
                         RC_ASSERT(!before.marks.intersects(kOutOfForce));
                     } else if (drawn.act == A::reopened) {
                         RC_ASSERT(lost == Milestones(M::closed));
                         RC_ASSERT(!before.marks.intersects(kOutOfForce));
                     } else {
                         RC_ASSERT(lost.empty());
                     }
                     RC_ASSERT(next.marks.contains(before.marks.without(Mark::due_soon)));
                 });
        }));
    }

    TEST_CASE("a copy owes nothing whatever is tried at it") {
        CHECK(rc::check([] {
            const Kind kind = *any_kind();
            const Standing end = walk(*any_acts(), kind, Addressed::cc,
                                      [](const Standing&, const DrawnAct&, const Standing&) {});
            RC_ASSERT(!end.state.milestones().intersects(M::taken_up | M::declined));
            RC_ASSERT(!end.state.has(M::replied));
            RC_ASSERT(
                end.marks.without(Mark::withdrawn_by | Mark::corrected_by | Marks(Mark::superseded))
                    .empty());
            RC_ASSERT(!awaits_decision(end, kind, Addressed::cc));
        }));
    }

    TEST_CASE("declined is said by the recipient with a reason and by nothing else") {
        CHECK(rc::check([] {
            const Kind kind = *any_kind();
            bool said = false;
            const Standing end =
                walk(*any_acts(), kind, Addressed::to,
                     [&said](const Standing&, const DrawnAct& drawn, const Standing&) {
                         said = said || (drawn.act == A::declined && drawn.by == Party::recipient &&
                                         drawn.has_reason);
                     });
            RC_ASSERT(end.state.has(M::declined) == said);
            if (said) RC_ASSERT(kind.accept.required);
        }));
    }

    TEST_CASE("an interim answer and an invalid one change nothing") {
        CHECK(rc::check([] {
            const Kind kind = *any_kind();
            const Standing end = walk(*any_acts(), kind, Addressed::to,
                                      [](const Standing&, const DrawnAct&, const Standing&) {});
            for (const A act : {A::interim_answer, A::invalid}) {
                const Result<Standing> next =
                    advance(end, {act, Party::recipient, kind, Addressed::to, false});
                RC_ASSERT(next.has_value());
                RC_ASSERT(*next == end);
            }
        }));
    }

    TEST_CASE("what the sender took out of force nothing opens again") {
        CHECK(rc::check([] {
            const Kind kind = *any_kind();
            walk(*any_acts(), kind, Addressed::to,
                 [](const Standing& before, const DrawnAct&, const Standing& next) {
                     if (before.marks.intersects(kOutOfForce)) {
                         RC_ASSERT(next.state.stage() == Stage::closed);
                     }
                 });
        }));
    }

    TEST_CASE("a replay through what is stored gives the standing that was kept") {
        CHECK(rc::check([] {
            const Kind kind = *any_kind();
            std::uint32_t stored = 0;
            const Standing kept =
                walk(*any_acts(), kind, Addressed::to,
                     [&](const Standing&, const DrawnAct& drawn, const Standing&) {
                         const Standing read = *standing_of_bits(stored);
                         stored = bits_of(*advance(
                             read, {drawn.act, drawn.by, kind, Addressed::to, drawn.has_reason}));
                     });
            RC_ASSERT(stored == bits_of(kept));
        }));
    }
}
