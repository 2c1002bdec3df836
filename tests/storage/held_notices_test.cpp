#include "storage/hub_records.hpp"
#include "tests/storage/daemon_store_fixture.hpp"
#include "tests/storage/raw_database.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

HeldNotice held(std::uint32_t number) {
    return {sample_uuid(number),
            UtcTime(std::chrono::milliseconds(number)),
            to_bytes("bytes of " + std::to_string(number)),
            {}};
}

/// A daemon's store that holds notices.
struct Holding : InFolder {
    void hold(std::uint32_t number) {
        REQUIRE(store->take_over({{}, {held(number)}, {}}).has_value());
    }

    [[nodiscard]] Result<void> endorse(std::uint32_t number, std::size_t before,
                                       const char* statement,
                                       AfterEndorsement then = AfterEndorsement::hold) const {
        return store->endorse(sample_uuid(number), before, to_bytes(statement), then);
    }
    [[nodiscard]] std::vector<HeldNotice> all() const {
        const auto listed = store->list_held(kAll);
        REQUIRE(listed.has_value());
        CHECK(store->held_size() == listed->size());
        return *listed;
    }
};

/// A batch of three leaves, of which the first and the last have endorsements.
StoredBatch endorsed_batch() {
    return {LogIndex(9),
            2,
            Digest(),
            to_bytes("S"),
            {{Digest(), LogIndex(9), to_bytes("N"), {to_bytes("E")}},
             {Digest(), {}, {}, {}},
             {Digest(), LogIndex(10), to_bytes("O"), {to_bytes("FF"), to_bytes("G")}}}};
}

/// The same up to its endorsements, under this version.
std::string batch_hex(const std::string& version) {
    const std::string hash(64, '0');
    return version + "02" + hash + "0153" + "03" + hash + "0101" + hash + "0000" + hash + "0201" +
           "4e4f";
}

bool is_corrupt(const std::string& hex) {
    const auto batch = decode_batch(LogIndex(9), from_hex(hex).value());
    return batch.has_error() && batch.error() == Errc::storage_corrupt;
}

}  // namespace

