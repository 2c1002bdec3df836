#pragma once

#include "tests/bench/arrivals.hpp"
#include "tests/bench/stage.hpp"
#include "tests/bench/summary.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::bench {

/// What is sent by whom to whom, and how.
struct Load {
    std::vector<std::string> senders;
    std::vector<std::string> recipients;  ///< of each notice
    std::size_t notices{0};               ///< in all
    /// Notices handed over in one request.
    std::size_t at_once{1};
    /// Requests under way at each sender.
    std::size_t window{1};
    /// Notices a second of all senders, in an open loop; none: a closed loop.
    std::optional<double> rate;
};

/// Hands the notices over to the local API of each sender's daemon. In a closed loop each of
/// `window` connections hands over its next notices when its last are durable at the hub. In an
/// open loop they are handed over by the clock, and each time is counted from when it was due.
///
/// Throws std::runtime_error if a daemon does not answer as it should or a notice is refused.
[[nodiscard]] Samples run_local(const Stage& stage, const Load& load);

}  // namespace tongbao::bench
