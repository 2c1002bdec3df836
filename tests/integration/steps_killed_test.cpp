#include "tests/integration/clocked_story.hpp"
#include "tests/integration/mortal_service.hpp"
#include "tests/integration/own_service.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <string>
#include <thread>

using namespace tongbao::testing;

namespace {

/// Items that hsa sends on one day, and when each step of their receipt at the office is due, UTC.
struct Day {
    const char* sent;
    std::size_t items;
    std::array<const char*, 4> steps;
};

constexpr std::array<const char*, 4> kDeeds{"remind", "mark_overdue", "urge", "list_for_meeting"};

// Guangdong: an agenda item is to be signed for on the next working day. The ordinary steps are the
// last working day before the limit's, the limit, and the third and the tenth working day after its
// day, all at 24:00 in Asia/Shanghai, 16:00 UTC. 27 September 2020 is a Sunday and worked, 1 to 8
// October are free, Saturday the 10th is worked.
constexpr std::array<Day, 3> kDays{{
    {"2020-09-28T09:00+08:00", 7, {"09-28", "09-29", "10-10", "10-20"}},
    {"2020-09-29T09:00+08:00", 7, {"09-29", "09-30", "10-12", "10-21"}},
    {"2020-09-30T09:00+08:00", 6, {"09-30", "10-09", "10-13", "10-22"}},
}};

/// Moments at each of which steps are due that were not at the one before.
constexpr std::array<const char*, 8> kMoments{"2020-10-01T09:00+08:00", "2020-10-10T09:00+08:00",
                                              "2020-10-11T09:00+08:00", "2020-10-13T09:00+08:00",
                                              "2020-10-14T09:00+08:00", "2020-10-21T09:00+08:00",
                                              "2020-10-22T09:00+08:00", "2020-10-23T09:00+08:00"};

/// `<deed> office clock 0 due <time>`, without when it was done.
Lines sorted_steps(const LiveSandbox& sandbox) {
    Lines steps = steps_of(sandbox);
    for (std::string& step : steps) step.resize(step.find(" done "));
    std::sort(steps.begin(), steps.end());
    return steps;
}

}  // namespace

TEST_SUITE("the hub is killed while steps are due") {
    TEST_CASE("each step of each notice is done once whatever dies when") {
        const LiveSandbox sandbox("guangdong-2020", kDays.front().sent);
        const unsigned seed = std::random_device()();
        MESSAGE("seed ", seed);
        INFO("seed ", seed);
        std::mt19937 random(seed);
        std::size_t items = 0;
        Lines expected;
        for (const Day& day : kDays) {
            sandbox.set_clock(day.sent);
            for (std::size_t i = 0; i < day.items; ++i) {
                static_cast<void>(send_numbered(sandbox, "hsa", items++));
            }
            static_cast<void>(sandbox.wait_for_inbox("office", items));
            for (std::size_t step = 0; step < kDeeds.size(); ++step) {
                expected.insert(expected.end(), day.items,
                                std::string(kDeeds.at(step)) + " office clock 0 due 2020-" +
                                    day.steps.at(step) + "T16:00:00");
            }
        }
        std::sort(expected.begin(), expected.end());

        MortalService hub = MortalService::hub(sandbox);
        int around = 0;
        for (const char* const moment : kMoments) {
            sandbox.set_clock(moment);
            const DurableStep commit{"a commit", "sync", ".log", 1};
            switch (random() % 3) {
                case 0:
                    hub.start(commit, "before");
                    break;
                case 1:
                    hub.start(commit, "after");
                    break;
                default:
                    // At any moment, perhaps before it found what is due.
                    hub.start();
                    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 1000));
                    hub.kill_now();
                    continue;
            }
            REQUIRE(hub.was_killed(std::chrono::seconds(60)));
            ++around;
        }
        MESSAGE("killed around a commit: ", around, " of 8, the others at any moment");
        hub.start();
        wait_until("connected", [&] { return is_connected(sandbox, "hsa"); });
        static_cast<void>(wait_for_steps(sandbox, expected.size()));
        // What would be done twice would be done by now: the hub looks before it logs this.
        static_cast<void>(sandbox.json_as("hsa", "send --kind agenda_item --field summary=x"));
        CHECK(sorted_steps(sandbox) == expected);
        // The auditor finds a step that stands twice, or before one that was due earlier.
        const CommandResult audit = verify_log(sandbox);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
    }
}
