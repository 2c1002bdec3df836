#pragma once

#include "storage/rocks_hub_store.hpp"

#include <doctest/doctest.h>

#include <filesystem>
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

}  // namespace tongbao::storage
