#pragma once

#include "domain/recipient_state.hpp"

#include <array>
#include <cstdint>

namespace tongbao {

/// What can happen to a notice at one of its recipients, after it was logged. One line of the
/// table below each.
enum class LifecycleAct : std::uint8_t {
    delivered,
    signed_for,
    opened,
    taken_up,
    declined,
    answered,
    answered_late,
    interim_answer,
    invalid,
    due_soon,
    due_soon_over,
    overdue,
    urged,
    supervised,
    extended,
    answer_reversed,
    reopened,
    found_late,
    withdrawn,
    corrected,
    settled,
    closed_by_sender,
    dispatched,
    evidenced,
};

/// Who does it. `daemon` and `person` are the recipient's, told apart by what signs.
enum class Actor : std::uint8_t { hub, daemon, person, recipient, asker, sender, office };

/// At which recipients it may be done.
enum class Whom : std::uint8_t {
    addressed,          ///< of `to` alone: a copy never owes
    addressed_or_copy,  ///< of `to` and `cc`
    everybody,          ///< the same, and who is reached by a register of dispatches
    external,           ///< who is reached by a register of dispatches
};

/// What the kind must say for it.
enum class KindAsks : std::uint8_t {
    nothing,
    taking_up,        ///< accept.required
    may_be_declined,  ///< and accept.decline is not not_allowed
};

/// Whether it must be done with words that say why.
enum class Words : std::uint8_t { none, reason };

/// What an act does to the marks beside the state.
struct MarkChange {
    Marks set{};
    Marks cleared{};
};

/// One line: who may do an act, from where, and what follows.
struct LifecycleRule {
    LifecycleAct act{};
    Actor actor{};
    Whom whom{};
    KindAsks kind_asks{};
    /// The states it may be done from: those that have all of `needs` and none of `not_after`, and
    /// are beside none of `not_beside`.
    Milestones needs{};
    Milestones not_after{};
    Marks not_beside{};
    /// The states before it that it implies, besides taken_up (see `implies_taking_up`).
    Milestones implies{};
    /// What is added, itself; none leaves the state as it is.
    Milestones adds{};
    /// What was true and is not any more: only for an answer that is taken back.
    Milestones removes{};
    MarkChange marks{};
    Words words{Words::none};
    /// An answer implies taking up where the kind asks for that and it was not declined.
    bool implies_taking_up{false};
};

/// Beside these nothing is owed, whatever comes: the sender took the notice out of force.
inline constexpr Marks kOutOfForce =
    Mark::withdrawn_by | Mark::corrected_by | Mark::closed_by_sender;

namespace lifecycle_table {

using A = LifecycleAct;
using M = Milestone;
inline constexpr Milestones kReceived = M::delivered | M::signed_for;
inline constexpr Milestones kDecided = M::taken_up | M::declined;
inline constexpr Marks kReplaced = Mark::withdrawn_by | Mark::corrected_by;

}  // namespace lifecycle_table

/// The lifecycle, state by state and act by act. To be read beside the specification, "Per
/// recipient", "Flags" and the table of acts. What is done twice is refused by `not_after`.
/// Submitting and logging come before the first line: what was just logged has no milestone and no
/// mark.
///
/// Where the specification is silent: what has been delivered, opened and signed for is a fact even
/// of a notice that is closed, so those come after closing too; taking up and declining do not. A
/// limit can have passed before a clock stopped and be told of afterwards, so `overdue` comes from
/// every state. A reminder, urging, supervising and an extension are for what is still open.
inline constexpr auto kLifecycle = [] {
    using namespace lifecycle_table;
    return std::array{
        // 送达. The daemon has it, whole and checked.
        LifecycleRule{.act = A::delivered,
                      .actor = Actor::daemon,
                      .whom = Whom::addressed_or_copy,
                      .not_after = M::delivered,
                      .adds = M::delivered},
        // 签收. A person took note: the legal arrival.
        LifecycleRule{.act = A::signed_for,
                      .actor = Actor::person,
                      .whom = Whom::addressed_or_copy,
                      .not_after = M::signed_for,
                      .implies = M::delivered,
                      .adds = M::signed_for},
        // An act of its own, no state.
        LifecycleRule{.act = A::opened,
                      .actor = Actor::person,
                      .whom = Whom::addressed_or_copy,
                      .not_after = M::opened,
                      .implies = M::delivered,
                      .adds = M::opened},
        // 受理. Where the kind requires it.
        LifecycleRule{.act = A::taken_up,
                      .actor = Actor::person,
                      .whom = Whom::addressed,
                      .kind_asks = KindAsks::taking_up,
                      .not_after = kDecided | M::closed,
                      .implies = kReceived,
                      .adds = M::taken_up},
        // 不予受理. Only where allowed, with a reason; nothing more is owed then.
        LifecycleRule{.act = A::declined,
                      .actor = Actor::person,
                      .whom = Whom::addressed,
                      .kind_asks = KindAsks::may_be_declined,
                      .not_after = kDecided | M::closed,
                      .implies = kReceived,
                      .adds = M::declined,
                      .marks = {.cleared = Mark::due_soon},
                      .words = Words::reason},
        // An answer that satisfies was logged, not later than its limit.
        LifecycleRule{.act = A::answered,
                      .actor = Actor::recipient,
                      .whom = Whom::addressed,
                      .not_beside = kOutOfForce,
                      .implies = kReceived,
                      .adds = M::replied,
                      .implies_taking_up = true},
        // The same, later than its limit.
        LifecycleRule{.act = A::answered_late,
                      .actor = Actor::recipient,
                      .whom = Whom::addressed,
                      .not_beside = kOutOfForce,
                      .implies = kReceived,
                      .adds = M::replied,
                      .marks = {.set = Mark::answered_late},
                      .implies_taking_up = true},
        // An answer that does not satisfy is shown, and changes nothing.
        LifecycleRule{.act = A::interim_answer, .actor = Actor::recipient, .whom = Whom::addressed},
        // After decryption a rule fails: told to sender and office; nothing changes until the
        // sender corrects.
        LifecycleRule{.act = A::invalid, .actor = Actor::daemon, .whom = Whom::addressed_or_copy},
        // The reminder before a limit, and its end when no limit is near any more.
        LifecycleRule{.act = A::due_soon,
                      .actor = Actor::hub,
                      .whom = Whom::addressed,
                      .not_after = M::closed,
                      .marks = {.set = Mark::due_soon}},
        LifecycleRule{.act = A::due_soon_over,
                      .actor = Actor::hub,
                      .whom = Whom::addressed,
                      .marks = {.cleared = Mark::due_soon}},
        // A limit passed while its clock ran.
        LifecycleRule{.act = A::overdue,
                      .actor = Actor::hub,
                      .whom = Whom::addressed,
                      .marks = {.set = Mark::overdue}},
        // 催办, 督办: the notice that a person of the office signed and sent, not its draft.
        LifecycleRule{.act = A::urged,
                      .actor = Actor::office,
                      .whom = Whom::addressed,
                      .not_after = M::closed,
                      .marks = {.set = Mark::urged}},
        LifecycleRule{.act = A::supervised,
                      .actor = Actor::office,
                      .whom = Whom::addressed,
                      .not_after = M::closed,
                      .marks = {.set = Mark::supervised}},
        // A limit was moved by who asked. What passed before, passed: overdue stays.
        LifecycleRule{.act = A::extended,
                      .actor = Actor::asker,
                      .whom = Whom::addressed,
                      .not_after = M::closed,
                      .marks = {.set = Mark::extended, .cleared = Mark::due_soon}},
        // The last answer that satisfied was withdrawn or corrected by who gave it, the recipient:
        // the clocks that it had stopped run again. That the notice had arrived, and that its
        // answer
        // was late, stays true.
        LifecycleRule{.act = A::answer_reversed,
                      .actor = Actor::recipient,
                      .whom = Whom::addressed,
                      .needs = M::replied,
                      .not_beside = kOutOfForce,
                      .removes = M::replied | M::closed},
        // One of several answers was taken back, and a clock runs again that it alone had stopped.
        LifecycleRule{.act = A::reopened,
                      .actor = Actor::hub,
                      .whom = Whom::addressed,
                      .needs = M::closed,
                      .not_beside = kOutOfForce,
                      .removes = M::closed},
        // Another answer, later than its limit, counts in the place of one that was taken back.
        LifecycleRule{.act = A::found_late,
                      .actor = Actor::hub,
                      .whom = Whom::addressed,
                      .needs = M::replied,
                      .marks = {.set = Mark::answered_late}},
        // The sender's correction: the notice stays, its open clocks end. Of who is
        // outside nothing is to be registered any more.
        LifecycleRule{.act = A::withdrawn,
                      .actor = Actor::sender,
                      .whom = Whom::everybody,
                      .not_beside = kReplaced,
                      .adds = M::closed,
                      .marks = {.set = Mark::withdrawn_by, .cleared = Mark::due_soon}},
        LifecycleRule{
            .act = A::corrected,
            .actor = Actor::sender,
            .whom = Whom::everybody,
            .not_beside = kReplaced,
            .adds = M::closed,
            .marks = {.set = Mark::corrected_by | Mark::superseded, .cleared = Mark::due_soon}},
        // Every clock stopped. That it did, the caller knows (domain/limit_clock).
        LifecycleRule{.act = A::settled,
                      .actor = Actor::hub,
                      .whom = Whom::addressed,
                      .not_after = M::closed,
                      .adds = M::closed,
                      .marks = {.cleared = Mark::due_soon}},
        // 关闭. The sender waits no longer for one recipient, where something is still open. Where
        // a clock runs again the notice is open again, and can be closed then.
        LifecycleRule{.act = A::closed_by_sender,
                      .actor = Actor::sender,
                      .whom = Whom::addressed,
                      .not_after = M::closed,
                      .not_beside = kOutOfForce,
                      .adds = M::closed,
                      .marks = {.set = Mark::closed_by_sender, .cleared = Mark::due_soon},
                      .words = Words::reason},
        // 登记. An external recipient's one state: method, time, number.
        LifecycleRule{.act = A::dispatched,
                      .actor = Actor::sender,
                      .whom = Whom::external,
                      .not_after = M::registered,
                      .adds = M::registered},
        // The evidence of a dispatch: with it, or later.
        LifecycleRule{.act = A::evidenced,
                      .actor = Actor::sender,
                      .whom = Whom::external,
                      .needs = M::registered,
                      .not_beside = Mark::evidenced,
                      .marks = {.set = Mark::evidenced}},
    };
}();

/// The line of `act`.
[[nodiscard]] constexpr const LifecycleRule& rule_of(LifecycleAct act) noexcept {
    return kLifecycle[static_cast<std::size_t>(act)];
}

// Every act has its line, at its own number.
static_assert([] {
    for (std::size_t at = 0; at < kLifecycle.size(); ++at) {
        if (kLifecycle[at].act != static_cast<LifecycleAct>(at)) return false;
    }
    return kLifecycle.size() == static_cast<std::size_t>(LifecycleAct::evidenced) + 1;
}());

}  // namespace tongbao
