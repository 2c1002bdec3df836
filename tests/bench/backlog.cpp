#include "tests/bench/backlog.hpp"

#include "tests/bench/local.hpp"
#include "tests/bench/stage.hpp"
#include "tests/integration/local_client.hpp"
#include "tests/integration/own_service.hpp"
#include "tests/integration/process_memory.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iomanip>
#include <stdexcept>
#include <string>
#include <vector>

namespace tongbao::bench {
namespace {

using testing::Json;
using testing::LocalClient;

constexpr std::size_t kArray = 256;
constexpr std::uint64_t kMostMib = 160;
/// Catching up takes long in a build without optimisation.
constexpr std::chrono::seconds kLimit{1800};

void require(bool reached, const std::string& what) {
    if (!reached) throw std::runtime_error("backlog: " + what);
}

/// Hands over all, one request after the other, and waits until they are in the log; their ids in
/// the order of sending.
std::vector<std::string> hand_over(const Stage& stage, const std::string& unit,
                                   std::size_t notices) {
    LocalClient daemon(stage.socket(unit));
    std::vector<std::string> ids;
    while (ids.size() < notices) {
        // At least two: a single one is answered in another form.
        const std::size_t count = std::max<std::size_t>(2, std::min(kArray, notices - ids.size()));
        const Json answer =
            Json::parse(daemon.post("/v1/notices", drafts({kOne}, ids.size(), count), 200));
        for (const Json& each : answer.at("notices")) ids.push_back(each.at("id"));
    }
    testing::wait_until(
        "all is in the log", [&] { return testing::outbox_of(stage.sandbox(), unit) == 0; },
        kLimit);
    return ids;
}

/// What `tongbao status` showed while the daemon caught up.
struct Progress {
    std::uint64_t through{0};
    std::uint64_t steps{0};
    std::uint64_t most_in_a_minute{0};

    /// Whether the daemon is up.
    bool look(const testing::LiveSandbox& sandbox) {
        const testing::CommandResult run = sandbox.as(kOne, "status --json");
        if (run.exit_code != 0) return false;
        const Json status = Json::parse(run.output);
        const auto now = status.at("log").value("received_through", std::uint64_t{0});
        require(now >= through, "received_through goes back");
        if (now > through) ++steps;
        through = now;
        most_in_a_minute = std::max(most_in_a_minute,
                                    status.at("last_minute").at("received").get<std::uint64_t>());
        return true;
    }
};

/// Whether the daemon's inbox has come to the entry `end`: what comes last is shown last.
bool has_come_to(const std::string& socket, std::uint64_t end) {
    const Json inbox = Json::parse(LocalClient(socket).get("/v1/inbox?limit=1"));
    const Json& rows = inbox.at("notices");
    return !rows.empty() && rows.front().at("index").get<std::uint64_t>() >= end;
}

}  // namespace

void run_backlog(std::ostream& out, std::size_t notices) {
    const Stage stage;
    testing::OwnService daemon = testing::OwnService::daemon(stage.sandbox(), kOne);
    const std::string unit = seven_others().front();
    const std::vector<std::string> sent = hand_over(stage, unit, notices);
    const Json last = Json::parse(LocalClient(stage.socket(unit)).get("/v1/sent/" + sent.back()));
    const auto end = last.at("index").get<std::uint64_t>();

    const auto start = std::chrono::steady_clock::now();
    daemon.start();
    Progress progress;
    testing::wait_until(
        "all has arrived",
        [&] { return progress.look(stage.sandbox()) && has_come_to(stage.socket(kOne), end); },
        kLimit);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;

    require(testing::inbox_ids(stage.socket(kOne)) == sent,
            "what arrived is not what was sent, once each and in order");
    require(progress.steps > 1 && progress.most_in_a_minute > 0, "no progress is shown");
    const std::uint64_t daemon_mib =
        testing::memory_kib(daemon.pid(), "VmHWM:") / testing::kKibPerMib;
    require(daemon_mib < kMostMib, "the daemon took " + std::to_string(daemon_mib) + " MiB");
    out << std::fixed << std::setprecision(1) << "backlog: " << sent.size()
        << " notices waited and arrived in " << took.count() << " s ("
        << static_cast<std::uint64_t>(static_cast<double>(sent.size()) / took.count())
        << " a second), each once and in order; `tongbao status` showed progress " << progress.steps
        << " times, at most " << progress.most_in_a_minute << " in a minute; peak MiB: hub "
        << testing::memory_kib(stage.hub(), "VmHWM:") / testing::kKibPerMib << ", daemon "
        << daemon_mib << '\n'
        << std::flush;
}

}  // namespace tongbao::bench
