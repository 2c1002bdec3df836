#include "storage/clock_records.hpp"

#include "tests/storage/sample_commit.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

const UnitId kPolice("police");

ClockRecord clocks_of_police() {
    return sample_clocks(LogIndex(1), kPolice, UnitId("insurance"));
}

Result<ClockRecord> decoded(BytesView value) {
    return decode_clock_record(LogIndex(1), kPolice, value);
}

/// The least that a record has: one clock that counts a working day from logged.
ClockRecord least_clocks() {
    ClockRecord record;
    record.notice = LogIndex(1);
    record.unit = kPolice;
    record.id = sample_uuid(1);
    record.kind = KindId("k");
    record.from = UnitId("f");
    KeptClock receipt;
    receipt.limit = {
        {1, TimeUnit::working_day}, FreeDayRule::next_working_day, Strength::regime, std::nullopt};
    record.clocks = {receipt};
    return record;
}

OpenClockPlace clock_place(std::optional<std::int64_t> due, std::uint64_t notice, const char* unit,
                           std::uint16_t clock) {
    OpenClockPlace place{std::nullopt, LogIndex(notice), UnitId(unit), clock};
    if (due) place.due = UtcTime(std::chrono::milliseconds(*due));
    return place;
}

}  // namespace

TEST_SUITE("clock records") {
    TEST_CASE("a record has the bytes that the format names") {
        const std::string zeros(64, '0');
        ClockRecord record = least_clocks();
        const std::string id = to_hex(record.id.array());
        CHECK(to_hex(encode_clock_record(record)) ==
              "01" + zeros + id + "016b" + "0166" + "00" +  // kind, from, not taken up
                  "01" +                                    // one clock:
                  "00"
                  "00"
                  "00"
                  "00"
                  "01"
                  "00" +  // receipt, no reply row kind, owed, logged
                  "00"
                  "00"
                  "01"
                  "01"
                  "02"
                  "00"
                  "01"
                  "00" +  // no start or name; 1 working day
                  "00" +  // no steps
                  "0000000000000000"
                  "00"
                  "00"
                  "00"
                  "00"
                  "00" +  // logged at, and nothing since
                  "00" +
                  "00"
                  "00");  // nothing done, nothing to find
        record.steps = {{{-8, EscalationTime::Unit::hours}, EscalationDeed::urge}};
        record.indexes = {UtcTime(std::chrono::milliseconds(258)), {{0, std::nullopt}}};
        const std::string with_step = to_hex(encode_clock_record(record));
        CHECK(with_step.find("01"
                             "01"
                             "08"
                             "00"
                             "02") != std::string::npos);
        CHECK(
            with_step.ends_with("00"
                                "01"
                                "0000000000000102"
                                "01"
                                "00"
                                "00"));
    }

    TEST_CASE("every part of a record comes back as it was") {
        const ClockRecord record = clocks_of_police();
        REQUIRE(is_sound(record));
        const Bytes value = encode_clock_record(record);
        const Result<ClockRecord> back = decoded(value);
        REQUIRE(back.has_value());
        CHECK(encode_clock_record(*back) == value);
        CHECK(back->history == record.history);
        CHECK(back->done == record.done);
        CHECK(back->indexes == record.indexes);
        CHECK(back->kind == record.kind);
        CHECK(back->from == record.from);
        CHECK(back->taking_up);
        REQUIRE(back->clocks.size() == 3);
        CHECK(back->clocks[1].start == record.clocks[1].start);
        CHECK(back->clocks[1].limit->length.n == 2);
        CHECK(back->clocks[1].limit->length.unit == TimeUnit::month);
        CHECK(back->clocks[1].limit->strength == Strength::office_default);
        CHECK(back->clocks[1].limit->extendable->n == 10);
        CHECK(back->clocks[2].id.row == "乙");
        CHECK(back->clocks[2].named == record.clocks[2].named);
        CHECK_FALSE(back->clocks[2].owed);
        CHECK_FALSE(back->clocks[2].limit);
        CHECK(back->steps[0].at == record.steps[0].at);
        CHECK(back->steps[2].deed == EscalationDeed::supervise);
    }

    TEST_CASE("no cut of a record and no byte too many is taken") {
        const Bytes value = encode_clock_record(clocks_of_police());
        for (std::size_t size = 0; size < value.size(); ++size) {
            CHECK(decoded(BytesView(value).first(size)).error() == Errc::storage_corrupt);
        }
        Bytes longer = value;
        longer.push_back(0);
        CHECK(decoded(longer).error() == Errc::storage_corrupt);
    }

    TEST_CASE("no flipped bit of a record goes unnoticed") {
        const Bytes value = encode_clock_record(clocks_of_police());
        for (std::size_t bit = 0; bit < value.size() * 8; ++bit) {
            Bytes damaged = value;
            damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ (1u << (bit % 8)));
            const Result<ClockRecord> back = decoded(damaged);
            // Whatever is read has one spelling: the damaged one.
            if (back) CHECK(encode_clock_record(*back) == damaged);
        }
    }

    TEST_CASE("a record that contradicts itself is refused") {
        using Break = std::pair<const char*, std::function<void(ClockRecord&)>>;
        const std::vector<Break> breaks{
            {"no clock", [](ClockRecord& r) { r.clocks.clear(); }},
            {"a receipt behind others",
             [](ClockRecord& r) { std::swap(r.clocks[0], r.clocks[1]); }},
            {"a receipt of a reply", [](ClockRecord& r) { r.clocks[0].id.reply = 1; }},
            {"a receipt of a row", [](ClockRecord& r) { r.clocks[0].id.row = "a"; }},
            {"a receipt that asks for a kind",
             [](ClockRecord& r) { r.clocks[0].asked = KindId("report"); }},
            {"a reply that asks for nothing", [](ClockRecord& r) { r.clocks[1].asked = KindId(); }},
            {"one clock twice", [](ClockRecord& r) { r.clocks[1].id = r.clocks[2].id; }},
            {"two limits", [](ClockRecord& r) { r.clocks[1].named = r.clocks[2].named; }},
            {"no limit", [](ClockRecord& r) { r.clocks[2].named.reset(); }},
            {"a fixed start without its time", [](ClockRecord& r) { r.clocks[1].start.reset(); }},
            {"a time for another start",
             [](ClockRecord& r) { r.clocks[1].from = ClockStart::logged; }},
            {"a kind without a name", [](ClockRecord& r) { r.kind = KindId(); }},
            {"a sender without a name", [](ClockRecord& r) { r.from = UnitId(); }},
            {"no identifier", [](ClockRecord& r) { r.id = Uuid(); }},
            {"a step of no clock", [](ClockRecord& r) { r.done[0].clock = 3; }},
            {"a step that there is not", [](ClockRecord& r) { r.done[0].step = 3; }},
            {"one step twice",
             [](ClockRecord& r) {
                 r.done[0] = r.done[1];
                 r.done[0].due = sample_time(0);
             }},
            {"an open clock that there is not",
             [](ClockRecord& r) { r.indexes.open[1].clock = 3; }},
            {"open clocks in no order",
             [](ClockRecord& r) { std::swap(r.indexes.open[0], r.indexes.open[1]); }},
            {"one open clock twice", [](ClockRecord& r) { r.indexes.open[1].clock = 1; }},
        };
        for (const auto& [name, damage] : breaks) {
            CAPTURE(name);
            ClockRecord record = clocks_of_police();
            damage(record);
            CHECK_FALSE(is_sound(record));
            CHECK(decoded(encode_clock_record(record)).error() == Errc::storage_corrupt);
        }
    }

    TEST_CASE("an answer that stops a clock which is not there is refused") {
        ClockRecord record = clocks_of_police();
        record.history.answers[0].stops[0].reply = 7;
        CHECK_FALSE(is_sound(record));
        CHECK(decoded(encode_clock_record(record)).error() == Errc::storage_corrupt);
        record = clocks_of_police();
        record.history.extensions[0].moves[0].reply = 7;
        CHECK_FALSE(is_sound(record));
        CHECK(decoded(encode_clock_record(record)).error() == Errc::storage_corrupt);
    }
}

