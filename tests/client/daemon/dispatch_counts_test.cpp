#include "client/daemon/dispatch_counts.hpp"

#include "tests/client/daemon/daemon_parts.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <optional>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::testing;

namespace {

namespace asio = boost::asio;

/// A hub that takes a connection and never says a word.
asio::awaitable<Result<std::unique_ptr<transport::HttpClient>>> silent_hub() {
    asio::steady_timer never(co_await asio::this_coro::executor, std::chrono::hours(1));
    static_cast<void>(co_await never.async_wait(asio::use_awaitable));
    co_return Errc::timed_out;
}

}  // namespace

TEST_SUITE("counts of dispatches") {
    TEST_CASE("a hub that does not answer holds up nobody who asks how the daemon is") {
        StartedHub hub;
        DaemonParts daemon{hub, "dike"};
        daemon.services->hub.connected = true;
        daemon.services->connect = [] { return silent_hub(); };
        DispatchCounter counter(*daemon.services);
        // It would end with the test's time if it waited for the hub.
        CHECK_FALSE(daemon.run(counter.counts()).has_value());
        CHECK_FALSE(daemon.run(counter.counts()).has_value());
    }
}
