#pragma once

#include "client/daemon/hub_requests.hpp"
#include "client/daemon/log_follower.hpp"
#include "client/daemon/services.hpp"
#include "domain/log_entry.hpp"
#include "domain/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace tongbao::client {

/// An entry of a notice's trail, proved to stand in the log.
struct TrailEvent {
    LogIndex index;
    LogEntry entry;
};

struct Trail {
    std::string checkpoint;
    TreeSize size;
    std::vector<TrailEvent> events;
};

/// Fetches a notice's trail and checks each entry's inclusion under a head that the log's key
/// signed and that is not smaller than the one known.
///
/// Errors: those of HubRequests::get; those of crypto::verify_checkpoint; Errc::log_rolled_back;
/// Errc::proof_mismatch; Errc::bad_log_entry.
[[nodiscard]] boost::asio::awaitable<Result<Trail>> fetch_trail(Services& services,
                                                                const LogFollower& follower,
                                                                LogIndex notice);

/// `{"checkpoint": …, "size": n, "events": [{"index", "time", "event", "unit", "sha256"}, …]}`
[[nodiscard]] std::string write_trail(const Trail& trail);

}  // namespace tongbao::client
