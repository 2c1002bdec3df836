#include "storage/daemon_records.hpp"

#include "tests/storage/sample_commit.hpp"
#include "tests/storage/sample_items.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using namespace tongbao::storage;

TEST_SUITE("daemon records") {
    TEST_CASE("values have the bytes that the format names") {
        SentItem made = item(1);
        made.bytes = to_bytes("N");
        CHECK(to_hex(encode_sent(made)) ==
              "01" + to_hex(made.id.array()) + "00" + "0000000000000001" + "014e");
        CHECK(to_hex(encode_outcome(settled(1, SentState::accepted))) ==
              "010101"
              "0000000000000065"
              "027b7d");
        CHECK(to_hex(encode_outcome(SentItem{})) == "01000000");
        CHECK(to_hex(encode_opaque(to_bytes("ab"))) == "016162");
        const Digest sha256(Digest::Array{0xab});
        CHECK(to_hex(encode_act_row({LogIndex(1), LogIndex(2), sha256, ActKind::opened, UnitId("a"),
                                     UtcTime(std::chrono::milliseconds(1)), "r"})) ==
              "01"
              "ab00000000000000000000000000000000000000000000000000000000000000"
              "066f70656e6564"
              "0161"
              "0000000000000001"
              "0172");
        InboxRow row;
        row.batch = LogIndex(2);
        row.position = 300;
        row.id = sample_uuid(1);
        row.from = UnitId("a");
        row.kind = KindId("k");
        row.title = "t";
        row.state = 5;
        CHECK(to_hex(encode_inbox_row(row)) ==
              "01"
              "0000000000000002"
              "ac02" +
                  to_hex(row.id.array()) +
                  "0161"
                  "016b"
                  "0174"
                  "00"
                  "00"
                  "00"
                  "05"
                  "0000000000000000");
    }

    TEST_CASE("a state or an act that does not exist is refused") {
        SentItem made;
        CHECK(decode_outcome(from_hex("01030000").value(), made).error() == Errc::storage_corrupt);
        CHECK(decode_act_row(LogIndex(0), LogIndex(0),
                             from_hex("01" + std::string(64, '0') +
                                      "0178"
                                      "0161"
                                      "0000000000000001"
                                      "00")
                                 .value())
                  .error() == Errc::storage_corrupt);
    }

    TEST_CASE("a cut or longer value is refused") {
        const Bytes row = encode_inbox_row(inbox_row(10, 10, 1));
        const Bytes outcome = encode_outcome(settled(1, SentState::accepted));
        SentItem made;
        for (std::size_t size = 0; size < row.size(); ++size) {
            CHECK(!decode_inbox_row(LogIndex(1), BytesView(row).first(size)));
        }
        for (std::size_t size = 0; size < outcome.size(); ++size) {
            CHECK(!decode_outcome(BytesView(outcome).first(size), made));
        }
        Bytes longer = row;
        longer.push_back(0);
        CHECK(decode_inbox_row(LogIndex(10), longer).error() == Errc::storage_corrupt);
        CHECK(*decode_inbox_row(LogIndex(10), row) == inbox_row(10, 10, 1));
    }
}
