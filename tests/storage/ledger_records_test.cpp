#include "storage/ledger_records.hpp"

#include "tests/storage/ledger_rows_sample.hpp"
#include "tests/support/must.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::storage;
using tongbao::testing::must;

namespace {

const CaseNumber kCase("440000202000001");

/// Every kind of change, and every form of a value.
LedgerPlan rich_plan() {
    LedgerPlan plan = sample_row(kCase.value(), 7, {}).plan;
    plan.source.on = EffectEvent::declined;
    plan.source.recipient = UnitId("police");
    plan.source.cause = sample_ref(9);
    plan.may_close = true;
    const TrackName track{"criminal", UnitId("police"), true};
    const Table table{
        Row{{{"uscc", Scalar(std::string("x"))}, {"count", Scalar(std::int64_t{-3})}}},
        Row{{{"sure", Scalar(true)}}}};
    plan.changes = {CaseOpened{},
                    NoticeLinked{},
                    CaseClosed{std::nullopt},
                    CaseClosed{"because"},
                    FactStated{"title", std::string("骗取")},
                    FactStated{"count", std::int64_t{5}},
                    FactStated{"sure", false},
                    FactStated{"subjects", table},
                    FactStated{"subjects", DetachedTable{sample_ref(3).sha256}},
                    FlagRaised{CaseFlag::major},
                    TrackMoved{track, "closed", true},
                    DecisionStated{track, "penalty", std::nullopt, "no 1", "2020-10-13", "stop"},
                    DecisionStated{},
                    MoneyStated{"loss", Fen(-5), MoneyTotal::latest, "criminal", "no 1", "2020"},
                    NoticeReversed{sample_ref(4)}};
    plan.reasons = {{Errc::track_not_own, "fields.track", "of another unit"}};
    return plan;
}

}  // namespace

TEST_SUITE("ledger records") {
    TEST_CASE("a link has the bytes that the format names") {
        const LedgerRow row = sample_row(kCase.value(), 7, {NoticeLinked{}});
        const std::string digest = "d1" + std::string(60, '0') + "07";
        const std::string ref = "0000000000000007" + digest;
        CHECK(to_hex(encode_plan(row.plan)) ==
              "01"              // version
              "0673616d706c65"  // the charter
              "00" +
                  ref +                           // at logged, the notice
                  "0d636173655f7472616e73666572"  // its kind
                  "09696e737572616e6365" +        // its sender
                  ref +                           // the cause
                  "00"                            // no recipient
                  "0000000000000007"              // the entry
                  "00000175864748a0"              // 2020-11-02T00:07Z
                  "01"                            // the unit's viewpoint
                  "00"                            // may not close
                  "01"
                  "01"    // one change: a link
                  "00");  // no reasons
    }

    TEST_CASE("every change is read back as it was written") {
        const LedgerPlan plan = rich_plan();
        const LedgerPlan read = must(decode_plan(kCase, encode_plan(plan)));
        CHECK(read.case_number == plan.case_number);
        CHECK(read.charter == plan.charter);
        CHECK(read.source == plan.source);
        CHECK(read.viewpoint == plan.viewpoint);
        CHECK(read.may_close == plan.may_close);
        CHECK(read.changes == plan.changes);
        CHECK(read.reasons == plan.reasons);
    }

    TEST_CASE("a plan cut anywhere or with something behind it is refused") {
        const Bytes whole = encode_plan(rich_plan());
        for (std::size_t size = 0; size < whole.size(); ++size) {
            CHECK(decode_plan(kCase, BytesView(whole).first(size)).error() ==
                  Errc::storage_corrupt);
        }
        Bytes longer = whole;
        longer.push_back(0);
        CHECK(decode_plan(kCase, longer).error() == Errc::storage_corrupt);
    }

    TEST_CASE("another version, event or change is refused") {
        const Bytes whole = encode_plan(sample_row(kCase.value(), 7, {NoticeLinked{}}).plan);
        for (const auto& [place, value] : {std::pair<std::size_t, std::uint8_t>{0, 2},
                                           {8, 7},                    // behind closed
                                           {whole.size() - 2, 9}}) {  // behind the last change
            Bytes other = whole;
            other[place] = value;
            CHECK(decode_plan(kCase, other).error() == Errc::storage_corrupt);
        }
    }

    TEST_CASE("reasons are read back, and a code that does not exist is refused") {
        const Reasons reasons{{Errc::tracks_open, "tracks.criminal", "is investigating"},
                              {Errc::case_concluded, "case", ""}};
        CHECK(must(decode_reasons(encode_reasons(reasons))) == reasons);
        const Bytes unknown{0x01, 0x00, 0x00, 0x00};
        CHECK(decode_reasons(unknown).error() == Errc::storage_corrupt);
    }
}
