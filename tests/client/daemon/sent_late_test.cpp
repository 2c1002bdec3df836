#include "client/daemon/sent_late.hpp"

#include "protocol/log_entry_json.hpp"
#include "protocol/submission_json.hpp"
#include "tests/client/daemon/local_stage.hpp"
#include "tests/support/must.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using nlohmann::json;
using testing::Asking;
using testing::leaf_of;
using testing::must;
using testing::numbered_alarm;
using LateRules = std::vector<std::string>;

/// A delivery of this notice alone, whose entry says that it was late for these.
protocol::Delivery late_delivery(const Notice& notice, std::uint64_t index, LateRules late) {
    LogEntry entry;
    LoggedEvent logged;
    logged.from = notice.from;
    logged.to = notice.to;
    logged.kind = notice.kind;
    logged.charter = notice.charter;
    logged.charter_version = notice.charter_version;
    logged.late = std::move(late);
    entry.event = std::move(logged);
    protocol::Delivery delivery;
    delivery.batch = delivery.run.first = LogIndex(index);
    delivery.leaves = {protocol::DeliveredLeaf{LogIndex(index), leaf_of(notice)}};
    delivery.run.entries = {to_bytes(protocol::write_log_entry(entry))};
    return delivery;
}

/// Dike's daemon, to which a second alarm of lake came late as entry 9.
struct LateAsking : Asking {
    LateAsking() {
        daemon.put_arrived(alarm, late_delivery(alarm, 9, {"send_within", "checks[1]"}));
    }
    const Notice alarm = numbered_alarm(2);
};

}  // namespace

TEST_SUITE("notices that were sent late") {
    TEST_CASE_FIXTURE(LateAsking, "the inbox and the notice say for which limits") {
        const json rows = checked("GET", "/v1/inbox", "/v1/inbox").at("notices");
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].at("index") == 9);
        CHECK(rows[0].at("late") == json{"send_within", "checks[1]"});
        CHECK_FALSE(rows[1].contains("late"));
        const json shown = checked("GET", "/v1/notices/{id}", "/v1/notices/9");
        CHECK(shown.at("late") == json{"send_within", "checks[1]"});
        CHECK_FALSE(checked("GET", "/v1/notices/{id}", "/v1/notices/7").contains("late"));
    }

    TEST_CASE_FIXTURE(LateAsking, "what the sender sent late its own daemon says too") {
        Notice own = numbered_alarm(5);
        own.from = UnitId("dike");
        const auto sent = [&](const LateRules& late) {
            storage::SentItem item;
            item.id = own.id.value();
            item.bytes = leaf_of(own);
            item.state = storage::SentState::accepted;
            item.index = LogIndex(11);
            item.outcome = protocol::write_leaf_outcome(protocol::LeafAccepted{LogIndex(11), false},
                                                        {}, UtcTime(), late);
            return item;
        };
        storage::SentItem item = sent({"send_within"});
        CHECK(late_in(item) == LateRules{"send_within"});
        CHECK(late_in(sent({})).empty());
        REQUIRE(daemon.store->enqueue({item}).has_value());
        REQUIRE(daemon.store->settle({item}, "").has_value());
        CHECK(checked("GET", "/v1/notices/{id}", "/v1/notices/11").at("late") ==
              json{"send_within"});
        CHECK(checked("GET", "/v1/sent", "/v1/sent").at("notices")[0].at("late") ==
              json{"send_within"});
        item.state = storage::SentState::refused;
        CHECK(late_in(item).empty());
        item.state = storage::SentState::accepted;
        item.outcome = "{";
        CHECK(late_in(item).empty());
    }

    TEST_CASE_FIXTURE(LateAsking, "of a kind without limits of sending no delivery is read") {
        LateRows rows(*daemon.store, *daemon.services->charter);
        storage::InboxRow row;
        row.index = row.batch = LogIndex(9);
        row.kind = KindId("level_alarm");
        CHECK(must(rows.of(row)) == LateRules{"send_within", "checks[1]"});
        // There is no delivery 500.
        row.index = row.batch = LogIndex(500);
        CHECK(rows.of(row).error() == Errc::not_found);
        row.kind = KindId("minutes");
        CHECK(must(rows.of(row)).empty());
    }

    TEST_CASE("of a leaf that has no entry in its delivery nothing is known") {
        const Notice notice = numbered_alarm(2);
        const protocol::Delivery delivery = late_delivery(notice, 9, {"send_within"});
        CHECK(late_in(delivery, LogIndex(9)) == LateRules{"send_within"});
        CHECK(late_in(delivery, LogIndex(8)).empty());
        CHECK(late_in(delivery, LogIndex(10)).empty());
    }
}

}  // namespace tongbao::client
