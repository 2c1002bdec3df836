#include "tests/client/cli/client_command.hpp"
#include "tests/support/command.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::client;
using tongbao::testing::TestDirectory;

// What they do with processes is tested in tests/client/sandbox/ and tests/integration/.
TEST_SUITE("sandbox commands") {
    TEST_CASE("status and down of a folder that holds no sandbox are exit code 2") {
        const TestDirectory directory("sandbox-command-none");
        for (const std::string command : {"status", "down"}) {
            const CommandOutcome outcome =
                run_tongbao({"sandbox", command, "--dir", directory.path().string()});
            CHECK(outcome.exit_code == 2);
            CHECK(outcome.messages.find("tongbao sandbox up") != std::string::npos);
        }
    }

    TEST_CASE("up without a charter, with an unknown one or a bad patience makes nothing") {
        const TestDirectory directory("sandbox-command-up");
        const std::string folder = (directory.path() / "box").string();
        CHECK(run_tongbao({"sandbox", "up", "--dir", folder}).exit_code == 2);
        CHECK(run_tongbao({"sandbox", "up", "--dir", folder, "--charter", "atlantis"}).exit_code ==
              2);
        CHECK(run_tongbao({"sandbox", "up", "--dir", folder, "--wait", "0"}).exit_code == 2);
        CHECK(run_tongbao({"sandbox", "up", "--dir", ""}).exit_code == 2);
        CHECK(run_tongbao({"sandbox", "up"}).exit_code == 2);
        CHECK_FALSE(std::filesystem::exists(folder + "/sandbox.json"));
    }
}
