#pragma once

#include "domain/act.hpp"
#include "domain/charter.hpp"
#include "domain/charter_kind.hpp"
#include "domain/ledger_effects.hpp"
#include "domain/notice.hpp"
#include "domain/recipient_state.hpp"
#include "domain/time.hpp"

#include <optional>
#include <span>
#include <vector>

namespace tongbao {

// What a leaf that is logged does to cases. The hub asks before it logs, daemons ask for their
// ledgers afterwards: both from here, so that they have the same events in the same order. All is
// pure, so threads may share what it takes.

/// A notice with its place in the log. Borrows the notice.
struct NoticeInLog {
    const Notice* notice{nullptr};
    NoticeRef ref;
    /// The case that it belongs to, as its entry says; none: nothing of it touches a case.
    std::optional<CaseNumber> case_number;
    /// What its in_reply_to names; none if it names nothing.
    std::optional<AnsweredInCase> answered{};
};

/// The entry of the log that says so, and its time.
struct EntryMoment {
    LogIndex entry;
    UtcTime at{};
};

/// What happened, and to which notice: the one whose effects apply. Borrows it.
struct CaseEvent {
    const Notice* notice{nullptr};
    LedgerEvent event;
};

/// Whether a notice of that kind has effects at a state that `after` has and `before` has not: if
/// not, nothing is brought about, and nobody needs to read the notice. Cheap.
[[nodiscard]] bool has_events(const Charter& charter, const KindId& kind, RecipientState before,
                              RecipientState after);

/// The notice that an answer points at, and where it stood at the answering unit before.
struct AskedInLog {
    NoticeInLog notice;
    RecipientState before;
};

/// A notice that an act names, and where it stood at the acting unit before and after.
struct ActedInLog {
    NoticeInLog notice;
    RecipientState before;
    RecipientState after;
};

/// Whether the keeper of the case ledger (`ledger.kept_by`) gets every notice of this kind, and
/// every act on one: the kind may belong to a case, and the office sees all of it.
[[nodiscard]] bool is_kept(const Kind& kind) noexcept;

/// By the charter's kind of that name; false for one that it lacks.
[[nodiscard]] bool is_kept(const Charter& charter, const KindId& kind);

/// What a notice brings about when it is logged, in this order: if it answers `asked` as a reply of
/// that one's kind wants it (satisfied_reply), what the answer implies there, of delivered,
/// signed_for and taken_up those that were not yet; its own `logged`; and `replied` at `asked`.
/// `asked` is nullptr where the notice points at nothing. What happens at `asked` has the answering
/// unit as its recipient and the notice as its cause; `moment` is that of the notice's own entry
/// for all of them.
///
/// Events of notices in no case, and those that the notice's kind has no effects at, are left out.
/// Empty for kinds that the charter lacks.
///
/// Source: lifecycle-ledger, "Effects"; lifecycle, "Per recipient".
[[nodiscard]] std::vector<CaseEvent> events_of_notice(const Charter& charter,
                                                      const NoticeInLog& logged,
                                                      const AskedInLog* asked, EntryMoment moment);

/// What an act brings about, for each of its notices in their order: of delivered, signed_for,
/// taken_up and declined those that `after` has and `before` has not, in this order. `act` is the
/// act's own place, which is their cause; its sender is their recipient. Nothing for an act of the
/// notice's sender: no charter has effects at closing.
///
/// Left out is what events_of_notice leaves out.
[[nodiscard]] std::vector<CaseEvent> events_of_act(const Charter& charter, const Act& act,
                                                   const NoticeRef& ref,
                                                   std::span<const ActedInLog> notices,
                                                   EntryMoment moment);

}  // namespace tongbao