TEST_SUITE("held notices") {
    TEST_CASE_FIXTURE(Holding, "one that is held is found and listed and is not in the outbox") {
        hold(2);
        hold(1);
        CHECK(*store->find_held(sample_uuid(1)) == held(1));
        CHECK(store->find_held(sample_uuid(3)).error() == Errc::not_found);
        CHECK(all() == std::vector{held(1), held(2)});
        CHECK(store->list_held(1)->size() == 1);
        CHECK(store->list_held(0)->empty());
        CHECK(outbox().empty());
        CHECK(store->find_sent(sample_uuid(1)).error() == Errc::not_found);
        CHECK(store->list_sent(kAll)->empty());
    }

    TEST_CASE_FIXTURE(Holding, "what is held and endorsed and withdrawn is so after a restart") {
        hold(1);
        hold(2);
        hold(3);
        REQUIRE(endorse(1, 0, "A").has_value());
        REQUIRE(store->withdraw(sample_uuid(2)).has_value());
        HeldNotice endorsed = held(1);
        endorsed.endorsements = {to_bytes("A")};
        CHECK(all() == std::vector{endorsed, held(3)});
        reopen();
        CHECK(all() == std::vector{endorsed, held(3)});
        CHECK(*store->find_held(sample_uuid(1)) == endorsed);
        REQUIRE(endorse(1, 1, "B", AfterEndorsement::enqueue).has_value());
        reopen();
        CHECK(all() == std::vector{held(3)});
        REQUIRE(queued().size() == 1);
        CHECK(queued().front().endorsements == std::vector<Bytes>{to_bytes("A"), to_bytes("B")});
    }

    TEST_CASE_FIXTURE(Holding, "a known identifier is refused and nothing is written") {
        hold(1);
        REQUIRE(store->enqueue({item(5)}).has_value());
        const Digest file = sample_digest(9);
        const auto refused = [&](std::vector<HeldNotice> notices) {
            return to_errc(store->take_over({{}, std::move(notices), {file}}).error());
        };
        CHECK(refused({held(2), held(1)}) == Errc::already_exists);  // held
        CHECK(refused({held(2), held(5)}) == Errc::already_exists);  // queued
        CHECK(refused({held(2), held(2)}) == Errc::already_exists);  // there twice
        CHECK(refused({held(2), HeldNotice{}}) == Errc::bad_argument);
        REQUIRE(store->settle({settled(5, SentState::refused)}, "").has_value());
        CHECK(refused({held(5)}) == Errc::already_exists);  // sent
        CHECK(all() == std::vector{held(1)});
        CHECK(*store->naming(file) == Naming::unnamed);
    }

    TEST_CASE_FIXTURE(
        Holding, "what is handed over at once is there wholly, whatever waits, or not at all") {
        const Digest file = sample_digest(9);
        const auto refused = [&](std::vector<SentItem> items, std::vector<HeldNotice> notices) {
            return to_errc(
                store->take_over({std::move(items), std::move(notices), {file}}).error());
        };
        CHECK(refused({item(1)}, {held(2), held(1)}) == Errc::already_exists);  // one id for two
        CHECK(refused({item(1)}, {held(2), held(2)}) == Errc::already_exists);
        CHECK(refused({item(1), item(1)}, {held(2)}) == Errc::already_exists);
        CHECK(refused({item(1)}, {HeldNotice{}}) == Errc::bad_argument);
        CHECK(refused({SentItem{}}, {held(2)}) == Errc::bad_argument);
        CHECK(outbox().empty());
        CHECK(all().empty());
        CHECK(*store->naming(file) == Naming::unnamed);

        REQUIRE(store->take_over({{item(3), item(1)}, {held(2)}, {file}}).has_value());
        CHECK(refused({item(4)}, {held(3)}) == Errc::already_exists);
        CHECK(refused({item(2)}, {held(4)}) == Errc::already_exists);
        reopen();
        CHECK(outbox() == uuids({3, 1}));
        CHECK(all() == std::vector{held(2)});
        CHECK(*store->naming(file) == Naming::named);
        REQUIRE(store->take_over({}).has_value());
        CHECK(outbox() == uuids({3, 1}));
    }

    TEST_CASE_FIXTURE(Holding, "what is held is queued by its last endorsement alone") {
        hold(1);
        Received received;
        received.batch = LogIndex(7);
        received.delivery = to_bytes("a delivery");
        received.answers = {item(3, true), item(1, true)};
        CHECK(store->enqueue({item(2), item(1)}).error() == Errc::already_exists);
        CHECK(store->receive(received).error() == Errc::already_exists);
        CHECK(outbox().empty());
        CHECK(all() == std::vector{held(1)});
        CHECK(store->find_sent(sample_uuid(2)).error() == Errc::not_found);
        CHECK(store->read_delivery(LogIndex(7)).error() == Errc::not_found);
        REQUIRE(endorse(1, 0, "A", AfterEndorsement::enqueue).has_value());
        CHECK(outbox() == uuids({1}));
    }

    TEST_CASE_FIXTURE(Holding, "no endorsement is lost to one that came at the same time") {
        hold(1);
        CHECK(endorse(1, 1, "A").error() == Errc::stale_size);
        REQUIRE(endorse(1, 0, "A").has_value());
        CHECK(endorse(1, 0, "B").error() == Errc::stale_size);
        CHECK(endorse(1, 0, "B", AfterEndorsement::enqueue).error() == Errc::stale_size);
        CHECK(store->find_held(sample_uuid(1))->endorsements == std::vector<Bytes>{to_bytes("A")});
        CHECK(outbox().empty());
        CHECK(endorse(2, 0, "A").error() == Errc::not_found);
        CHECK(endorse(2, 0, "A", AfterEndorsement::enqueue).error() == Errc::not_found);
    }

    TEST_CASE_FIXTURE(Holding,
                      "one that is released is the next item of the outbox and no more "
                      "held") {
        REQUIRE(store->enqueue({item(7)}).has_value());
        hold(1);
        REQUIRE(store->enqueue({item(8)}).has_value());
        REQUIRE(endorse(1, 0, "A").has_value());
        REQUIRE(endorse(1, 1, "B", AfterEndorsement::enqueue).has_value());
        CHECK(all().empty());
        REQUIRE(queued().size() == 3);
        SentItem expected = item(1);
        expected.sequence = 3;
        expected.endorsements = {to_bytes("A"), to_bytes("B")};
        CHECK(queued().back() == expected);
        CHECK(*store->find_sent(sample_uuid(1)) == expected);
        // It is released once.
        CHECK(endorse(1, 2, "C", AfterEndorsement::enqueue).error() == Errc::not_found);
        CHECK(store->withdraw(sample_uuid(1)).error() == Errc::not_found);
        CHECK(store->take_over({{}, {held(1)}, {}}).error() == Errc::already_exists);
        REQUIRE(store->enqueue({item(9)}).has_value());
        CHECK(store->find_sent(sample_uuid(9))->sequence == 4);
    }

    TEST_CASE_FIXTURE(Holding, "what went keeps its endorsements when it is answered") {
        hold(1);
        REQUIRE(endorse(1, 0, "A", AfterEndorsement::enqueue).has_value());
        REQUIRE(store->settle({settled(1, SentState::accepted)}, "").has_value());
        reopen();
        const auto sent = store->find_sent(sample_uuid(1));
        REQUIRE(sent.has_value());
        CHECK(sent->state == SentState::accepted);
        CHECK(sent->endorsements == std::vector<Bytes>{to_bytes("A")});
        CHECK(outbox().empty());
    }

    TEST_CASE_FIXTURE(Holding, "one that is withdrawn is gone and is not withdrawn twice") {
        hold(1);
        hold(2);
        REQUIRE(store->withdraw(sample_uuid(1)).has_value());
        CHECK(store->withdraw(sample_uuid(1)).error() == Errc::not_found);
        CHECK(store->find_held(sample_uuid(1)).error() == Errc::not_found);
        CHECK(endorse(1, 0, "A").error() == Errc::not_found);
        CHECK(all() == std::vector{held(2)});
        CHECK(outbox().empty());
    }

    TEST_CASE_FIXTURE(Holding, "files that a held notice names count as named") {
        const Digest one = sample_digest(1);
        const Digest two = sample_digest(2);
        REQUIRE(store->take_over({{}, {held(1)}, {one}}).has_value());
        CHECK(*store->naming(one) == Naming::named);
        CHECK(*store->naming(two) == Naming::unnamed);
        reopen();
        CHECK(*store->naming(one) == Naming::named);
        REQUIRE(endorse(1, 0, "A", AfterEndorsement::enqueue).has_value());
        CHECK(*store->naming(one) == Naming::named);
    }

    TEST_CASE_FIXTURE(Holding, "a record that no daemon wrote is reported and not read") {
        hold(1);
        store.reset();
        const std::vector<RawRecord> records = read_raw(folder.path(), "held");
        REQUIRE(records.size() == 1);
        RawRecord cut = records.front();
        cut.value.pop_back();
        put_raw(folder.path(), "held", cut);
        store = open();
        CHECK(store->find_held(sample_uuid(1)).error() == Errc::storage_corrupt);
        CHECK(store->list_held(kAll).error() == Errc::storage_corrupt);
        CHECK(endorse(1, 0, "A").error() == Errc::storage_corrupt);
    }
}

