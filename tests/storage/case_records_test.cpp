#include "storage/case_records.hpp"

#include "tests/storage/sample_commit.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

/// Each value with one bit flipped, and each that is cut short.
template <typename Check>
void with_each_case_damage(const Bytes& value, const Check& check) {
    for (std::size_t at = 0; at < value.size(); ++at) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            Bytes damaged = value;
            damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ (1U << bit));
            check(damaged);
        }
        check(Bytes(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(at)));
    }
    Bytes longer = value;
    longer.push_back(0);
    check(longer);
}

}  // namespace

TEST_SUITE("case records") {
    TEST_CASE("facts have the bytes that the format names") {
        LedgerSource source;
        source.notice = source.cause = {sample_digest(0xaa), LogIndex(5)};
        source.kind = KindId("k");
        source.sender = UnitId("s");
        source.entry = LogIndex(5);
        const std::string ref = "0000000000000005" + to_hex(sample_digest(0xaa).bytes());
        const std::string own =
            "00"
            "0000000000000005"
            "0000000000000000" +
            ref +
            "016b"
            "0173"
            "00"
            "00";
        const std::vector<LedgerFact> facts{{source, CaseOpened{}},
                                            {source, FlagRaised{CaseFlag::major}}};
        CHECK(to_hex(encode_case_facts(facts)) == "0101" + own +
                                                      "02"
                                                      "00"
                                                      "0301");

        LedgerSource act = source;
        act.on = EffectEvent::declined;
        act.cause = {sample_digest(0xbb), LogIndex(6)};
        act.recipient = UnitId("r");
        act.entry = LogIndex(6);
        const std::string acted =
            "04"
            "0000000000000006"
            "0000000000000000" +
            ref +
            "016b"
            "0173"
            "01"
            "0000000000000006" +
            to_hex(sample_digest(0xbb).bytes()) +
            "01"
            "0172";
        const std::vector<LedgerFact> both{{source, NoticeLinked{}},
                                           {act, TrackMoved{{"t", UnitId("u"), true}, "x", false}},
                                           {act, CaseClosed{std::nullopt}},
                                           {act, NoticeReversed{source.notice}}};
        CHECK(to_hex(encode_case_facts(both)) == "0102" + own +
                                                     "01"
                                                     "01" +
                                                     acted +
                                                     "03"
                                                     "04"
                                                     "0174"
                                                     "0175"
                                                     "01"
                                                     "0178"
                                                     "00"
                                                     "02"
                                                     "05" +
                                                     ref);
    }

    TEST_CASE("heads and serials have the bytes that the format names") {
        CHECK(to_hex(encode_case_head({CaseNumber("440000202600001"), CharterId("c"), true})) ==
              "01016301");
        CHECK(to_hex(encode_case_serial(1)) == "0101");
        CHECK(to_hex(encode_case_serial(99'999)) == "019f8d06");
    }

    TEST_CASE("facts and heads and serials come back as they were") {
        const std::vector<LedgerFact> facts = sample_facts(LogIndex(7));
        const auto back = decode_case_facts(encode_case_facts(facts));
        REQUIRE(back.has_value());
        CHECK(*back == facts);
        const CaseHead head{CaseNumber("440000202600001"), CharterId("sample"), false};
        CHECK(*decode_case_head(head.number, encode_case_head(head)) == head);
        for (const std::uint32_t serial : {1u, 127u, 128u, 99'999u}) {
            CHECK(*decode_case_serial(encode_case_serial(serial)) == serial);
        }
    }

    TEST_CASE("no flipped bit and no cut of a record goes unnoticed") {
        const std::vector<LedgerFact> facts = sample_facts(LogIndex(7));
        with_each_case_damage(encode_case_facts(facts), [&](const Bytes& damaged) {
            const auto back = decode_case_facts(damaged);
            CHECK((!back || *back != facts));
        });
        const CaseHead head{CaseNumber("440000202600001"), CharterId("sample"), true};
        with_each_case_damage(encode_case_head(head), [&](const Bytes& damaged) {
            const auto back = decode_case_head(head.number, damaged);
            CHECK((!back || *back != head));
        });
        with_each_case_damage(encode_case_serial(300), [&](const Bytes& damaged) {
            const auto back = decode_case_serial(damaged);
            CHECK((!back || *back != 300));
        });
    }

    TEST_CASE("a serial that was never given is refused") {
        for (const char* text : {"0100", "01a08d06", "0201", "01", "0101ff", "018100"}) {
            CAPTURE(text);
            CHECK(decode_case_serial(from_hex(text).value()).error() == Errc::storage_corrupt);
        }
    }

    TEST_CASE("no facts and facts in two pieces of one source are refused") {
        CHECK(decode_case_facts(from_hex("0100").value()).error() == Errc::storage_corrupt);
        LedgerSource source;
        source.notice = source.cause = {sample_digest(0xaa), LogIndex(5)};
        source.entry = LogIndex(5);
        const std::vector<LedgerFact> one{{source, NoticeLinked{}}};
        const std::string text = to_hex(encode_case_facts(one));
        REQUIRE(text.starts_with("0101"));
        const std::string piece = text.substr(4);
        CHECK(decode_case_facts(from_hex("0101" + piece).value()).has_value());
        CHECK(decode_case_facts(from_hex("0102" + piece + piece).value()).error() ==
              Errc::storage_corrupt);
    }
}
