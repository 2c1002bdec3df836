#pragma once

#include "domain/act.hpp"
#include "domain/charter_kind.hpp"
#include "domain/result.hpp"

#include <cstdint>

namespace tongbao {

/// How a recipient was addressed: a copy owes nothing.
enum class Addressed : std::uint8_t { to, cc };

/// What has happened to one notice at one recipient: a set of the acts that it did or that those
/// imply. Fits in one byte of storage.
class RecipientState {
public:
    constexpr RecipientState() = default;
    /// Of a state that was stored as bits().
    constexpr explicit RecipientState(std::uint8_t bits) : bits_(bits) {}

    [[nodiscard]] constexpr bool has(ActKind act) const noexcept { return (bits_ & bit(act)) != 0; }
    [[nodiscard]] constexpr std::uint8_t bits() const noexcept { return bits_; }
    [[nodiscard]] constexpr RecipientState with(ActKind act) const noexcept {
        return RecipientState(static_cast<std::uint8_t>(bits_ | bit(act)));
    }

    friend constexpr bool operator==(RecipientState, RecipientState) = default;

private:
    static constexpr std::uint8_t bit(ActKind act) noexcept {
        return static_cast<std::uint8_t>(1U << static_cast<unsigned>(act));
    }

    std::uint8_t bits_{0};
};

/// The state after `act` on a notice of `kind` by a recipient in `state`. That the unit is a
/// recipient at all, the caller knows. Acts imply those before them: signed_for and opened imply
/// delivered; taken_up and declined imply signed_for and delivered. opened may come at any time.
///
/// Errors: Errc::act_not_allowed for taking up or declining a copy, what the kind does not have
/// taken up, and declining where it may not be declined; Errc::act_out_of_order for an act that was
/// done or implied before, and for taking up what was declined or the other way round;
/// Errc::reason_required for declining without words, unless `has_reason`.
///
/// Source: lifecycle, "Per recipient".
[[nodiscard]] Result<RecipientState> apply(RecipientState state, ActKind act, const Kind& kind,
                                           Addressed addressed, bool has_reason);

/// The state after an answer that satisfies was logged: it implies delivered and signed_for.
[[nodiscard]] RecipientState after_answer(RecipientState state) noexcept;

}  // namespace tongbao
