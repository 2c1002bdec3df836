#include "tests/client/cli/daemon_stage.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;

TEST_SUITE("fetch") {
    TEST_CASE_FIXTURE(DaemonStage, "attachments are saved under harmless names") {
        asked_notice(R"(,"attachments":[{"kind":"a","name":"../../x.txt","sha256":")" + kAbc +
                     R"("},{"kind":"b","none":true}])");
        daemon.answer("GET /v1/notices/12/attachments/" + kAbc, {200, "abc"});
        const std::string out = (daemon.folder() / "out").string();
        const CommandOutcome run = run_with(daemon, {"fetch", "12", "--out", out});
        CHECK(run.messages == "");
        CHECK(run.exit_code == 0);
        CHECK(run.output == out + "/ba7816bf8f01-x.txt\n");
        CHECK(std::filesystem::file_size(out + "/ba7816bf8f01-x.txt") == 3);
        const CommandOutcome again = run_with(daemon, {"fetch", "12", "--out", out, "--json"});
        CHECK(again.exit_code == 0);
        CHECK(has(again.output, R"("path":")" + out + R"(/ba7816bf8f01-x.txt")"));
    }

    TEST_CASE_FIXTURE(DaemonStage, "bytes with another digest are not saved") {
        asked_notice(R"(,"attachments":[{"kind":"a","name":"x","sha256":")" + kAbc + "\"}]");
        daemon.answer("GET /v1/notices/12/attachments/" + kAbc, {200, "abd"});
        const std::string out = (daemon.folder() / "out").string();
        const CommandOutcome run = run_with(daemon, {"fetch", "12", "--out", out});
        CHECK(run.exit_code == 4);
        CHECK(std::filesystem::is_empty(out));
    }

    TEST_CASE_FIXTURE(DaemonStage, "an attachment that the notice does not have is refused") {
        asked_notice(R"(,"attachments":[])");
        const std::string other(64, '0');
        CHECK(run_with(daemon, {"fetch", "12", "--attachment", other}).exit_code == 1);
        CHECK(run_with(daemon, {"fetch", "12", "--attachment", "x"}).exit_code == 2);
    }
}
