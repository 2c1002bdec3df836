#include "storage/daemon_records.hpp"

#include "tests/storage/sample_commit.hpp"
#include "tests/storage/sample_items.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

Result<std::vector<SentItem>> all_items(BytesView value) {
    return decode_sent_run(1, value, 0, 100);
}

}  // namespace

TEST_SUITE("daemon records") {
    TEST_CASE("values have the bytes that the format names") {
        SentItem first = item(1);
        first.bytes = to_bytes("N");
        SentItem second = item(2, true);
        second.bytes = to_bytes("A");
        second.endorsements = {to_bytes("E")};
        CHECK(to_hex(encode_sent_run(std::vector{first, second})) ==
              "0102" + to_hex(first.id.array()) + "00" + "0000000000000001" + "00" + "014e" +
                  to_hex(second.id.array()) + "01" + "0000000000000002" + "010145" + "0141");
        const SentOutcome accepted{SentState::accepted, LogIndex(101), "{}"};
        CHECK(to_hex(encode_outcome_run(std::vector{accepted, SentOutcome{}})) ==
              "0102"
              "01010000000000000065027b7d"
              "000000");
        CHECK(to_hex(encode_sent_places({5, 2})) == "01000000000000000502");
        CHECK(to_hex(encode_opaque(to_bytes("ab"))) == "016162");
        const Digest sha256(Digest::Array{0xab});
        const ActRow act{LogIndex(1), LogIndex(2),
                         sha256,      ActKind::opened,
                         UnitId("a"), UtcTime(std::chrono::milliseconds(1)),
                         "r"};
        ActRow further = act;
        further.notice = LogIndex(4);
        CHECK(to_hex(encode_act_rows(std::vector{act, further})) ==
              "01"
              "066f70656e6564"
              "0161"
              "0000000000000001"
              "0172"
              "02"
              "00ab00000000000000000000000000000000000000000000000000000000000000"
              "03ab00000000000000000000000000000000000000000000000000000000000000");
        InboxRow row;
        row.index = LogIndex(7);
        row.batch = LogIndex(2);
        row.position = 300;
        row.id = sample_uuid(1);
        row.from = UnitId("a");
        row.kind = KindId("k");
        row.title = "t";
        row.state = 5;
        InboxRow next = row;
        next.index = LogIndex(9);
        const std::string rest = "ac02" + to_hex(row.id.array()) +
                                 "0161"
                                 "016b"
                                 "0174"
                                 "00"
                                 "00"
                                 "00"
                                 "05"
                                 "0000000000000000";
        CHECK(to_hex(encode_inbox_rows(std::vector{row, next})) ==
              "01"
              "0000000000000002"
              "02"
              "00" +
                  rest + "02" + rest);
    }

    TEST_CASE("of a run those are read that are asked for") {
        std::vector<SentItem> run{item(1), item(2, true), item(3)};
        run[1].endorsements = {to_bytes("E"), to_bytes("F")};
        const Bytes value = encode_sent_run(run);
        CHECK(*count_sent_run(value) == 3);
        for (std::size_t i = 0; i < run.size(); ++i) run[i].sequence = 40 + i;
        CHECK(*decode_sent_run(40, value, 0, 100) == run);
        CHECK(*decode_sent_run(40, value, 41, 1) == std::vector{run[1]});
        CHECK(*decode_sent_run(40, value, 42, 9) == std::vector{run[2]});
        CHECK(decode_sent_run(40, value, 43, 9)->empty());
        CHECK(decode_sent_run(40, value, 40, 0)->empty());
    }

    TEST_CASE("a state or an act that does not exist is refused") {
        CHECK(decode_outcome_run(from_hex("0101030000").value()).error() == Errc::storage_corrupt);
        CHECK(decode_act_rows(LogIndex(0), LogIndex(0),
                              from_hex("01"
                                       "0178"
                                       "0161"
                                       "0000000000000001"
                                       "00"
                                       "0100" +
                                       std::string(64, '0'))
                                  .value())
                  .error() == Errc::storage_corrupt);
    }

    TEST_CASE("a run of nothing and rows out of order are refused") {
        CHECK(all_items(from_hex("0100").value()).error() == Errc::storage_corrupt);
        CHECK(count_sent_run(from_hex("0100").value()).error() == Errc::storage_corrupt);
        CHECK(decode_outcome_run(from_hex("0100").value()).error() == Errc::storage_corrupt);
        CHECK(decode_sent_places(from_hex("01000000000000000500").value()).error() ==
              Errc::storage_corrupt);
        Bytes rows = encode_inbox_rows(std::vector{inbox_row(10, 10, 1), inbox_row(10, 10, 2)});
        CHECK(decode_inbox_rows(LogIndex(10), rows).error() == Errc::storage_corrupt);
        rows = encode_inbox_rows(std::vector{inbox_row(10, 10, 1)});
        rows[10] = 1;  // the first one's step from the key
        CHECK(decode_inbox_rows(LogIndex(10), rows).error() == Errc::storage_corrupt);
    }

    TEST_CASE("a cut or longer value is refused") {
        const Bytes rows =
            encode_inbox_rows(std::vector{inbox_row(10, 10, 1), inbox_row(12, 10, 2)});
        const Bytes outcome =
            encode_outcome_run(std::vector<SentOutcome>{{SentState::accepted, LogIndex(1), "{}"}});
        const Bytes run = encode_sent_run(std::vector{item(1), item(2)});
        for (std::size_t size = 0; size < rows.size(); ++size) {
            CHECK(!decode_inbox_rows(LogIndex(10), BytesView(rows).first(size)));
        }
        for (std::size_t size = 0; size < outcome.size(); ++size) {
            CHECK(!decode_outcome_run(BytesView(outcome).first(size)));
        }
        for (std::size_t size = 0; size < run.size(); ++size) {
            CHECK(!all_items(BytesView(run).first(size)));
        }
        Bytes longer = rows;
        longer.push_back(0);
        CHECK(decode_inbox_rows(LogIndex(10), longer).error() == Errc::storage_corrupt);
        CHECK(*decode_inbox_rows(LogIndex(10), rows) ==
              std::vector{inbox_row(10, 10, 1), inbox_row(12, 10, 2)});
    }
}