TEST_SUITE("clock keys") {
    TEST_CASE("keys have the bytes that the format names") {
        CHECK(
            to_hex(look_key({UtcTime(std::chrono::milliseconds(1)), LogIndex(2), UnitId("ab")})) ==
            "8000000000000001"
            "0000000000000002"
            "6162");
        CHECK(to_hex(open_clock_prefix(ClockSide::recipient, UnitId("ab"))) ==
              "72"
              "02"
              "6162");
        CHECK(to_hex(open_clock_prefix(ClockSide::sender, UnitId("ab"))) ==
              "73"
              "02"
              "6162");
        CHECK(to_hex(open_clock_suffix(clock_place(1, 2, "ab", 259))) ==
              "8000000000000001"
              "0000000000000002"
              "6162"
              "00"
              "0103");
        CHECK(to_hex(open_clock_suffix(clock_place({}, 2, "ab", 0))) ==
              "ffffffffffffffff"
              "0000000000000002"
              "6162"
              "00"
              "0000");
    }

    TEST_CASE("keys come back as they were") {
        const LookRow row{UtcTime(std::chrono::milliseconds(-5)), LogIndex(2), UnitId("ab")};
        CHECK(*decode_look_key(look_key(row)) == row);
        for (const OpenClockPlace& place :
             {clock_place(-1, 2, "ab", 0), clock_place({}, 9, "local.990000.clinic", 65535)}) {
            CHECK(*decode_open_clock_suffix(open_clock_suffix(place)) == place);
        }
    }

    TEST_CASE("keys of another form are refused") {
        const Bytes key = look_key({UtcTime(), LogIndex(2), UnitId("a")});
        for (std::size_t size = 0; size < key.size(); ++size) {
            CHECK(decode_look_key(BytesView(key).first(size)).error() == Errc::storage_corrupt);
        }
        const Bytes suffix = open_clock_suffix(clock_place(1, 2, "a", 3));
        for (std::size_t size = 0; size < suffix.size(); ++size) {
            CHECK(decode_open_clock_suffix(BytesView(suffix).first(size)).error() ==
                  Errc::storage_corrupt);
        }
        Bytes no_end = suffix;
        no_end[17] = 1;
        CHECK(decode_open_clock_suffix(no_end).error() == Errc::storage_corrupt);
    }

    TEST_CASE("keys sort as the places do") {
        const std::vector<OpenClockPlace> ascending{
            clock_place(-7, 9, "b", 9), clock_place(0, 1, "a", 0),   clock_place(5, 1, "a", 0),
            clock_place(5, 1, "a", 1),  clock_place(5, 1, "a", 256), clock_place(5, 1, "ab", 0),
            clock_place(5, 1, "b", 0),  clock_place(5, 2, "a", 0),   clock_place(6, 0, "a", 0),
            clock_place({}, 0, "a", 0), clock_place({}, 0, "a", 1)};
        for (std::size_t i = 1; i < ascending.size(); ++i) {
            CAPTURE(i);
            CHECK(open_clock_suffix(ascending[i - 1]) < open_clock_suffix(ascending[i]));
        }
    }
}
