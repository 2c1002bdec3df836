#pragma once

#include "tests/bench/summary.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <string>

namespace tongbao::bench {

/// Two daemons of a sandbox, by their sockets.
struct Exchange {
    std::string sender;
    std::string recipient;
};

/// Hands over one notice, waits for the durable answer and for its arrival, then the next.
/// Throws std::runtime_error if a daemon does not answer as it should.
[[nodiscard]] boost::asio::awaitable<Samples> one_at_a_time(Exchange exchange, std::size_t count);

/// Hands notices over on eight connections, in bursts, so that at most `window` are not yet
/// answered by the hub; the latencies are those of each burst's last notice. Throws as
/// one_at_a_time.
[[nodiscard]] boost::asio::awaitable<Samples> pipelined(Exchange exchange, std::size_t count,
                                                        std::size_t window);

}  // namespace tongbao::bench
