#pragma once

#include <chrono>
#include <cstddef>
#include <ostream>
#include <string_view>
#include <vector>

namespace tongbao::bench {

using Duration = std::chrono::duration<double, std::milli>;

/// What one run measured.
struct Samples {
    /// From handing a notice over until the sender's daemon has the hub's durable answer, verified.
    std::vector<Duration> durable;
    /// From handing it over until the recipient's daemon has it, verified and durable.
    std::vector<Duration> end_to_end;
    std::size_t notices{0};
    /// From the first hand-over until the recipient has the last.
    Duration whole{};
};

/// A row of the table: counts, notices a second, medians and 99th percentiles in milliseconds.
void print_row(std::ostream& out, std::string_view name, Samples samples);

}  // namespace tongbao::bench
