#pragma once

#include "tests/bench/arrivals.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace tongbao::bench {

/// Runs all of them at once, on this thread, to their ends. The first exception of one ends the
/// others and is thrown.
void run_all(std::vector<boost::asio::awaitable<int>> tasks);

/// Throws std::runtime_error unless each recipient has exactly `notices` more than at the
/// beginning: none lost, none twice.
void check_arrived(const Arrivals& arrivals, const std::vector<std::string>& recipients,
                   std::size_t notices);

}  // namespace tongbao::bench
