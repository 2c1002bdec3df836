#include "client/daemon/delivery_intake.hpp"

#include "client/daemon/local_json.hpp"
#include "client/daemon/notice_archive.hpp"
#include "client/daemon/store_write.hpp"
#include "crypto/sha256.hpp"
#include "domain/bytes.hpp"
#include "protocol/message_codec.hpp"
#include "tests/client/daemon/daemon_parts.hpp"
#include "tests/client/daemon/deliveries.hpp"
#include "tests/hub/alarmed_hub.hpp"
#include "tests/protocol/notice_fixture.hpp"

#include <boost/asio/post.hpp>
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace tongbao::client {
namespace {

using testing::DaemonParts;
using testing::leaf_of;
using testing::must;
using testing::numbered_alarm;
using testing::StartedHub;

/// Takes in what lake sends to dike.
struct TakingIn {
    StartedHub hub;
    DaemonParts daemon{hub, "dike"};
    DeliveryIntake intake{*daemon.services, *daemon.follower};

    TakingIn() { daemon.put_file(testing::file("chart").sha256, Bytes(10)); }

    /// The delivery of the batch that begins at `batch`, checked under the newest head.
    [[nodiscard]] CheckedDelivery checked(LogIndex batch, const std::string& unit = "dike") {
        const protocol::Delivery delivery = testing::delivery_of(hub, batch);
        const UnitId taker(unit);
        Checked<CheckedBatch> leaves =
            check_delivery(delivery, {testing::follower_of(hub), *hub.deployment.keys.get(),
                                      *hub.deployment.trust.get(), *hub.deployment.charter, taker});
        REQUIRE(leaves.has_value());
        return {batch, protocol::encode(delivery), std::move(leaves->leaves)};
    }
    CheckedDelivery logged(const Notice& notice) {
        const LogIndex index = next_index(hub.store.size());
        REQUIRE(testing::accepted_at(hub.send("lake", leaf_of(notice))));
        return checked(index);
    }
    /// Lake closes its notice at dike.
    CheckedDelivery closed(const NoticeRef& notice) {
        const LogIndex index = next_index(hub.store.size());
        REQUIRE(testing::accepted_at(hub.send("lake", leaf_of(testing::closing_of(9, notice)))));
        return checked(index);
    }
    Result<void> take(CheckedDelivery delivery) {
        return daemon.run(intake.take(std::move(delivery)));
    }
};

TEST_SUITE("delivery intake") {
    TEST_CASE_FIXTURE(TakingIn,
                      "a pinned head never goes back though an older delivery is stored") {
        CheckedDelivery first = logged(numbered_alarm(1));
        CheckedDelivery second = logged(numbered_alarm(2));
        // While its attachments were fetched the follower went on, and an answer pinned the newer
        // head.
        *daemon.follower = testing::follower_of(hub);
        const std::string newest = daemon.follower->note();
        SUBCASE("pinned already") {
            REQUIRE(daemon.store->pin_head(newest).has_value());
        }
        SUBCASE("pinned with the delivery") {}
        REQUIRE(take(std::move(first)).has_value());
        CHECK(*daemon.store->pinned_head() == newest);
        REQUIRE(take(std::move(second)).has_value());
        CHECK(*daemon.store->pinned_head() == newest);
        CHECK(daemon.store->list_inbox(std::nullopt, 10)->size() == 2);
    }

    TEST_CASE_FIXTURE(TakingIn, "what the keeper of the ledger keeps is stored and no more") {
        DaemonParts office(hub, "office");
        DeliveryIntake keeping(*office.services, *office.follower);
        const LogIndex index = next_index(hub.store.size());
        REQUIRE(testing::accepted_at(hub.send("lake", leaf_of(numbered_alarm(1)))));
        REQUIRE(office.run(keeping.take(checked(index, "office"))).has_value());
        CHECK(must(office.store->resume_position()) == index);
        CHECK(must(office.store->list_inbox(std::nullopt, 10)).empty());
        CHECK(office.store->outbox_size() == 0);
        // Its attachment was neither fetched nor waited for.
        CHECK(office.fake.asked.empty());
        const NoticeArchive archive(*office.store);
        const ArchivedNotice found = must(archive.find_at(index));
        CHECK(found.notice == numbered_alarm(1));
        CHECK_FALSE(found.inbox.has_value());
        CHECK_FALSE(found.sent.has_value());
        CHECK(archive.find_at(advanced(index, 1)).has_error());
        // It is no event of the office's either.
        const UnitId unit("office");
        EventPlace place;
        CHECK(must(read_events(*office.store, place, 10, &unit)).empty());
        CHECK(place.next_index == index.value() + 1);
    }

    TEST_CASE_FIXTURE(TakingIn, "a notice that comes again at another place is an alarm") {
        CheckedDelivery delivery = logged(numbered_alarm(1));
        CheckedDelivery replayed = delivery;
        REQUIRE(take(delivery).has_value());
        // As it is: the same delivery once more, after a crash before the credit.
        CHECK(take(delivery).has_value());
        CHECK(daemon.state.alarm.empty());
        replayed.batch = LogIndex(50);
        replayed.leaves[0].index = LogIndex(50);
        CHECK(take(replayed).error() == Errc::repeated_leaf);
        CHECK(daemon.state.alarm.starts_with("repeated_leaf: "));
        CHECK(daemon.state.alarm.find("delivery 50, leaves[0]") != std::string::npos);
        CHECK(daemon.store->list_inbox(std::nullopt, 10)->size() == 1);
    }

    TEST_CASE_FIXTURE(TakingIn,
                      "another notice of one sender under a known identifier is an alarm") {
        CheckedDelivery delivery = logged(numbered_alarm(1));
        REQUIRE(take(delivery).has_value());
        delivery.batch = delivery.leaves[0].index = LogIndex(50);
        delivery.leaves[0].sha256 = Digest();
        CHECK(take(delivery).error() == Errc::id_conflict);
        CHECK(daemon.state.alarm.starts_with("id_conflict: "));
    }

    TEST_CASE_FIXTURE(TakingIn, "an attachment that the hub does not give is an alarm") {
        Notice notice = numbered_alarm(1);
        const Digest sha256(Digest::Array{9});
        std::get<Attachment>(notice.attachments[0]).sha256 = sha256;
        hub.attachments.sizes[{UnitId("lake"), sha256}] = 10;
        CheckedDelivery delivery = logged(notice);
        CHECK(take(delivery).error() == Errc::not_found);
        CHECK(daemon.state.alarm.starts_with("not_found: "));
        CHECK(daemon.store->list_inbox(std::nullopt, 10)->empty());
        REQUIRE_FALSE(daemon.fake.asked.empty());
        CHECK(daemon.fake.asked.back() == "GET /v1/notices/6/attachments/" + sha256.hex());
    }

    TEST_CASE_FIXTURE(TakingIn,
                      "an act is shown on the very notice that it names and on no other") {
        const Notice alarm = numbered_alarm(1);
        CheckedDelivery delivery = logged(alarm);
        const Digest sha256 = delivery.leaves[0].sha256;
        REQUIRE(take(delivery).has_value());
        const auto act = [](const Digest& named, const std::string& unit) {
            return storage::ActRow{LogIndex(6),  LogIndex(9), named, ActKind::opened,
                                   UnitId(unit), {},          {}};
        };
        const ArchivedNotice archived = must(NoticeArchive(*daemon.store).find(alarm.id.value()));
        const auto shown = [&](const storage::ActRow& row) {
            const auto view = nlohmann::json::parse(write_archived(archived, {row}, {}));
            return view.at("acts").size();
        };
        CHECK(shown(act(sha256, "dike")) == 1);
        CHECK(shown(act(Digest(), "dike")) == 0);
        CHECK(shown(act(sha256, "reeds")) == 0);  // is no recipient
    }

    TEST_CASE_FIXTURE(TakingIn, "what its sender closed is shown as closed with the reason") {
        CheckedDelivery delivery = logged(numbered_alarm(1));
        const NoticeRef notice{delivery.leaves[0].sha256, delivery.leaves[0].index};
        REQUIRE(take(delivery).has_value());
        CheckedDelivery closing = closed(notice);
        const NoticeArchive archive(*daemon.store);
        const auto shown = [&] {
            return nlohmann::json::parse(write_archived(must(archive.find_at(notice.index)),
                                                        must(daemon.store->read_acts(notice.index)),
                                                        {}));
        };
        using Words = nlohmann::json;
        const auto changes_nothing = [&] {
            REQUIRE(take(closing).has_value());
            CHECK(shown().at("state") == Words::array({"delivered"}));
            CHECK(shown().at("acts").empty());
        };
        Act& act = std::get<Act>(closing.leaves[0].leaf);
        SUBCASE("by another than the notice's sender it changes nothing") {
            act.from = UnitId("reeds");
            changes_nothing();
        }
        SUBCASE("of other bytes at that place it changes nothing") {
            act.notices[0].sha256 = Digest();
            changes_nothing();
        }
        SUBCASE("of what never came it changes nothing") {
            act.notices[0].index = LogIndex(5);
            changes_nothing();
        }
        SUBCASE("at one that is no recipient it changes nothing") {
            act.unit = UnitId("reeds");
            changes_nothing();
        }
        SUBCASE("as it is") {
            REQUIRE(take(closing).has_value());
            CHECK(shown().at("state") == Words::array({"delivered", "closed_by_sender"}));
            const nlohmann::json said = shown().at("acts").at(0);
            CHECK(said.at("act") == "closed_by_sender");
            CHECK(said.at("unit") == "dike");
            CHECK(said.at("reason") == "已另行处理");
        }
    }

    TEST_CASE_FIXTURE(TakingIn, "the keeper of the ledger knows at whom a notice was closed") {
        DaemonParts office(hub, "office");
        DeliveryIntake keeping(*office.services, *office.follower);
        const CheckedDelivery delivery = logged(numbered_alarm(1));
        const LogIndex index = delivery.leaves[0].index;
        REQUIRE(office.run(keeping.take(checked(index, "office"))).has_value());
        const CheckedDelivery closing = closed({delivery.leaves[0].sha256, index});
        REQUIRE(office.run(keeping.take(closing)).has_value());
        const auto acts = must(office.store->read_acts(index));
        REQUIRE(acts.size() == 1);
        CHECK(acts.front().kind == ActKind::closed_by_sender);
        CHECK(acts.front().unit == UnitId("dike"));
        CHECK(must(office.store->list_inbox(std::nullopt, 10)).empty());
    }

    TEST_CASE_FIXTURE(TakingIn,
                      "a delivery waits for room on the disk and then goes on by itself") {
        CheckedDelivery delivery = logged(numbered_alarm(1));
        daemon.space.set(daemon.watermark.look().least);
        int waited = 0;
        daemon.space_told = [&](const program::SpaceState& state) {
            if (!state.full) return;
            ++waited;
            boost::asio::post(daemon.io, [&] {
                CHECK(daemon.store->list_inbox(std::nullopt, 10)->empty());
                daemon.space.set(1024 * kMebibyte);
                daemon.room_bell.ring();
            });
        };
        CHECK(take(std::move(delivery)).has_value());
        CHECK(waited == 1);
        CHECK(daemon.store->list_inbox(std::nullopt, 10)->size() == 1);
    }

    TEST_CASE_FIXTURE(TakingIn, "a delivery is not begun unless its attachments will fit") {
        Notice notice = numbered_alarm(1);
        const Digest sha256(Digest::Array{9});
        Attachment& attachment = std::get<Attachment>(notice.attachments[0]);
        attachment.sha256 = sha256;
        attachment.size = 10 * kMebibyte;
        hub.attachments.sizes[{UnitId("lake"), sha256}] = attachment.size;
        CheckedDelivery delivery = logged(notice);
        daemon.space.set(daemon.watermark.look().least + 10 * kMebibyte);
        const std::size_t asked = daemon.fake.asked.size();
        daemon.space_told = [&](const program::SpaceState&) {
            boost::asio::post(daemon.io, [&] { intake.abort(); });
        };
        CHECK(take(std::move(delivery)).error() == Errc::shutting_down);
        CHECK(daemon.fake.asked.size() == asked);
    }

    TEST_CASE_FIXTURE(TakingIn, "a delivery compares the clocks") {
        CheckedDelivery delivery = logged(numbered_alarm(1));
        hub.clock.set(hub.clock.now() - std::chrono::hours(24));
        CHECK(take(std::move(delivery)).has_value());
        CHECK(daemon.state.clock_ahead == std::chrono::hours(24));
    }

    TEST_CASE_FIXTURE(TakingIn, "a failed write ends the daemon") {
        CHECK(written(*daemon.services, {}).has_value());
        CHECK(written(*daemon.services, Errc::storage_corrupt).has_error());
        CHECK(written(*daemon.services, Errc::already_exists).has_error());
        CHECK(daemon.store_failures == 0);
        CHECK(written(*daemon.services, Errc::storage_failure).has_error());
        CHECK(daemon.store_failures == 1);
    }
}

}  // namespace
}  // namespace tongbao::client
