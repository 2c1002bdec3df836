#include "tests/integration/clocked_story.hpp"
#include "tests/integration/kind_sender.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>

using namespace tongbao::testing;

namespace {

constexpr const char* kWednesday = "2020-09-30T09:00+08:00";

/// Sends a notice of each kind that two units which are online exchange; how many those are.
std::size_t send_every_kind(const std::string& charter) {
    const LiveSandbox sandbox(charter, kWednesday);
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
    // Nothing goes to local units, or outside, as if it could arrive.
    for (const std::string& kind : sender.other_kinds()) {
        CAPTURE(kind);
        const Lines codes = sender.recipient_refused(kind);
        const bool local_senders_only = codes.empty();
        CHECK((local_senders_only || codes == Lines{"recipient_not_online"}));
    }
    // Every case as the office keeps it is what the log and its notices say, and nothing that the
    // hub let pass was refused there.
    const CommandResult ledger = sandbox.as("office", "ledger check");
    CAPTURE(ledger.output);
    CHECK(ledger.exit_code == 0);
    const CommandResult audit = verify_log(sandbox);
    INFO(audit.output);
    CHECK(audit.exit_code == 0);
    return sent.size();
}

}  // namespace

TEST_SUITE("every kind of both charters") {
    // Of 71 kinds eleven go to bodies outside, or to or from local units alone.
    TEST_CASE("a valid notice of each of 60 kinds goes from one Guangdong unit to another") {
        CHECK(send_every_kind("guangdong-2020") == 60);
    }

    // Of 79 kinds nine.
    TEST_CASE("a valid notice of each of 70 kinds goes from one Jilin unit to another") {
        CHECK(send_every_kind("jilin") == 70);
    }
}
