#include "tests/bench/summary.hpp"

#include <algorithm>
#include <iomanip>

namespace tongbao::bench {
namespace {

double percentile(std::vector<Duration>& samples, double share) {
    if (samples.empty()) return 0;
    const auto place = static_cast<std::size_t>(share * static_cast<double>(samples.size() - 1));
    std::nth_element(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(place),
                     samples.end());
    return samples[place].count();
}

}  // namespace

void print_row(std::ostream& out, std::string_view name, Samples samples) {
    constexpr double kMedian = 0.5;
    constexpr double kTail = 0.99;
    constexpr double kMillisecondsPerSecond = 1000;
    const std::size_t count = samples.notices;
    out << std::fixed << std::setprecision(2) << "| " << name << " | " << count << " | "
        << std::setprecision(0)
        << static_cast<double>(count) * kMillisecondsPerSecond / samples.whole.count()
        << std::setprecision(2) << " | " << percentile(samples.durable, kMedian) << " ms | "
        << percentile(samples.durable, kTail) << " ms | " << percentile(samples.end_to_end, kMedian)
        << " ms | " << percentile(samples.end_to_end, kTail) << " ms |\n";
}

}  // namespace tongbao::bench
