#include "tests/integration/clocked_story.hpp"
#include "tests/integration/own_service.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

using namespace tongbao::testing;

namespace {

CommandResult start_with_clock(const LiveSandbox& sandbox, const std::string& program,
                               const std::string& config) {
    const TestDirectory directory("clock-refused-" + program);
    const auto clock = sandbox.write("a-clock", "2020-09-30T09:00+08:00\n");
    return directory.run(tongbao::testing::binary_dir() + "/bin/" + program + " --config " +
                         (sandbox.folder() / "s" / config).string() + " --clock " + clock.string());
}

}  // namespace

TEST_SUITE("the clock of a test deployment") {
    TEST_CASE("hub and daemon do not start with a clock that their configuration does not allow") {
        const LiveSandbox sandbox("guangdong-2020");
        sandbox.down();
        for (const auto& [program, config] : {std::pair{"tongbao-hub", "hub/hub.toml"},
                                              std::pair{"tongbaod", "units/hsa/tongbaod.toml"}}) {
            const CommandResult refused = start_with_clock(sandbox, program, config);
            INFO(refused.output);
            CHECK(refused.exit_code == 2);
            CHECK(refused.output.find("test_deployment = true") != std::string::npos);
        }
        const std::string box = (sandbox.folder() / "s").string();
        CHECK(sandbox.tongbao("sandbox clock --dir " + box).exit_code == 2);
        CHECK(sandbox.tongbao("sandbox up --clock 2020-09-30T09:00Z --dir " + box).exit_code == 2);
        CHECK(!std::filesystem::exists(sandbox.folder() / "s" / "clock"));
    }

    TEST_CASE("a test deployment says so everywhere and its clock goes on but never back") {
        const LiveSandbox sandbox("guangdong-2020", "2020-09-30T09:00+08:00");
        const std::string box = (sandbox.folder() / "s").string();
        const Json status = sandbox.json_as("hsa", "status");
        CHECK(status.at("test_deployment") == true);
        CHECK(status.at("clock").at("time") == "2020-09-30T01:00:00.000Z");
        CHECK(sandbox.as("hsa", "status").output.find("TEST") != std::string::npos);
        for (const std::string log : {"hub/hub.log", "units/hsa/tongbaod.log"}) {
            CHECK(count(log_text(sandbox.folder() / "s" / log), "\"event\":\"test_deployment\"") ==
                  1);
        }

        const std::string clock = "sandbox clock --dir " + box;
        CHECK(sandbox.tongbao(clock + " --set 2020-09-30T08:59:59+08:00").exit_code == 2);
        CHECK(sandbox.tongbao(clock + " --set tomorrow").exit_code == 2);
        CHECK(sandbox.tongbao(clock).output == "2020-09-30T01:00:00.000Z\n");
        sandbox.set_clock("2020-10-09T09:00:00.007+08:00");
        CHECK(sandbox.tongbao(clock).output == "2020-10-09T01:00:00.007Z\n");
        CHECK(sandbox.json_as("hsa", "status").at("clock").at("time") ==
              "2020-10-09T01:00:00.007Z");

        // Entries, the notice's own time and its identifier bear it: RFC 9562 has the milliseconds
        // since 1970 in the first 48 bits, 1602205200007 is 0x01750adf2e87.
        const Json sent = sandbox.json_as("hsa", "send --kind agenda_item --field summary=x");
        CHECK(sent.at("id").get<std::string>().substr(0, 13) == "01750adf-2e87");
        const Json trail = sandbox.json_as("hsa", "trail " + sent.at("id").get<std::string>());
        CHECK(trail.at("events").at(0).at("time") == "2020-10-09T01:00:00.007Z");

        // The lists that the sandbox began with are in force for 30 days. By this clock they are
        // renewed, in a running deployment.
        sandbox.set_clock("2020-10-29T09:00+08:00");
        const std::string authority =
            (sandbox.folder() / "s" / "ca").string() + " --sandbox " + box;
        CHECK(sandbox.tongbao("ca crl --dir " + authority).exit_code == 0);
        wait_until("the hub has the new lists", [&] {
            return count(log_text(sandbox.folder() / "s" / "hub" / "hub.log"),
                         "\"event\":\"trust_taken_over\"") == 1;
        });
        sandbox.set_clock("2020-11-20T09:00+08:00");
        const CommandResult audit = verify_log(sandbox);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);

        // It starts again at the time that it is there, not at this machine's.
        sandbox.down();
        sandbox.up();
        CHECK(sandbox.json_as("hsa", "status").at("clock").at("time") ==
              "2020-11-20T01:00:00.000Z");
    }
}
