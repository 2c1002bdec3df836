#include "tests/bench/exchange.hpp"
#include "tests/bench/summary.hpp"
#include "tests/integration/live_sandbox.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

using namespace tongbao;

int main(int argc, char** argv) {
    try {
        CLI::App app("Notices a second and latencies of hub and two daemons on this machine.");
        std::size_t count = 2000;
        app.add_option("--notices", count,
                       "notices of the pipelined run; a fourth of it one at a time");
        CLI11_PARSE(app, argc, argv);
        const testing::LiveSandbox sandbox("guangdong-2020");
        const auto units = sandbox.file().at("units");
        const bench::Exchange exchange{units.at("hsa").at("socket"),
                                       units.at("office").at("socket")};

        std::cout << "| what | notices | notices/s | durable p50 | p99 | end to end p50 | p99 |\n"
                     "|---|---|---|---|---|---|---|\n";
        const bench::Samples single = bench::closed_loop(exchange, count / 4, 1);
        bench::print_row(std::cout, "one at a time", single);
        constexpr std::size_t kWindow = 256;
        const bench::Samples pipelined = bench::closed_loop(exchange, count, kWindow);
        bench::print_row(std::cout, "pipelined, window 256", pipelined);
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "tongbao-bench: " << error.what() << '\n';
        return 1;
    }
}
