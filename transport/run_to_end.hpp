#pragma once

#include "domain/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <utility>

namespace tongbao::transport {

/// Runs one coroutine, and all that it starts, on this thread until nothing is left to do; what it
/// came to. For commands that do one thing after the other. What it throws is thrown here.
[[nodiscard]] inline Result<void> run_to_end(boost::asio::awaitable<Result<void>> work) {
    boost::asio::io_context context(1);
    Result<void> outcome = Errc::connection_failed;
    std::exception_ptr thrown;
    boost::asio::co_spawn(context, std::move(work),
                          [&](std::exception_ptr error, Result<void> result) {
                              thrown = std::move(error);
                              outcome = result;
                          });
    context.run();
    if (thrown) std::rethrow_exception(thrown);
    return outcome;
}

}  // namespace tongbao::transport
