#pragma once

#include "domain/charter.hpp"
#include "domain/ledger_change.hpp"
#include "domain/notice.hpp"
#include "domain/notice_rules.hpp"
#include "domain/reason.hpp"

#include <optional>
#include <vector>

namespace tongbao {

/// A notice that another one points at, and the case it belongs to.
struct AnsweredInCase {
    NoticeRef notice;
    std::optional<CaseNumber> case_number;
};

/// What happened to a notice of a case. The log's entry says it, not the notice.
struct LedgerEvent {
    EffectEvent on{EffectEvent::logged};
    /// As case_of says.
    CaseNumber case_number;
    /// The notice whose effects apply, by digest and place.
    NoticeRef notice;
    /// The act or the answer; the notice itself for logged and closed.
    NoticeRef cause;
    LogIndex entry;
    UtcTime at{};
    /// Whose act or event it is; none for logged.
    std::optional<UnitId> recipient;
    /// Whether the act brings words with it, for declined.
    bool has_reason{false};
    /// What the notice's in_reply_to names; none if it names nothing.
    std::optional<AnsweredInCase> answered;
};

/// What an event changes in the ledger, if nothing speaks against it.
struct LedgerPlan {
    CaseNumber case_number;
    CharterId charter;
    LedgerSource source;
    Viewpoint viewpoint{};
    /// Whether who acts (the sender; of a recipient's act the recipient) may close cases, and so
    /// may open a closed one again. Closing asks for the sender, whoever acts.
    bool may_close{false};
    std::vector<LedgerChange> changes;
    /// What charter and notice alone have against it.
    Reasons reasons;
};

/// Whether the hub must give `notice`, of `kind`, a case number: the kind may open cases and the
/// header names none.
[[nodiscard]] bool opens_case(const Kind& kind, const Notice& notice) noexcept;

/// The case `notice` belongs to: the one in its header, else the one opened for it (`issued`), else
/// that of the notice it answers. None: it has no effects.
[[nodiscard]] std::optional<CaseNumber> case_of(const Notice& notice,
                                                const std::optional<CaseNumber>& issued,
                                                const std::optional<AnsweredInCase>& answered);

/// The effects of `notice` at `event`, in their order, those whose `when` does not hold left out,
/// and of each what names an absent field. From the hub's viewpoint only the case's steps, flags,
/// states and reversals: it may not read facts, decisions and money. Pure; linear in effects times
/// fields times recipients or rows.
///
/// Reasons: Errc::unknown_kind at `kind`; Errc::closing_not_allowed at `from` for a sender who may
/// not close; Errc::track_not_own at the field that names the track, Errc::malformed_field there
/// for a track that the charter lacks; Errc::bad_amount at the field of an amount below 0 or above
/// kMaxFen; Errc::missing_field at the field that the kind asks for beside a decision;
/// Errc::reason_required at `reason` for declining without words; Errc::no_such_notice at
/// `in_reply_to` if there is nothing to reverse, Errc::case_mismatch at `case` if it is of another
/// case.
///
/// Source: lifecycle-ledger, "Effects".
[[nodiscard]] LedgerPlan plan_effects(const Charter& charter, const Notice& notice,
                                      const LedgerEvent& event, Viewpoint viewpoint);

}  // namespace tongbao
