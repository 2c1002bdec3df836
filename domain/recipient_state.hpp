#pragma once

#include "domain/act.hpp"
#include "domain/result.hpp"

#include <cstdint>

namespace tongbao {

/// How a recipient was addressed: a copy owes nothing; an external one is reached by a register of
/// dispatches.
enum class Addressed : std::uint8_t { to, cc, external };

/// What can have happened to a notice at one recipient and stays true. The first five are the
/// recipient's own acts, by the numbers of ActKind; the numbers are stored, so none is reused.
enum class Milestone : std::uint8_t {
    delivered,
    signed_for,
    opened,
    taken_up,
    declined,
    replied,     ///< an answer that satisfies was logged
    closed,      ///< nothing more is owed
    registered,  ///< an external recipient's: the dispatch is in the register
};

/// 状态: the one state that is shown, the furthest that the milestones give.
enum class Stage : std::uint8_t {
    logged,
    delivered,
    signed_for,
    taken_up,
    declined,
    replied,
    closed,
    registered,
};

/// A set of enumerators of `Enum`, as the bits of `Bits`. Converts from one enumerator.
template <typename Enum, typename Bits>
class EnumSet {
public:
    constexpr EnumSet() = default;
    // NOLINTNEXTLINE(google-explicit-constructor): one is a set of one, so that tables stay legible
    constexpr EnumSet(Enum one) noexcept
        : bits_(static_cast<Bits>(Bits{1} << static_cast<unsigned>(one))) {}
    [[nodiscard]] static constexpr EnumSet of_bits(Bits bits) noexcept {
        EnumSet set;
        set.bits_ = bits;
        return set;
    }

    [[nodiscard]] constexpr bool has(Enum one) const noexcept { return intersects(EnumSet(one)); }
    [[nodiscard]] constexpr bool intersects(EnumSet other) const noexcept {
        return (bits_ & other.bits_) != 0;
    }
    [[nodiscard]] constexpr bool contains(EnumSet other) const noexcept {
        return (bits_ & other.bits_) == other.bits_;
    }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    [[nodiscard]] constexpr EnumSet without(EnumSet other) const noexcept {
        return of_bits(static_cast<Bits>(bits_ & ~other.bits_));
    }
    [[nodiscard]] constexpr Bits bits() const noexcept { return bits_; }

    friend constexpr EnumSet operator|(EnumSet a, EnumSet b) noexcept {
        return of_bits(static_cast<Bits>(a.bits_ | b.bits_));
    }
    friend constexpr bool operator==(EnumSet, EnumSet) = default;

private:
    Bits bits_{0};
};

using Milestones = EnumSet<Milestone, std::uint8_t>;

[[nodiscard]] constexpr Milestones operator|(Milestone a, Milestone b) noexcept {
    return Milestones(a) | Milestones(b);
}

/// The milestone that an act is.
[[nodiscard]] constexpr Milestone milestone_of(ActKind act) noexcept {
    if (act == ActKind::dispatched) return Milestone::registered;
    if (act == ActKind::closed_by_sender) return Milestone::closed;
    return static_cast<Milestone>(act);
}
static_assert(milestone_of(ActKind::delivered) == Milestone::delivered);
static_assert(milestone_of(ActKind::signed_for) == Milestone::signed_for);
static_assert(milestone_of(ActKind::opened) == Milestone::opened);
static_assert(milestone_of(ActKind::taken_up) == Milestone::taken_up);
static_assert(milestone_of(ActKind::declined) == Milestone::declined);

/// What has happened to one notice at one recipient: a set of milestones. Fits in one byte of
/// storage.
class RecipientState {
public:
    constexpr RecipientState() = default;
    /// Of a state that was stored as bits().
    constexpr explicit RecipientState(std::uint8_t bits) : milestones_(Milestones::of_bits(bits)) {}
    constexpr explicit RecipientState(Milestones milestones) : milestones_(milestones) {}

    [[nodiscard]] constexpr Milestones milestones() const noexcept { return milestones_; }
    [[nodiscard]] constexpr bool has(Milestone one) const noexcept { return milestones_.has(one); }
    [[nodiscard]] constexpr bool has(ActKind act) const noexcept { return has(milestone_of(act)); }
    [[nodiscard]] constexpr std::uint8_t bits() const noexcept { return milestones_.bits(); }
    [[nodiscard]] constexpr RecipientState with(ActKind act) const noexcept {
        return RecipientState(milestones_ | Milestones(milestone_of(act)));
    }

    /// The furthest of the milestones, in the order of Stage. `opened` is none.
    [[nodiscard]] Stage stage() const noexcept;

    friend constexpr bool operator==(RecipientState, RecipientState) = default;

private:
    Milestones milestones_;
};

/// What stands beside the state and never hides it. The numbers are stored, so none is reused.
enum class Mark : std::uint8_t {
    due_soon,          ///< a clock runs, and the charter's reminder before its limit was given
    overdue,           ///< a clock ran beyond its limit; stays
    urged,             ///< 催办
    supervised,        ///< 督办
    answered_late,     ///< an answer that satisfies came after its limit; stays
    corrected_by,      ///< the sender corrected the notice
    withdrawn_by,      ///< the sender withdrew the notice
    superseded,        ///< another notice counts in its place
    extended,          ///< a limit was moved by a decision
    closed_by_sender,  ///< closed for good, so that a clock that runs again does not reopen it
    evidenced,         ///< an external recipient's: the register has the evidence of the dispatch
};

using Marks = EnumSet<Mark, std::uint16_t>;

[[nodiscard]] constexpr Marks operator|(Mark a, Mark b) noexcept {
    return Marks(a) | Marks(b);
}

/// Where a notice stands at one recipient: its state and the marks beside it. Three bytes.
struct Standing {
    RecipientState state;
    Marks marks;

    friend constexpr bool operator==(const Standing&, const Standing&) = default;
};

/// As it is stored: the state's byte is the lowest, the marks are the two above it, so that what
/// was stored as a state alone reads as a standing without marks.
[[nodiscard]] constexpr std::uint32_t bits_of(const Standing& standing) noexcept {
    return standing.state.bits() | (std::uint32_t{standing.marks.bits()} << 8U);
}

/// Reads what bits_of wrote, and what older versions stored as a state's byte.
///
/// Errors: Errc::bad_value for marks that do not exist, and for what no sequence of acts leads to:
/// an act without those that it implies, taken up and declined at once, a replaced notice that
/// is not closed, a registered one that was delivered or answered.
[[nodiscard]] Result<Standing> standing_of_bits(std::uint32_t bits);

}  // namespace tongbao
