#include "client/sandbox/process.hpp"
#include "tests/integration/live_sandbox.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <set>
#include <string>
#include <thread>

using namespace tongbao::testing;

namespace {

constexpr std::size_t kNotices = 200;
constexpr int kKills = 24;

/// The hub of a sandbox, run by the test itself so that it can be killed at a chosen sync.
class MortalHub {
public:
    explicit MortalHub(const LiveSandbox& sandbox)
        : config_(sandbox.folder() / "s" / "hub" / "hub.toml"),
          log_(sandbox.folder() / "mortal-hub.log") {}
    ~MortalHub() { kill_now(); }
    MortalHub(const MortalHub&) = delete;
    MortalHub& operator=(const MortalHub&) = delete;
    MortalHub(MortalHub&&) = delete;
    MortalHub& operator=(MortalHub&&) = delete;

    /// `sync` 0: lives.
    void start(int sync, const char* when) {
        pid_ = ::fork();
        REQUIRE(pid_ >= 0);
        if (pid_ != 0) return;
        if (sync != 0) {
            const std::string preload = testing::binary_dir() + "/tests/fault/libkill_at_sync.so";
            ::setenv("LD_PRELOAD", preload.c_str(), 1);
            ::setenv("KILL_AT_SYNC", std::to_string(sync).c_str(), 1);
            ::setenv("KILL_WHEN", when, 1);
            // The sanitizers' runtime wants to be the first library; here it need not be.
            ::setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
        }
        if (std::freopen(log_.c_str(), "a", stderr) == nullptr) ::_exit(126);
        const std::string program = testing::binary_dir() + "/bin/tongbao-hub";
        ::execl(program.c_str(), program.c_str(), "--config", config_.c_str(), nullptr);
        ::_exit(127);
    }

    /// Whether it was killed within `limit`. One that ends in any other way fails the test: it did
    /// not come to its commit.
    bool was_killed(std::chrono::milliseconds limit) {
        const auto deadline = std::chrono::steady_clock::now() + limit;
        while (std::chrono::steady_clock::now() < deadline) {
            int status = 0;
            if (::waitpid(pid_, &status, WNOHANG) == pid_) {
                pid_ = 0;
                const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
                INFO("wait status ", status, ", see ", log_);
                REQUIRE(killed);
                return true;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return false;
    }

    void kill_now() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }

private:
    std::string config_;
    std::string log_;
    pid_t pid_{0};
};

bool is_connected(const LiveSandbox& sandbox, const std::string& unit) {
    return sandbox.json_as(unit, "status").at("hub").at("connected");
}

std::size_t outbox_of(const LiveSandbox& sandbox, const std::string& unit) {
    return sandbox.json_as(unit, "status").at("outbox");
}

}  // namespace

TEST_SUITE("the hub is killed") {
    TEST_CASE("200 notices arrive once each, and stand in the log once each, whatever dies when") {
        const LiveSandbox sandbox("guangdong-2020");
        // The sandbox's own hub makes room for one that the test may kill.
        const Json file = sandbox.file();
        const tongbao::client::ProcessId old_hub{file.at("hub").at("pid"),
                                                 file.at("hub").at("started")};
        tongbao::client::ask_to_end(old_hub);
        REQUIRE(tongbao::client::wait_for_end(old_hub, std::chrono::seconds(20)));

        const unsigned seed = 20'201'011;
        INFO("seed ", seed);
        std::mt19937 random(seed);
        MortalHub hub(sandbox);
        std::set<std::string> sent;
        int killed = 0;
        for (int i = 0; i < kKills; ++i) {
            // Each commit syncs once: the hub dies before or after one of its first six.
            const int sync = static_cast<int>(1 + random() % 6);
            hub.start(sync, i % 2 == 0 ? "before" : "after");
            // Notices that wait for the hub go out as one batch, one commit: so that there are
            // more, they are sent when it is there. What waits from the last round may end it
            // before.
            bool killed_now = false;
            const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(90);
            while (!killed_now && !is_connected(sandbox, "hsa")) {
                REQUIRE(std::chrono::steady_clock::now() < until);
                killed_now = hub.was_killed(std::chrono::milliseconds(50));
            }
            const std::size_t due = kNotices * static_cast<std::size_t>(i + 1) / kKills;
            while (sent.size() < due) {
                const Json queued =
                    sandbox.json_as("hsa", "send --no-wait --kind agenda_item --field summary=" +
                                               std::to_string(sent.size()));
                sent.insert(queued.at("id").get<std::string>());
            }
            if (killed_now || hub.was_killed(std::chrono::seconds(10))) ++killed;
            hub.kill_now();
        }
        REQUIRE(sent.size() == kNotices);
        MESSAGE("killed at a commit: ", killed, " of ", kKills, ", the others at any moment");
        CHECK(killed >= 20);
        hub.start(0, "");

        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(120);
        while (outbox_of(sandbox, "hsa") > 0) {
            REQUIRE(std::chrono::steady_clock::now() < deadline);
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        const Json inbox = sandbox.wait_for_inbox("office", sent.size());
        std::multiset<std::string> arrived;
        for (const Json& notice : inbox.at("notices")) {
            arrived.insert(notice.at("id").get<std::string>());
        }
        CHECK(arrived == std::multiset<std::string>(sent.begin(), sent.end()));

        std::multiset<std::uint64_t> indexes;
        for (const Json& notice : inbox.at("notices")) {
            indexes.insert(notice.at("index").get<std::uint64_t>());
        }
        const std::string where = (sandbox.folder() / "s").string();
        CommandResult audit = sandbox.tongbao("audit verify --sandbox " + where);
        // All may have arrived before the last hub opened its port.
        while (audit.exit_code == 3 && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            audit = sandbox.tongbao("audit verify --sandbox " + where);
        }
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
        const CommandResult listed = sandbox.tongbao(
            "audit entries --count 100000 --json --sandbox " + where + " 2>/dev/null");
        std::multiset<std::uint64_t> logged;
        const Json entries = Json::parse(listed.output);
        for (const Json& entry : entries.at("entries")) {
            if (entry.at("event") == "logged")
                logged.insert(entry.at("index").get<std::uint64_t>());
        }
        std::string differing;
        for (const std::uint64_t index : logged) {
            if (indexes.count(index) != 1) differing += " logged " + std::to_string(index);
        }
        for (const std::uint64_t index : indexes) {
            if (logged.count(index) != 1) differing += " arrived " + std::to_string(index);
        }
        CHECK(differing == "");
    }
}
