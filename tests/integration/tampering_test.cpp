#include "tests/integration/live_sandbox.hpp"
#include "tests/integration/own_service.hpp"
#include "tests/storage/raw_database.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <string>

using namespace tongbao::testing;

namespace {

void send(const LiveSandbox& sandbox, int count) {
    for (int i = 0; i < count; ++i) {
        static_cast<void>(
            sandbox.json_as("hsa", "send --kind agenda_item --field summary=" + std::to_string(i)));
    }
}

/// Starts the hub of a stopped sandbox in the foreground; it must end by itself.
CommandResult start_hub(const LiveSandbox& sandbox) {
    // Named after the sandbox: cases may run at once.
    const TestDirectory directory(sandbox.folder().filename().string());
    return directory.run("timeout 30 '" + tongbao::testing::binary_dir() +
                         "/bin/tongbao-hub' --config '" +
                         (sandbox.folder() / "s/hub/hub.toml").string() + '\'');
}

/// Flips one bit in the middle of the last entry of the value that begins at or before `index`; the
/// index of that entry, which is `index` where each commit had one entry.
void flip_entry(const LiveSandbox& sandbox, std::uint64_t index) {
    const auto database = sandbox.folder() / "s/hub/data/database";
    std::string key;
    for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>(index >> shift);
    for (tongbao::storage::RawRecord& record : tongbao::storage::read_raw(database, "entries")) {
        if (record.key != key) continue;
        char& byte = record.value[record.value.size() / 2];
        byte = static_cast<char>(byte ^ 1);
        tongbao::storage::put_raw(database, "entries", record);
        return;
    }
    FAIL("no value begins at that index");
}

}  // namespace

TEST_SUITE("the log's database is changed behind its back") {
    TEST_CASE("one bit of a young entry flipped - the hub does not start and names the index") {
        const LiveSandbox sandbox("guangdong-2020");
        const std::string id =
            sandbox.json_as("hsa", "send --kind agenda_item --field summary=x").at("id");
        const std::uint64_t index = sandbox.json_as("hsa", "show " + id).at("index");
        sandbox.down();
        flip_entry(sandbox, index);
        const CommandResult hub = start_hub(sandbox);
        INFO(hub.output);
        CHECK(hub.exit_code == 4);
        CHECK(hub.output.find("storage_corrupt") != std::string::npos);
        CHECK(hub.output.find("bad record at or before " + std::to_string(index) + '"') !=
              std::string::npos);
    }

    TEST_CASE("one bit of an old entry flipped - the audit of the log fails and names the index") {
        const LiveSandbox sandbox("guangdong-2020");
        const std::string id =
            sandbox.json_as("hsa", "send --kind agenda_item --field summary=x").at("id");
        const std::uint64_t index = sandbox.json_as("hsa", "show " + id).at("index");
        // More than a tile, so that the start, which reads the right edge alone, does not see it.
        for (std::size_t i = 0; i < 150; ++i) send_numbered(sandbox, "hsa", i);
        static_cast<void>(sandbox.wait_for_inbox("office", 151));
        sandbox.down();
        flip_entry(sandbox, index);
        sandbox.up();
        const CommandResult audit =
            sandbox.tongbao("audit verify --sandbox " + (sandbox.folder() / "s").string());
        INFO(audit.output);
        CHECK(audit.exit_code == 1);
        CHECK(audit.output.find("NOT VERIFIED") != std::string::npos);
        CHECK(audit.output.find("entry " + std::to_string(index)) != std::string::npos);
    }

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
