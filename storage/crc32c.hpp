#pragma once

#include "domain/bytes.hpp"

#include <cstdint>

namespace tongbao::storage {

/// The checksum that finds a torn or damaged record; no defence against whoever wants to deceive.
/// Source: RFC 3720 section 12.1, the Castagnoli polynomial.
[[nodiscard]] std::uint32_t crc32c(BytesView bytes) noexcept;

}  // namespace tongbao::storage
