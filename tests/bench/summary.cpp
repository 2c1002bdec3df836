#include "tests/bench/summary.hpp"

#include "tests/integration/process_memory.hpp"

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

double rate(const Measured& run) {
    constexpr double kMillisecondsPerSecond = 1000;
    return static_cast<double>(run.samples.notices) * kMillisecondsPerSecond /
           run.samples.whole.count();
}

double each(std::chrono::microseconds all, const Measured& run) {
    return static_cast<double>(all.count()) / static_cast<double>(run.samples.notices);
}

}  // namespace

void print_heading(std::ostream& out) {
    out << "| `--row` | notices | notices/s (least–most) | durable ms p50 | p99 "
           "| end to end ms p50 | p99 | CPU µs a notice: sender / hub / recipient "
           "| peak MiB: hub / daemon |\n"
           "|---|---|---|---|---|---|---|---|---|\n";
}

void print_row(std::ostream& out, std::string_view name, std::vector<Measured> runs) {
    constexpr double kMedian = 0.5;
    constexpr double kTail = 0.99;
    std::sort(runs.begin(), runs.end(),
              [](const Measured& left, const Measured& right) { return rate(left) < rate(right); });
    Measured& run = runs[runs.size() / 2];
    Samples& samples = run.samples;
    out << std::fixed << std::setprecision(0) << "| " << name << " | " << samples.notices << " | "
        << rate(run) << " (" << rate(runs.front()) << "–" << rate(runs.back()) << ") | "
        << std::setprecision(1) << percentile(samples.durable, kMedian) << " | "
        << percentile(samples.durable, kTail) << " | " << percentile(samples.end_to_end, kMedian)
        << " | " << percentile(samples.end_to_end, kTail) << " | " << each(run.sender, run) << " / "
        << each(run.hub, run) << " / " << each(run.recipient, run) << " | "
        << runs.back().hub_kib / testing::kKibPerMib << " / "
        << runs.back().daemon_kib / testing::kKibPerMib << " |\n"
        << std::flush;
}

}  // namespace tongbao::bench
