#include "program/service_main.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tongbao::program {
namespace {

/// Runs the command line of a service whose configuration has `faults`; counts how often it served.
struct Invoked {
    explicit Invoked(std::vector<std::string> arguments, std::vector<std::string> faults = {}) {
        std::vector<char*> argv;
        for (std::string& argument : arguments) argv.push_back(argument.data());
        exit_code = service_main(static_cast<int>(argv.size()), argv.data(),
                                 {.name = "service",
                                  .description = "A service.",
                                  .read =
                                      [&](const std::string& file) {
                                          read = file;
                                          return faults;
                                      },
                                  .serve =
                                      [&] {
                                          ++served;
                                          return ExitCode::failed;
                                      }});
    }

    int exit_code{-1};
    int served{0};
    std::string read;
};

TEST_SUITE("service_main") {
    TEST_CASE("a service runs by its configuration and its end is the exit code") {
        const Invoked run({"service", "--config", "a.toml"});
        CHECK(run.read == "a.toml");
        CHECK(run.served == 1);
        CHECK(run.exit_code == 4);
    }

    TEST_CASE("check-config reads and does not serve") {
        const Invoked run({"service", "check-config", "--config", "a.toml"});
        CHECK(run.read == "a.toml");
        CHECK(run.served == 0);
        CHECK(run.exit_code == 0);
    }

    TEST_CASE("a configuration with a fault is never served") {
        for (const char* command : {"--config=a.toml", "check-config"}) {
            std::vector<std::string> arguments{"service", command};
            if (arguments.back() == "check-config") arguments.emplace_back("--config=a.toml");
            const Invoked run(arguments, {"a.toml:1:1: unknown key"});
            CHECK(run.served == 0);
            CHECK(run.exit_code == 2);
        }
    }

    TEST_CASE("arguments that are wrong end with 2 and help with 0") {
        CHECK(Invoked({"service"}).exit_code == 2);
        CHECK(Invoked({"service", "--bogus"}).exit_code == 2);
        CHECK(Invoked({"service", "--config"}).exit_code == 2);
        CHECK(Invoked({"service", "bogus", "--config", "a.toml"}).exit_code == 2);
        const Invoked help({"service", "--help"});
        CHECK(help.exit_code == 0);
        CHECK(help.served == 0);
    }
}

}  // namespace
}  // namespace tongbao::program
