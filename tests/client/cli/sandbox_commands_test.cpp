#include "client/sandbox/sandbox_file.hpp"
#include "tests/client/cli/client_command.hpp"
#include "tests/support/command.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using tongbao::testing::TestDirectory;

// What they do with processes is tested in tests/client/sandbox/ and tests/integration/.
TEST_SUITE("sandbox commands") {
    TEST_CASE("status and down and clock of a folder that holds no sandbox are exit code 2") {
        const TestDirectory directory("sandbox-command-none");
        for (const std::string command : {"status", "down", "clock"}) {
            const CommandOutcome outcome =
                run_tongbao({"sandbox", command, "--dir", directory.path().string()});
            CHECK(outcome.exit_code == 2);
            CHECK(outcome.messages.find("tongbao sandbox up") != std::string::npos);
        }
    }

    TEST_CASE("the status of one stopped on purpose sends nobody to the logs") {
        const TestDirectory directory("sandbox-command-stopped");
        SandboxFile file;
        file.hub_url = "https://127.0.0.1:8443";
        file.charter = "x";
        file.trust_domain = "x.example";
        const std::filesystem::path any = directory.path() / "any";
        file.log_verifier_key = "any";
        file.ca_file = file.charter_file = any;
        file.auditor = {any, any};
        file.units["police"] = {{any, any}, {any, any}, directory.path() / "socket", {}};
        const auto status = [&directory, &file] {
            REQUIRE(write_sandbox_file(directory.path(), file).has_value());
            return run_tongbao({"sandbox", "status", "--dir", directory.path().string()});
        };
        const CommandOutcome stopped = status();
        CHECK(stopped.exit_code == 1);
        CHECK(stopped.messages.find("It is stopped: `tongbao sandbox up") != std::string::npos);
        CHECK(stopped.messages.find("log") == std::string::npos);
        // No process has the number any more: it ended without `sandbox down`.
        file.hub = {4'000'000, 1};
        const CommandOutcome ended = status();
        CHECK(ended.exit_code == 1);
        CHECK(ended.output.find("ended by itself") != std::string::npos);
        CHECK(ended.messages.find("The logs say why") != std::string::npos);
    }

    TEST_CASE("the clock of a sandbox is shown and set on and never back") {
        const TestDirectory directory("sandbox-command-clock");
        SandboxFile file;
        file.hub_url = "https://127.0.0.1:8443";
        file.charter = "x";
        file.trust_domain = "x.example";
        const std::filesystem::path any = directory.path() / "any";
        file.log_verifier_key = "any";
        file.ca_file = file.charter_file = any;
        file.auditor = {any, any};
        const auto clock = [&directory](std::vector<std::string> more) {
            std::vector<std::string> all{"sandbox", "clock", "--dir", directory.path().string()};
            all.insert(all.end(), more.begin(), more.end());
            return run_tongbao(all);
        };
        REQUIRE(write_sandbox_file(directory.path(), file).has_value());
        CHECK(clock({}).exit_code == 2);
        file.clock = directory.path() / "clock";
        REQUIRE(write_sandbox_file(directory.path(), file).has_value());
        directory.write("clock", "2020-09-30T09:00+08:00\n");
        CHECK(clock({}).output == "2020-09-30T01:00:00.000Z\n");
        CHECK(clock({"--set", "2020-10-09T09:00+08:00", "--json"}).output ==
              "{\"time\":\"2020-10-09T01:00:00.000Z\"}\n");
        CHECK(clock({"--set", "2020-10-09T08:00+08:00"}).exit_code == 2);
        CHECK(clock({"--set", "noon"}).exit_code == 2);
        CHECK(clock({}).output == "2020-10-09T01:00:00.000Z\n");
    }

    TEST_CASE("up without a charter, with an unknown one or a bad patience makes nothing") {
        const TestDirectory directory("sandbox-command-up");
        const std::string folder = (directory.path() / "box").string();
        CHECK(run_tongbao({"sandbox", "up", "--dir", folder}).exit_code == 2);
        CHECK(run_tongbao({"sandbox", "up", "--dir", folder, "--charter", "atlantis"}).exit_code ==
              2);
        CHECK(run_tongbao({"sandbox", "up", "--dir", folder, "--wait", "0"}).exit_code == 2);
        CHECK(
            run_tongbao({"sandbox", "up", "--dir", folder, "--charter", "jilin", "--clock", "noon"})
                .exit_code == 2);
        CHECK(run_tongbao({"sandbox", "up", "--dir", ""}).exit_code == 2);
        CHECK(run_tongbao({"sandbox", "up"}).exit_code == 2);
        CHECK_FALSE(std::filesystem::exists(folder + "/sandbox.json"));
    }
}
