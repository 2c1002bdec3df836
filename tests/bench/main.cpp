#include "tests/bench/backlog.hpp"
#include "tests/bench/exchange.hpp"
#include "tests/bench/ledger.hpp"
#include "tests/bench/process_use.hpp"
#include "tests/bench/search.hpp"
#include "tests/integration/process_memory.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <exception>
#include <iostream>

using namespace tongbao;

namespace {

/// A row of the table: what it is called, and what is run for it.
struct RowPlan {
    std::string name;
    bench::Load load;
};

/// Notices of the rows whose notices are handed over one by one, and of all others.
struct Counts {
    std::size_t single;
    std::size_t many;
};

std::vector<RowPlan> all_rows(const Counts& counts, double rate) {
    const std::vector<std::string> one{bench::kOne};
    const std::vector<std::string> first{bench::seven_others().front()};
    const std::vector<std::string>& seven = bench::seven_others();
    constexpr std::size_t kArray = 256;
    constexpr std::size_t kConnections = 8;
    constexpr std::size_t kSingles = 128;
    return {
        {"one", {first, one, counts.single / 4, 1, 1, {}}},
        {"window", {first, one, counts.single, 1, kSingles, {}}},
        {"arrays", {first, one, counts.many, kArray, kConnections, {}}},
        {"arrays-7-senders", {seven, one, counts.many, kArray, 2, {}}},
        {"arrays-7-recipients", {one, seven, counts.many / 4, kArray, 4, {}}},
        {"open", {first, one, counts.many / 4, 16, 64, rate}},
    };
}

std::vector<pid_t> daemons(const bench::Stage& stage, const std::vector<std::string>& units) {
    std::vector<pid_t> processes;
    processes.reserve(units.size());
    for (const std::string& unit : units) processes.push_back(stage.daemon(unit));
    return processes;
}

bench::Measured measure(const bench::Stage& stage, const RowPlan& row) {
    const std::vector<pid_t> hub{stage.hub()};
    const std::vector<pid_t> senders = daemons(stage, row.load.senders);
    const std::vector<pid_t> recipients = daemons(stage, row.load.recipients);
    const auto sender = bench::cpu_time(senders);
    const auto hub_time = bench::cpu_time(hub);
    const auto recipient = bench::cpu_time(recipients);
    bench::Measured measured;
    measured.samples = bench::run_local(stage, row.load);
    measured.sender = bench::cpu_time(senders) - sender;
    measured.hub = bench::cpu_time(hub) - hub_time;
    measured.recipient = bench::cpu_time(recipients) - recipient;
    measured.hub_kib = testing::memory_kib(hub.front(), "VmHWM:");
    for (const auto& units : {row.load.senders, row.load.recipients}) {
        for (const pid_t process : daemons(stage, units)) {
            measured.daemon_kib =
                std::max(measured.daemon_kib, testing::memory_kib(process, "VmHWM:"));
        }
    }
    return measured;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        CLI::App app(
            "Notices a second, latencies, CPU and memory of a hub and its daemons on this "
            "machine. tests/bench/README.md says what each row is.");
        Counts counts{4000, 100'000};
        double rate = 2000;
        std::size_t runs = 3;
        std::vector<std::string> wanted;
        app.add_option("--singles", counts.single,
                       "notices of a run that hands them over one by one");
        app.add_option("--notices", counts.many, "notices of a run that hands over many at once");
        app.add_option("--rate", rate, "notices a second of the open loop");
        app.add_option("--runs", runs, "runs of each row; the median is printed")
            ->check(CLI::Range(1, 99));
        app.add_option("--row", wanted,
                       "only these rows; backlog, ledger and search only if asked for");
        CLI11_PARSE(app, argc, argv);

        // A sentence, not a row of the table: it is about what waits, not about what is sent.
        const auto backlog = std::find(wanted.begin(), wanted.end(), "backlog");
        if (backlog != wanted.end()) {
            bench::run_backlog(std::cout, counts.many);
            wanted.erase(backlog);
            if (wanted.empty()) return 0;
        }
        const auto ledger = std::find(wanted.begin(), wanted.end(), "ledger");
        if (ledger != wanted.end()) {
            bench::run_ledger(std::cout, counts.many);
            wanted.erase(ledger);
            if (wanted.empty()) return 0;
        }
        const auto search = std::find(wanted.begin(), wanted.end(), "search");
        if (search != wanted.end()) {
            bench::run_search(std::cout, counts.many);
            wanted.erase(search);
            if (wanted.empty()) return 0;
        }
        bench::print_heading(std::cout);
        for (const RowPlan& row : all_rows(counts, rate)) {
            const bool asked = std::find(wanted.begin(), wanted.end(), row.name) != wanted.end();
            if (!wanted.empty() && !asked) continue;
            const bench::Stage stage;
            std::vector<bench::Measured> measured;
            for (std::size_t i = 0; i < runs; ++i) measured.push_back(measure(stage, row));
            bench::print_row(std::cout, row.name, std::move(measured));
        }
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "tongbao-bench: " << error.what() << '\n';
        return 1;
    }
}
