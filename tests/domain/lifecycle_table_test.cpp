#include "domain/dispatch_stage.hpp"
#include "domain/lifecycle.hpp"

#include <doctest/doctest.h>

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The specification's table, written down once more by hand and compared with the program's.

using namespace tongbao;

namespace {

using A = LifecycleAct;
using M = Milestone;

Kind kind_taken_up_or_declined() {
    Kind kind;
    kind.accept.required = true;
    kind.accept.decline = DeclineRule::with_reason;
    return kind;
}

const Kind kWhole = kind_taken_up_or_declined();

Standing standing_of(Milestones state, Marks marks = {}) {
    return {RecipientState(state), marks};
}

char letter(Stage stage) {
    constexpr std::string_view kLetters = "LDSTXRCE";
    return kLetters[static_cast<std::size_t>(stage)];
}

/// Logged, delivered, signed for, taken up, declined, replied, closed as nothing is owed any more,
/// withdrawn before it was delivered.
const std::array kStandings{
    standing_of({}),
    standing_of(M::delivered),
    standing_of(M::delivered | M::signed_for),
    standing_of(M::delivered | M::signed_for | Milestones(M::taken_up)),
    standing_of(M::delivered | M::signed_for | Milestones(M::declined)),
    standing_of(M::delivered | M::signed_for | (M::taken_up | M::replied)),
    standing_of(M::delivered | M::signed_for | (M::taken_up | M::replied) | Milestones(M::closed)),
    standing_of(M::closed, Mark::withdrawn_by),
};

struct ActRow {
    A act{};
    Party by{};
    /// The state after it from each of the standings above; a dot where it is out of order.
    std::string_view leads_to;
    std::string_view marks_set;
};

const std::vector<ActRow> kSpecification{
    {A::delivered, Party::recipient, "D......C", ""},
    {A::signed_for, Party::recipient, "SS.....C", ""},
    {A::opened, Party::recipient, "DDSTXRCC", ""},
    {A::taken_up, Party::recipient, "TTT.....", ""},
    {A::declined, Party::recipient, "XXX.....", ""},
    {A::answered, Party::recipient, "RRRRRRC.", ""},
    {A::answered_late, Party::recipient, "RRRRRRC.", "answered_late"},
    {A::interim_answer, Party::recipient, "LDSTXRCC", ""},
    {A::invalid, Party::recipient, "LDSTXRCC", ""},
    {A::due_soon, Party::hub, "LDSTXR..", "due_soon"},
    {A::due_soon_over, Party::hub, "LDSTXRCC", ""},
    {A::overdue, Party::hub, "LDSTXRCC", "overdue"},
    {A::urged, Party::office, "LDSTXR..", "urged"},
    {A::supervised, Party::office, "LDSTXR..", "supervised"},
    {A::extended, Party::sender, "LDSTXR..", "extended"},
    {A::answer_reversed, Party::recipient, ".....TT.", ""},
    {A::reopened, Party::hub, "......R.", ""},
    {A::found_late, Party::hub, ".....RC.", "answered_late"},
    {A::withdrawn, Party::sender, "CCCCCCC.", "withdrawn_by"},
    {A::corrected, Party::sender, "CCCCCCC.", "corrected_by superseded"},
    {A::settled, Party::hub, "CCCCCC..", ""},
    {A::closed_by_sender, Party::sender, "CCCCCC..", "closed_by_sender"},
};

/// What may be done at a copy, which owes nothing.
const std::set<A> kOfCopies{A::delivered, A::signed_for, A::opened,
                            A::invalid,   A::withdrawn,  A::corrected};

Marks marks_named(std::string_view names) {
    const std::vector<std::pair<std::string_view, Mark>> words{
        {"due_soon", Mark::due_soon},
        {"overdue", Mark::overdue},
        {"urged", Mark::urged},
        {"supervised", Mark::supervised},
        {"answered_late", Mark::answered_late},
        {"corrected_by", Mark::corrected_by},
        {"withdrawn_by", Mark::withdrawn_by},
        {"superseded", Mark::superseded},
        {"extended", Mark::extended},
        {"closed_by_sender", Mark::closed_by_sender},
        {"evidenced", Mark::evidenced}};
    Marks marks;
    for (const auto& [name, mark] : words) {
        if (names.find(name) != std::string_view::npos) marks = marks | mark;
    }
    return marks;
}

ActFacts facts_of(const ActRow& row, Addressed addressed = Addressed::to) {
    return {row.act, row.by, kWhole, addressed, true};
}

}  // namespace

