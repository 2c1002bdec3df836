// A hub and a daemon die at each durable step of their very first start, and while their databases
// flush and merge tables.

#include "tests/integration/bare_hub.hpp"
#include "tests/integration/own_service.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <string>

using namespace tongbao;
using namespace tongbao::testing;

namespace {

constexpr std::chrono::seconds kLimit{60};

// A step is added by adding a row.

const DurableStep kFirstSteps[] = {
    {"the folder of all data", "folder", "/data"},
    {"the database's folder", "folder", "data/database"},
    {"the database's identity", "rename", "database/IDENTITY"},
    {"the first manifest", "sync", "database/MANIFEST"},
    {"the name of the first manifest", "rename", "database/CURRENT"},
    {"the manifest with the first family", "sync", "database/MANIFEST", 2},
    {"the manifest with a later family", "sync", "database/MANIFEST", 6},
    {"the database's options", "rename", "database/OPTIONS"},
    {"the database's format", "sync", "database/000", 1},
    {"the register's commit", "sync", "database/000", 2},
    {"the head file", "write", "/head"},
    {"the head file on disk", "sync", "/head"},
    {"the folder of attachments", "folder", "data/attachments"},
    {"the port file's text", "sync", "/port."},
    {"the port file's name", "rename", "/port"},
};

TestPki pki_of_today() {
    return TestPki("test.example",
                   std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

}  // namespace

TEST_SUITE("first start") {
    TEST_CASE("a hub killed at each durable step of its first start starts anew") {
        const TestPki pki = pki_of_today();
        BareHub hub(pki);
        for (const DurableStep& step : kFirstSteps) {
            for (const std::string when : {"before", "after"}) {
                INFO(when, " ", step.name);
                std::filesystem::remove_all(hub.data());
                CHECK(hub.dies_at(step, when));
                // It ends in order as well: nothing is left that hinders that.
                hub.start();
                hub.stop();
                hub.start();
                hub.stop();
            }
        }
        // Whatever it said each time, it never said that something was damaged.
        CHECK(hub.log().find("not_started") == std::string::npos);
        CHECK(hub.log().find("storage_fault") == std::string::npos);
    }

    TEST_CASE("a daemon killed at each durable step of its first start starts anew") {
        const DurableStep steps[] = {
            {"the folder of all data", "folder", "/data"},
            {"the database's folder", "folder", "data/database"},
            {"the first manifest", "sync", "database/MANIFEST"},
            {"the name of the first manifest", "rename", "database/CURRENT"},
            {"the manifest with a later family", "sync", "database/MANIFEST", 5},
            {"the database's format", "sync", "database/000", 1},
            {"the folder of attachments", "folder", "data/attachments"},
            {"the record of files", "sync", "database/000", 2},
            {"the first head that it knows", "sync", "database/000", 3},
        };
        const LiveSandbox sandbox("guangdong-2020");
        MortalService daemon = MortalService::daemon(sandbox, "hsa");
        for (const DurableStep& step : steps) {
            for (const std::string when : {"before", "after"}) {
                INFO(when, " ", step.name);
                std::filesystem::remove_all(sandbox.folder() / "s/units/hsa/data");
                daemon.start(step, when);
                REQUIRE(daemon.was_killed(kLimit));
                daemon.start();
                wait_until("a connection", [&] {
                    return sandbox.as("hsa", "status").exit_code == 0 &&
                           is_connected(sandbox, "hsa");
                });
                daemon.kill_now();
            }
        }
        daemon.start();
        wait_until("a connection", [&] {
            return sandbox.as("hsa", "status").exit_code == 0 && is_connected(sandbox, "hsa");
        });
        static_cast<void>(send_numbered(sandbox, "hsa", 1));
        wait_until("the outbox empty", [&] { return outbox_of(sandbox, "hsa") == 0; });
    }

    TEST_CASE("a hub killed while its database flushes and merges tables keeps every notice") {
        const LiveSandbox sandbox("guangdong-2020");
        MortalService hub = MortalService::hub(sandbox);
        int kills = 0;
        std::size_t sent = 0;
        // Each start flushes what the log holds, and merges tables when there are four of a family.
        for (const char* const call : {"sync", "remove"}) {
            for (int number = 1; number <= 12; ++number) {
                const DurableStep step{"a table", call, call[0] == 's' ? ".sst" : "database/0",
                                       number};
                INFO(call, " ", number);
                static_cast<void>(send_numbered(sandbox, "hsa", ++sent));
                hub.start(step, number % 2 == 0 ? "before" : "after");
                if (hub.was_killed(std::chrono::milliseconds(1500))) ++kills;
                hub.kill_now();
            }
        }
        hub.start();
        wait_until("the outbox empty", [&] { return outbox_of(sandbox, "hsa") == 0; });
        static_cast<void>(sandbox.wait_for_inbox("office", sent));
        const std::string where = (sandbox.folder() / "s").string();
        const CommandResult audit = sandbox.tongbao("audit verify --sandbox " + where);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
        CHECK(kills > 10);
        MESSAGE("killed at a table: ", kills, ", notices: ", sent);
    }
}
