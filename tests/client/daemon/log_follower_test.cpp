#include "client/daemon/log_follower.hpp"

#include "crypto/merkle_tree.hpp"
#include "crypto/signed_note.hpp"
#include "tests/client/daemon/deliveries.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tongbao::client {
namespace {

using testing::head_after;
using testing::HubParts;
using testing::must;

void grow(HubParts& hub, std::uint16_t number) {
    const Bytes leaf = testing::leaf_of(testing::numbered_alarm(number));
    REQUIRE(testing::accepted_at(hub.send("lake", leaf)));
}

TEST_SUITE("log follower") {
    TEST_CASE("a follower without a pin begins with the empty log and takes the first head") {
        HubParts hub;
        hub.start();
        LogFollower follower = must(LogFollower::from_pinned(hub.signer.verifier_key(), ""));
        CHECK(follower.size() == TreeSize(0));
        CHECK(follower.note().empty());
        REQUIRE(follower.advance(head_after(hub, TreeSize(0))).has_value());
        CHECK(follower.size() == TreeSize(6));
        CHECK(follower.head().root == hub.tree->root());
        CHECK(follower.note() == hub.head.get()->note);
    }

    TEST_CASE("a follower goes from head to head and an empty update changes nothing") {
        HubParts hub;
        hub.start();
        LogFollower follower = testing::follower_of(hub);
        CHECK(follower.size() == TreeSize(6));
        for (std::uint16_t number = 1; number <= 5; ++number) {
            grow(hub, number);
            REQUIRE(follower.advance(head_after(hub, follower.size())).has_value());
            CHECK(follower.head() == hub.head.get()->checkpoint);
            CHECK(follower.advance({}).has_value());
            CHECK(follower.advance(head_after(hub, follower.size())).has_value());
            CHECK(follower.head() == hub.head.get()->checkpoint);
        }
    }

    TEST_CASE("a smaller log was rolled back whoever signed it") {
        HubParts hub;
        hub.start();
        const protocol::HeadUpdate old{hub.head.get()->note, {}};
        grow(hub, 1);
        LogFollower follower = testing::follower_of(hub);
        const std::string pinned = follower.note();
        CHECK(follower.advance(old).error() == Errc::log_rolled_back);
        CHECK(follower.advance({testing::signed_head(hub, TreeSize(0), crypto::empty_root()), {}})
                  .error() == Errc::log_rolled_back);
        CHECK(follower.size() == TreeSize(7));
        CHECK(follower.note() == pinned);
    }

    TEST_CASE("a head that does not extend the one known forks the log") {
        HubParts hub;
        hub.start();
        LogFollower follower = testing::follower_of(hub);
        const std::string pinned = follower.note();
        SUBCASE("another root at the same size") {
            const std::string head = testing::signed_head(hub, TreeSize(6), Digest());
            CHECK(follower.advance({head, {}}).error() == Errc::log_forked);
        }
        SUBCASE("a longer log with another past") {
            // Its certificates and salts are others.
            HubParts other;
            other.start();
            grow(other, 1);
            CHECK(follower.advance(head_after(other, TreeSize(6))).error() == Errc::log_forked);
        }
        SUBCASE("a proof that was changed or is missing") {
            grow(hub, 1);
            const protocol::HeadUpdate good = head_after(hub, TreeSize(6));
            REQUIRE_FALSE(good.consistency.empty());
            protocol::HeadUpdate bad = good;
            bad.consistency.clear();
            CHECK(follower.advance(bad).error() == Errc::log_forked);
            for (std::size_t i = 0; i < good.consistency.size(); ++i) {
                bad = good;
                bad.consistency[i] = Digest();
                CHECK(follower.advance(bad).error() == Errc::log_forked);
            }
            bad = good;
            bad.consistency.emplace_back();
            CHECK(follower.advance(bad).error() == Errc::log_forked);
        }
        CHECK(follower.size() == TreeSize(6));
        CHECK(follower.note() == pinned);
    }

    TEST_CASE("a head that the log's key did not sign is no head") {
        HubParts hub;
        hub.start();
        LogFollower follower = testing::follower_of(hub);
        grow(hub, 1);
        const protocol::HeadUpdate good = head_after(hub, TreeSize(6));
        const std::string text = format_checkpoint(hub.head.get()->checkpoint);
        protocol::HeadUpdate bad = good;
        bad.checkpoint = crypto::sign_note(text, testing::log_signer(2));
        CHECK(follower.advance(bad).error() == Errc::unknown_log_key);
        // Each byte of the text is signed. Some changes spoil the note's form.
        for (std::size_t i = 0; i < text.size(); ++i) {
            CAPTURE(i);
            bad.checkpoint = good.checkpoint;
            bad.checkpoint[i] = static_cast<char>(bad.checkpoint[i] ^ 1);
            CHECK_FALSE(follower.advance(bad).has_value());
        }
        CHECK(follower.size() == TreeSize(6));
        REQUIRE(follower.advance(good).has_value());
        CHECK(LogFollower::from_pinned(testing::log_signer(2).verifier_key(), good.checkpoint)
                  .error() == Errc::unknown_log_key);
        CHECK(LogFollower::from_pinned(hub.signer.verifier_key(), "no note").error() ==
              Errc::bad_note);
    }

    TEST_CASE("a run counts only at its place under the head known") {
        HubParts hub;
        hub.start();
        grow(hub, 1);
        grow(hub, 2);
        const LogFollower follower = testing::follower_of(hub);
        const protocol::EntryRun good = testing::delivery_of(hub, LogIndex(6)).run;
        CHECK(follower.check_run(good).has_value());
        protocol::EntryRun bad = good;
        bad.first = LogIndex(7);
        CHECK_FALSE(follower.check_run(bad).has_value());
        bad = good;
        bad.first = LogIndex(8);
        CHECK(follower.check_run(bad).error() == Errc::not_in_tree);
        bad = good;
        bad.entries.clear();
        CHECK_FALSE(follower.check_run(bad).has_value());
        grow(hub, 3);
        // Proved under a head that the follower does not know yet.
        CHECK_FALSE(follower.check_run(testing::delivery_of(hub, LogIndex(6)).run).has_value());
    }
}

}  // namespace
}  // namespace tongbao::client
