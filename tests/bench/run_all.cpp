#include "tests/bench/run_all.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <stdexcept>

namespace tongbao::bench {
namespace {

namespace asio = boost::asio;

asio::awaitable<int> check_one(const Arrivals& arrivals, std::size_t which, std::string unit,
                               std::size_t notices) {
    const std::size_t found = co_await arrivals.count(which);
    if (found == notices) co_return 0;
    throw std::runtime_error(unit + " has " + std::to_string(found) + " notices of " +
                             std::to_string(notices));
}

}  // namespace

void run_all(std::vector<asio::awaitable<int>> tasks) {
    asio::io_context io;
    std::exception_ptr failed;
    for (asio::awaitable<int>& task : tasks) {
        asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& error, int) {
            if (!error || failed) return;
            failed = error;
            io.stop();
        });
    }
    io.run();
    if (failed) std::rethrow_exception(failed);
}

void check_arrived(const Arrivals& arrivals, const std::vector<std::string>& recipients,
                   std::size_t notices) {
    std::vector<asio::awaitable<int>> tasks;
    for (std::size_t i = 0; i < recipients.size(); ++i) {
        tasks.push_back(check_one(arrivals, i, recipients[i], notices));
    }
    run_all(std::move(tasks));
}

}  // namespace tongbao::bench
