#pragma once

#include "storage/rocks_hub_store.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/memory_hub_store.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace tongbao::storage {

/// The hub's store in `folder`, which must open.
[[nodiscard]] inline std::unique_ptr<HubStore> open_store(const std::filesystem::path& folder) {
    std::string words;
    Result<std::unique_ptr<HubStore>> store = open_hub_store(folder, words);
    CAPTURE(words);
    REQUIRE(store.has_value());
    return std::move(*store);
}

/// What holds of every HubStore: the one on disk and the one that stands in for it in tests.
inline void with_each_store(const std::function<void(HubStore&)>& promise) {
    SUBCASE("on disk") {
        const TemporaryFolder folder;
        const auto store = open_store(folder.path());
        promise(*store);
    }
    SUBCASE("in memory") {
        MemoryHubStore store;
        promise(store);
    }
}

}  // namespace tongbao::storage
