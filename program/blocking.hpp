#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <type_traits>
#include <utility>

namespace tongbao::program {

/// Runs `function` on a thread of `pool` while the coroutine waits, and goes on where it was: what
/// reads the disk or checks a signature never runs on a thread that serves sockets. `function`
/// takes nothing and does not throw.
template <typename Function>
boost::asio::awaitable<std::invoke_result_t<Function>> run_blocking(boost::asio::thread_pool& pool,
                                                                    Function function) {
    using Answer = std::invoke_result_t<Function>;
    const auto start = [&pool](auto handler, Function work) {
        boost::asio::post(pool, [handler = std::move(handler), work = std::move(work)]() mutable {
            Answer answer = work();
            const auto executor = boost::asio::get_associated_executor(handler);
            boost::asio::post(executor,
                              [handler = std::move(handler), answer = std::move(answer)]() mutable {
                                  std::move(handler)(std::move(answer));
                              });
        });
    };
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&,
                                                   void(Answer)>(start, boost::asio::use_awaitable,
                                                                 std::move(function));
}

}  // namespace tongbao::program
