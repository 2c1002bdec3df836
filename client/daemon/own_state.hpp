#pragma once

#include "client/daemon/services.hpp"
#include "domain/bytes.hpp"
#include "domain/result.hpp"

namespace tongbao::client {

/// Marks on the arrived notice what this unit did to it, now that the log has it: an act, or an
/// answer that satisfies. Nothing for any other leaf, and for what is marked already. Blocks.
///
/// Errors: those of the store.
[[nodiscard]] Result<void> mark_done(const Services& services, BytesView accepted_leaf);

}  // namespace tongbao::client
