#include "client/sandbox/sandbox.hpp"

#include "client/sandbox/process.hpp"
#include "crypto/certificate.hpp"
#include "tests/support/command.hpp"
#include "tests/support/must.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using tongbao::testing::must;
using tongbao::testing::TestDirectory;

// That a whole sandbox starts and works is for the integration tests, with the real programs. Here
// stand programs in their place that end at once or wait.

namespace {

class FixedClock final : public Clock {
public:
    [[nodiscard]] UtcTime now() const override {
        return UtcTime(std::chrono::milliseconds(1'767'225'600'000));
    }
};

struct Stage {
    TestDirectory directory;
    FixedClock clock;
    std::filesystem::path folder;
    program::ShippedFiles shipped;

    /// `hub` is a shell script.
    Stage(std::string_view name, const std::string& hub)
        : directory(name),
          folder(directory.path() / "box"),
          shipped(directory.path(),
                  {std::filesystem::path(tongbao::testing::source_dir()) / "domain"}) {
        for (const std::string program : {"tongbao-hub", "tongbaod"}) {
            directory.write(program, "#!/bin/sh\n" + hub + "\n");
            std::filesystem::permissions(directory.path() / program,
                                         std::filesystem::perms::owner_all);
        }
    }

    [[nodiscard]] Checked<SandboxUp> up(std::optional<std::string> charter,
                                        std::optional<std::string> set = {}) const {
        SandboxOrder order;
        order.folder = folder;
        order.charter = std::move(charter);
        order.clock = std::move(set);
        order.patience = std::chrono::seconds(0);
        return sandbox_up(order, shipped, clock, [](std::string_view) {});
    }
};

}  // namespace

