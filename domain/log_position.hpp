#pragma once

#include "domain/strong.hpp"

#include <cstdint>

namespace tongbao {

/// The place of an entry in the audit log; the first entry is 0.
using LogIndex = Strong<std::uint64_t, struct LogIndexTag>;

/// How many entries a log, or a state of it that a checkpoint names, holds.
using TreeSize = Strong<std::uint64_t, struct TreeSizeTag>;

/// Whether a log of `size` entries has an entry at `index`.
[[nodiscard]] constexpr bool contains(TreeSize size, LogIndex index) noexcept {
    return index.value() < size.value();
}

/// The index that the next entry appended to a log of `size` entries gets.
[[nodiscard]] constexpr LogIndex next_index(TreeSize size) noexcept {
    return LogIndex(size.value());
}

/// The index `count` places after `index`.
[[nodiscard]] constexpr LogIndex advanced(LogIndex index, std::uint64_t count) noexcept {
    return LogIndex(index.value() + count);
}

/// The size of the smallest log that has an entry at `index`.
[[nodiscard]] constexpr TreeSize size_through(LogIndex index) noexcept {
    return TreeSize(index.value() + 1);
}

}  // namespace tongbao
