#include "storage/search_index.hpp"

#include "domain/search_text.hpp"
#include "storage/sqlite_db.hpp"
#include "tests/storage/sample_commit.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::storage {
namespace {

SearchMaker dike() {
    return {UnitId("dike"), Digest(Digest::Array{1})};
}

UtcTime at_minute(int minute) {
    return UtcTime(std::chrono::minutes(minute));
}

SearchRow row_at(std::uint64_t index, std::vector<SearchText> texts) {
    SearchRow row;
    row.index = LogIndex(index);
    row.id = sample_uuid(static_cast<std::uint32_t>(index));
    row.kind = KindId("alarm");
    row.from = UnitId("lake");
    row.title = "水位";
    row.at = at_minute(static_cast<int>(index));
    row.texts = std::move(texts);
    return row;
}

/// An index with notices at 3, 5, 8 and 9.
struct SearchedFile {
    TemporaryFolder folder{memory_path()};
    std::filesystem::path file = folder.path() / "search.sqlite";
    std::unique_ptr<SearchIndex> index = open(SearchFileFound::nothing);

    SearchedFile() {
        SearchRow own =
            row_at(8, {{"title", "水位通报"}, {"fields.note", "say \"no\" AND go_on*"}});
        own.kind = KindId("answer");
        own.from = UnitId("dike");
        own.case_number = "440100202000007";
        own.box = SearchBox::sent;
        add({row_at(3, {{"title", "移送书"}, {"fields.people.name", "甲某"}}),
             row_at(5, {{"doc_no", "测〔2020〕7号"}, {"fields.people.name", "甲某乙"}}), own,
             row_at(9, {{"fields.people.name", "乙甲"},
                        {"fields.code", "H440100ABCDE"},
                        {"attachments.report", "某 甲 某 乙.pdf"}})});
    }

    std::unique_ptr<SearchIndex> open(SearchFileFound expected, const SearchMaker& maker = dike()) {
        Result<OpenedSearch> opened = open_search_index(file, maker, {});
        REQUIRE(opened.has_value());
        CHECK(opened->found == expected);
        return std::move(opened->index);
    }

    void add(const std::vector<SearchRow>& rows) const {
        REQUIRE(index->add(rows, {LogIndex(9), 4}).has_value());
    }

    static SearchQuestion question(std::string_view words) {
        SearchQuestion question;
        question.words = search_words(words);
        return question;
    }

    [[nodiscard]] SearchPage page(const SearchQuestion& question) const {
        Result<SearchPage> found = index->find(question);
        REQUIRE(found.has_value());
        return *std::move(found);
    }

    [[nodiscard]] std::vector<std::uint64_t> places(const SearchQuestion& question) const {
        std::vector<std::uint64_t> places;
        for (const SearchRow& row : page(question).rows) places.push_back(row.index.value());
        return places;
    }
    [[nodiscard]] std::vector<std::uint64_t> places(std::string_view words) const {
        return places(question(words));
    }

    void overwrite(std::string_view text) const {
        std::ofstream out(file, std::ios::binary | std::ios::trunc);
        out << text;
    }
};

using Places = std::vector<std::uint64_t>;

}  // namespace