TEST_SUITE("sandbox") {
    TEST_CASE("a hub that ends at once is reported with the end of its log") {
        const Stage stage("sandbox-hub-ends", "echo the disk is made of cheese >&2; exit 4");
        const Checked<SandboxUp> up = stage.up("jilin");
        REQUIRE(up.has_error());
        const bool named =
            up.error().code == Errc::process_failed || up.error().code == Errc::timed_out;
        CHECK(named);
        CHECK(up.error().place == (stage.folder / "hub/hub.log").string());
        // It is a sandbox all the same, whose parts are stopped.
        const auto parts = sandbox_status(stage.folder);
        REQUIRE(parts.has_value());
        for (const SandboxPart& part : *parts) {
            CHECK(part.state == (part.name == "hub" ? kEnded : kStopped));
        }
    }

    TEST_CASE("a hub that is not ready in time is stopped again") {
        const Stage stage("sandbox-hub-waits", "exec sleep 600");
        const Checked<SandboxUp> up = stage.up("jilin");
        REQUIRE(up.has_error());
        CHECK(up.error().code == Errc::timed_out);
        const Checked<SandboxFile> file = read_sandbox_file(stage.folder);
        REQUIRE(file.has_value());
        CHECK(file->hub.pid > 0);
        CHECK_FALSE(is_running(file->hub));
    }

    TEST_CASE("a sandbox with a clock of its own is made for that time and starts all by it") {
        const Stage stage("sandbox-clock", "echo \"$@\" >&2; exit 4");
        REQUIRE(stage.up("jilin", "2020-09-30T09:00+08:00").has_error());
        const Checked<SandboxFile> file = read_sandbox_file(stage.folder);
        REQUIRE(file.has_value());
        CHECK(file->clock == stage.folder / "clock");
        CHECK(stage.directory.read("box/hub/hub.log").find("--clock " + file->clock->string()) !=
              std::string::npos);
        // The leaf, then the issuing authority.
        const crypto::Certificate certificate =
            must(crypto::read_certificates(stage.directory.read("box/hub/hub.pem"))).front();
        const UtcTime eve = parse_date_time("2020-09-30T09:00+08:00").value();
        CHECK(certificate.not_before() <= eve);
        CHECK(certificate.not_after() > eve);
        CHECK(certificate.not_after() < eve + std::chrono::days(366));
        CHECK(must(sandbox_clock(stage.folder, std::nullopt)) == eve);
        CHECK(must(sandbox_clock(stage.folder, "2020-10-01T09:00+08:00")) ==
              eve + std::chrono::days(1));
        // Neither command sets it back.
        CHECK(sandbox_clock(stage.folder, "2020-09-30T09:00+08:00").error().code == Errc::bad_time);
        CHECK(stage.up(std::nullopt, "2020-09-30T09:00+08:00").error().code == Errc::bad_time);
        CHECK(must(sandbox_clock(stage.folder, std::nullopt)) == eve + std::chrono::days(1));
    }

    TEST_CASE("a sandbox without a clock of its own gets none later") {
        const Stage stage("sandbox-no-clock", "echo \"$@\" >&2; exit 4");
        CHECK(stage.up("jilin", "tomorrow").error().code == Errc::bad_time);
        CHECK_FALSE(std::filesystem::exists(sandbox_json(stage.folder)));
        REQUIRE(stage.up("jilin").has_error());
        CHECK(stage.directory.read("box/hub/hub.log").find("--clock") == std::string::npos);
        const std::string eve = "2020-09-30T09:00+08:00";
        CHECK(stage.up(std::nullopt, eve).error().code == Errc::bad_argument);
        CHECK(sandbox_clock(stage.folder, eve).error().code == Errc::bad_argument);
        CHECK(sandbox_clock(stage.folder, std::nullopt).error().code == Errc::bad_argument);
        CHECK_FALSE(std::filesystem::exists(stage.folder / "clock"));
    }

    TEST_CASE("an up after one that was interrupted waits for the hub that it finds running") {
        const Stage stage("sandbox-interrupted", "exec sleep 600");
        REQUIRE(stage.up("jilin").has_error());
        Checked<SandboxFile> file = read_sandbox_file(stage.folder);
        REQUIRE(file.has_value());
        const std::vector<std::string> sleep{"600"};
        const Result<ProcessId> hub =
            start_process("/bin/sleep", sleep, stage.directory.path() / "log");
        REQUIRE(hub.has_value());
        file->hub = *hub;
        REQUIRE(write_sandbox_file(stage.folder, *file).has_value());

        const Checked<SandboxUp> up = stage.up(std::nullopt);
        REQUIRE(up.has_error());
        CHECK(up.error().code == Errc::timed_out);
        // The hub's fault, not that of a daemon which was sent to a port that nobody noted.
        CHECK(up.error().place == (stage.folder / "hub/hub.log").string());
        CHECK(is_running(*hub));
        kill_process(*hub);
    }

    TEST_CASE("a sandbox whose processes all run but do not answer is not ready") {
        const Stage stage("sandbox-stuck", "exec sleep 600");
        REQUIRE(stage.up("jilin").has_error());
        Checked<SandboxFile> file = read_sandbox_file(stage.folder);
        REQUIRE(file.has_value());
        const std::vector<std::string> sleep{"600"};
        const Result<ProcessId> process =
            start_process("/bin/sleep", sleep, stage.directory.path() / "log");
        REQUIRE(process.has_value());
        file->hub = *process;
        for (auto& [id, unit] : file->units) unit.process = *process;
        REQUIRE(write_sandbox_file(stage.folder, *file).has_value());
        const Checked<SandboxUp> up = stage.up(std::nullopt);
        CHECK(up.has_error());
        CHECK(is_running(*process));
        kill_process(*process);
    }

    TEST_CASE("a folder without a name or not in UTF-8 is refused before anything is made") {
        const Stage stage("sandbox-names", "exit 0");
        SandboxOrder order;
        order.charter = "jilin";
        const std::string not_utf8 = (stage.directory.path() / "\xFF").string();
        for (const std::string& folder : {std::string(), not_utf8}) {
            order.folder = folder;
            const Checked<SandboxUp> up =
                sandbox_up(order, stage.shipped, stage.clock, [](std::string_view) {});
            REQUIRE(up.has_error());
            CHECK(up.error().code == Errc::bad_argument);
        }
        CHECK_FALSE(std::filesystem::exists(not_utf8));
    }

    TEST_CASE("down stops what runs and twice is no fault") {
        const Stage stage("sandbox-down", "exit 0");
        REQUIRE(stage.up("jilin").has_error());
        Checked<SandboxFile> file = read_sandbox_file(stage.folder);
        REQUIRE(file.has_value());
        const std::vector<std::string> sleep{"600"};
        const Result<ProcessId> process =
            start_process("/bin/sleep", sleep, stage.directory.path() / "log");
        REQUIRE(process.has_value());
        file->units.begin()->second.process = *process;
        REQUIRE(write_sandbox_file(stage.folder, *file).has_value());

        const auto stopped = sandbox_down(stage.folder);
        REQUIRE(stopped.has_value());
        CHECK_FALSE(is_running(*process));
        CHECK(stopped->at(0).name == "hub");
        CHECK(stopped->at(0).state == "was not running");
        CHECK(stopped->at(1).state == "stopped");
        CHECK(stopped->at(1).pid == process->pid);
        const auto again = sandbox_down(stage.folder);
        REQUIRE(again.has_value());
        for (const SandboxPart& part : *again) CHECK(part.state == "was not running");
        CHECK(std::filesystem::exists(stage.folder / "ca/root.key"));
    }

    TEST_CASE("down leaves a process alone that has the number of one that ended") {
        const Stage stage("sandbox-down-reused", "exit 0");
        REQUIRE(stage.up("jilin").has_error());
        Checked<SandboxFile> file = read_sandbox_file(stage.folder);
        REQUIRE(file.has_value());
        const std::vector<std::string> sleep{"600"};
        const Result<ProcessId> stranger =
            start_process("/bin/sleep", sleep, stage.directory.path() / "log");
        REQUIRE(stranger.has_value());
        file->hub = {stranger->pid, stranger->started - 1};
        REQUIRE(write_sandbox_file(stage.folder, *file).has_value());
        REQUIRE(sandbox_down(stage.folder).has_value());
        CHECK(is_running(*stranger));
        kill_process(*stranger);
    }

    TEST_CASE("a folder that holds something else is left alone") {
        const Stage stage("sandbox-not-empty", "exit 0");
        std::filesystem::create_directories(stage.folder / "letters");
        const Checked<SandboxUp> up = stage.up("jilin");
        REQUIRE(up.has_error());
        CHECK(up.error().code == Errc::already_exists);
    }

    TEST_CASE("a new sandbox needs a charter and an old one keeps its own") {
        const Stage stage("sandbox-charter", "exit 0");
        CHECK(stage.up(std::nullopt).error().code == Errc::bad_argument);
        CHECK(stage.up("atlantis").error().code == Errc::not_found);
        REQUIRE(stage.up("jilin").has_error());
        CHECK(stage.up("guangdong-2020").error().code == Errc::charter_mismatch);
    }

    TEST_CASE("a file that is no charter makes no sandbox") {
        const Stage stage("sandbox-bad-charter", "exit 0");
        stage.directory.write("bad.json", "{}");
        const Checked<SandboxUp> up = stage.up((stage.directory.path() / "bad.json").string());
        REQUIRE(up.has_error());
        CHECK(up.error().code == Errc::bad_charter);
        CHECK(up.error().explanation.find("tongbao charter check") != std::string::npos);
        CHECK(std::filesystem::is_empty(stage.folder));
    }

    TEST_CASE("a sandbox that is not there has no processes") {
        const TestDirectory folder("sandbox-none");
        CHECK(sandbox_status(folder.path()).error().code == Errc::not_found);
        CHECK(sandbox_down(folder.path()).error().code == Errc::not_found);
    }
}
