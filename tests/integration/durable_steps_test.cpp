// Hub, sender and recipient die at each of their steps towards the disk, before it and after it.
// What was acknowledged is there once and in order; what was not is there once or not at all.

#include "tests/integration/local_client.hpp"
#include "tests/integration/mortal_service.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace tongbao::testing;

namespace {

constexpr std::chrono::seconds kLimit{60};

// A step is added by adding a row. docs/ARCHITECTURE.md says what is there after each.

/// The database as it is opened: its new manifest, and the file that names it.
const DurableStep kNewManifest{"the new manifest", "sync", "MANIFEST"};
const DurableStep kManifestNamed{"the name of the new manifest", "rename", "/CURRENT"};

const DurableStep kHubSteps[] = {
    kNewManifest,
    kManifestNamed,
    {"the folder of unfinished files", "sync", "attachments/hsa", 1},
    {"an uploaded file's bytes", "sync", "attachments/hsa/partial/"},
    {"the folder of an uploaded file", "sync", "attachments/hsa", 3},
    {"an uploaded file's name", "rename", "attachments/hsa/"},
    {"an uploaded file's name on disk", "sync", "attachments/hsa", 4},
    {"the commit", "sync", ".log"},
    {"the head outside", "write", "/head"},
    {"the head outside on disk", "sync", "/head"},
};

const DurableStep kSenderSteps[] = {
    kNewManifest,
    kManifestNamed,
    {"the folder of unfinished files", "sync", "attachments/hsa", 1},
    {"a file's bytes", "sync", "attachments/hsa/partial/"},
    {"the folder of a file", "sync", "attachments/hsa", 3},
    {"a file's name", "rename", "attachments/hsa/"},
    {"a file's name on disk", "sync", "attachments/hsa", 4},
    {"the draft that waits for its issuer", "sync", ".log", 1},
    {"the endorsement that puts it into the outbox", "sync", ".log", 2},
    {"the hub's answer", "sync", ".log", 3},
};

const DurableStep kRecipientSteps[] = {
    kNewManifest,
    kManifestNamed,
    {"the folder of unfinished files", "sync", "attachments/police", 1},
    {"a fetched file's bytes", "sync", "attachments/police/partial/"},
    {"the folder of a fetched file", "sync", "attachments/police", 3},
    {"a fetched file's name", "rename", "attachments/police/"},
    {"a fetched file's name on disk", "sync", "attachments/police", 4},
    {"the delivery with its act", "sync", ".log", 1},
    {"the hub's answer to the act", "sync", ".log", 2},
};

/// A death at a step, `when` ("before" or "after") it is taken.
struct Death {
    DurableStep step;
    std::string when;
};

/// Before and after each step, or one in kOneIn of these.
template <std::size_t count>
std::vector<Death> tried_deaths(const DurableStep (&steps)[count]) {
    std::vector<Death> deaths;
    int number = 0;
    for (const DurableStep& step : steps) {
        for (const char* const when : {"before", "after"}) {
            if (number++ % kOneIn == 0) deaths.push_back({step, when});
        }
    }
    return deaths;
}

/// Sends numbered notices with a file each from hsa to police, and keeps account of them.
class Account {
public:
    explicit Account(const LiveSandbox& sandbox)
        : sandbox_(sandbox), police_(sandbox.file().at("units").at("police").at("socket")) {}

    /// Whether the daemon acknowledged the next notice: its draft, and the endorsement that sends
    /// it.
    bool send() {
        const std::string title = std::to_string(1000 + ++sent_);
        const auto file = sandbox_.write("file", "the plan of notice " + title);
        const CommandResult draft =
            sandbox_.as("hsa", "send --json --kind campaign_plan --to police --title " + title +
                                   " --field summary=x --field from_date=2026-03-01 --field "
                                   "to_date=2026-04-01 --attach plan=" +
                                   file.string());
        bool acknowledged = draft.exit_code == 0;
        if (acknowledged) {
            // Behind the answer stands who must sign it.
            const std::string answer = draft.output.substr(0, draft.output.find('\n'));
            const std::string id = Json::parse(answer).at("id");
            acknowledged =
                sandbox_.as("hsa", "endorse --no-wait --json --post issuer " + id).exit_code == 0;
        }
        (acknowledged ? acknowledged_ : unanswered_).push_back(title);
        return acknowledged;
    }

