#pragma once

#include "domain/bytes.hpp"

#include <cstdint>

namespace tongbao::storage {

/// The checksum that finds a torn or damaged record; no defence against whoever wants to deceive.
/// Source: RFC 3720 section 12.1, the Castagnoli polynomial.
[[nodiscard]] std::uint32_t crc32c(BytesView bytes) noexcept;

/// The same in software: what crc32c does on a processor without an instruction for it.
[[nodiscard]] std::uint32_t crc32c_in_software(BytesView bytes) noexcept;

}  // namespace tongbao::storage