TEST_SUITE("lifecycle table") {
    TEST_CASE("every act leads from every state where the specification says") {
        for (const ActRow& row : kSpecification) {
            CAPTURE(static_cast<int>(row.act));
            std::string led;
            for (const Standing& from : kStandings) {
                const Result<Standing> next = advance(from, facts_of(row));
                led += next ? letter(next->state.stage()) : '.';
                if (!next) {
                    CHECK(next.error() == Errc::act_out_of_order);
                    continue;
                }
                CHECK(next->marks == (from.marks | marks_named(row.marks_set)));
            }
            CHECK(led == row.leads_to);
        }
        // Every act of the program's table but registering and its evidence, which have their own
        // cases.
        CHECK(kSpecification.size() + 2 == kLifecycle.size());
    }

    TEST_CASE("an act is refused to every party but the one whose it is") {
        for (const ActRow& row : kSpecification) {
            CAPTURE(static_cast<int>(row.act));
            for (const Party by : {Party::hub, Party::recipient, Party::sender, Party::office}) {
                ActFacts facts = facts_of(row);
                facts.by = by;
                for (const Standing& from : kStandings) {
                    const Result<Standing> next = advance(from, facts);
                    if (by != row.by) CHECK(next.error() == Errc::act_not_allowed);
                }
            }
        }
    }

    TEST_CASE("a copy is received and withdrawn but owes nothing") {
        for (const ActRow& row : kSpecification) {
            CAPTURE(static_cast<int>(row.act));
            const Result<Standing> next = advance({}, facts_of(row, Addressed::cc));
            if (kOfCopies.contains(row.act)) {
                CHECK(next.has_value());
            } else {
                CHECK(next.error() == Errc::act_not_allowed);
            }
        }
    }

    TEST_CASE("an external recipient has one state and reaches it once") {
        const ActFacts dispatch{A::dispatched, Party::sender, kWhole, Addressed::external, false};
        const Result<Standing> registered = advance({}, dispatch);
        REQUIRE(registered.has_value());
        CHECK(registered->state.stage() == Stage::registered);
        CHECK(advance(*registered, dispatch).error() == Errc::act_out_of_order);
        for (const Addressed addressed : {Addressed::to, Addressed::cc}) {
            CHECK(advance({}, {A::dispatched, Party::sender, kWhole, addressed, false}).error() ==
                  Errc::act_not_allowed);
        }
        for (const ActRow& row : kSpecification) {
            if (row.act == A::withdrawn || row.act == A::corrected) continue;
            CHECK(advance({}, facts_of(row, Addressed::external)).error() == Errc::act_not_allowed);
        }
    }

    TEST_CASE("what was withdrawn or corrected is not waited for outside either") {
        const auto done = [](const Standing& from, A act) {
            return advance(from, {act, Party::sender, kWhole, Addressed::external, false});
        };
        for (const A act : {A::withdrawn, A::corrected}) {
            const Result<Standing> open = done({}, act);
            REQUIRE(open.has_value());
            CHECK(dispatch_stage(*open) == DispatchStage::withdrawn);
            const Result<Standing> known = done(standing_of(M::registered), act);
            REQUIRE(known.has_value());
            CHECK(dispatch_stage(*known) == DispatchStage::withdrawn);
            CHECK(*standing_of_bits(bits_of(*known)) == *known);
            CHECK(done(*known, act).error() == Errc::act_out_of_order);
            // That it had gone out before may still be said.
            const Dispatch said{UnitId("x"), "by hand", "2020-10-13T09:30+08:00", {}, {}};
            const Result<Standing> late = after_dispatch(*open, said);
            REQUIRE(late.has_value());
            CHECK(*late == *known);
        }
        CHECK(standing_of_bits(bits_of(standing_of(M::registered | M::closed))).error() ==
              Errc::bad_value);
    }

    TEST_CASE("an item of the register is open, registered, with evidence or withdrawn") {
        CHECK(dispatch_stage({}) == DispatchStage::open);
        CHECK(dispatch_stage(standing_of(M::registered)) == DispatchStage::registered);
        CHECK(dispatch_stage(standing_of(M::registered, Mark::evidenced)) ==
              DispatchStage::evidenced);
        for (const std::string_view text : {"open", "registered", "evidenced", "withdrawn"}) {
            const std::optional<DispatchStage> stage = dispatch_stage_from_word(text);
            REQUIRE(stage.has_value());
            CHECK(word(*stage) == text);
        }
        CHECK_FALSE(dispatch_stage_from_word("closed").has_value());
    }

    TEST_CASE("the evidence of a dispatch comes with it or once later") {
        Dispatch bare{UnitId("x"), "by hand", "2020-10-13T09:30+08:00", {}, {}};
        Dispatch proved = bare;
        proved.evidence = Digest();
        const Result<Standing> registered = after_dispatch({}, bare);
        REQUIRE(registered.has_value());
        CHECK(*registered == standing_of(M::registered));
        CHECK(after_dispatch(*registered, bare).error() == Errc::act_out_of_order);
        const Standing whole = standing_of(M::registered, Mark::evidenced);
        CHECK(*after_dispatch(*registered, proved) == whole);
        CHECK(*after_dispatch({}, proved) == whole);
        for (const Dispatch& again : {bare, proved}) {
            CHECK(after_dispatch(whole, again).error() == Errc::act_out_of_order);
        }
        CHECK(*standing_of_bits(bits_of(whole)) == whole);
        CHECK(standing_of_bits(bits_of(standing_of(M::delivered, Mark::evidenced))).error() ==
              Errc::bad_value);
    }

    TEST_CASE("an answer implies taking up only where the kind has it and it was not declined") {
        const Kind plain;
        const auto answered = [](const Standing& from, const Kind& kind) {
            return advance(from, {A::answered, Party::recipient, kind, Addressed::to, false})
                ->state;
        };
        CHECK(answered({}, kWhole).has(M::taken_up));
        CHECK_FALSE(answered({}, plain).has(M::taken_up));
        const RecipientState after = answered(kStandings[4], kWhole);
        CHECK(after.has(M::declined));
        CHECK_FALSE(after.has(M::taken_up));
    }

    TEST_CASE("an answer taken back leaves that the notice arrived and that it was late") {
        const Standing late =
            *advance({}, {A::answered_late, Party::recipient, kWhole, Addressed::to, false});
        const Standing closed = *advance(late, {A::settled, Party::hub, kWhole, Addressed::to});
        CHECK(closed.state.stage() == Stage::closed);
        const Standing again =
            *advance(closed, {A::answer_reversed, Party::recipient, kWhole, Addressed::to});
        CHECK(again.state.stage() == Stage::taken_up);
        CHECK(again.state.has(M::signed_for));
        CHECK(again.marks == Marks(Mark::answered_late));
    }

    TEST_CASE("overdue stays through an extension and an answer and closing") {
        Standing standing;
        for (const auto& [act, by] :
             {std::pair(A::overdue, Party::hub), std::pair(A::urged, Party::office),
              std::pair(A::extended, Party::sender), std::pair(A::answered, Party::recipient),
              std::pair(A::settled, Party::hub)}) {
            standing = *advance(standing, {act, by, kWhole, Addressed::to, false});
            CHECK(standing.marks.has(Mark::overdue));
        }
        CHECK(standing.marks.has(Mark::urged));
        CHECK(standing.marks.has(Mark::extended));
        CHECK(standing.state.stage() == Stage::closed);
    }

    TEST_CASE("due soon ends with the limit's moving and with closing") {
        const Standing soon = *advance({}, {A::due_soon, Party::hub, kWhole, Addressed::to, false});
        CHECK(soon.marks.has(Mark::due_soon));
        for (const auto& [act, by] :
             {std::pair(A::due_soon_over, Party::hub), std::pair(A::extended, Party::sender),
              std::pair(A::settled, Party::hub), std::pair(A::withdrawn, Party::sender),
              std::pair(A::closed_by_sender, Party::sender),
              std::pair(A::declined, Party::recipient)}) {
            CHECK_FALSE(
                advance(soon, {act, by, kWhole, Addressed::to, true})->marks.has(Mark::due_soon));
        }
    }

    TEST_CASE("what its sender closed is closed once and for good and with words") {
        const auto done = [](const Standing& from, A act, Party by, bool has_reason = true) {
            return advance(from, {act, by, kWhole, Addressed::to, has_reason});
        };
        CHECK(done({}, A::closed_by_sender, Party::sender, false).error() == Errc::reason_required);
        const Standing closed = *done({}, A::closed_by_sender, Party::sender);
        CHECK(closed == standing_of(M::closed, Mark::closed_by_sender));
        CHECK(done(closed, A::closed_by_sender, Party::sender).error() == Errc::act_out_of_order);
        CHECK(done(closed, A::answered, Party::recipient).error() == Errc::act_out_of_order);
        CHECK(done(closed, A::reopened, Party::hub).error() == Errc::act_out_of_order);
        CHECK(done(closed, A::settled, Party::hub).error() == Errc::act_out_of_order);
        const Standing withdrawn = *done(closed, A::withdrawn, Party::sender);
        CHECK(withdrawn.marks == (Mark::closed_by_sender | Mark::withdrawn_by));
        CHECK(done(withdrawn, A::closed_by_sender, Party::sender).error() ==
              Errc::act_out_of_order);
        CHECK(lifecycle_act(ActKind::closed_by_sender) == A::closed_by_sender);
        CHECK(milestone_of(ActKind::closed_by_sender) == M::closed);
        CHECK(act_kind_from_word("closed_by_sender") == ActKind::closed_by_sender);
        CHECK(word(ActKind::closed_by_sender) == "closed_by_sender");
        // The hub's own event is another one.
        CHECK_FALSE(act_kind_from_word("closed").has_value());
    }

    TEST_CASE("what was stored as a state alone reads as a standing without marks") {
        for (std::uint32_t bits = 0; bits < 32; ++bits) {
            const bool reachable = [bits] {
                const RecipientState state(static_cast<std::uint8_t>(bits));
                const bool decided = state.has(ActKind::taken_up) || state.has(ActKind::declined);
                if (state.has(ActKind::taken_up) && state.has(ActKind::declined)) return false;
                if (decided && !state.has(ActKind::signed_for)) return false;
                return bits == 0 || state.has(ActKind::delivered);
            }();
            const Result<Standing> read = standing_of_bits(bits);
            CAPTURE(bits);
            REQUIRE(read.has_value() == reachable);
            if (!read) continue;
            CHECK(read->state.bits() == bits);
            CHECK(read->marks.empty());
            CHECK(bits_of(*read) == bits);
        }
    }

    TEST_CASE("bits that no sequence of acts leads to are no standing") {
        const Milestones received = M::delivered | M::signed_for;
        for (const Standing& standing :
             {standing_of(received | (M::taken_up | M::declined)), standing_of(M::replied),
              standing_of(received, Mark::withdrawn_by), standing_of(M::closed, Mark::corrected_by),
              standing_of(M::closed, Mark::superseded),
              standing_of(M::closed,
                          Mark::withdrawn_by | Mark::corrected_by | Marks(Mark::superseded)),
              standing_of(received, Mark::closed_by_sender),
              standing_of(M::registered | M::delivered)}) {
            CAPTURE(bits_of(standing));
            CHECK(standing_of_bits(bits_of(standing)).error() == Errc::bad_value);
        }
        CHECK(standing_of_bits(1U << 19U).error() == Errc::bad_value);
        CHECK(standing_of_bits(0xffffffffU).error() == Errc::bad_value);
    }

    TEST_CASE("a notice that must be taken up waits for it until it is closed") {
        CHECK(awaits_decision({}, kWhole, Addressed::to));
        CHECK_FALSE(awaits_decision({}, kWhole, Addressed::cc));
        CHECK_FALSE(awaits_decision({}, Kind(), Addressed::to));
        for (const std::size_t decided : {3U, 4U, 5U, 7U}) {
            CHECK_FALSE(awaits_decision(kStandings[decided], kWhole, Addressed::to));
        }
        CHECK(awaits_decision(kStandings[2], kWhole, Addressed::to));
    }
}
