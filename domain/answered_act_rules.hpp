#pragma once

#include "domain/charter.hpp"
#include "domain/extension.hpp"
#include "domain/ids.hpp"
#include "domain/lifecycle_table.hpp"
#include "domain/notice.hpp"
#include "domain/reach.hpp"
#include "domain/reason.hpp"
#include "domain/time_zone.hpp"

#include <optional>
#include <vector>

namespace tongbao {

// What a notice does to an earlier one, by the `on_answered` of its kind. All of it is pure and
// reads only fields that the hub may read.

/// The act of `notice`, whose kind is `kind`: the first whose `when` holds; nullptr if it does
/// none. Points into `kind`.
[[nodiscard]] const AnsweredRule* answered_act_of(const Kind& kind, const Notice& notice);

/// The line of the lifecycle's table that the act is, at the notice it is done to.
[[nodiscard]] LifecycleAct lifecycle_act(AnsweredAct act) noexcept;

/// What `notice` and the notice it answers, `asked`, alone have against its act. What only the log
/// knows, who keeps that says: whether the old one was taken out of force before, whether the
/// notice that is to count instead is there, which clocks run and how far their limits may move.
///
/// Reasons, by the act:
/// - correct, withdraw: Errc::recipient_missing at `to` if it does not go to everybody online whom
///   `asked` went to, recipients and copies alike;
/// - correct: Errc::missing_field at the field that names the notice that counts instead;
///   Errc::bad_value there if it names `asked`, or is no notice's identifier;
/// - extend: Errc::missing_field and Errc::bad_time at the field with the new limit;
/// - urge, supervise: Errc::recipient_not_allowed at `to` if no recipient of `asked` is addressed.
///
/// None for a notice without an act. Source: lifecycle-ledger, the table of acts.
[[nodiscard]] Reasons check_answered_act(const Reach& reach, const Notice& notice,
                                         const Notice& asked);

/// The identifier of the notice that counts instead; none if the field is absent or malformed.
[[nodiscard]] std::optional<NoticeId> replacement_in(const AnsweredRule& rule,
                                                     const Notice& notice);

/// What a decision grants: a date counts to its 24:00 in `zone`.
///
/// Errors: Errc::missing_field and Errc::bad_time at the field with the new limit; Errc::too_large
/// as due_at.
[[nodiscard]] Checked<ExtensionGrant> grant_in(const AnsweredRule& rule, const Notice& notice,
                                               const TimeZone& zone);

/// The recipients of `asked` that `notice`, which urges or supervises, is addressed to, in the
/// order in which it names them.
[[nodiscard]] std::vector<UnitId> units_urged(const Notice& notice, const Notice& asked);

}  // namespace tongbao
