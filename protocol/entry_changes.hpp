#pragma once

#include "domain/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tongbao::protocol {

/// A stretch of bytes at which an entry differs from one of the same length.
struct EntryChange {
    std::uint16_t place{0};  ///< of its first byte
    std::uint16_t size{0};   ///< at least 1

    friend bool operator==(const EntryChange&, const EntryChange&) = default;
};

/// Where `entry` differs from `earlier`: ascending, apart from each other, at most
/// kMaxEntryChanges. The entries of a batch mostly differ in salt and digests alone. Empty if the
/// two are equal, have different lengths or differ in so much that the entry itself is no longer:
/// it is written whole then. Looks at each byte once.
[[nodiscard]] std::vector<EntryChange> changes_of(BytesView earlier, BytesView entry);

}  // namespace tongbao::protocol
