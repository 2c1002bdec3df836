#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <string>

#include "tests/integration/live_sandbox.hpp"
#include "tests/storage/raw_database.hpp"

using namespace tongbao::testing;

namespace {

void send(const LiveSandbox& sandbox, int count) {
    for (int i = 0; i < count; ++i) {
        static_cast<void>(sandbox.json_as(
            "hsa", "send --kind agenda_item --field summary=" + std::to_string(i)));
    }
}

/// Starts the hub of a stopped sandbox in the foreground; it must end by itself.
CommandResult start_hub(const LiveSandbox& sandbox) {
    const TestDirectory directory("tampering");
    return directory.run("timeout 30 '" TONGBAO_BINARY_DIR "/bin/tongbao-hub' --config '" +
                         (sandbox.folder() / "s/hub/hub.toml").string() + '\'');
}

}  // namespace

TEST_SUITE("the log's database is changed behind its back") {
    TEST_CASE("an older copy of the database is not started from - and the hub says why") {
        const LiveSandbox sandbox("guangdong-2020");
        send(sandbox, 3);
        sandbox.down();
        const auto data = sandbox.folder() / "s/hub/data";
        const auto copy = sandbox.folder() / "copy";
        std::filesystem::copy(data / "database", copy, std::filesystem::copy_options::recursive);
        sandbox.up();
        send(sandbox, 2);
        sandbox.down();
        std::filesystem::remove_all(data / "database");
        std::filesystem::rename(copy, data / "database");

        const CommandResult hub = start_hub(sandbox);
        INFO(hub.output);
        CHECK(hub.exit_code == 4);
        CHECK(hub.output.find("log_rolled_back") != std::string::npos);
        CHECK(hub.output.find("older copy") != std::string::npos);
    }

    TEST_CASE("a database whose head outside was taken away is not started from") {
        const LiveSandbox sandbox("guangdong-2020");
        sandbox.down();
        std::filesystem::remove(sandbox.folder() / "s/hub/data/head");
        const CommandResult hub = start_hub(sandbox);
        CHECK(hub.exit_code == 4);
        CHECK(hub.output.find("head_missing") != std::string::npos);
    }
}
