#include "storage/hub_store.hpp"
#include "tests/storage/opened_hub_store.hpp"
#include "tests/storage/sample_commit.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

using Places = std::vector<LogIndex>;

}  // namespace

TEST_SUITE("notice states") {
    TEST_CASE("acts on many notices are found for each of them and no other") {
        with_each_store([](HubStore& store) {
            const UnitId police("police");
            const UnitId audit("audit");
            REQUIRE(store.commit(plain_commit(0, 700)).has_value());
            Commit first = plain_commit(700, 2);
            // 600 at once, with a gap; another unit's own between them.
            for (std::uint64_t i = 10; i < 610; ++i) {
                if (i == 300) continue;
                first.states.push_back({LogIndex(i), police, 1, true});
                first.trails.push_back({LogIndex(i), LogIndex(700)});
                if (i % 100 != 0) continue;
                first.states.push_back({LogIndex(i), audit, 2, true});
                first.trails.push_back({LogIndex(i), LogIndex(701)});
            }
            // In the same commit one of them comes further.
            first.states.push_back({LogIndex(20), police, 3, false});
            REQUIRE(store.commit(first).has_value());
            Commit second = plain_commit(702, 1);
            second.states = {{LogIndex(10), police, 7, false},
                             {LogIndex(300), police, 5, true},
                             {LogIndex(650), police, 1, true}};
            second.trails = {{LogIndex(10), LogIndex(702)}, {LogIndex(300), LogIndex(702)}};
            REQUIRE(store.commit(second).has_value());
            for (std::uint64_t i = 0; i < 700; ++i) {
                std::uint8_t state = i >= 10 && i < 610 ? 1 : 0;
                if (i == 10) state = 7;
                if (i == 20) state = 3;
                if (i == 300) state = 5;
                if (i == 650) state = 1;
                CHECK(*store.read_state(LogIndex(i), police) == state);
                const bool hundreds = i >= 10 && i < 610 && i % 100 == 0 && i != 300;
                CHECK(*store.read_state(LogIndex(i), audit) == (hundreds ? 2 : 0));
                Places trail;
                if (i >= 10 && i < 610 && i != 300) trail.emplace_back(700);
                if (hundreds) trail.emplace_back(701);
                if (i == 10 || i == 300) trail.emplace_back(702);
                CHECK(*store.read_trail(LogIndex(i)) == trail);
            }
            CHECK(*store.read_state(LogIndex(15), UnitId("health")) == 0);
        });
    }

    TEST_CASE("states are there when the hub starts anew") {
        const TemporaryFolder folder;
        const UnitId police("police");
        Commit commit = plain_commit(0, 20);
        for (std::uint64_t i = 3; i < 9; ++i) {
            commit.states.push_back({LogIndex(i), police, 1, true});
        }
        commit.states.push_back({LogIndex(12), police, 3, true});
        REQUIRE(open_store(folder.path())->commit(commit).has_value());
        const auto store = open_store(folder.path());
        CHECK(*store->read_state(LogIndex(2), police) == 0);
        CHECK(*store->read_state(LogIndex(8), police) == 1);
        CHECK(*store->read_state(LogIndex(9), police) == 0);
        CHECK(*store->read_state(LogIndex(12), police) == 3);
        CHECK(*store->read_state(LogIndex(13), police) == 0);
        Commit next = plain_commit(20, 1);
        next.states = {{LogIndex(5), police, 7, false}};
        REQUIRE(store->commit(next).has_value());
        CHECK(*store->read_state(LogIndex(12), police) == 3);
        CHECK(*store->read_state(LogIndex(5), police) == 7);
        CHECK(*store->read_state(LogIndex(6), police) == 1);
    }
}
