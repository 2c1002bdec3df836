#include "hub/log_showing.hpp"

#include "crypto/merkle_tree.hpp"
#include "tests/hub/hub_parts.hpp"

#include <doctest/doctest.h>

#include <variant>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::HubParts;
using testing::leaf_of;
using testing::must;
using testing::numbered_alarm;

TEST_SUITE("log showing") {
    TEST_CASE("a recipient sees its own leaves and entries and of others their hashes alone") {
        HubParts parts;
        parts.start();
        // All for dike, the second with a copy to reeds; the third is refused.
        Notice copied = numbered_alarm(2);
        copied.cc = {UnitId("reeds")};
        const std::vector<Bytes> leaves{leaf_of(numbered_alarm(1)), leaf_of(copied),
                                        to_bytes("{}")};
        std::vector<VerifiedBatch> batches;
        batches.push_back(parts.admitted("lake", leaves));
        const SequencedBatch sequenced = parts.sequence(batches).front();
        REQUIRE(sequenced.entries.size() == 3);
        LogShowing showing(parts.store, *parts.tree, parts.head, TreeSize(0));
        const auto mail = must(parts.store.read_mailbox(UnitId("reeds"), std::nullopt, 9));
        REQUIRE(mail.size() == 1);
        const protocol::Delivery delivery = must(showing.delivery(mail.front()));
        REQUIRE(delivery.leaves.size() == 3);
        for (const std::size_t hidden : {0u, 2u}) {
            REQUIRE(std::holds_alternative<Digest>(delivery.leaves[hidden]));
            CHECK(std::get<Digest>(delivery.leaves[hidden]) == crypto::leaf_hash(leaves[hidden]));
            REQUIRE(std::holds_alternative<Digest>(delivery.run.entries[hidden]));
            CHECK(std::get<Digest>(delivery.run.entries[hidden]) ==
                  crypto::leaf_hash(sequenced.entries[hidden]));
        }
        const auto& shown = std::get<protocol::DeliveredLeaf>(delivery.leaves[1]);
        CHECK(shown.bytes == leaves[1]);
        CHECK(shown.index == advanced(delivery.batch, 1));
        CHECK(std::get<Bytes>(delivery.run.entries[1]) == sequenced.entries[1]);
    }

    TEST_CASE("a reader who knows a longer log is told so") {
        HubParts parts;
        parts.start();
        LogShowing showing(parts.store, *parts.tree, parts.head, TreeSize(7));
        CHECK(showing.update().error() == Errc::log_rolled_back);
    }
}

}  // namespace
}  // namespace tongbao::hub
