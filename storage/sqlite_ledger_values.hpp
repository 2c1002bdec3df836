#pragma once

#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace tongbao::storage {

// How values stand in the ledger's tables; docs/STORAGE_FORMAT.md has them.

[[nodiscard]] inline std::int64_t count_of(UtcTime time) {
    return time.time_since_epoch().count();
}

[[nodiscard]] inline UtcTime time_of(std::int64_t milliseconds) {
    return UtcTime(std::chrono::milliseconds(milliseconds));
}

/// Errors: Errc::storage_corrupt.
[[nodiscard]] inline Result<NoticeId> id_in(const Bytes& bytes) {
    Uuid::Array array{};
    if (bytes.size() != array.size()) return Errc::storage_corrupt;
    std::copy(bytes.begin(), bytes.end(), array.begin());
    const Result<Uuid> id = Uuid::from_array(array);
    if (!id) return Errc::storage_corrupt;
    return NoticeId(*id);
}

/// Errors: Errc::storage_corrupt.
[[nodiscard]] inline Result<Digest> digest_in(const Bytes& bytes) {
    const Result<Digest> digest = Digest::from_bytes(bytes);
    if (!digest) return Errc::storage_corrupt;
    return *digest;
}

}  // namespace tongbao::storage
