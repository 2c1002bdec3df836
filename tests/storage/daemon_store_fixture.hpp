#pragma once

#include "storage/daemon_store.hpp"
#include "storage/rocks_daemon_store.hpp"
#include "tests/storage/sample_commit.hpp"
#include "tests/storage/sample_items.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::storage {

/// More rows than any test has.
inline constexpr std::size_t kAll = 1'000;
inline constexpr std::size_t kAnySize = std::numeric_limits<std::size_t>::max();

/// The UUIDs of these numbers, as sample_uuid makes them.
[[nodiscard]] inline std::vector<Uuid> uuids(std::initializer_list<std::uint32_t> numbers) {
    std::vector<Uuid> ids;
    for (const std::uint32_t number : numbers) ids.push_back(sample_uuid(number));
    return ids;
}

/// A daemon's store in a folder of its own.
struct InFolder {
    TemporaryFolder folder;
    std::unique_ptr<DaemonStore> store = open();

    [[nodiscard]] std::unique_ptr<DaemonStore> open() const {
        std::string words;
        Result<std::unique_ptr<DaemonStore>> opened = open_daemon_store(folder.path(), words);
        CAPTURE(words);
        REQUIRE(opened.has_value());
        return std::move(*opened);
    }
    void reopen() {
        store.reset();
        store = open();
    }

    /// What waits in the outbox.
    [[nodiscard]] std::vector<SentItem> queued() const {
        const auto items = store->read_outbox(0, kAll, kAnySize);
        REQUIRE(items.has_value());
        CHECK(store->outbox_size() == items->size());
        return *items;
    }
    /// The same by its ids.
    [[nodiscard]] std::vector<Uuid> outbox() const {
        std::vector<Uuid> ids;
        for (const SentItem& each : queued()) ids.push_back(each.id);
        return ids;
    }
};

}  // namespace tongbao::storage
