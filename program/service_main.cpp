#include "program/service_main.hpp"

#include "domain/errc.hpp"
#include "program/process.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

namespace tongbao::program {
namespace {

ExitCode read(const Service& service, const std::string& file) {
    const std::vector<std::string> faults = service.read(file);
    for (const std::string& fault : faults) std::cerr << fault << '\n';
    return faults.empty() ? ExitCode::good : ExitCode::usage;
}

int run(int argc, char** argv, const Service& service) {
    CLI::App app(service.description);
    app.footer(
        "Exit codes: 0 stopped in order, 2 wrong arguments or configuration, 4 could not "
        "start; what happened is on standard error, one JSON object a line.");
    std::string file;
    app.add_option("--config", file, "the configuration file (TOML)");
    CLI::App* const check = app.add_subcommand(
        "check-config", "check a configuration file, every fault with line and column");
    check->add_option("--config", file, "the configuration file (TOML)");
    std::optional<std::filesystem::path> clock;
    app.add_option("--clock", clock,
                   "for tests: the clock is what this file says; refused unless the configuration "
                   "says test_deployment = true");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const bool asked_for_help = app.exit(error) == 0;
        return to_int(asked_for_help ? ExitCode::good : ExitCode::usage);
    }
    if (file.empty()) {
        std::cerr << "--config FILE is missing; see --help\n";
        return to_int(ExitCode::usage);
    }
    const ExitCode good = read(service, file);
    if (good != ExitCode::good) return to_int(good);
    if (clock && !service.is_test()) {
        std::cerr << "--clock " << clock->string() << ": refused, since " << file
                  << " does not say test_deployment = true: only there may the clock be set\n";
        return to_int(ExitCode::usage);
    }
    if (check->parsed()) {
        std::cout << file << ": good\n";
        return to_int(ExitCode::good);
    }
    settle_process();
    return to_int(service.serve(clock));
}

}  // namespace

int service_main(int argc, char** argv, const Service& service) {
    try {
        return run(argc, argv, service);
    } catch (const std::exception& error) {
        std::cerr << service.name << ": " << error.what() << '\n';
        return to_int(ExitCode::failed);
    }
}

ExitCode not_started(Logging& logging, Errc errc, const std::string& words) {
    logging.error("not_started", {{"code", std::string(code(errc))},
                                  {"what", std::string(sentence(errc))},
                                  {"words", words},
                                  {"do", "tongbao explain " + std::string(code(errc))}});
    return ExitCode::failed;
}

}  // namespace tongbao::program
