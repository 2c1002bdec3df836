#include "hub/config.hpp"
#include "hub/hub.hpp"
#include "program/exit_code.hpp"
#include "program/files.hpp"
#include "transport/system_clock.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

namespace {

using namespace tongbao;
using program::ExitCode;

ExitCode read(const std::string& path, hub::Config& config) {
    const std::vector<std::string> faults = hub::read_config(path, config);
    for (const std::string& fault : faults) std::cerr << fault << '\n';
    return faults.empty() ? ExitCode::good : ExitCode::usage;
}

ExitCode check_config(const std::string& path) {
    hub::Config config;
    const ExitCode result = read(path, config);
    if (result == ExitCode::good) std::cout << path << ": good\n";
    return result;
}

ExitCode serve(const std::string& path) {
    hub::Config config;
    const ExitCode good = read(path, config);
    if (good != ExitCode::good) return good;
    program::Logging logging("tongbao-hub", config.log_level);
    const transport::SystemClock clock;
    std::string words;
    const Result<std::unique_ptr<hub::Hub>> opened = hub::Hub::open(config, clock, logging, words);
    if (!opened) {
        const Errc errc = to_errc(opened.error());
        logging.error("not_started", {{"code", std::string(code(errc))},
                                      {"what", std::string(sentence(errc))},
                                      {"words", words}});
        return ExitCode::failed;
    }
    if (config.port_file) {
        const Result<void> written =
            program::write_file(*config.port_file, std::to_string((*opened)->port()) + '\n', 0644);
        if (!written) return ExitCode::failed;
    }
    (*opened)->run();
    return ExitCode::good;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        CLI::App app(
            "The hub of a Tongbao deployment: checks, logs and relays signed notices.\n"
            "Example: tongbao-hub --config /etc/tongbao/hub.toml");
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
        return to_int(check->parsed() ? check_config(config_path) : serve(config_path));
    } catch (const std::exception& error) {
        std::cerr << "tongbao-hub: " << error.what() << '\n';
        return to_int(ExitCode::failed);
    }
}
