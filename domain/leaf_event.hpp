#pragma once

#include "domain/act.hpp"
#include "domain/charter_kind.hpp"
#include "domain/digest.hpp"
#include "domain/log_entry.hpp"
#include "domain/notice.hpp"

namespace tongbao {

// What the log says of a leaf that is accepted: the hub writes it, and daemons hold it against the
// entries that they are shown. `leaf` is what is known of the leaf's bytes and signature,
// `register_head` the leaf hash of the newest register entry before.

/// Without endorsements and limits that were missed, and of the case what the notice says itself:
/// the endorsements that were given, the limits, and the case that was opened for the notice or is
/// that of the notice it answers, are for the hub to add.
[[nodiscard]] LoggedEvent event_of(const Notice& notice, const SignedLeaf& leaf,
                                   const Digest& register_head);
[[nodiscard]] ActEvent event_of(const Act& act, const SignedLeaf& leaf,
                                const Digest& register_head);

/// Whether the event may say this of the notice's case, as far as the notice and its kind tell: the
/// case in its header, and no other; else one that was opened for it, if `kind` opens cases; else,
/// for a notice of a kind that may belong to a case and that answers another one, that one's case
/// or none; else none. `kind` is nullptr where it is not known, as under an older charter: then the
/// header alone is held against it.
[[nodiscard]] bool says_case(const LoggedEvent& event, const Notice& notice, const Kind* kind);

/// Whether the event says of the notice or act what that says of itself, and of the case what it
/// may. By which signature, under which register, with which endorsements and how late it was
/// accepted is for the caller to check.
[[nodiscard]] bool says(const LoggedEvent& event, const Notice& notice, const Kind* kind);
[[nodiscard]] bool says(const ActEvent& event, const Act& act);

}  // namespace tongbao
