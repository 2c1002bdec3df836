#include "client/ledger/ledger_feed.hpp"
#include "tests/client/ledger/fed_store.hpp"
#include "tests/domain/reporting_fixture.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::testing;

namespace {

LoggedLeaf logged_figures(const char* from, std::uint8_t number, std::uint64_t index) {
    return as_stored(
        logged_notice(handing_in("figures", from, "2020-Q3", number), index, std::nullopt));
}

/// A daemon's database and a ledger of it, by the charter with reporting cycles.
struct HandInFeeding {
    explicit HandInFeeding(LedgerRole as) : role(as) {}

    void all() {
        while (must(feed_ledger(*ledger, from.store(), charter, role, {4, 4})) == FeedStep::more) {
        }
    }
    /// Who handed the quarter in.
    [[nodiscard]] std::string who() const {
        std::string units;
        for (const HandIn& each : must(ledger->hand_ins("levels", "2020-Q3"))) {
            units += each.from.value() + ' ' + std::to_string(each.notice.index.value()) + ' ';
        }
        return units;
    }

    const Charter charter = reporting_charter();
    const LedgerRole role;
    storage::TemporaryFolder folder{storage::memory_path()};
    FedStore from;
    std::unique_ptr<storage::LedgerDatabase> ledger = must(storage::create_ledger(
        folder.path() / "ledger.sqlite", {UnitId("office"), role, Digest()}, {}));
    LoggedLeaf lakes = logged_figures("lake", 1, 1);
    LoggedLeaf dikes = logged_figures("dike", 2, 2);
    LoggedLeaf withdrawn =
        as_stored(logged_notice(withdrawing(std::get<Notice>(lakes.leaf), 3), 3, std::nullopt));
};

}  // namespace

TEST_SUITE("hand-ins in the feed") {
    TEST_CASE("the keeper holds what came and what it handed in itself, each once") {
        HandInFeeding feeding(LedgerRole::keeper);
        feeding.from.settle(feeding.dikes);
        feeding.from.deliver({feeding.lakes});
        feeding.all();
        CHECK(feeding.who() == "lake 1 dike 2 ");
        const HandIn first = must(feeding.ledger->hand_ins("levels", "2020-Q3")).front();
        CHECK(first.logged == fed_moment(1));
        CHECK(first.notice == feeding.lakes.ref);
        CHECK(must(feeding.ledger->counts()).notices == 0);
    }

    TEST_CASE("a follower holds what it handed in, and takes it back whatever it reads first") {
        HandInFeeding feeding(LedgerRole::follower);
        feeding.from.deliver({feeding.withdrawn});
        feeding.all();
        feeding.from.settle(feeding.lakes);
        feeding.from.settle(feeding.dikes);
        feeding.all();
        CHECK(feeding.who() == "dike 2 ");
    }

    TEST_CASE("the keeper takes back what is withdrawn, of others and of its own") {
        HandInFeeding feeding(LedgerRole::keeper);
        feeding.from.deliver({feeding.lakes, feeding.dikes, feeding.withdrawn});
        feeding.all();
        CHECK(feeding.who() == "dike 2 ");
        feeding.from.settle(as_stored(
            logged_notice(withdrawing(std::get<Notice>(feeding.dikes.leaf), 4), 5, std::nullopt)));
        feeding.all();
        CHECK(feeding.who().empty());
    }
}
