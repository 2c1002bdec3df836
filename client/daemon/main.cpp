#include "client/daemon/config.hpp"
#include "client/daemon/daemon.hpp"
#include "program/exit_code.hpp"
#include "transport/system_clock.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

namespace {

using namespace tongbao;
using program::ExitCode;

ExitCode read(const std::string& path, client::DaemonConfig& config) {
    const std::vector<std::string> faults = client::read_daemon_config(path, config);
    for (const std::string& fault : faults) std::cerr << fault << '\n';
    return faults.empty() ? ExitCode::good : ExitCode::usage;
}

ExitCode serve(const std::string& path) {
    client::DaemonConfig config;
    const ExitCode good = read(path, config);
    if (good != ExitCode::good) return good;
    program::Logging logging("tongbaod", config.log_level);
    const transport::SystemClock clock;
    std::string words;
    const Result<std::unique_ptr<client::Daemon>> opened =
        client::Daemon::open(config, clock, logging, words);
    if (!opened) {
        const Errc errc = to_errc(opened.error());
        logging.error("not_started", {{"code", std::string(code(errc))},
                                      {"what", std::string(sentence(errc))},
                                      {"words", words}});
        return ExitCode::failed;
    }
    (*opened)->run();
    return ExitCode::good;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        CLI::App app(
            "A unit's daemon: signs and sends its notices, receives, checks and keeps what comes.\n"
            "Example: tongbaod --config /etc/tongbao/police.toml");
        app.footer(
            "Exit codes: 0 stopped in order, 2 wrong arguments or configuration, 4 could not "
            "start; what happened is on standard error, one JSON object a line.");
        std::string config_path;
        app.add_option("--config", config_path, "the configuration file (TOML)");
        CLI::App* const check = app.add_subcommand(
            "check-config", "check a configuration file, every fault with line and column");
        check->add_option("--config", config_path, "the configuration file (TOML)");
        CLI11_PARSE(app, argc, argv);
        if (config_path.empty()) {
            std::cerr << "--config FILE is missing; see --help\n";
            return to_int(ExitCode::usage);
        }
        if (check->parsed()) {
            client::DaemonConfig config;
            const ExitCode result = read(config_path, config);
            if (result == ExitCode::good) std::cout << config_path << ": good\n";
            return to_int(result);
        }
        return to_int(serve(config_path));
    } catch (const std::exception& error) {
        std::cerr << "tongbaod: " << error.what() << '\n';
        return to_int(ExitCode::failed);
    }
}
