#include "storage/daemon_store.hpp"

#include "tests/storage/daemon_store_fixture.hpp"
#include "tests/storage/raw_database.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

const Digest kNotice(Digest::Array{7});

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

TEST_SUITE("inbox") {
    TEST_CASE_FIXTURE(InFolder, "a new store has received nothing") {
        CHECK(!store->resume_position()->has_value());
        CHECK(store->list_inbox(std::nullopt, kAll)->empty());
        CHECK(store->pinned_head()->empty());
        CHECK(store->read_register()->empty());
        CHECK(store->read_delivery(LogIndex(0)).error() == Errc::not_found);
        CHECK(store->add_state({LogIndex(0), 1}).error() == Errc::not_found);
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
        REQUIRE(store->add_state({LogIndex(10), 7}).has_value());
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

    TEST_CASE_FIXTURE(InFolder, "what is said of a notice later changes nothing else of it") {
        REQUIRE(store->receive(delivery(10, 1)).has_value());
        REQUIRE(store->add_state({LogIndex(10), 0xff}).has_value());
        InboxRow expected = inbox_row(10, 10, 1);
        expected.state = 0xff;
        CHECK(*store->find_received(sample_uuid(1)) == std::vector{expected});
        CHECK(store->add_state({LogIndex(12), 1}).error() == Errc::not_found);
    }

    TEST_CASE_FIXTURE(InFolder, "what is added to a state takes nothing from it") {
        REQUIRE(store->receive(delivery(10, 1)).has_value());
        const std::uint8_t state = store->find_received(sample_uuid(1))->front().state;
        REQUIRE(store->add_state({LogIndex(10), 0x10}).has_value());
        REQUIRE(store->add_state({LogIndex(10), 0x02}).has_value());
        CHECK(store->find_received(sample_uuid(1))->front().state == (state | 0x12));
    }

    TEST_CASE_FIXTURE(InFolder, "a delivery adds to the states of notices that came before") {
        REQUIRE(store->receive(delivery(10, 1)).has_value());
        const std::uint8_t state = store->find_received(sample_uuid(1))->front().state;
        Received unknown = delivery(20, 5);
        unknown.states = {{LogIndex(9), 0x40}};
        CHECK(store->receive(unknown).error() == Errc::not_found);
        CHECK(*store->resume_position() == LogIndex(10));
        Received received = delivery(20, 5);
        received.states = {{LogIndex(10), 0x40}};
        REQUIRE(store->receive(received).has_value());
        reopen();
        CHECK(store->find_received(sample_uuid(1))->front().state == (state | 0x40));
        CHECK(store->find_received(sample_uuid(2))->front().state == state);
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
        REQUIRE(store->enqueue({item(2)}).has_value());
        store.reset();
        const std::vector<RawRecord> records = read_raw(folder.path(), "sent");
        RawRecord first = records.front();
        first.value.front() = 2;  // no such version
        put_raw(folder.path(), "sent", first);
        store = open();
        CHECK(store->find_sent(sample_uuid(1)).error() == Errc::storage_corrupt);
        CHECK(store->find_sent(sample_uuid(2)).has_value());
        CHECK(store->read_outbox(0, kAll, kAnySize).error() == Errc::storage_corrupt);

        // Which number was given last is known from the last record alone: none is given twice.
        store.reset();
        RawRecord last = records.back();
        last.value.front() = 2;
        put_raw(folder.path(), "sent", last);
        std::string words;
        CHECK(open_daemon_store(folder.path(), words).error() == Errc::storage_corrupt);
        CHECK(words == "the outbox can't be read");
    }
}

TEST_SUITE("rows of deliveries") {
    TEST_CASE_FIXTURE(InFolder, "a notice that stands before what came earlier is not stored") {
        REQUIRE(store->receive(delivery(10, 1)).has_value());
        CHECK(store->receive(delivery(11, 5)).error() == Errc::bad_argument);
        Received twice = delivery(20, 5);
        twice.notices.back().index = twice.notices.front().index;
        CHECK(store->receive(twice).error() == Errc::bad_argument);
        CHECK(*store->resume_position() == LogIndex(10));
        CHECK(store->list_inbox(std::nullopt, kAll)->size() == 2);
        CHECK(outbox() == uuids({501}));
        CHECK(store->receive(delivery(12, 5)).has_value());
    }

    TEST_CASE_FIXTURE(InFolder, "a delivery is a row whatever becomes of its notices") {
        Received received = delivery(1000, 1);
        received.notices.clear();
        received.acts.clear();
        for (std::uint32_t i = 0; i < 200; ++i) {
            received.notices.push_back(inbox_row(1000 + 2 * i, 1000, i));
            received.acts.push_back({LogIndex(3 * i),
                                     LogIndex(1500),
                                     kNotice,
                                     ActKind::delivered,
                                     UnitId("police"),
                                     {},
                                     ""});
        }
        const std::vector<ActRow> acts = received.acts;
        // The store puts them in order.
        std::reverse(received.notices.begin(), received.notices.end());
        std::reverse(received.acts.begin(), received.acts.end());
        REQUIRE(store->receive(received).has_value());
        REQUIRE(store->add_state({LogIndex(1004), 7}).has_value());
        REQUIRE(store->add_state({LogIndex(1398), 9}).has_value());
        REQUIRE(store->add_state({LogIndex(1004), 11}).has_value());
        CHECK(store->add_state({LogIndex(1005), 7}).error() == Errc::not_found);
        reopen();
        const auto inbox = *store->list_inbox(std::nullopt, kAll);
        REQUIRE(inbox.size() == 200);
        for (std::uint32_t i = 0; i < 200; ++i) {
            InboxRow expected = inbox_row(1000 + 2 * i, 1000, i);
            if (i == 2) expected.state = 7 | 11;
            if (i == 199) expected.state = 9;
            CHECK(inbox[199 - i] == expected);
            CHECK(*store->find_received(sample_uuid(i)) == std::vector{expected});
            CHECK(*store->read_acts(LogIndex(3 * i)) == std::vector{acts[i]});
            CHECK(store->read_acts(LogIndex(3 * i + 1))->empty());
        }
        store.reset();
        CHECK(read_raw(folder.path(), "inbox").size() == 1);
        CHECK(read_raw(folder.path(), "inbox_ids").size() == 1);
        CHECK(read_raw(folder.path(), "acts").size() == 3);
    }
}