TEST_SUITE("search index") {
    TEST_CASE_FIXTURE(SearchedFile, "one, two, three and more characters are found, newest first") {
        CHECK(places("甲") == Places{9, 5, 3});
        CHECK(places("书") == Places{3});
        CHECK(places("甲某") == Places{9, 5, 3});
        CHECK(places("乙甲") == Places{9});
        CHECK(places("甲某乙") == Places{9, 5});
        CHECK(places("某甲某乙") == Places{9});
        CHECK(places("水位通报") == Places{8});
        CHECK(places("丙").empty());
        CHECK(places("甲乙").empty());
        CHECK(places("水位通知").empty());
    }

    TEST_CASE_FIXTURE(SearchedFile, "numbers are found whole and in part") {
        CHECK(places("H440100ABCDE") == Places{9});
        CHECK(places("440100") == Places{9});
        CHECK(places("h4") == Places{9});
        CHECK(places("H440100ABCDF").empty());
    }

    TEST_CASE_FIXTURE(SearchedFile, "what looks alike is found alike") {
        for (const char* const number :
             {"测〔2020〕7号", "测[2020]7号", "测（2020）７号", "【2020】"}) {
            CAPTURE(number);
            CHECK(places(number) == Places{5});
        }
        CHECK(places("ｈ４４０１００abcde") == Places{9});
        CHECK(places("某甲某乙.PDF") == Places{9});
    }

    TEST_CASE_FIXTURE(SearchedFile, "each word must be in the notice, in whichever text") {
        CHECK(places("甲某 移送") == Places{3});
        CHECK(places("移送 甲某") == Places{3});
        CHECK(places("移送 乙").empty());
    }

    TEST_CASE_FIXTURE(SearchedFile, "a word does not go from one text into the next") {
        CHECK(places("书甲").empty());
        CHECK(places("移送书甲某").empty());
    }

    TEST_CASE_FIXTURE(SearchedFile, "trigrams in another order are not the word") {
        add({row_at(20, {{"fields.note", "wxyz xyzv"}})});
        add({row_at(21, {{"fields.note", "wxyuxyz"}})});
        CHECK(places("wxyz") == Places{20});
        CHECK(places("wxyzv").empty());
    }

    TEST_CASE_FIXTURE(SearchedFile, "the index's own language is plain text in a question") {
        CHECK(places("\"no\"") == Places{8});
        CHECK(places("go_on*") == Places{8});
        CHECK(places("AND") == Places{8});
        for (const char* const words :
             {"\"", "*", "甲 OR 乙", "NOT 甲", "甲*", "NEAR(甲 乙)", "gram:甲", "-甲", "^甲", "%",
              "_某", "'; DROP TABLE notice; --", "\" OR \"甲", "甲\") OR (\"乙", "\\", "(", ")",
              "{", "+"}) {
            CAPTURE(words);
            const Places found = places(words);
            const bool stands_there = std::string_view(words) == "\"" || *words == '*';
            CHECK(found == (stands_there ? Places{8}
                            : std::string_view(words) == "(" || std::string_view(words) == ")"
                                ? Places{5}
                                : Places{}));
        }
        CHECK(places("甲某乙") == Places{9, 5});
    }

    TEST_CASE_FIXTURE(SearchedFile, "the words by which a question is narrowed are no texts") {
        CHECK(places("alarm").empty());
        CHECK(places("lake").empty());
        CHECK(places("\uF8FF\uF8FFkalarm").empty());
        CHECK(places("\uF8FF\uF8FF").empty());
    }

    TEST_CASE_FIXTURE(SearchedFile, "what matched is given under its name and nothing else is") {
        const SearchPage found = page(question("甲某"));
        REQUIRE(found.rows.size() == 3);
        CHECK(found.rows[0].texts ==
              std::vector<SearchText>{{"attachments.report", "某 甲 某 乙.pdf"}});
        CHECK(found.rows[2].texts == std::vector<SearchText>{{"fields.people.name", "甲某"}});
        const SearchPage own = page(question("通报"));
        REQUIRE(own.rows.size() == 1);
        SearchRow expected = row_at(8, {{"title", "水位通报"}});
        expected.kind = KindId("answer");
        expected.from = UnitId("dike");
        expected.case_number = "440100202000007";
        expected.box = SearchBox::sent;
        CHECK(own.rows[0] == expected);
    }

    TEST_CASE_FIXTURE(SearchedFile, "kind, sender, case, time and place narrow a question down") {
        SearchQuestion asked = question("甲");
        asked.kind = KindId("answer");
        CHECK(places(asked).empty());
        asked = question("水位");
        asked.kind = KindId("answer");
        CHECK(places(asked) == Places{8});
        asked.kind = KindId("answe");
        CHECK(places(asked).empty());
        asked = question("水位");
        asked.from = UnitId("dike");
        asked.case_number = CaseNumber("440100202000007");
        CHECK(places(asked) == Places{8});
        asked.case_number = CaseNumber("440100202000008");
        CHECK(places(asked).empty());
        asked = question("甲");
        asked.since = at_minute(5);
        CHECK(places(asked) == Places{9, 5});
        asked.until = at_minute(5);
        CHECK(places(asked) == Places{5});
        asked.since = at_minute(6);
        asked.until = at_minute(7);
        CHECK(places(asked).empty());
        asked = question("甲");
        asked.before = LogIndex(9);
        CHECK(places(asked) == Places{5, 3});
        asked.before = LogIndex(0);
        CHECK(places(asked).empty());
    }

    TEST_CASE_FIXTURE(SearchedFile, "times that do not follow the log's order still narrow") {
        SearchRow late = row_at(30, {{"title", "甲"}});
        late.at = at_minute(4);
        add({late});
        SearchQuestion asked = question("甲");
        asked.since = at_minute(4);
        asked.until = at_minute(5);
        CHECK(places(asked) == Places{30, 5});
    }

    TEST_CASE_FIXTURE(SearchedFile, "a page ends at its limit and says where to go on") {
        SearchQuestion asked = question("甲");
        asked.limit = 2;
        const SearchPage first = page(asked);
        REQUIRE(first.rows.size() == 2);
        REQUIRE(first.next == LogIndex(5));
        asked.before = first.next;
        const SearchPage second = page(asked);
        REQUIRE(second.rows.size() == 1);
        CHECK(second.rows[0].index == LogIndex(3));
        CHECK_FALSE(second.next.has_value());
        asked.before.reset();
        asked.limit = 3;
        CHECK_FALSE(page(asked).next.has_value());
    }

    TEST_CASE_FIXTURE(SearchedFile, "a question without words, or for too much, is refused") {
        CHECK(index->find(question(" ")).error() == Errc::bad_argument);
        SearchQuestion empty_word;
        empty_word.words = {""};
        CHECK(index->find(empty_word).error() == Errc::bad_argument);
        SearchQuestion much = question("甲");
        much.limit = kMostSearchCandidates + 1;
        CHECK(index->find(much).error() == Errc::bad_argument);
    }

    TEST_CASE_FIXTURE(SearchedFile,
                      "a notice that is there already is refused with all beside it") {
        CHECK(
            index->add({row_at(40, {{"title", "甲"}}), row_at(5, {})}, {LogIndex(40), 9}).error() ==
            Errc::already_exists);
        CHECK(*index->size() == 4);
        CHECK(*index->positions() == SearchPositions{LogIndex(9), 4});
        CHECK(places("甲") == Places{9, 5, 3});
    }

    TEST_CASE_FIXTURE(SearchedFile, "it is as it was when it is opened again, and private") {
        index.reset();
        namespace fs = std::filesystem;
        CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
        index = open(SearchFileFound::kept);
        CHECK(*index->positions() == SearchPositions{LogIndex(9), 4});
        CHECK(places("甲某") == Places{9, 5, 3});
    }

    TEST_CASE_FIXTURE(SearchedFile, "an index of another unit or charter is made anew") {
        index.reset();
        SearchMaker other = dike();
        other.charter = Digest(Digest::Array{2});
        index = open(SearchFileFound::other_maker, other);
        CHECK(*index->size() == 0);
        CHECK(*index->positions() == SearchPositions{});
        index.reset();
        other.unit = UnitId("lake");
        index = open(SearchFileFound::other_maker, other);
        CHECK(places("甲").empty());
    }

    TEST_CASE_FIXTURE(SearchedFile, "an index of another version is made anew") {
        index.reset();
        {
            const auto database = SqliteDb::open(file, SqliteDb::Mode::write, {});
            REQUIRE(database.has_value());
            REQUIRE((*database)->execute("UPDATE maker SET version = 0").has_value());
        }
        index = open(SearchFileFound::other_version);
        CHECK(*index->size() == 0);
    }

    TEST_CASE_FIXTURE(SearchedFile, "what is no index is made anew and nothing of it is kept") {
        index.reset();
        overwrite(
            "姓名: 甲某, no database at all, and long enough to be taken for a header of one");
        index = open(SearchFileFound::unreadable);
        CHECK(*index->size() == 0);
        index.reset();
        REQUIRE(remove_sqlite_files(file).has_value());
        {
            const auto database = SqliteDb::open(file, SqliteDb::Mode::write, {});
            REQUIRE(database.has_value());
            REQUIRE((*database)->execute("CREATE TABLE other(name TEXT)").has_value());
        }
        index = open(SearchFileFound::unreadable);
        CHECK(*index->size() == 0);
        for (const auto& each : std::filesystem::directory_iterator(folder.path())) {
            CHECK(each.path().filename().string().starts_with("search.sqlite"));
            CHECK(each.path().extension() != ".unreadable");
        }
    }

    TEST_CASE_FIXTURE(SearchedFile, "damage is said and nothing is made up") {
        std::vector<SearchRow> rows;
        for (std::uint64_t i = 100; i < 400; ++i) {
            rows.push_back(row_at(i, {{"title", std::string("号") + std::to_string(i * 7919)}}));
        }
        add(rows);
        index.reset();
        const auto size = std::filesystem::file_size(file);
        {
            std::fstream damaged(file, std::ios::in | std::ios::out | std::ios::binary);
            damaged.seekp(8192);
            damaged << std::string(static_cast<std::size_t>(size) - 8192, '\x5A');
        }
        // The first pages say that it is one: what a question reads is not.
        Result<OpenedSearch> opened = open_search_index(file, dike(), {});
        REQUIRE(opened.has_value());
        if (opened->found == SearchFileFound::kept) {
            const Result<SearchPage> found = opened->index->find(question("号"));
            REQUIRE_FALSE(found.has_value());
            CHECK(found.error() == Errc::storage_corrupt);
        } else {
            CHECK(opened->found == SearchFileFound::unreadable);
        }
    }

    TEST_CASE_FIXTURE(SearchedFile, "one that begins anew is empty, of its maker, and goes on") {
        SearchMaker other = dike();
        other.charter = Digest(Digest::Array{2});
        REQUIRE(index->begin_anew(other).has_value());
        CHECK(*index->size() == 0);
        CHECK(*index->positions() == SearchPositions{});
        add({row_at(3, {{"title", "甲"}})});
        CHECK(places("甲") == Places{3});
        index.reset();
        index = open(SearchFileFound::kept, other);
        CHECK(places("甲") == Places{3});
    }

    TEST_CASE_FIXTURE(SearchedFile, "how the unit came to hold a notice is kept") {
        SearchRow kept = row_at(30, {{"title", "丙"}});
        kept.box = SearchBox::kept;
        add({kept});
        const SearchPage found = page(question("丙"));
        REQUIRE(found.rows.size() == 1);
        CHECK(found.rows[0] == kept);
    }

    TEST_CASE_FIXTURE(SearchedFile, "a question does not wait for what is being added") {
        const auto other = SqliteDb::open(file, SqliteDb::Mode::write, {});
        REQUIRE(other.has_value());
        const Result<Transaction> writing = Transaction::open(**other, "BEGIN IMMEDIATE");
        REQUIRE(writing.has_value());
        CHECK(places("甲") == Places{9, 5, 3});
    }
}

}  // namespace tongbao::storage
