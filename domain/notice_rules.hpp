#pragma once

#include "domain/charter.hpp"
#include "domain/notice.hpp"
#include "domain/reason.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao {

/// Who checks. The hub reads only fields that the charter makes clear, so that encrypting the
/// others changes nothing for it: one that is absent is never a fault, one that is there is not
/// looked at, and a condition that names one is not evaluated. A unit, before it signs and after it
/// received, reads all.
enum class Viewpoint : std::uint8_t { hub, unit };

/// Everything that is wrong with `notice` under `charter`; empty means that it is allowed. What
/// needs more than the two of them is checked elsewhere: the notice it answers (check_answer),
/// signatures, the size of the text, whether the attachments have arrived. Limits in time never
/// refuse a notice. Whether a recipient is online, the register says (domain/reach.hpp).
///
/// Codes and places:
///   charter_mismatch          charter.id, charter.version
///   unknown_kind              kind; then only what needs no kind is checked
///   sender_not_allowed        from
///   recipient_not_allowed     to, to[i], cc[i]: not addressed by this kind, or no unit at all
///   duplicate_recipient       to[i], cc[i]: addressed before
///   case_required, case_not_allowed, malformed_case            case
///   reply_required, reply_not_allowed                          in_reply_to
///   title_not_allowed, secrecy_not_allowed, urgency_not_allowed title, secrecy, urgency
///   malformed_field           doc_no, fields.x, fields.x[2].y, attachments.x.name
///   missing_field, unknown_field      fields.x, fields.x[2].y
///   check_failed              fields.x: the first field that the check names; fields.x[2] for
///   `each` missing_attachment, unknown_attachment, too_many_attachments, wrong_attachment_format
///                             attachments.x
///   refused_mark              title, fields.x, fields.x[2].y, attachments.x.name; the explanation
///                             never quotes
///   more_reasons              none: there are more than the kMaxReasons told
///
/// A check that names a field already at fault says nothing more. Linear in the size of the notice
/// and of its kind.
///
/// A table too large for the notice travels as an attachment whose kind is the field's name, of
/// media type application/json, which no charter lists; the field holds its digest. Tables with
/// rows that the hub reads (`rows`) can't. What stands in it, check_detached_rows says.
[[nodiscard]] Reasons check_notice(const Charter& charter, const Notice& notice,
                                   Viewpoint viewpoint);

/// Everything that is wrong with the rows of `notice`'s table `field` that travel as an attachment:
/// the same rules, codes and places as if they stood in the notice. For units; a hub does not open
/// attachments. Nothing for what is no field of the notice's kind: check_notice has said so.
[[nodiscard]] Reasons check_detached_rows(const Charter& charter, const Notice& notice,
                                          const std::string& field, const Table& rows);

/// Whether `text` bears one of the marks of state secrets that the charter never lets in.
[[nodiscard]] bool bears_refused_mark(const Charter& charter, std::string_view text);

// What a sender's daemon fills in where the drafter says nothing.

/// The kind's title: the only one where the class has no free titles.
[[nodiscard]] std::string default_title(const Kind& kind);
[[nodiscard]] std::string default_urgency(const Kind& kind);
/// The first of the marks that the kind's class allows; empty if the charter lacks the class.
[[nodiscard]] std::string default_secrecy(const Charter& charter, const Kind& kind);

}  // namespace tongbao
