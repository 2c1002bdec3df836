#include "client/ledger/ledger_feed.hpp"

#include "tests/client/ledger/fed_store.hpp"

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::testing;

namespace {

using FeedStates = std::map<std::string, std::string>;

const CaseNumber kFedCase("440000202000001");

/// A daemon's database and a ledger of it.
struct Feeding {
    explicit Feeding(LedgerRole as) : role(as) {}

    Checked<FeedStep> step(std::size_t most = 4) {
        return feed_ledger(*ledger, from.store(), charter, role, {most, most});
    }
    int all(std::size_t most = 4) {
        int steps = 0;
        while (must(step(most)) == FeedStep::more) ++steps;
        return steps;
    }
    [[nodiscard]] FeedStates states() const {
        return states_of(case_file_of(must(ledger->read_case(kFedCase))));
    }

    const Charter charter = feeding_charter();
    const LedgerRole role;
    storage::TemporaryFolder folder{storage::memory_path()};
    FedStore from;
    std::unique_ptr<storage::LedgerDatabase> ledger = must(storage::create_ledger(
        folder.path() / "ledger.sqlite", {UnitId("dike"), role, Digest()}, {}));
    LoggedLeaf asked = as_stored(logged_notice(
        fed_notice("question", "lake", {UnitId("dike"), UnitId("reeds")}, 1), 1, kFedCase));
    LoggedLeaf taken_up = as_stored(logged_act(ActKind::taken_up, "dike", {asked.ref}, 2));
    LoggedLeaf declined = as_stored(logged_act(ActKind::declined, "reeds", {asked.ref}, 3, "why"));
};

}  // namespace

TEST_SUITE("feed of a ledger") {
    TEST_CASE("the unit that the charter names keeps and every other one follows") {
        CHECK(ledger_role(feeding_charter(), UnitId("office")) == LedgerRole::keeper);
        CHECK(ledger_role(feeding_charter(), UnitId("dike")) == LedgerRole::follower);
    }

    TEST_CASE("a follower reads its deliveries and what it sent itself") {
        Feeding feeding(LedgerRole::follower);
        feeding.from.settle(feeding.taken_up);
        CHECK(feeding.all() == 1);
        CHECK(must(feeding.ledger->counts()).waiting == 1);
        feeding.from.deliver({feeding.asked});
        CHECK(feeding.all() == 1);
        CHECK(feeding.states() == FeedStates{{"gates", "accepted"}, {"birds", "proposed"}});
        CHECK(must(feeding.ledger->positions()) == storage::LedgerPositions{LogIndex(1), 1});
        CHECK(must(feeding.ledger->read_case(kFedCase)).facts.back().source.at == fed_moment(2));
        CHECK(feeding.all() == 0);
    }

    TEST_CASE("of cases a keeper reads its deliveries alone") {
        Feeding feeding(LedgerRole::keeper);
        feeding.from.deliver({feeding.asked, feeding.taken_up, feeding.declined});
        feeding.from.settle(feeding.taken_up);
        CHECK(feeding.all() == 1);
        CHECK(feeding.states() == FeedStates{{"gates", "accepted"}, {"birds", "declined"}});
        CHECK(must(feeding.ledger->positions()) == storage::LedgerPositions{LogIndex(1), 1});
    }

    TEST_CASE("pieces go on where the one before ended") {
        Feeding feeding(LedgerRole::keeper);
        feeding.from.deliver({feeding.asked});
        feeding.from.deliver({feeding.taken_up});
        feeding.from.deliver({feeding.declined});
        CHECK(feeding.all(1) == 3);
        CHECK(feeding.states() == FeedStates{{"gates", "accepted"}, {"birds", "declined"}});
        CHECK(must(feeding.ledger->positions()).batch == LogIndex(3));
    }

    TEST_CASE("what was refused is passed over") {
        Feeding feeding(LedgerRole::follower);
        storage::SentItem item;
        const Notice notice = fed_notice("question", "dike", {UnitId("lake")}, 7);
        item.id = notice.id.value();
        item.bytes = to_bytes(protocol::write_notice(notice));
        REQUIRE(feeding.from.store().enqueue({item}));
        item.state = storage::SentState::refused;
        item.outcome = R"({"status":"refused","reasons":[]})";
        REQUIRE(feeding.from.store().settle({item}, ""));
        CHECK(feeding.all() == 1);
        CHECK(must(feeding.ledger->counts()) == storage::LedgerCounts{});
        CHECK(must(feeding.ledger->positions()).settled == 1);
    }

    TEST_CASE("what stands before a delivery that can't be read is written and that is named") {
        Feeding feeding(LedgerRole::keeper);
        feeding.from.deliver({feeding.asked});
        storage::Received broken;
        broken.batch = LogIndex(2);
        broken.delivery = {1, 2, 3};
        REQUIRE(feeding.from.store().receive(broken));
        feeding.from.deliver({as_stored(
            logged_notice(fed_notice("remark", "lake", {UnitId("dike")}, 9), 3, kFedCase))});
        CHECK(must(feeding.step()) == FeedStep::more);
        for (int again = 0; again < 2; ++again) {
            const Checked<FeedStep> stopped = feeding.step();
            REQUIRE(stopped.has_error());
            CHECK(stopped.error() == Reason{Errc::storage_corrupt, "delivery 2", {}});
        }
        CHECK(must(feeding.ledger->positions()) == storage::LedgerPositions{LogIndex(1), 0});
        CHECK(must(feeding.ledger->counts()).notices == 1);
    }

    TEST_CASE("of a delivery whose last leaf can't be read nothing is written") {
        Feeding feeding(LedgerRole::keeper);
        protocol::Delivery delivery;
        delivery.batch = delivery.run.first = LogIndex(1);
        delivery.leaves.emplace_back(
            protocol::DeliveredLeaf{LogIndex(1), to_bytes(text_of_leaf(feeding.asked))});
        delivery.leaves.emplace_back(protocol::DeliveredLeaf{LogIndex(2), {1, 2, 3}});
        storage::Received received;
        received.batch = delivery.batch;
        received.delivery = protocol::encode(delivery);
        REQUIRE(feeding.from.store().receive(std::move(received)));
        REQUIRE(feeding.step().has_error());
        CHECK(feeding.step().error().place == "delivery 1");
        CHECK(must(feeding.ledger->counts()) == storage::LedgerCounts{});
        CHECK(must(feeding.ledger->positions()) == storage::LedgerPositions{});
    }

    TEST_CASE("an item of the unit's own that can't be read is named") {
        Feeding feeding(LedgerRole::follower);
        storage::SentItem item;
        item.id = fed_notice("question", "dike", {UnitId("lake")}, 7).id.value();
        item.bytes = {1, 2, 3};
        REQUIRE(feeding.from.store().enqueue({item}));
        item.state = storage::SentState::accepted;
        item.index = LogIndex(4);
        item.outcome = "{}";
        REQUIRE(feeding.from.store().settle({item}, ""));
        REQUIRE(feeding.step().has_error());
        CHECK(feeding.step().error() == Reason{Errc::storage_corrupt, "sent item 1", {}});
    }
}
