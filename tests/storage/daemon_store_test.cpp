#include "storage/daemon_store.hpp"

#include "storage/rocks_daemon_store.hpp"
#include "tests/storage/raw_database.hpp"
#include "tests/storage/sample_commit.hpp"
#include "tests/storage/sample_items.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <limits>
#include <optional>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

constexpr std::size_t kAll = 1'000;
const Digest kNotice(Digest::Array{7});
constexpr std::size_t kAnySize = std::numeric_limits<std::size_t>::max();

struct InFolder {
    TemporaryFolder folder;
    std::unique_ptr<DaemonStore> store = open();

    [[nodiscard]] std::unique_ptr<DaemonStore> open() const {
        std::string words;
        Result<std::unique_ptr<DaemonStore>> opened = open_daemon_store(folder.path(), words);
        CAPTURE(words);
        REQUIRE(opened.has_value());
        return std::move(*opened);
    }
    void reopen() {
        store.reset();
        store = open();
    }

    [[nodiscard]] std::vector<Uuid> outbox() const {
        const auto items = store->read_outbox(0, kAll, kAnySize);
        REQUIRE(items.has_value());
        CHECK(store->outbox_size() == items->size());
        std::vector<Uuid> ids;
        for (const SentItem& item : *items) ids.push_back(item.id);
        return ids;
    }
};

std::vector<Uuid> uuids(std::initializer_list<std::uint32_t> numbers) {
    std::vector<Uuid> ids;
    for (const std::uint32_t number : numbers) ids.push_back(sample_uuid(number));
    return ids;
}

