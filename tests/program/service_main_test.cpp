#include "program/service_main.hpp"

#include "program/process.hpp"

#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::program {
namespace {

/// Runs the command line of a service whose configuration has `faults`; counts how often it served.
struct Invoked {
    explicit Invoked(std::vector<std::string> arguments, std::vector<std::string> faults = {},
                     bool is_test = false) {
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
                                  .is_test = [&] { return is_test; },
                                  .serve =
                                      [&](const std::optional<std::filesystem::path>& file) {
                                          clock = file;
                                          ++served;
                                          return ExitCode::failed;
                                      }});
    }

    int exit_code{-1};
    int served{0};
    std::string read;
    std::optional<std::filesystem::path> clock;
};

TEST_SUITE("service_main") {
    TEST_CASE("a service runs by its configuration and its end is the exit code") {
        const Invoked run({"service", "--config", "a.toml"});
        CHECK(run.read == "a.toml");
        CHECK(run.served == 1);
        CHECK(run.exit_code == 4);
    }

    TEST_CASE("a service writes no core and outlives a pipe that nobody reads") {
        // In a child: both stay with the process.
        const pid_t child = ::fork();
        if (child == 0) {
            ::prctl(PR_SET_DUMPABLE, 1);
            static_cast<void>(std::signal(SIGPIPE, SIG_DFL));
            const Invoked run({"service", "--config", "a.toml"});
            struct sigaction pipe {};
            ::sigaction(SIGPIPE, nullptr, &pipe);
            const bool settled =
                run.served == 1 && ::prctl(PR_GET_DUMPABLE) == 0 && pipe.sa_handler == SIG_IGN;
            ::_exit(settled ? 0 : 1);
        }
        int status = -1;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }

    TEST_CASE("a service may open as many files as the system lets it") {
        const pid_t child = ::fork();
        if (child == 0) {
            struct rlimit files {};
            ::getrlimit(RLIMIT_NOFILE, &files);
            files.rlim_cur = 64;
            ::setrlimit(RLIMIT_NOFILE, &files);
            const Invoked run({"service", "--config", "a.toml"});
            ::_exit(run.served == 1 && descriptor_limit() == files.rlim_max ? 0 : 1);
        }
        int status = -1;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
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

    TEST_CASE("a clock is set only where the configuration is a test deployment's") {
        const Invoked test({"service", "--config", "a.toml", "--clock", "clock"}, {}, true);
        CHECK(test.served == 1);
        CHECK(test.clock == std::filesystem::path("clock"));
        const Invoked real({"service", "--config", "a.toml", "--clock", "clock"});
        CHECK(real.served == 0);
        CHECK(real.exit_code == 2);
        // No clock is needed there.
        const Invoked without({"service", "--config", "a.toml"}, {}, true);
        CHECK(without.served == 1);
        CHECK(!without.clock);
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
