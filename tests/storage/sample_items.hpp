#pragma once

#include "storage/daemon_store.hpp"

#include <cstdint>

namespace tongbao::storage {

/// An item to be sent, named by sample_uuid(number).
[[nodiscard]] SentItem item(std::uint32_t number, bool is_act = false);

/// The same notice with what became of it.
[[nodiscard]] SentItem settled(std::uint32_t number, SentState state);

/// A notice that arrived, with every member set, named by sample_uuid(id).
[[nodiscard]] InboxRow inbox_row(std::uint64_t index, std::uint64_t batch, std::uint32_t id);

}  // namespace tongbao::storage