    /// The titles at the recipient, the first to arrive in front.
    [[nodiscard]] std::vector<std::string> arrived() const {
        std::vector<std::string> titles;
        try {
            const Json inbox = Json::parse(LocalClient(police_).get("/v1/inbox?limit=1000"));
            for (const Json& notice : inbox.at("notices")) titles.push_back(notice.at("title"));
        } catch (const std::runtime_error&) {
            return {};  // its daemon is not up
        }
        std::reverse(titles.begin(), titles.end());
        return titles;
    }

    void wait_for_all() const {
        const auto deadline = std::chrono::steady_clock::now() + kLimit;
        for (;;) {
            const std::vector<std::string> titles = arrived();
            const bool all = std::all_of(
                acknowledged_.begin(), acknowledged_.end(), [&titles](const std::string& title) {
                    return std::find(titles.begin(), titles.end(), title) != titles.end();
                });
            if (all) return;
            REQUIRE(std::chrono::steady_clock::now() < deadline);
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    }

    /// Acknowledged: once. Unanswered: at most once. All: in the order of sending, with their
    /// files, in a log that verifies.
    void settle() const {
        const std::vector<std::string> titles = arrived();
        std::map<std::string, int> counts;
        for (const std::string& title : titles) ++counts[title];
        for (const std::string& title : acknowledged_) {
            CAPTURE(title);
            CHECK(counts[title] == 1);
        }
        for (const std::string& title : unanswered_) {
            CAPTURE(title);
            CHECK(counts[title] <= 1);
        }
        CHECK(titles.size() <= acknowledged_.size() + unanswered_.size());
        CHECK(std::is_sorted(titles.begin(), titles.end()));
        const std::string where = (sandbox_.folder() / "s").string();
        const CommandResult audit = sandbox_.tongbao("audit verify --sandbox " + where);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
        MESSAGE("acknowledged: ", acknowledged_.size(), ", unanswered: ", unanswered_.size(),
                ", arrived: ", titles.size());
    }

    /// The file of each notice that arrived is the one that was sent with it.
    void check_files() const {
        const Json inbox = sandbox_.json_as("police", "inbox --limit 1000");
        for (const Json& notice : inbox.at("notices")) {
            const std::string title = notice.at("title");
            const std::string id = notice.at("id");
            const std::string folder = (sandbox_.folder() / ("fetched-" + title)).string();
            REQUIRE(sandbox_.as("police", "fetch " + id + " --out " + folder).exit_code == 0);
            bool found = false;
            for (const auto& item : std::filesystem::directory_iterator(folder)) {
                found = found || item.file_size() == ("the plan of notice " + title).size();
            }
            CHECK(found);
        }
    }

private:
    const LiveSandbox& sandbox_;
    std::string police_;
    int sent_ = 0;
    std::vector<std::string> acknowledged_;
    std::vector<std::string> unanswered_;
};

/// Waits until the unit's daemon answers, or the service was killed; whether it was.
bool killed_before_serving(MortalService& service, const LiveSandbox& sandbox,
                           const std::string& unit) {
    const std::string socket = sandbox.file().at("units").at(unit).at("socket");
    const auto deadline = std::chrono::steady_clock::now() + kLimit;
    while (std::chrono::steady_clock::now() < deadline) {
        if (service.was_killed(std::chrono::milliseconds(20))) return true;
        if (!status_at(socket).empty()) return false;
    }
    FAIL("the daemon does not serve");
    return false;
}

}  // namespace

TEST_SUITE("durable steps") {
    TEST_CASE("the hub is killed before and after each of its durable steps") {
        const LiveSandbox sandbox("guangdong-2020");
        MortalService hub = MortalService::hub(sandbox);
        Account account(sandbox);
        for (const auto& [step, when] : tried_deaths(kHubSteps)) {
            INFO(when, " ", step.name);
            hub.start(step, when);
            REQUIRE(account.send());
            REQUIRE(account.send());
            REQUIRE(hub.was_killed(kLimit));
            hub.start();
            account.wait_for_all();
            hub.kill_now();
        }
        hub.start();
        REQUIRE(account.send());
        account.wait_for_all();
        account.settle();
        account.check_files();
    }

    TEST_CASE("a sending daemon is killed before and after each of its durable steps") {
        const LiveSandbox sandbox("guangdong-2020");
        MortalService daemon = MortalService::daemon(sandbox, "hsa");
        Account account(sandbox);
        for (const auto& [step, when] : tried_deaths(kSenderSteps)) {
            INFO(when, " ", step.name);
            daemon.start(step, when);
            if (!killed_before_serving(daemon, sandbox, "hsa")) {
                static_cast<void>(account.send());
                REQUIRE(daemon.was_killed(kLimit));
            }
            daemon.start();
            REQUIRE_FALSE(killed_before_serving(daemon, sandbox, "hsa"));
            REQUIRE(account.send());
            account.wait_for_all();
            daemon.kill_now();
        }
        account.settle();
        account.check_files();
    }

    TEST_CASE("an array of which one waits is there wholly or not at all") {
        const std::string drafts =
            R"([{"kind":"agenda_item","fields":{"summary":"goes at once"}},)"
            R"({"kind":"difficulty_coordination","fields":{"summary":"waits for its issuer"}}])";
        const LiveSandbox sandbox("guangdong-2020");
        const std::string socket = sandbox.file().at("units").at("hsa").at("socket");
        // Without a hub the array's commit is the only one.
        const MortalService hub = MortalService::hub(sandbox);
        MortalService daemon = MortalService::daemon(sandbox, "hsa");
        std::size_t sent = 0;
        for (const std::string when : {"before", "after"}) {
            INFO(when, " the commit");
            daemon.start({"a commit", "sync", ".log"}, when);
            REQUIRE_FALSE(killed_before_serving(daemon, sandbox, "hsa"));
            CHECK_THROWS_AS(LocalClient(socket).post("/v1/notices", drafts, 200),
                            std::runtime_error);
            REQUIRE(daemon.was_killed(kLimit));
            daemon.start();
            REQUIRE_FALSE(killed_before_serving(daemon, sandbox, "hsa"));
            sent = sandbox.json_as("hsa", "sent").at("notices").size();
            CHECK(sandbox.json_as("hsa", "endorse").at("notices").size() == sent);
            daemon.kill_now();
        }
        CHECK(sent > 0);
    }

    TEST_CASE("a receiving daemon is killed before and after each of its durable steps") {
        const LiveSandbox sandbox("guangdong-2020");
        MortalService daemon = MortalService::daemon(sandbox, "police");
        Account account(sandbox);
        for (const auto& [step, when] : tried_deaths(kRecipientSteps)) {
            INFO(when, " ", step.name);
            daemon.start(step, when);
            REQUIRE(account.send());
            REQUIRE(account.send());
            REQUIRE(daemon.was_killed(kLimit));
            daemon.start();
            account.wait_for_all();
            daemon.kill_now();
        }
        daemon.start();
        account.wait_for_all();
        account.settle();
        account.check_files();
    }

    TEST_CASE("daemons killed at commits by chance lose and repeat nothing") {
        constexpr int kKills = 20 / kOneIn;
        const char* const given = std::getenv("TONGBAO_SEED");
        const unsigned seed = given != nullptr
                                  ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                                  : std::random_device()();
        MESSAGE("seed ", seed, "; TONGBAO_SEED=<seed> runs the same again");
        std::mt19937 random(seed);
        const LiveSandbox sandbox("guangdong-2020");
        MortalService sender = MortalService::daemon(sandbox, "hsa");
        MortalService recipient = MortalService::daemon(sandbox, "police");
        Account account(sandbox);
        int killed = 0;
        for (int i = 0; i < kKills; ++i) {
            const bool at_sender = random() % 2 == 0;
            const DurableStep step{"a commit", "sync", ".log", static_cast<int>(1 + random() % 5)};
            const std::string when = random() % 2 == 0 ? "before" : "after";
            INFO("kill ", i, " ", at_sender ? "sender " : "recipient ", step.number, " ", when);
            MortalService& victim = at_sender ? sender : recipient;
            MortalService& other = at_sender ? recipient : sender;
            victim.start(step, when);
            other.start();
            if (!killed_before_serving(sender, sandbox, "hsa")) {
                for (int n = 0; n < 4; ++n) static_cast<void>(account.send());
            }
            if (victim.was_killed(std::chrono::seconds(5))) ++killed;
            sender.kill_now();
            recipient.kill_now();
        }
        sender.start();
        recipient.start();
        REQUIRE_FALSE(killed_before_serving(sender, sandbox, "hsa"));
        REQUIRE(account.send());
        account.wait_for_all();
        MESSAGE("killed at a commit: ", killed, " of ", kKills, ", the others at any moment");
        account.settle();
        account.check_files();
    }
}
