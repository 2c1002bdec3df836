#pragma once

#include "client/daemon/services.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace tongbao::client {

/// How many items of the register of dispatches are to be chased, as the hub says: it counts no
/// more than a thousand of each.
struct DispatchCounts {
    std::uint64_t open{0};
    std::uint64_t without_evidence{0};
};

/// Asks the hub for them, at most once in two seconds while nothing of the unit's own is settled.
/// On the daemon's thread. `services` outlive the object.
class DispatchCounter {
public:
    explicit DispatchCounter(Services& services) : services_(services) {}

    /// None while the hub can't be asked, does not answer within a second, or is being asked.
    [[nodiscard]] boost::asio::awaitable<std::optional<DispatchCounts>> counts();

private:
    struct Counted {
        /// None: the hub did not say.
        std::optional<DispatchCounts> counts;
        /// The last of the unit's own items that had been answered.
        std::uint64_t settled{0};
        std::chrono::steady_clock::time_point at{};
    };

    Services& services_;
    std::optional<Counted> last_;
    bool asking_{false};
};

}  // namespace tongbao::client
