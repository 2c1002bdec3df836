#pragma once

#include "storage/ledger_database.hpp"
#include "tests/storage/ledger_rows_sample.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/must.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::storage {

inline const CaseNumber kFirst("440000202000001");
inline const CaseNumber kSecond("440000202000002");
inline const CaseNumber kThird("450000202000001");

inline LedgerMaker maker_of(const char* unit = "office") {
    return {UnitId(unit), LedgerRole::keeper, sample_ref(1).sha256};
}

/// A new ledger of the office, in a folder that goes with it.
struct OpenedDatabase {
    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "ledger.sqlite";
    std::unique_ptr<LedgerDatabase> ledger;

    OpenedDatabase() { open(LedgerFound::nothing); }

    void open(LedgerFound expected, const LedgerMaker& maker = maker_of()) {
        ledger.reset();
        OpenedLedger opened = testing::must(open_ledger(file, maker, {}));
        CHECK(opened.found == expected);
        ledger = std::move(opened.database);
    }

    void write(const std::vector<LedgerRow>& rows, const std::vector<CaseColumns>& columns = {},
               LedgerPositions positions = {}) const {
        const auto piece = testing::must(ledger->begin());
        for (const LedgerRow& row : rows) REQUIRE(piece->add_row(row));
        for (const CaseColumns& each : columns) REQUIRE(piece->put_columns(each));
        REQUIRE(piece->set_positions(positions));
        REQUIRE(piece->commit());
    }

    [[nodiscard]] std::vector<std::string> found(const CaseFilter& filter) const {
        const auto cases = testing::must(ledger->list_cases(filter));
        std::vector<std::string> numbers;
        for (const ListedCase& each : cases) numbers.push_back(each.columns.number.value());
        return numbers;
    }
};

inline CaseColumns columns_of(const CaseNumber& number, CaseState state) {
    CaseColumns columns;
    columns.number = number;
    columns.state = state;
    columns.opened_at = sample_moment(1);
    columns.opened_by = UnitId("insurance");
    columns.updated_at = sample_moment(2);
    return columns;
}

inline TrackColumns track_of(const char* id, const char* unit, bool decided = false) {
    return {id, UnitId(unit), "investigating", sample_moment(2), true, decided};
}

inline MoneyColumns money_of(const char* kind, std::int64_t fen, const char* unit,
                             std::uint64_t minute) {
    return {kind, Fen(fen), UnitId(unit), sample_moment(minute)};
}

/// One handled on a single track, one concluded with a fine and a decision, one on two tracks.
inline std::vector<CaseColumns> three_cases() {
    CaseColumns first = columns_of(kFirst, CaseState::handling);
    first.tracks = {track_of("criminal", "police")};
    first.subjects = {"A", "B"};
    first.major = true;
    CaseColumns second = columns_of(kSecond, CaseState::concluded);
    second.opened_by = UnitId("health");
    second.concluded_at = sample_moment(5);
    second.concluded_by = UnitId("insurance");
    second.tracks = {track_of("admin", "insurance", true)};
    second.money = {money_of("involved", 500, "insurance", 3),
                    money_of("fine_imposed", 70, "insurance", 4),
                    money_of("fine_imposed", 30, "health", 6)};
    second.subjects = {"B"};
    CaseColumns third = columns_of(kThird, CaseState::handling);
    third.supervised = true;
    third.tracks = {track_of("criminal", "police"), track_of("admin", "insurance")};
    third.money = {money_of("fine_imposed", 1, "insurance", 4)};
    return {first, second, third};
}

}  // namespace tongbao::storage
