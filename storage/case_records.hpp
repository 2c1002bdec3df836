#pragma once

#include "domain/bytes.hpp"
#include "domain/case_number.hpp"
#include "domain/result.hpp"
#include "storage/case_rows.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace tongbao::storage {

// The keys and values of the hub's cases; docs/STORAGE_FORMAT.md has every byte of them. Every
// decoder answers Errc::storage_corrupt for bytes that its encoder can't have written.

/// Whether the facts agree with themselves: at least one, of changes that a hub sees, by ascending
/// entries, with texts where there must be some.
[[nodiscard]] bool are_facts_sound(std::span<const LedgerFact> facts);

/// `facts` are sound.
[[nodiscard]] Bytes encode_case_facts(std::span<const LedgerFact> facts);
[[nodiscard]] Result<std::vector<LedgerFact>> decode_case_facts(BytesView value);

/// All but the number, which is its key.
[[nodiscard]] Bytes encode_case_head(const CaseHead& head);
[[nodiscard]] Result<CaseHead> decode_case_head(CaseNumber number, BytesView value);

/// The value of the row of a series: the last serial given, from 1.
[[nodiscard]] Bytes encode_case_serial(std::uint32_t serial);
[[nodiscard]] Result<std::uint32_t> decode_case_serial(BytesView value);

}  // namespace tongbao::storage
