#pragma once

#include "tests/bench/summary.hpp"

#include <cstddef>
#include <string>

namespace tongbao::bench {

/// Two daemons of a sandbox, by their sockets.
struct Exchange {
    std::string sender;
    std::string recipient;
};

/// Hands `count` notices over and keeps at most `window` of them without the hub's durable answer:
/// one on each of `window` connections. When they arrived is seen by looking
/// at the recipient's inbox every few milliseconds, which is how exact `end_to_end` is. Throws
/// std::runtime_error if a daemon does not answer as it should, or refuses a notice.
[[nodiscard]] Samples closed_loop(Exchange exchange, std::size_t count, std::size_t window);

}  // namespace tongbao::bench
