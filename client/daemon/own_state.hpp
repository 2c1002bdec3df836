#pragma once

#include "client/daemon/services.hpp"
#include "domain/result.hpp"
#include "protocol/leaf_json.hpp"

namespace tongbao::client {

/// Marks on the arrived notice what this unit did to it, now that the log has it: an act, or an
/// answer that satisfies. Nothing for any other leaf, and for what is marked already. Blocks.
///
/// Errors: those of the store.
[[nodiscard]] Result<void> mark_done(const Services& services, const protocol::Leaf& accepted);

}  // namespace tongbao::client
