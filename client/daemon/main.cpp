#include "client/daemon/config.hpp"
#include "client/daemon/daemon.hpp"
#include "program/allocator.hpp"
#include "program/service_main.hpp"
#include "program/test_clock.hpp"

namespace {

using namespace tongbao;
using program::ExitCode;

constexpr const char* kName = "tongbaod";

ExitCode serve(const client::DaemonConfig& config,
               const std::optional<std::filesystem::path>& clock_file) {
    program::Logging logging(kName, config.log_level);
    std::string words;
    const Result<std::unique_ptr<Clock>> clock =
        program::service_clock(config.test_deployment, clock_file, logging, words);
    if (!clock) return program::not_started(logging, to_errc(clock.error()), words);
    const Result<std::unique_ptr<client::Daemon>> opened =
        client::Daemon::open(config, **clock, logging, words);
    if (!opened) return program::not_started(logging, to_errc(opened.error()), words);
    (*opened)->run();
    return ExitCode::good;
}

}  // namespace

int main(int argc, char** argv) {
    program::keep_freed_memory();
    client::DaemonConfig config;
    return program::service_main(
        argc, argv,
        {.name = kName,
         .description = "A unit's daemon: signs and sends its notices, receives, checks and keeps "
                        "what comes.\n"
                        "Example: tongbaod --config /etc/tongbao/tongbaod.toml",
         .read = [&config](
                     const std::string& file) { return client::read_daemon_config(file, config); },
         .is_test = [&config] { return config.test_deployment; },
         .serve = [&config](const auto& clock) { return serve(config, clock); }});
}
