#include "tests/integration/clocked_story.hpp"
#include "tests/integration/kind_sender.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>

using namespace tongbao::testing;

namespace {

/// Sends a notice of each kind between units which are online, some of them local, or outside; how
/// many those are.
std::size_t send_every_kind(const std::string& charter, const Lines& local) {
    const LiveSandbox sandbox(charter, kWednesday, local);
    KindSender sender(sandbox, kWednesday);
    std::map<std::string, SentKind> sent;
    for (const std::string& kind : sender.kinds()) {
        CAPTURE(kind);
        sent[kind] = sender.send(kind);
    }
    // Each stands in its recipient's inbox as what it is.
    std::map<std::string, Json> inboxes;
    for (const auto& [kind, notice] : sent) {
        CAPTURE(kind);
        if (!inboxes.contains(notice.to)) {
            inboxes[notice.to] = sandbox.json_as(notice.to, "inbox --limit 1000").at("notices");
        }
        const Json& inbox = inboxes.at(notice.to);
        const auto found = std::find_if(inbox.begin(), inbox.end(), [&](const Json& each) {
            return each.at("id") == notice.id;
        });
        REQUIRE(found != inbox.end());
        CHECK(found->at("kind") == kind);
        CHECK(found->at("from") == notice.from);
    }
    // What goes outside is logged, and registered by who sent it.
    std::size_t outside = 0;
    for (const std::string& kind : sender.other_kinds()) {
        CAPTURE(kind);
        const SentKind notice = sender.send_outside(kind);
        must_do(sandbox, notice.from,
                "dispatch " + notice.id + " --unit " + notice.to + " --method 当面送交");
        // Who gets a copy may receive it meanwhile.
        const Lines trail = trail_of(sandbox, notice.from, notice.id);
        CHECK(trail.front() == "logged");
        CHECK(std::count(trail.begin(), trail.end(), "dispatched") == 1);
        ++outside;
    }
    // Every case as the office keeps it is what the log and its notices say, and nothing that the
    // hub let pass was refused there.
    const CommandResult ledger = sandbox.as("office", "ledger check");
    CAPTURE(ledger.output);
    CHECK(ledger.exit_code == 0);
    const CommandResult audit = verify_log(sandbox);
    INFO(audit.output);
    CHECK(audit.exit_code == 0);
    return sent.size() + outside;
}

}  // namespace

TEST_SUITE("every kind of both charters") {
    // Six of them go to bodies outside.
    TEST_CASE("a valid notice of each of 71 Guangdong kinds goes to a unit or outside") {
        CHECK(send_every_kind("guangdong-2020", {"local.440300.hsa", "local.440300.market",
                                                 "local.440300.police"}) == 71);
    }

    // Four of them go to bodies outside.
    TEST_CASE("a valid notice of each of 79 Jilin kinds goes to a unit or outside") {
        CHECK(send_every_kind("jilin", {"local.220100.finance", "local.220100.hsa",
                                        "local.220100.police"}) == 79);
    }
}
