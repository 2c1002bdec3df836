// What a daemon sends: its outbox, and what became of it.

#include "tests/storage/daemon_store_fixture.hpp"
#include "tests/storage/raw_database.hpp"

#include <doctest/doctest.h>

using namespace tongbao;
using namespace tongbao::storage;

TEST_SUITE("outbox") {
    TEST_CASE_FIXTURE(InFolder, "items wait in the order in which they were handed over") {
        REQUIRE(store->enqueue({item(3), item(1)}).has_value());
        REQUIRE(store->enqueue({item(2, true)}).has_value());
        CHECK(outbox() == uuids({3, 1, 2}));
        reopen();
        CHECK(outbox() == uuids({3, 1, 2}));
        REQUIRE(store->enqueue({item(4)}).has_value());
        CHECK(outbox() == uuids({3, 1, 2, 4}));
    }

    TEST_CASE_FIXTURE(InFolder, "an item comes back as it was and is queued") {
        SentItem claimed = settled(1, SentState::accepted);
        claimed.sequence = 77;
        REQUIRE(store->enqueue({claimed}).has_value());
        SentItem expected = item(1);
        expected.sequence = 1;
        CHECK(*store->find_sent(sample_uuid(1)) == expected);
        CHECK(store->find_sent(sample_uuid(2)).error() == Errc::not_found);
    }

    TEST_CASE_FIXTURE(InFolder, "a known identifier is refused and nothing is written") {
        REQUIRE(store->enqueue({item(1)}).has_value());
        CHECK(store->enqueue({item(2), item(1)}).error() == Errc::already_exists);
        CHECK(store->enqueue({item(3), item(3)}).error() == Errc::already_exists);
        CHECK(outbox() == uuids({1}));
        CHECK(store->find_sent(sample_uuid(2)).error() == Errc::not_found);
        CHECK(store->enqueue({SentItem{}}).error() == Errc::bad_argument);
        REQUIRE(store->settle({settled(1, SentState::accepted)}, "").has_value());
        CHECK(store->enqueue({item(1)}).error() == Errc::already_exists);
        CHECK(outbox().empty());
    }

    TEST_CASE_FIXTURE(InFolder, "the outbox begins behind what left it and before what came back") {
        // A row where nothing can wait any more is not come upon, so what left the outbox is not
        // walked over.
        const auto begin = [&] {
            store.reset();
            for (const RawRecord& each : read_raw(folder.path(), "meta")) {
                if (each.key == "outbox") return each.value;
            }
            return std::string();
        };
        const auto key = [](char number) { return std::string(7, '\0') + number; };
        const std::string one_waits("\1\1", 2);
        REQUIRE(store->enqueue({item(1), item(2), item(3)}).has_value());
        CHECK(begin().empty());
        reopen();
        REQUIRE(store->settle({settled(1, SentState::accepted)}, "").has_value());
        CHECK(begin() == key(2));
        reopen();
        REQUIRE(store->settle({settled(3, SentState::accepted)}, "").has_value());
        CHECK(begin() == key(2));
        put_raw(folder.path(), "outbox", {key(1), one_waits});
        reopen();
        CHECK(outbox() == uuids({2}));
        CHECK(*store->settled_through() == 1);
        REQUIRE(store->settle({settled(2, SentState::accepted)}, "").has_value());
        CHECK(outbox().empty());
        CHECK(*store->settled_through() == 3);
        REQUIRE(store->enqueue({item(4)}).has_value());
        CHECK(outbox() == uuids({4}));
        // Whatever is said to be queued again waits again.
        REQUIRE(store->settle({settled(2, SentState::queued)}, "").has_value());
        CHECK(outbox() == uuids({2, 4}));
        CHECK(begin() == key(2));
    }

    TEST_CASE_FIXTURE(InFolder, "a place of the outbox that is none is damage") {
        REQUIRE(store->enqueue({item(1)}).has_value());
        REQUIRE(store->settle({settled(1, SentState::accepted)}, "").has_value());
        store.reset();
        put_raw(folder.path(), "meta", {"outbox", "2"});
        std::string words;
        CHECK(open_daemon_store(folder.path(), words).error() == Errc::storage_corrupt);
    }

    TEST_CASE_FIXTURE(InFolder, "the outbox is read in pages bounded by number and by bytes") {
        REQUIRE(store->enqueue({item(1), item(2), item(3), item(4)}).has_value());  // 10 bytes each
        const auto ids = [&](std::uint64_t after, std::size_t items, std::size_t bytes) {
            std::vector<Uuid> read;
            const auto page = store->read_outbox(after, items, bytes);
            REQUIRE(page.has_value());
            for (const SentItem& each : *page) read.push_back(each.id);
            return read;
        };
        CHECK(ids(0, 2, kAnySize) == uuids({1, 2}));
        CHECK(ids(2, 2, kAnySize) == uuids({3, 4}));
        CHECK(ids(4, 2, kAnySize).empty());
        CHECK(ids(std::numeric_limits<std::uint64_t>::max(), 2, kAnySize).empty());
        CHECK(ids(0, kAll, 20) == uuids({1, 2}));
        CHECK(ids(0, kAll, 29) == uuids({1, 2}));
        CHECK(ids(0, kAll, 30) == uuids({1, 2, 3}));
        CHECK(ids(0, kAll, 1) == uuids({1}));
        CHECK(ids(0, 0, kAnySize).empty());
    }

    TEST_CASE_FIXTURE(InFolder, "what is settled leaves the outbox and is found with its outcome") {
        REQUIRE(store->enqueue({item(1), item(2), item(3)}).has_value());
        REQUIRE(store
                    ->settle({settled(2, SentState::accepted), settled(3, SentState::refused)},
                             "new head")
                    .has_value());
        CHECK(outbox() == uuids({1}));
        CHECK(*store->pinned_head() == "new head");
        reopen();
        CHECK(outbox() == uuids({1}));
        SentItem expected = settled(2, SentState::accepted);
        expected.sequence = 2;
        CHECK(*store->find_sent(sample_uuid(2)) == expected);
        CHECK(store->find_sent(sample_uuid(3))->state == SentState::refused);
        CHECK(!store->find_sent(sample_uuid(3))->index);

        // Settled again, as after a crash: once is enough.
        REQUIRE(store->settle({settled(2, SentState::accepted)}, "").has_value());
        CHECK(outbox() == uuids({1}));
        CHECK(*store->pinned_head() == "new head");
    }

    TEST_CASE_FIXTURE(InFolder, "what is settled is read in order up to the first that waits") {
        const auto read = [this](std::uint64_t after, std::size_t limit) {
            std::vector<Uuid> ids;
            for (const SentItem& each : *store->read_settled(after, limit)) ids.push_back(each.id);
            return ids;
        };
        CHECK(*store->settled_through() == 0);
        REQUIRE(store->enqueue({item(1), item(2), item(3), item(4)}).has_value());
        CHECK(read(0, kAll).empty());
        REQUIRE(store
                    ->settle({settled(1, SentState::accepted), settled(2, SentState::refused),
                              settled(4, SentState::accepted)},
                             "")
                    .has_value());
        for (int round = 0; round < 2; ++round) {
            // The third is still queued: the fourth is not told before it.
            CHECK(*store->settled_through() == 2);
            CHECK(read(0, kAll) == uuids({1, 2}));
            CHECK(read(0, 1) == uuids({1}));
            CHECK(read(1, kAll) == uuids({2}));
            reopen();
        }
        REQUIRE(store->settle({settled(3, SentState::accepted)}, "").has_value());
        CHECK(*store->settled_through() == 4);
        CHECK(read(2, kAll) == uuids({3, 4}));
        CHECK(store->read_settled(2, kAll)->back().state == SentState::accepted);
        CHECK(read(4, kAll).empty());
        CHECK(read(~std::uint64_t{0}, kAll).empty());
    }

    TEST_CASE_FIXTURE(InFolder,
                      "a sent notice is found by its place in the log and an act is not") {
        SentItem act = item(3);
        act.is_act = true;
        REQUIRE(store->enqueue({item(1), item(2), act}).has_value());
        const auto at = [](std::uint8_t number, std::uint64_t index) {
            SentItem accepted = settled(number, SentState::accepted);
            accepted.index = LogIndex(index);
            return accepted;
        };
        CHECK(store->find_sent_at(LogIndex(40)).error() == Errc::not_found);
        REQUIRE(store->settle({at(1, 41), at(2, 40), at(3, 42), settled(2, SentState::refused)}, "")
                    .has_value());
        reopen();
        CHECK(store->find_sent_at(LogIndex(41))->id == sample_uuid(1));
        CHECK(store->find_sent_at(LogIndex(42)).error() == Errc::not_found);
        CHECK(store->find_sent_at(LogIndex(43)).error() == Errc::not_found);
    }

    TEST_CASE_FIXTURE(InFolder, "what came out of the outbox is found at its place if a notice") {
        REQUIRE(store->enqueue({item(1), item(2, true), item(3)}).has_value());
        std::vector<SentItem> items = queued();
        for (SentItem& each : items) {
            each.state = SentState::accepted;
            each.index = LogIndex(40 + each.sequence);
        }
        REQUIRE(store->settle(items, "").has_value());
        CHECK(store->find_sent_at(LogIndex(41))->id == sample_uuid(1));
        CHECK(store->find_sent_at(LogIndex(42)).error() == Errc::not_found);
        CHECK(store->find_sent_at(LogIndex(43))->id == sample_uuid(3));
    }

    TEST_CASE_FIXTURE(InFolder, "a file that something names is known, and one of before is not") {
        CHECK(*store->naming(sample_digest(1)) == Naming::unnamed);
        REQUIRE(
            store->take_over({{item(1)}, {}, {sample_digest(1), sample_digest(1)}}).has_value());
        Received received;
        received.batch = LogIndex(7);
        received.delivery = to_bytes("a delivery");
        received.files = {sample_digest(2)};
        REQUIRE(store->receive(received).has_value());
        reopen();
        CHECK(*store->naming(sample_digest(1)) == Naming::named);
        CHECK(*store->naming(sample_digest(2)) == Naming::named);
        CHECK(*store->naming(sample_digest(3)) == Naming::unnamed);
        // A database that was begun before it kept this record.
        store.reset();
        remove_raw(folder.path(), "meta", "files");
        reopen();
        CHECK(*store->naming(sample_digest(1)) == Naming::named);
        CHECK(*store->naming(sample_digest(3)) == Naming::unknown);
    }

    TEST_CASE_FIXTURE(InFolder, "settling keeps the bytes that were handed over") {
        REQUIRE(store->enqueue({item(1)}).has_value());
        SentItem other = settled(1, SentState::accepted);
        other.bytes = to_bytes("something else");
        REQUIRE(store->settle({other}, "").has_value());
        CHECK(store->find_sent(sample_uuid(1))->bytes == item(1).bytes);
    }

    TEST_CASE_FIXTURE(InFolder,
                      "settling what was never queued is refused and nothing is written") {
        REQUIRE(store->enqueue({item(1)}).has_value());
        CHECK(
            store
                ->settle({settled(1, SentState::accepted), settled(2, SentState::accepted)}, "head")
                .error() == Errc::not_found);
        CHECK(outbox() == uuids({1}));
        CHECK(store->find_sent(sample_uuid(1))->state == SentState::queued);
        CHECK(store->pinned_head()->empty());
    }

    TEST_CASE_FIXTURE(InFolder, "an item that is still queued stays") {
        REQUIRE(store->enqueue({item(1), item(2)}).has_value());
        REQUIRE(store->settle({settled(1, SentState::queued)}, "").has_value());
        CHECK(outbox() == uuids({1, 2}));
        REQUIRE(
            store->settle({settled(1, SentState::accepted), settled(1, SentState::accepted)}, "")
                .has_value());
        CHECK(outbox() == uuids({2}));
    }

    TEST_CASE_FIXTURE(InFolder, "sent notices are listed newest first and acts are not") {
        REQUIRE(store->enqueue({item(1), item(2, true), item(3), item(4)}).has_value());
        const auto all = store->list_sent(kAll);
        REQUIRE(all.has_value());
        REQUIRE(all->size() == 3);
        CHECK((*all)[0].id == sample_uuid(4));
        CHECK((*all)[2].id == sample_uuid(1));
        CHECK(store->list_sent(2)->size() == 2);
    }
}
