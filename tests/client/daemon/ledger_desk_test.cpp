#include "client/daemon/ledger_desk.hpp"

#include "tests/client/daemon/local_stage.hpp"
#include "tests/client/ledger/fed_store.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace tongbao::client {
namespace {

using testing::must;

const CaseNumber kDeskCase("440000202000001");

/// The desk of the office's daemon, to which a question of a case was delivered.
struct Desk {
    explicit Desk(const char* name = "office") : unit(name) {
        from.deliver({asked});
        open();
    }

    void open() {
        desk = std::make_unique<LedgerDesk>(
            LedgerHome{unit, charter, Digest(), folder.path(), from.store(), logging}, bell);
    }

    template <typename T>
    T run(boost::asio::awaitable<T> coroutine) {
        std::optional<T> result;
        boost::asio::co_spawn(io, std::move(coroutine), [&](std::exception_ptr error, T value) {
            if (error) std::rethrow_exception(error);
            result = std::move(value);
        });
        io.restart();
        io.run();
        return *std::move(result);
    }

    [[nodiscard]] std::filesystem::path file() const { return folder.path() / "ledger.sqlite"; }

    UnitId unit;
    std::shared_ptr<const Charter> charter =
        std::make_shared<const Charter>(testing::feeding_charter());
    storage::TemporaryFolder folder{storage::memory_path()};
    testing::FedStore from;
    testing::LoggedLeaf asked = testing::as_stored(testing::logged_notice(
        testing::fed_notice("question", "lake", {UnitId("dike")}, 1), 1, kDeskCase));
    program::Logging logging{"test", program::LogLevel::error};
    boost::asio::io_context io{1};
    Bell bell{io.get_executor()};
    std::unique_ptr<LedgerDesk> desk;
};

}  // namespace

TEST_SUITE("desk of the case ledger") {
    TEST_CASE("it catches up with what is there, and with what comes") {
        Desk stage;
        CHECK(stage.desk->standing().role == LedgerRole::keeper);
        CHECK(stage.desk->standing().state == LedgerState::catching_up);
        CHECK(stage.desk->ledger() == nullptr);
        REQUIRE(stage.run(stage.desk->catch_up()).has_value());
        CHECK(stage.desk->standing().state == LedgerState::current);
        CHECK(must(stage.desk->ledger()->counts()).cases == 1);
        stage.from.deliver({testing::as_stored(
            testing::logged_act(ActKind::taken_up, "dike", {stage.asked.ref}, 2))});
        REQUIRE(stage.run(stage.desk->catch_up()).has_value());
        // It implies that the question was delivered and signed for, and that writes too.
        CHECK(must(stage.desk->ledger()->counts()).events == 4);
    }

    TEST_CASE("a deleted file is made anew") {
        Desk stage;
        REQUIRE(stage.run(stage.desk->catch_up()).has_value());
        stage.desk.reset();
        std::filesystem::remove(stage.file());
        stage.open();
        REQUIRE(stage.run(stage.desk->catch_up()).has_value());
        CHECK(must(stage.desk->ledger()->counts()).cases == 1);
    }

    TEST_CASE("a file that can't be read is set aside and made anew") {
        Desk stage;
        std::ofstream(stage.file()) << std::string(4096, 'x');
        REQUIRE(stage.run(stage.desk->catch_up()).has_value());
        CHECK(must(stage.desk->ledger()->counts()).cases == 1);
        CHECK(std::filesystem::exists(stage.file().string() + ".unreadable"));
    }

    TEST_CASE("a delivery that can't be read stops the ledger and nothing else") {
        Desk stage;
        REQUIRE(stage.run(stage.desk->catch_up()).has_value());
        storage::Received broken;
        broken.batch = LogIndex(2);
        broken.delivery = {1, 2, 3};
        REQUIRE(stage.from.store().receive(broken).has_value());
        const Result<void> stopped = stage.run(stage.desk->catch_up());
        REQUIRE(stopped.has_error());
        CHECK(stopped.error() == Errc::storage_corrupt);
        CHECK(stage.desk->standing().state == LedgerState::failed);
        CHECK(stage.desk->standing().fault == Errc::storage_corrupt);
        CHECK(stage.desk->standing().damaged == "delivery 2");
    }

    TEST_CASE("a delivery that can't be read costs no ledger, however often the daemon starts") {
        Desk stage;
        REQUIRE(stage.run(stage.desk->catch_up()).has_value());
        storage::Received broken;
        broken.batch = LogIndex(2);
        broken.delivery = {1, 2, 3};
        REQUIRE(stage.from.store().receive(broken).has_value());
        for (int start = 0; start < 2; ++start) {
            stage.desk.reset();
            stage.open();
            CHECK(stage.run(stage.desk->catch_up()).error() == Errc::storage_corrupt);
            CHECK(must(stage.desk->ledger()->counts()).cases == 1);
            CHECK(must(stage.desk->ledger()->positions()).batch == LogIndex(1));
            CHECK_FALSE(std::filesystem::exists(stage.file().string() + ".unreadable"));
        }
    }

    TEST_CASE("a ledger that was rebuilt is in place and equal") {
        Desk stage;
        REQUIRE(stage.run(stage.desk->catch_up()).has_value());
        const storage::LedgerCounts counts = must(stage.run(stage.desk->rebuild()));
        CHECK(counts.cases == 1);
        CHECK_FALSE(std::filesystem::exists(stage.folder.path() / "ledger.sqlite.new"));
        CHECK_FALSE(must(stage.run(stage.desk->check())).difference.has_value());
        CHECK_FALSE(std::filesystem::exists(stage.folder.path() / "ledger.sqlite.check"));
        REQUIRE(stage.run(stage.desk->catch_up()).has_value());
        CHECK(stage.desk->standing().state == LedgerState::current);
    }

    TEST_CASE("a check finds what no notice says and a rebuild takes it out") {
        Desk stage;
        REQUIRE(stage.run(stage.desk->catch_up()).has_value());
        stage.desk.reset();
        {
            const storage::LedgerMaker maker{stage.unit, LedgerRole::keeper, Digest()};
            const storage::OpenedLedger opened =
                must(storage::open_ledger(stage.file(), maker, {}));
            const auto piece = must(opened.database->begin());
            storage::CaseColumns columns;
            columns.number = kDeskCase;
            columns.title = "changed by hand";
            REQUIRE(piece->put_columns(columns).has_value());
            REQUIRE(piece->commit().has_value());
        }
        stage.open();
        REQUIRE(stage.run(stage.desk->catch_up()).has_value());
        const LedgerVerdict verdict = must(stage.run(stage.desk->check()));
        REQUIRE(verdict.difference.has_value());
        CHECK(verdict.difference->case_number == kDeskCase.value());
        CHECK(verdict.difference->what == "cases");
        CHECK(verdict.counts.cases == 1);
        static_cast<void>(must(stage.run(stage.desk->rebuild())));
        CHECK_FALSE(must(stage.run(stage.desk->check())).difference.has_value());
    }
}

}  // namespace tongbao::client
