#pragma once

#include "domain/charter.hpp"
#include "domain/charter_deadline.hpp"
#include "domain/ids.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace tongbao {

// Whom the steps of escalations remind. A clock that runs keeps the steps of the charter under
// which its notice was logged; the names of posts and the kinds of drafts are those of the charter
// that is asked: that of today. Pure.

/// A step of a clock of a notice of the kind `kind`: the one at the place `step` of that kind's
/// escalation, if it has the deed `deed`, else, since the charter may have changed meanwhile, the
/// first one that has. nullptr if none has, or the charter has no such kind. Points into `charter`.
[[nodiscard]] const EscalationStep* find_step(const Charter& charter, const KindId& kind,
                                              std::size_t step, EscalationDeed deed);

/// A post of a unit that a step reminds; none where the unit itself is reminded.
struct StepAddressee {
    UnitId unit;
    std::optional<PostId> post{};

    friend bool operator==(const StepAddressee&, const StepAddressee&) = default;
};

/// Whom `step` reminds of a notice that `sender` sent and `recipient` owes something of, in the
/// charter's order, each once. A target's post counts at those of its units that have it: the
/// recipient, the sender, or of the office and the unit that hosts it each that has one. Where no
/// unit of a target has the post, the unit that was meant is reminded without one; of these two,
/// the office.
///
/// Source: charter model, `posts` and `escalations`.
[[nodiscard]] std::vector<StepAddressee> step_addressees(const Charter& charter,
                                                         const EscalationStep& step,
                                                         const UnitId& sender,
                                                         const UnitId& recipient);

}  // namespace tongbao