Received delivery(std::uint64_t batch, std::uint32_t id) {
    Received received;
    received.batch = LogIndex(batch);
    received.delivery = to_bytes("delivery " + std::to_string(batch));
    received.notices = {inbox_row(batch, batch, id), inbox_row(batch + 1, batch, id + 1)};
    received.acts = {{LogIndex(3), LogIndex(batch + 2), kNotice, ActKind::declined,
                      UnitId("police"), UtcTime(std::chrono::milliseconds(5)), "not ours"}};
    received.answers = {item(id + 500, true)};
    received.head = "head of " + std::to_string(batch);
    return received;
}

}  // namespace

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

    TEST_CASE_FIXTURE(InFolder, "a file that something names is known, and one of before is not") {
        CHECK(*store->naming(sample_digest(1)) == Naming::unnamed);
        REQUIRE(store->enqueue({item(1)}, {sample_digest(1), sample_digest(1)}).has_value());
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

TEST_SUITE("inbox") {
    TEST_CASE_FIXTURE(InFolder, "a new store has received nothing") {
        CHECK(!store->resume_position()->has_value());
        CHECK(store->list_inbox(std::nullopt, kAll)->empty());
        CHECK(store->pinned_head()->empty());
        CHECK(store->read_register()->empty());
        CHECK(store->read_delivery(LogIndex(0)).error() == Errc::not_found);
        CHECK(store->set_state(LogIndex(0), 1).error() == Errc::not_found);
    }

    TEST_CASE_FIXTURE(InFolder, "a delivery is stored with its rows and its answers at once") {
        REQUIRE(store->receive(delivery(10, 1)).has_value());
        for (int round = 0; round < 2; ++round) {
            CHECK(*store->resume_position() == LogIndex(10));
            CHECK(*store->read_delivery(LogIndex(10)) == to_bytes("delivery 10"));
            CHECK(*store->list_inbox(std::nullopt, kAll) ==
                  std::vector{inbox_row(11, 10, 2), inbox_row(10, 10, 1)});
            CHECK(*store->read_acts(LogIndex(3)) == delivery(10, 1).acts);
            CHECK(store->read_acts(LogIndex(4))->empty());
            CHECK(outbox() == uuids({501}));
            CHECK(*store->pinned_head() == "head of 10");
            reopen();
        }
    }

    TEST_CASE_FIXTURE(InFolder, "deliveries are listed from the one that an index may be in") {
        const auto list = [this](std::uint64_t index, std::size_t limit) {
            std::vector<std::uint64_t> batches;
            for (const LogIndex batch : *store->list_deliveries(LogIndex(index), limit)) {
                batches.push_back(batch.value());
            }
            return batches;
        };
        CHECK(list(0, kAll).empty());
        REQUIRE(store->receive(delivery(10, 1)).has_value());
        REQUIRE(store->receive(delivery(20, 5)).has_value());
        REQUIRE(store->receive(delivery(300, 9)).has_value());
        using Batches = std::vector<std::uint64_t>;
        CHECK(list(0, kAll) == Batches{10, 20, 300});
        CHECK(list(10, kAll) == Batches{10, 20, 300});
        CHECK(list(19, kAll) == Batches{10, 20, 300});
        CHECK(list(20, kAll) == Batches{20, 300});
        CHECK(list(20, 1) == Batches{20});
        CHECK(list(301, kAll) == Batches{300});
    }

    TEST_CASE_FIXTURE(InFolder, "a delivery that comes again changes nothing") {
        REQUIRE(store->receive(delivery(10, 1)).has_value());
        REQUIRE(store->receive(delivery(20, 5)).has_value());
        REQUIRE(store->set_state(LogIndex(10), 7).has_value());
        Received again = delivery(10, 1);
        again.delivery = to_bytes("other bytes");
        again.answers = {item(900, true)};
        REQUIRE(store->receive(again).has_value());
        CHECK(*store->resume_position() == LogIndex(20));
        CHECK(*store->read_delivery(LogIndex(10)) == to_bytes("delivery 10"));
        CHECK(store->list_inbox(std::nullopt, kAll)->size() == 4);
        CHECK(store->find_received(sample_uuid(1))->front().state == 7);
        CHECK(outbox() == uuids({501, 505}));
        CHECK(*store->pinned_head() == "head of 20");
    }

    TEST_CASE_FIXTURE(InFolder, "a delivery whose answer can't be queued is not stored") {
        REQUIRE(store->enqueue({item(501, true)}).has_value());
        CHECK(store->receive(delivery(10, 1)).error() == Errc::already_exists);
        Received nameless = delivery(10, 2);
        nameless.notices.front().id = Uuid();
        CHECK(store->receive(nameless).error() == Errc::bad_argument);
        CHECK(!store->resume_position()->has_value());
        CHECK(store->read_delivery(LogIndex(10)).error() == Errc::not_found);
        CHECK(store->list_inbox(std::nullopt, kAll)->empty());
        CHECK(outbox() == uuids({501}));
    }

    TEST_CASE_FIXTURE(InFolder, "the inbox is listed in pages and the newest come first") {
        for (std::uint32_t i = 0; i < 5; ++i) {
            REQUIRE(store->receive(delivery(10 * (i + 1), 2 * i)).has_value());
        }
        std::vector<std::uint64_t> seen;
        std::optional<LogIndex> before;
        while (true) {
            const auto page = store->list_inbox(before, 3);
            REQUIRE(page.has_value());
            if (page->empty()) break;
            for (const InboxRow& row : *page) seen.push_back(row.index.value());
            before = page->back().index;
        }
        CHECK(seen == std::vector<std::uint64_t>{51, 50, 41, 40, 31, 30, 21, 20, 11, 10});
        CHECK(store->list_inbox(LogIndex(12), kAll)->size() == 2);
        CHECK(store->list_inbox(LogIndex(10), kAll)->empty());
    }

    TEST_CASE_FIXTURE(InFolder, "notices of one identifier from two senders are both found") {
        Received first = delivery(10, 1);
        Received second = delivery(20, 5);
        second.notices.front().id = sample_uuid(1);
        second.notices.front().from = UnitId("audit");
        REQUIRE(store->receive(first).has_value());
        REQUIRE(store->receive(second).has_value());
        CHECK(*store->find_received(sample_uuid(1)) ==
              std::vector{first.notices.front(), second.notices.front()});
        CHECK(store->find_received(sample_uuid(77))->empty());
    }

    TEST_CASE_FIXTURE(InFolder, "of many identifiers the one that arrived is found") {
        REQUIRE(store->receive(delivery(10, 1)).has_value());
        const std::vector<Uuid> known{sample_uuid(76), sample_uuid(1), sample_uuid(77)};
        CHECK(*store->first_received(known) == sample_uuid(1));
        const std::vector<Uuid> others{sample_uuid(76), sample_uuid(77)};
        CHECK(*store->first_received(others) == std::nullopt);
        CHECK(*store->first_received({}) == std::nullopt);
    }

    TEST_CASE_FIXTURE(InFolder, "the state of a notice is replaced and nothing else of it") {
        REQUIRE(store->receive(delivery(10, 1)).has_value());
        REQUIRE(store->set_state(LogIndex(10), 0xff).has_value());
        InboxRow expected = inbox_row(10, 10, 1);
        expected.state = 0xff;
        CHECK(*store->find_received(sample_uuid(1)) == std::vector{expected});
        CHECK(store->set_state(LogIndex(12), 1).error() == Errc::not_found);
    }

    TEST_CASE_FIXTURE(InFolder, "acts on a notice are read in log order") {
        Received received = delivery(10, 1);
        const UnitId police("police");
        const UnitId audit("audit");
        received.acts = {{LogIndex(3), LogIndex(12), kNotice, ActKind::taken_up, police, {}, ""},
                         {LogIndex(3), LogIndex(11), kNotice, ActKind::signed_for, police, {}, ""},
                         {LogIndex(4), LogIndex(11), kNotice, ActKind::delivered, audit, {}, ""}};
        REQUIRE(store->receive(received).has_value());
        CHECK(*store->read_acts(LogIndex(3)) == std::vector{received.acts[1], received.acts[0]});
        CHECK(*store->read_acts(LogIndex(4)) == std::vector{received.acts[2]});
    }
}

TEST_SUITE("what a daemon knows of the log") {
    TEST_CASE_FIXTURE(InFolder, "the head that was pinned last is the one") {
        REQUIRE(store->pin_head("one").has_value());
        REQUIRE(store->pin_head("two").has_value());
        reopen();
        CHECK(*store->pinned_head() == "two");
    }

    TEST_CASE_FIXTURE(InFolder, "register entries are read in log order") {
        const RegisterRow first{LogIndex(0), to_bytes("charter")};
        const RegisterRow second{LogIndex(7), to_bytes("key")};
        REQUIRE(store->append_register({second, first}).has_value());
        reopen();
        CHECK(*store->read_register() == std::vector{first, second});
    }

    TEST_CASE_FIXTURE(InFolder, "a register entry may come again but never with other bytes") {
        const RegisterRow row{LogIndex(7), to_bytes("key")};
        const RegisterRow other{LogIndex(7), to_bytes("yek")};
        const RegisterRow next{LogIndex(8), to_bytes("next")};
        REQUIRE(store->append_register({row}).has_value());
        CHECK(store->append_register({row, row}).has_value());
        CHECK(store->append_register({next, other}).error() == Errc::already_exists);
        CHECK(store->append_register({next, {LogIndex(8), to_bytes("xet")}}).error() ==
              Errc::already_exists);
        CHECK(*store->read_register() == std::vector{row});
    }

    TEST_CASE_FIXTURE(InFolder, "one folder is opened once") {
        std::string words;
        CHECK(open_daemon_store(folder.path(), words).error() == Errc::already_running);
    }

    TEST_CASE_FIXTURE(InFolder, "a record changed with RocksDB itself is an error") {
        REQUIRE(store->enqueue({item(1)}).has_value());
        store.reset();
        RawRecord record = read_raw(folder.path(), "sent").front();
        record.value.front() = 2;  // no such version
        put_raw(folder.path(), "sent", record);
        store = open();
        CHECK(store->find_sent(sample_uuid(1)).error() == Errc::storage_corrupt);
        CHECK(store->read_outbox(0, kAll, kAnySize).error() == Errc::storage_corrupt);
    }
}
