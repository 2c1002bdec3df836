#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::bench {

using Duration = std::chrono::duration<double, std::milli>;

/// What one run measured. A sample is one request, of one notice or more.
struct Samples {
    /// From handing over until the sender's daemon has the hub's durable answer, verified.
    std::vector<Duration> durable;
    /// From handing over until the daemon of the last of the recipients has all of it, verified and
    /// durable.
    std::vector<Duration> end_to_end;
    std::size_t notices{0};
    /// From the first hand-over until the recipients have the last.
    Duration whole{};
};

/// A run: what was measured, and what the processes took for it.
struct Measured {
    Samples samples;
    /// CPU time of all senders, of the hub, of all recipients.
    std::chrono::microseconds sender{};
    std::chrono::microseconds hub{};
    std::chrono::microseconds recipient{};
    /// The most that hub and one daemon had resident since they were started.
    std::uint64_t hub_kib{0};
    std::uint64_t daemon_kib{0};
};

void print_heading(std::ostream& out);

/// A row of the table: the run of the median rate among `runs`, the slowest and the fastest rate in
/// brackets, then medians and 99th percentiles of that run in milliseconds, CPU microseconds a
/// notice, peak memory in MiB. At least one run.
void print_row(std::ostream& out, std::string_view name, std::vector<Measured> runs);

}  // namespace tongbao::bench
