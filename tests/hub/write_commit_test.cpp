#include "crypto/signed_note.hpp"
#include "hub/sequencer.hpp"
#include "tests/hub/hub_parts.hpp"
#include "tests/support/faulty_hub_store.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::HubParts;
using testing::leaf_of;
using testing::numbered_alarm;

/// A started hub, whose log is written through a store and shows its head where a test looks.
struct Writing : HubParts {
    Writing() { start(); }

    [[nodiscard]] LogParts log_on(storage::HubStore& through, LogHead& shown) {
        return {through, head_file, *tree, shown, signer};
    }
};

TEST_SUITE("commits") {
    TEST_CASE("a start shows no head before it stands outside the database") {
        Writing parts;
        // Killed between the database and the head file: that one is of the state before.
        const std::vector<std::string> before = parts.head_file.slots;
        const auto index = testing::accepted_at(parts.send("lake", leaf_of(numbered_alarm(1))));
        REQUIRE(index);
        parts.head_file.slots = before;
        LogHead head;
        LogParts log = parts.log_on(parts.store, head);
        REQUIRE(show_head(log, parts.deployment.origin).has_value());
        REQUIRE(head.get() != nullptr);
        CHECK(head.get()->checkpoint.size == TreeSize(7));
        CHECK(parts.head_file.synced().front() == head.get()->note);
        CHECK(
            crypto::verify_checkpoint(head.get()->note, parts.signer.verifier_key()).value().root ==
            parts.tree->root());
    }

    TEST_CASE("a head is signed by its own log's key alone") {
        HubParts parts;
        LogParts log = parts.log();
        CHECK(show_head(log, LogOrigin("hub.other.example/log")).error() == Errc::bad_checkpoint);
        CHECK(parts.head.get() == nullptr);
        CHECK(parts.head_file.slots.empty());
    }

    TEST_CASE("a commit that the disk refused is neither adopted nor shown") {
        for (const auto when :
             {storage::FaultyHubStore::When::before, storage::FaultyHubStore::When::after}) {
            Writing parts;
            storage::FaultyHubStore faulty(parts.store, 1, when);
            const auto shown = parts.head.get();
            LogParts log = parts.log_on(faulty, parts.head);
            storage::Commit commit;
            commit.expected = parts.store.size();
            commit.entries = {to_bytes("an entry")};
            const std::vector<Digest> leaves{Digest()};
            CHECK(write_commit(log, parts.deployment.origin, commit, leaves).error() ==
                  Errc::storage_failure);
            CHECK(parts.tree->size() == TreeSize(6));
            CHECK(parts.head.get() == shown);
            CHECK(parts.head_file.slots.front() == shown->note);
        }
    }
}

}  // namespace
}  // namespace tongbao::hub