TEST_SUITE("batch records with endorsements") {
    TEST_CASE("a batch with endorsements has the bytes that the format names") {
        const std::string hex =
            batch_hex("02") + "02" + "0001" + "0145" + "0202" + "024646" + "0147";
        CHECK(to_hex(encode_batch(endorsed_batch())) == hex);
        const auto back = decode_batch(LogIndex(9), from_hex(hex).value());
        REQUIRE(back.has_value());
        CHECK(*back == endorsed_batch());
    }

    TEST_CASE("a batch without endorsements stays of the first version") {
        StoredBatch plain = endorsed_batch();
        for (StoredLeaf& leaf : plain.leaves) leaf.endorsements.clear();
        CHECK(to_hex(encode_batch(plain)) == batch_hex("01"));
    }

    TEST_CASE("no flipped bit and no cut goes unnoticed") {
        const Bytes value = encode_batch(endorsed_batch());
        for (std::size_t bit = 0; bit < value.size() * 8; ++bit) {
            CAPTURE(bit);
            Bytes damaged = value;
            damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ (1u << (bit % 8)));
            const auto back = decode_batch(LogIndex(9), damaged);
            CHECK((!back || *back != endorsed_batch()));
        }
        for (std::size_t size = 0; size < value.size(); ++size) {
            CAPTURE(size);
            const Bytes cut(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(size));
            CHECK(decode_batch(LogIndex(9), cut).error() == Errc::storage_corrupt);
        }
        Bytes longer = value;
        longer.push_back(0);
        CHECK(decode_batch(LogIndex(9), longer).error() == Errc::storage_corrupt);
    }

    TEST_CASE("a second spelling of a batch is refused") {
        const std::string two = batch_hex("02");
        REQUIRE_FALSE(is_corrupt(two + "01" + "0001" + "0145"));
        REQUIRE_FALSE(is_corrupt(two + "02" + "0001" + "0145" + "0201" + "0146"));
        CHECK(is_corrupt(two + "00"));                                           // none at all
        CHECK(is_corrupt(two));                                                  // no count
        CHECK(is_corrupt(two + "01" + "0000"));                                  // an empty list
        CHECK(is_corrupt(two + "02" + "0201" + "0146" + "0001" + "0145"));       // falling
        CHECK(is_corrupt(two + "02" + "0001" + "0145" + "0001" + "0145"));       // equal
        CHECK(is_corrupt(two + "01" + "0301" + "0145"));                         // beyond
        CHECK(is_corrupt(two + "02" + "0001" + "0145"));                         // too few
        CHECK(is_corrupt(two + "01" + "0001" + "0145" + "00"));                  // left over
        CHECK(is_corrupt(two + "01" + "ffffffffffffffffff01" + "01" + "0145"));  // far beyond
        CHECK(is_corrupt(two + "01" + "00" + "ffffffffffffffffff01" + "0145"));  // a large count
        CHECK(is_corrupt(batch_hex("01") + "01" + "0001" + "0145"));             // version 1
        CHECK(is_corrupt(batch_hex("03") + "01" + "0001" + "0145"));             // unknown
        CHECK(is_corrupt(batch_hex("00") + "01" + "0001" + "0145"));
    }
}
