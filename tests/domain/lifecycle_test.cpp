#include "domain/lifecycle.hpp"

#include <doctest/doctest.h>

using namespace tongbao;

namespace {

Kind kind_with(bool accept, DeclineRule decline) {
    Kind kind;
    kind.accept.required = accept;
    kind.accept.decline = decline;
    return kind;
}

}  // namespace

TEST_SUITE("lifecycle") {
    const Kind kPlain = kind_with(false, DeclineRule::not_allowed);
    const Kind kTaken = kind_with(true, DeclineRule::not_allowed);
    const Kind kDeclinable = kind_with(true, DeclineRule::with_reason);

    TEST_CASE("the acts of a recipient follow each other") {
        RecipientState state;
        for (const ActKind act : {ActKind::delivered, ActKind::opened, ActKind::signed_for}) {
            const auto next = apply(state, act, kPlain, Addressed::to, false);
            REQUIRE(next.has_value());
            CHECK(next->has(act));
            state = *next;
        }
        CHECK_FALSE(state.has(ActKind::taken_up));
        CHECK(RecipientState(state.bits()) == state);
    }

    TEST_CASE("an act implies those before it") {
        const auto taken = apply({}, ActKind::taken_up, kTaken, Addressed::to, false);
        REQUIRE(taken.has_value());
        CHECK(taken->has(ActKind::delivered));
        CHECK(taken->has(ActKind::signed_for));
        CHECK_FALSE(taken->has(ActKind::opened));
        const auto opened = apply({}, ActKind::opened, kTaken, Addressed::to, false);
        REQUIRE(opened.has_value());
        CHECK(opened->has(ActKind::delivered));
        CHECK_FALSE(opened->has(ActKind::signed_for));
        CHECK(after_answer({}, kPlain).has(ActKind::signed_for));
    }

    TEST_CASE("an act done or implied before is out of order") {
        for (const ActKind act :
             {ActKind::delivered, ActKind::opened, ActKind::signed_for, ActKind::taken_up}) {
            const auto once = apply({}, act, kTaken, Addressed::to, false);
            REQUIRE(once.has_value());
            CHECK(apply(*once, act, kTaken, Addressed::to, false).error() ==
                  Errc::act_out_of_order);
            CHECK(apply(*once, ActKind::delivered, kTaken, Addressed::to, false).error() ==
                  Errc::act_out_of_order);
        }
    }

    TEST_CASE("taking up and declining exclude each other") {
        const auto taken = apply({}, ActKind::taken_up, kDeclinable, Addressed::to, false);
        CHECK(apply(*taken, ActKind::declined, kDeclinable, Addressed::to, true).error() ==
              Errc::act_out_of_order);
        const auto declined = apply({}, ActKind::declined, kDeclinable, Addressed::to, true);
        REQUIRE(declined.has_value());
        CHECK(apply(*declined, ActKind::taken_up, kDeclinable, Addressed::to, false).error() ==
              Errc::act_out_of_order);
    }

    TEST_CASE("what the kind does not foresee is not allowed") {
        CHECK(apply({}, ActKind::taken_up, kPlain, Addressed::to, false).error() ==
              Errc::act_not_allowed);
        CHECK(apply({}, ActKind::declined, kPlain, Addressed::to, true).error() ==
              Errc::act_not_allowed);
        CHECK(apply({}, ActKind::declined, kTaken, Addressed::to, true).error() ==
              Errc::act_not_allowed);
    }

    TEST_CASE("declining needs a reason") {
        CHECK(apply({}, ActKind::declined, kDeclinable, Addressed::to, false).error() ==
              Errc::reason_required);
        CHECK(apply({}, ActKind::declined, kDeclinable, Addressed::to, true).has_value());
    }

    TEST_CASE("a copy is delivered and opened and signed for but never decided") {
        for (const ActKind act : {ActKind::delivered, ActKind::opened, ActKind::signed_for}) {
            CHECK(apply({}, act, kDeclinable, Addressed::cc, false).has_value());
        }
        for (const ActKind act : {ActKind::taken_up, ActKind::declined}) {
            CHECK(apply({}, act, kDeclinable, Addressed::cc, true).error() ==
                  Errc::act_not_allowed);
        }
    }
}
