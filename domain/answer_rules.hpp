#pragma once

#include "domain/charter.hpp"
#include "domain/notice.hpp"
#include "domain/reason.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace tongbao {

/// Whether `answer`, whose in_reply_to names `asked`, may point at it; both belong to `charter`.
/// By the `answers` of the answer's kind:
/// - listed: a reply of the asked kind names it, or is satisfied by it; it comes from a recipient
///   (not a copy) of the asked notice and, unless it is a follow-up, goes back to who asked;
/// - any_open_clock: the asked kind asks for answers at all, and its parties are sender or
///   recipients of the asked notice, or may_answer_for_office holds. Whether a clock still runs is
///   not known here;
/// - own_notice: both have the same sender.
///
/// Reasons: Errc::reply_to_nothing at `in_reply_to`, or at `to` where it does not go back;
/// Errc::unknown_kind at `kind` if the charter lacks the answer's kind.
[[nodiscard]] Reasons check_answer(const Charter& charter, const Notice& answer,
                                   const Notice& asked);

/// Whether `answer` may point at a notice of `asked_kind` that its sender is no party of: the
/// office urges and supervises whoever owes something, but of restricted kinds.
[[nodiscard]] bool may_answer_for_office(const Charter& charter, const Notice& answer,
                                         const Kind& asked_kind);

/// What stands against an answer to a notice that only its parties may know of: everybody else whom
/// it goes to would learn of it. Reasons: Errc::recipient_not_allowed at `to[i]` and `cc[i]`.
[[nodiscard]] Reasons check_among_parties(const Notice& answer, const Notice& asked);

/// Which of `asked`, each of which `answer` may answer, it means; none if that is not certain.
/// Identifiers are each sender's own, so another unit may have used the one that it names, to get
/// in the way. Of several it is the one whose sender gets the answer. Who urges or supervises does
/// so for notices of others too: it is the first of those a recipient of which he addresses, since
/// nobody could use the identifier before it was used. `asked` stands in the log's order.
[[nodiscard]] std::optional<std::size_t> meant_by(const Charter& charter, const Notice& answer,
                                                  std::span<const Notice* const> asked);

/// Whether `answer` is what `reply`, of the asked notice's kind, asks for: of the kind asked for
/// and its `satisfied_when` holds, or of one of those in `satisfied_by`; and the reply's `when`
/// holds for `asked`. An interim answer is not. Reads only fields that the hub may read.
[[nodiscard]] bool satisfies(const ReplyRule& reply, const Notice& asked, const Notice& answer);

/// The reply of the asked notice's kind whose clock `answer` stops, or nullptr: the first that
/// it satisfies. Which row's clock it is, for kinds with one a row, and whether it stops others
/// too, clocks_stopped_by says. Points into `charter`.
[[nodiscard]] const ReplyRule* satisfied_reply(const Charter& charter, const Notice& asked,
                                               const Notice& answer);

}  // namespace tongbao
