#include "tests/integration/own_service.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace tongbao::testing;

TEST_SUITE("the hub is away") {
    TEST_CASE("what was handed over meanwhile arrives in order when the hub is back - daemon too") {
        constexpr std::size_t kNotices = 60;
        const LiveSandbox sandbox("guangdong-2020");
        OwnService hub = OwnService::hub(sandbox);
        wait_until("the daemon sees that the hub is away",
                   [&] { return !is_connected(sandbox, "hsa"); });
        OwnService daemon = OwnService::daemon(sandbox, "hsa");
        daemon.start();
        wait_until("the daemon serves", [&] { return sandbox.as("hsa", "status").exit_code == 0; });
        std::vector<std::string> sent;
        while (sent.size() < kNotices) sent.push_back(send_numbered(sandbox, "hsa", sent.size()));
        CHECK(outbox_of(sandbox, "hsa") == kNotices);
        // A queue on disk outlives its daemon.
        daemon.stop();
        daemon.start();
        wait_until("the daemon serves again",
                   [&] { return sandbox.as("hsa", "status").exit_code == 0; });
        const Json status = sandbox.json_as("hsa", "status");
        CHECK(status.at("outbox") == kNotices);
        CHECK_FALSE(status.at("hub").at("connected").get<bool>());

        hub.start();
        wait_until("all is sent", [&] { return outbox_of(sandbox, "hsa") == 0; });
        const Json inbox = sandbox.wait_for_inbox("office", kNotices);
        std::vector<std::string> arrived;
        for (const Json& notice : inbox.at("notices")) arrived.push_back(notice.at("id"));
        std::reverse(arrived.begin(), arrived.end());  // the newest came first
        CHECK(arrived == sent);
    }
}
