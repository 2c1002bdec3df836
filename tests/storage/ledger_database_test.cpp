#include "storage/ledger_database.hpp"

#include "tests/storage/opened_ledger.hpp"
#include "tests/support/must.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::storage;
using tongbao::testing::must;

TEST_SUITE("ledger database") {
    TEST_CASE_FIXTURE(OpenedDatabase, "the file is its owner's alone") {
        struct stat status {};
        REQUIRE(::stat(file.c_str(), &status) == 0);
        CHECK((status.st_mode & 0777U) == 0600U);
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "what was written is there when it is opened again") {
        write({sample_row(kFirst.value(), 7, {CaseOpened{}, FactStated{"title", std::string("T")}}),
               sample_row(kFirst.value(), 9, {NoticeLinked{}})},
              {columns_of(kFirst, CaseState::registered)}, {LogIndex(9), 4});
        open(LedgerFound::kept);
        CHECK(must(ledger->positions()) == LedgerPositions{LogIndex(9), 4});
        const CaseHistory history = must(ledger->read_case(kFirst));
        CHECK(history.number == kFirst);
        CHECK(history.charter == CharterId("sample"));
        REQUIRE(history.facts.size() == 3);
        CHECK(history.facts[1].change == LedgerChange(FactStated{"title", std::string("T")}));
        CHECK(history.facts[2].source == sample_source(9));
        CHECK(found({}) == std::vector<std::string>{kFirst.value()});
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "a piece that is not committed leaves nothing") {
        {
            const auto piece = must(ledger->begin());
            REQUIRE(piece->add_row(sample_row(kFirst.value(), 7, {CaseOpened{}})));
            REQUIRE(piece->set_positions({LogIndex(7), 1}));
            REQUIRE(must(piece->history(kFirst)) != nullptr);
        }
        CHECK(ledger->read_case(kFirst).has_error());
        CHECK(must(ledger->positions()) == LedgerPositions{});
        const auto piece = must(ledger->begin());
        CHECK(must(piece->history(kFirst)) == nullptr);
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "what comes late takes its place in the log's order") {
        write({sample_row(kFirst.value(), 7, {CaseOpened{}}),
               sample_row(kFirst.value(), 9, {FlagRaised{CaseFlag::major}})});
        const auto piece = must(ledger->begin());
        static_cast<void>(must(piece->history(kFirst)));  // kept from here on
        REQUIRE(piece->add_row(sample_row(kFirst.value(), 8, {NoticeLinked{}})));
        const CaseHistory* const history = must(piece->history(kFirst));
        REQUIRE(history != nullptr);
        REQUIRE(history->facts.size() == 3);
        CHECK(history->facts[1].source.entry == LogIndex(8));
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "what nothing has settled comes first, and counts apart") {
        const Reasons reasons{{Errc::bad_amount, "fields.fine_fen", {}}};
        write({sample_row(kFirst.value(), 7, {CaseOpened{}}),
               sample_row(kFirst.value(), 9, {}, reasons),
               sample_row(kSecond.value(), 10, {}, reasons),
               sample_row(kFirst.value(), 11, {NoticeReversed{sample_ref(9)}}),
               sample_row(kFirst.value(), 12, {}, reasons)});
        const auto refused = must(ledger->refused(10));
        REQUIRE(refused.size() == 3);
        CHECK(refused[0].source == sample_source(10));
        CHECK(refused[1].source == sample_source(12));
        CHECK_FALSE(refused[1].settled.has_value());
        CHECK(refused[2].source == sample_source(9));
        CHECK(refused[2].settled == Settling{sample_ref(11), sample_moment(11)});
        CHECK(must(ledger->refused(2)).back().source == sample_source(12));
        CHECK(must(ledger->counts()).refused == 3);
        CHECK(must(ledger->counts()).settled == 1);
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "of another case, or refused itself, nothing is settled") {
        const Reasons reasons{{Errc::bad_amount, "fields.fine_fen", {}}};
        write({sample_row(kFirst.value(), 9, {}, reasons),
               sample_row(kFirst.value(), 10, {NoticeReversed{sample_ref(9)}}, reasons),
               sample_row(kSecond.value(), 11, {NoticeReversed{sample_ref(9)}})});
        CHECK(must(ledger->counts()).settled == 0);
    }

    TEST_CASE_FIXTURE(OpenedDatabase,
                      "refused effects are listed with their reasons, not written") {
        const Reasons reasons{{Errc::tracks_open, "tracks.criminal", "is open"}};
        write({sample_row(kFirst.value(), 7, {CaseOpened{}}),
               sample_row(kFirst.value(), 9, {CaseClosed{}}, reasons)});
        CHECK(must(ledger->read_case(kFirst)).facts.size() == 1);
        const auto refused = must(ledger->refused(10));
        REQUIRE(refused.size() == 1);
        CHECK(refused.front() == RefusedEffects{kFirst, sample_source(9), reasons});
        CHECK(must(ledger->counts()).refused == 1);
        CHECK(must(ledger->counts()).events == 2);
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "notices and deeds are found again as they were given") {
        LedgerNotice notice;
        notice.ref = sample_ref(7);
        notice.id = NoticeId(Uuid::make(sample_moment(0), {1}));
        notice.at = sample_moment(7);
        notice.case_number = kFirst;
        notice.in_reply_to = NoticeId(Uuid::make(sample_moment(0), {2}));
        notice.takes_deeds = true;
        notice.bytes = {1, 2, 3};
        LedgerDeed act{sample_ref(7),
                       UnitId("police"),
                       sample_ref(9),
                       sample_moment(9),
                       3,
                       ActKind::declined,
                       true,
                       true};
        const LedgerDeed answer{sample_ref(7),
                                UnitId("police"),
                                sample_ref(8),
                                sample_moment(8),
                                0,
                                std::nullopt,
                                false,
                                false};
        const auto piece = must(ledger->begin());
        REQUIRE(piece->add_notice(notice));
        REQUIRE(piece->add_deed(act));
        REQUIRE(piece->add_deed(answer));
        CHECK(must(piece->find_notice(LogIndex(7))) == std::optional(notice));
        CHECK(must(piece->find_notice(LogIndex(8))) == std::optional<LedgerNotice>());
        CHECK(must(piece->use_of(LogIndex(7))) == NoticeUse::with_deeds);
        CHECK(must(piece->use_of(LogIndex(8))) == NoticeUse::unknown);
        CHECK(must(piece->notices_with_id(notice.id)) == std::vector{notice});
        CHECK(must(piece->answers_to(*notice.in_reply_to)) == std::vector{notice});
        CHECK(must(piece->answers_to(notice.id)).empty());
        CHECK(must(piece->deeds_at(LogIndex(7))) == std::vector{answer, act});
        REQUIRE(piece->end_waiting(LogIndex(7)));
        act.waits = false;
        CHECK(must(piece->deeds_at(LogIndex(7))) == std::vector{answer, act});
        REQUIRE(piece->drop_deed(LogIndex(7), LogIndex(8)));
        CHECK(must(piece->deeds_at(LogIndex(7))) == std::vector{act});
        REQUIRE(piece->drop_deeds(LogIndex(7)));
        CHECK(must(piece->deeds_at(LogIndex(7))).empty());
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "cases are found by each filter and by nothing else") {
        write({}, three_cases());
        using Numbers = std::vector<std::string>;
        const std::string a = kFirst.value();
        const std::string b = kSecond.value();
        const std::string c = kThird.value();
        CHECK(found({}) == Numbers{a, b, c});
        CaseFilter filter;
        filter.state = CaseState::handling;
        CHECK(found(filter) == Numbers{a, c});
        filter = {};
        filter.track = "admin";
        CHECK(found(filter) == Numbers{b, c});
        filter = {};
        filter.unit = UnitId("police");
        CHECK(found(filter) == Numbers{a, c});
        filter = {};
        filter.opened_by = UnitId("health");
        CHECK(found(filter) == Numbers{b});
        filter = {};
        filter.division = "440000";
        CHECK(found(filter) == Numbers{a, b});
        filter = {};
        filter.major = true;
        CHECK(found(filter) == Numbers{a});
        filter = {};
        filter.supervised = true;
        CHECK(found(filter) == Numbers{c});
        filter = {};
        filter.after = kFirst;
        filter.limit = 1;
        CHECK(found(filter) == Numbers{b});
        for (const char* name : {"nothing", "crim", "a", "criminal,admin", ""}) {
            filter.track = name;
            CHECK_MESSAGE(found(filter).empty(), name);
        }
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "each question finds what it asks for") {
        write({}, three_cases());
        using Numbers = std::vector<std::string>;
        CaseFilter filter;
        filter.question = CaseQuestion::one_track;
        CHECK(found(filter) == Numbers{kFirst.value()});
        filter.question = CaseQuestion::repeat;
        CHECK(found(filter) == Numbers{kFirst.value(), kSecond.value()});
        CHECK(must(ledger->list_cases(filter)).front().columns.subjects ==
              std::vector<std::string>{"B"});
        filter.question = CaseQuestion::exposure_ready;
        filter.question_track = "exposure";
        CHECK(found(filter) == Numbers{kSecond.value()});
        filter.question_track = "admin";
        CHECK(found(filter).empty());
        filter.question = CaseQuestion::fine_without_transfer;
        filter.question_track = "criminal";
        CHECK(found(filter) == Numbers{kSecond.value()});
        filter.threshold = Fen(500);
        CHECK(found(filter) == Numbers{kSecond.value()});
        filter.threshold = Fen(501);
        CHECK(found(filter).empty());
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "columns that are put anew replace those before wholly") {
        write({}, three_cases());
        write({}, {columns_of(kThird, CaseState::registered)});
        const auto cases = must(ledger->list_cases({}));
        CHECK(cases.back().columns.tracks.empty());
        CHECK(cases.back().totals.empty());
        CHECK(must(ledger->figures({})).money.at("fine_imposed") == Fen(100));
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "one of another charter, role or unit is made anew") {
        write({sample_row(kFirst.value(), 7, {CaseOpened{}})});
        open(LedgerFound::other_maker, maker_of("police"));
        CHECK(must(ledger->counts()).events == 0);
        LedgerMaker other = maker_of("police");
        other.charter = sample_ref(2).sha256;
        open(LedgerFound::other_maker, other);
        other.role = LedgerRole::follower;
        open(LedgerFound::other_maker, other);
        open(LedgerFound::kept, other);
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "what is no ledger is set aside and not written over") {
        ledger.reset();
        std::filesystem::remove(file);
        std::ofstream(file) << std::string(8192, 'x');
        open(LedgerFound::unreadable);
        CHECK(std::filesystem::file_size(file.string() + ".unreadable") == 8192);
        CHECK(found({}).empty());
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "one that begins anew is empty and the one before is kept") {
        write({sample_row(kFirst.value(), 7, {CaseOpened{}})}, three_cases(), {LogIndex(7), 1});
        REQUIRE(ledger->begin_anew(maker_of()));
        CHECK(found({}).empty());
        CHECK(must(ledger->positions()) == LedgerPositions{});
        CHECK(std::filesystem::exists(file.string() + ".unreadable"));
        write({sample_row(kFirst.value(), 7, {CaseOpened{}})});
        open(LedgerFound::kept);
        CHECK(must(ledger->read_case(kFirst)).facts.size() == 1);
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "two that were written alike do not differ") {
        const auto rows = {sample_row(kFirst.value(), 7, {CaseOpened{}}),
                           sample_row(kSecond.value(), 8, {CaseOpened{}})};
        write(rows, three_cases(), {LogIndex(1), 1});
        OpenedDatabase other;
        other.write(rows, three_cases(), {LogIndex(2), 7});
        CHECK_FALSE(must(ledger->first_difference(other.file)).has_value());
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "the first difference is named by its case") {
        write({sample_row(kFirst.value(), 7, {CaseOpened{}}),
               sample_row(kSecond.value(), 8, {CaseOpened{}})});
        OpenedDatabase other;
        other.write({sample_row(kFirst.value(), 7, {CaseOpened{}}),
                     sample_row(kSecond.value(), 8, {NoticeLinked{}})});
        const auto differs = must(ledger->first_difference(other.file));
        REQUIRE(differs.has_value());
        CHECK(differs->case_number == kSecond.value());
        CHECK(differs->what == "events");
        OpenedDatabase shorter;
        shorter.write({sample_row(kFirst.value(), 7, {CaseOpened{}})});
        CHECK(must(ledger->first_difference(shorter.file))->case_number == kSecond.value());
        CHECK(must(shorter.ledger->first_difference(file))->case_number == kSecond.value());
    }

    TEST_CASE_FIXTURE(OpenedDatabase, "a fresh one takes the place of another that is read") {
        write({sample_row(kFirst.value(), 7, {CaseOpened{}})}, three_cases());
        auto fresh = must(create_ledger(folder.path() / "ledger.new", maker_of(), {}));
        {
            const auto piece = must(fresh->begin());
            REQUIRE(piece->put_columns(columns_of(kThird, CaseState::reopened)));
            REQUIRE(piece->commit());
        }
        REQUIRE(ledger->replace_by(std::move(fresh)));
        CHECK(found({}) == std::vector<std::string>{kThird.value()});
        CHECK_FALSE(std::filesystem::exists(folder.path() / "ledger.new"));
        CHECK_FALSE(std::filesystem::exists(folder.path() / "ledger.new-wal"));
        open(LedgerFound::kept);
        CHECK(found({}) == std::vector<std::string>{kThird.value()});
    }
}
