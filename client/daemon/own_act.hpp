#pragma once

#include "domain/act.hpp"
#include "storage/daemon_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {

/// An act of this unit, as it enters the outbox.
[[nodiscard]] storage::SentItem make_act(const UnitId& unit, ActKind kind,
                                         std::vector<NoticeRef> notices,
                                         std::optional<std::string> reason, UtcTime now);

/// The same of an act that says of itself all but who does it, its id and its time.
[[nodiscard]] storage::SentItem make_act(const UnitId& unit, Act act, UtcTime now);

}  // namespace tongbao::client
