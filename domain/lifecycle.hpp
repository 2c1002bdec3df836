#pragma once

#include "domain/act.hpp"
#include "domain/charter_kind.hpp"
#include "domain/lifecycle_table.hpp"
#include "domain/recipient_state.hpp"
#include "domain/result.hpp"

#include <cstdint>

namespace tongbao {

/// The side that does an act, as far as who relays or audits it can tell: a recipient's daemon and
/// its persons sign for one unit, and who asked is the sender.
enum class Party : std::uint8_t { hub, recipient, sender, office };

[[nodiscard]] constexpr Party party_of(Actor actor) noexcept {
    switch (actor) {
        case Actor::hub:
            return Party::hub;
        case Actor::daemon:
        case Actor::person:
        case Actor::recipient:
            return Party::recipient;
        case Actor::asker:
        case Actor::sender:
            return Party::sender;
        case Actor::office:
            return Party::office;
    }
    return Party::hub;
}

/// What is known of an act besides the standing it meets. Borrows the kind.
struct ActFacts {
    LifecycleAct act{};
    Party by{};
    /// That of the notice.
    const Kind& kind;
    Addressed addressed{};
    bool has_reason{false};
};

/// Where the notice stands after the act, by its line in kLifecycle. That the unit is a recipient
/// at all, that an answer satisfies, that a limit passed, the caller knows. One recipient's
/// standing depends on no other's. Pure, so threads may share what it takes.
///
/// Errors: Errc::act_not_allowed for who may not do it, a recipient it may not be done at, and what
/// the kind does not foresee; Errc::act_out_of_order for a state or mark it may not be done from,
/// so for what was done or implied before; Errc::reason_required for lacking words. In this order.
///
/// Source: lifecycle, "Per recipient", "Flags" and the table of acts.
[[nodiscard]] Result<Standing> advance(const Standing& standing, const ActFacts& facts);

/// Where the notice stands at an external recipient after its sender said how it was dispatched:
/// for the first time, or again to add the evidence that was not there before.
///
/// Errors: Errc::act_out_of_order if all that the act says is in the register already.
[[nodiscard]] Result<Standing> after_dispatch(const Standing& standing, const Dispatch& dispatch);

/// The line of the table that a signed act has.
[[nodiscard]] LifecycleAct lifecycle_act(ActKind act) noexcept;

/// The state after `act` on a notice of `kind` by a recipient in `state`: advance, for the acts
/// that a recipient signs, where no marks are kept.
///
/// Errors: as advance.
[[nodiscard]] Result<RecipientState> apply(RecipientState state, ActKind act, const Kind& kind,
                                           Addressed addressed, bool has_reason);

/// The state after an answer that satisfies was logged: it implies delivered and signed_for, and
/// taken_up where `kind`, the asking notice's, has that and it was not declined.
[[nodiscard]] RecipientState after_answer(RecipientState state, const Kind& kind) noexcept;

/// Whether something that the kind asks of an addressed recipient besides its clocks is still to be
/// done: taking it up, or declining it. Never of a closed notice.
[[nodiscard]] bool awaits_decision(const Standing& standing, const Kind& kind,
                                   Addressed addressed) noexcept;

}  // namespace tongbao
