#include "client/daemon/search_feed.hpp"

#include "client/daemon/own_act.hpp"
#include "tests/client/daemon/search_stage.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using testing::numbered_alarm;
using testing::Searching;

/// An identity number that can't be anyone's: its division is none.
const std::string kIdNo = "44009918000101002X";

/// A report of a person, number `number`.
Notice numbered_report(std::uint16_t number, const std::string& person) {
    Notice notice = testing::report();
    notice.id = numbered_alarm(number).id;
    notice.doc_no = "湿〔2026〕" + std::to_string(number) + "号";
    Row row;
    row.cells = {{"person", person}, {"id_type", std::string("resident_id")}, {"id_no", kIdNo}};
    testing::set(notice, "persons", Table{row, row});
    return notice;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_SUITE("what can be found of a notice") {
    TEST_CASE("texts, names, numbers and file names are, each once and under its name") {
        const Charter charter = testing::load();
        const auto no_table = [](const Digest&) -> Result<std::optional<Table>> {
            return std::optional<Table>();
        };
        const auto texts =
            searched_texts(charter, numbered_report(7, "甲某"), "440100202600001", no_table);
        REQUIRE(texts.has_value());
        CHECK(*texts == std::vector<storage::SearchText>{{"title", "盗猎线索"},
                                                         {"doc_no", "湿〔2026〕7号"},
                                                         {"case", "440100202600001"},
                                                         {"fields.matter", "甲"},
                                                         {"fields.persons.person", "甲某"},
                                                         {"fields.persons.id_no", kIdNo},
                                                         {"attachments.report", "report.pdf"}});
    }

    TEST_CASE("what is chosen or counted is not, and what the charter does not know is") {
        const Charter charter = testing::load();
        Notice notice = numbered_alarm(1);
        testing::set(notice, "helper", std::string("reeds"));
        testing::set(notice, "later", std::string("新"));
        const auto texts = searched_texts(charter, notice, "", [](const Digest&) {
            return Result<std::optional<Table>>(std::optional<Table>());
        });
        REQUIRE(texts.has_value());
        CHECK(*texts == std::vector<storage::SearchText>{{"title", "甲"},
                                                         {"fields.site", "北闸"},
                                                         {"fields.later", "新"},
                                                         {"attachments.chart", "chart.pdf"}});
    }

    TEST_CASE("the rows of a table that travelled as an attachment are, if it is here") {
        const Charter charter = testing::load();
        Notice notice = numbered_report(7, "甲某");
        const Digest sha256(Digest::Array{9});
        testing::set(notice, "persons", DetachedTable{sha256});
        Row row;
        row.cells = {{"person", std::string("乙某")}};
        const auto read = [&](const Digest& asked) -> Result<std::optional<Table>> {
            CHECK(asked == sha256);
            return std::optional<Table>(Table{row});
        };
        const auto texts = searched_texts(charter, notice, "", read);
        REQUIRE(texts.has_value());
        const storage::SearchText expected{"fields.persons.person", "乙某"};
        CHECK(std::find(texts->begin(), texts->end(), expected) != texts->end());
        const auto failing = searched_texts(charter, notice, "", [](const Digest&) {
            return Result<std::optional<Table>>(Errc::storage_failure);
        });
        CHECK(failing.error() == Errc::storage_failure);
    }

    TEST_CASE("of a table that is larger than is searched what stands behind is left out") {
        const Charter charter = testing::load();
        Notice notice = numbered_report(7, "甲某");
        testing::set(notice, "persons", DetachedTable{Digest(Digest::Array{9})});
        Table rows(3);
        rows[0].cells = {{"person", std::string(kMostSearchedBytes - 100, 'a')}};
        rows[1].cells = {{"person", std::string(200, 'b')}};
        rows[2].cells = {{"person", std::string("乙某")}};
        const auto texts = searched_texts(charter, notice, "", [&rows](const Digest&) {
            return Result<std::optional<Table>>(std::optional<Table>(rows));
        });
        REQUIRE(texts.has_value());
        const auto found = [&texts](const std::string& person) {
            const storage::SearchText text{"fields.persons.person", person};
            return std::find(texts->begin(), texts->end(), text) != texts->end();
        };
        CHECK(found(std::string(kMostSearchedBytes - 100, 'a')));
        CHECK(found(std::string(200, 'b')));
        CHECK_FALSE(found("乙某"));
    }

    TEST_CASE("what the charter masks is masked, and what it does not know too") {
        const Charter charter = testing::load();
        const KindId kind("poaching_report");
        CHECK(is_masked(charter, kind, "fields.persons.id_no"));
        CHECK(is_masked(charter, kind, "fields.persons.later"));
        CHECK(is_masked(charter, kind, "fields.later"));
        CHECK(is_masked(charter, KindId("later_kind"), "fields.matter"));
        for (const char* const name : {"title", "doc_no", "case", "attachments.report",
                                       "fields.matter", "fields.persons.person"}) {
            CAPTURE(name);
            CHECK_FALSE(is_masked(charter, kind, name));
        }
    }
}

TEST_SUITE("feeding the search") {
    TEST_CASE_FIXTURE(Searching, "what arrived and what was sent is found, newest first") {
        arrives(numbered_report(2, "甲某"), 9);
        settles(numbered_report(3, "甲某"), storage::SentState::accepted, 12);
        catch_up();
        CHECK(found_text("甲某") == Lines{"12 fields.persons.person", "9 fields.persons.person"});
        CHECK(found_text("北闸") == Lines{"7 fields.site"});
        CHECK(desk->standing().state == SearchState::current);
        // What comes later is added to it.
        arrives(numbered_report(4, "甲某乙"), 20);
        catch_up();
        CHECK(found_text("甲某乙") == Lines{"20 fields.persons.person"});
    }

    TEST_CASE_FIXTURE(Searching, "what was refused or waits is not found, nor is another's") {
        settles(numbered_report(3, "乙某"), storage::SentState::refused, 12);
        storage::SentItem waiting;
        waiting.id = numbered_alarm(5).id.value();
        waiting.bytes = testing::leaf_of(numbered_report(5, "乙某"));
        REQUIRE(daemon.store->enqueue({waiting}).has_value());
        // A leaf that stands in the delivery as a hash alone is another unit's.
        protocol::Delivery delivery;
        delivery.batch = LogIndex(30);
        const Notice own = numbered_report(6, "丙某");
        delivery.leaves = {protocol::DeliveredLeaf{LogIndex(30), testing::leaf_of(own)},
                           Digest(Digest::Array{5})};
        daemon.put_arrived(own, delivery);
        catch_up();
        CHECK(found_text("乙某").empty());
        CHECK(found_text("丙某") == Lines{"30 fields.persons.person"});
    }

    TEST_CASE_FIXTURE(Searching, "acts are read over") {
        storage::SentItem item =
            make_act(UnitId("dike"), ActKind::delivered, {{Digest(Digest::Array{1}), LogIndex(7)}},
                     std::nullopt, UtcTime{});
        REQUIRE(daemon.store->enqueue({item}).has_value());
        item.state = storage::SentState::accepted;
        item.index = LogIndex(8);
        REQUIRE(daemon.store->settle({item}, "").has_value());
        arrives(numbered_report(2, "甲某"), 9);
        catch_up();
        CHECK(found_text("甲某") == Lines{"9 fields.persons.person"});
    }

    TEST_CASE_FIXTURE(Searching,
                      "one that was deleted and made anew finds what the kept one does") {
        std::vector<std::string> questions{"甲", "某", "甲某", "号", "report.pdf", "北闸", kIdNo};
        for (std::uint16_t number = 2; number < 12; ++number) {
            arrives(numbered_report(number, number % 2 == 0 ? "甲某" : "乙某"), 10U * number);
            settles(numbered_report(number + 20, "甲某"), storage::SentState::accepted,
                    10U * number + 3);
            catch_up();
        }
        std::vector<Lines> kept;
        for (const std::string& each : questions) kept.push_back(found_text(each));
        daemon.services->search = nullptr;
        desk.reset();
        REQUIRE(std::filesystem::remove(place.path() / "search.sqlite"));
        open_desk();
        catch_up();
        for (std::size_t i = 0; i < questions.size(); ++i) {
            CAPTURE(questions[i]);
            CHECK_FALSE(kept[i].empty());
            CHECK(found_text(questions[i]) == kept[i]);
        }
    }

    TEST_CASE_FIXTURE(Searching, "it goes on where it stood when it is opened again") {
        arrives(numbered_report(2, "甲某"), 9);
        catch_up();
        open_desk();
        arrives(numbered_report(3, "甲某"), 11);
        catch_up();
        CHECK(found_text("甲某") == Lines{"11 fields.persons.person", "9 fields.persons.person"});
    }

    TEST_CASE_FIXTURE(Searching, "an index that is ahead of the daemon's database is made anew") {
        daemon.services->search = nullptr;
        desk.reset();
        {
            const auto ahead =
                storage::open_search_index(place.path() / "search.sqlite",
                                           {UnitId("dike"), daemon.services->charter_digest}, {});
            REQUIRE(ahead.has_value());
            storage::SearchRow row;
            row.index = LogIndex(900);
            row.id = numbered_alarm(9).id.value();
            row.texts = {{"title", "北闸"}};
            REQUIRE(ahead->index->add({row}, {LogIndex(900), 40}).has_value());
        }
        open_desk();
        catch_up();
        CHECK(found_text("北闸") == Lines{"7 fields.site"});
    }

    TEST_CASE_FIXTURE(Searching, "damage that a question meets is mended before it is answered") {
        for (std::uint16_t number = 2; number < 40; ++number) {
            arrives(numbered_report(number, "甲某"), 10U * number);
        }
        catch_up();
        daemon.services->search = nullptr;
        desk.reset();
        const std::filesystem::path file = place.path() / "search.sqlite";
        // What says whose it is stands in the first pages, what is found in those behind them.
        const auto size = static_cast<std::size_t>(std::filesystem::file_size(file));
        constexpr std::size_t kFirstPages = 8192;
        REQUIRE(size > kFirstPages);
        {
            std::fstream damaged(file, std::ios::in | std::ios::out | std::ios::binary);
            damaged.seekp(kFirstPages);
            damaged << std::string(size - kFirstPages, '\x5A');
        }
        open_desk();
        CHECK(found_text("甲某").size() == 38);
        CHECK(found_text("北闸") == Lines{"7 fields.site"});
        catch_up();
        CHECK(desk->standing().state == SearchState::current);
        CHECK_FALSE(desk->standing().fault.has_value());
    }

    TEST_CASE_FIXTURE(Searching, "a file that is no index is made anew before it is asked") {
        daemon.services->search = nullptr;
        desk.reset();
        std::ofstream(place.path() / "search.sqlite", std::ios::trunc)
            << std::string(4096, 'x') << "北闸";
        open_desk();
        catch_up();
        CHECK(found_text("北闸") == Lines{"7 fields.site"});
    }

    TEST_CASE_FIXTURE(Searching, "an answer says so while not everything was read") {
        CHECK(body_of(ask("GET", "/v1/search?q=a")).at("catching_up") == true);
        catch_up();
        CHECK_FALSE(body_of(ask("GET", "/v1/search?q=a")).contains("catching_up"));
    }

    TEST_CASE("without room on the disk it stands still and goes on by itself") {
        Searching stage;
        stage.room = Errc::storage_full;
        CHECK(stage.daemon.run(stage.desk->catch_up()).error() == Errc::storage_full);
        CHECK(stage.desk->standing().fault == Errc::storage_full);
        stage.room.reset();
        stage.catch_up();
        CHECK(stage.found_text("北闸") == Lines{"7 fields.site"});
    }

    TEST_CASE_FIXTURE(Searching, "an index that can't be kept is said in its standing") {
        daemon.services->search = nullptr;
        desk.reset();
        std::filesystem::remove(place.path() / "search.sqlite");
        // A folder stands where the file should.
        std::filesystem::create_directories(place.path() / "search.sqlite" / "full");
        open_desk();
        CHECK_FALSE(daemon.run(desk->catch_up()).has_value());
        CHECK(desk->standing().state == SearchState::failed);
        CHECK(desk->standing().fault.has_value());
        const auto status = body_of(ask("GET", "/v1/status"));
        CHECK(status.at("search").at("state") == "failed");
        CHECK(status.at("search").at("fault") == code(*desk->standing().fault));
        CHECK(ask("GET", "/v1/search?q=a").status >= 500);
        // It goes on by itself when it can.
        std::filesystem::remove_all(place.path() / "search.sqlite");
        catch_up();
        CHECK(desk->standing().state == SearchState::current);
        CHECK_FALSE(desk->standing().fault.has_value());
        CHECK(found_text("北闸") == Lines{"7 fields.site"});
    }
}

}  // namespace tongbao::client
