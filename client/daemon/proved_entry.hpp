#pragma once

#include "client/daemon/log_follower.hpp"
#include "domain/digest.hpp"
#include "domain/log_entry.hpp"
#include "domain/log_position.hpp"
#include "domain/reason.hpp"
#include "protocol/json_value.hpp"
#include "protocol/object_reader.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// An entry of the log that was proved to stand in it.
struct TrailEvent {
    LogIndex index;
    LogEntry entry;
    bool hidden{false};  ///< from all but its parties
    /// What was shown of it (protocol/shown_entry.hpp), and the path from it to the tree's root.
    protocol::ProvedEntry proved{};
};

/// An array of digests in base64. What is wrong with it, `reader` says.
[[nodiscard]] std::vector<Digest> digests_from(protocol::ObjectReader& reader,
                                               std::string_view name);

/// Reads `{"index", "entry", "proof"}`, which stands at `place` of the hub's answer, and checks
/// that the entry stands in the log that `log` knows.
///
/// Errors: those of LogFollower::check_entry; Errc::bad_log_entry for what can't be read.
[[nodiscard]] Checked<TrailEvent> read_proved_entry(const protocol::JsonValue& value,
                                                    const std::string& place,
                                                    const LogFollower& log);

}  // namespace tongbao::client
