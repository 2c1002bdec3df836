#pragma once

#include "domain/act.hpp"
#include "domain/digest.hpp"
#include "domain/log_entry.hpp"
#include "domain/notice.hpp"

namespace tongbao {

// What the log says of a leaf that is accepted: the hub writes it, and daemons hold it against the
// entries that they are shown. `leaf` is what is known of the leaf's bytes and signature,
// `register_head` the leaf hash of the newest register entry before.

/// Without endorsements: those that were given are for the hub to add.
[[nodiscard]] LoggedEvent event_of(const Notice& notice, const SignedLeaf& leaf,
                                   const Digest& register_head);
[[nodiscard]] ActEvent event_of(const Act& act, const SignedLeaf& leaf,
                                const Digest& register_head);

/// Whether the event says of the notice or act what that says of itself. By which signature, under
/// which register and with which endorsements it was accepted is for the caller to check.
[[nodiscard]] bool says(const LoggedEvent& event, const Notice& notice);
[[nodiscard]] bool says(const ActEvent& event, const Act& act);

}  // namespace tongbao
