#pragma once

#include "domain/bytes.hpp"
#include "domain/ledger_effects.hpp"
#include "domain/reason.hpp"
#include "domain/result.hpp"

namespace tongbao::storage {

// The values of the case ledger's rows; docs/STORAGE_FORMAT.md has every byte of them. One value
// has one encoding, so two ledgers are equal where their rows are. The decoders answer
// Errc::storage_corrupt for bytes that their encoder can't have written. Pure; linear in the size.

/// All of a plan but its case, which stands beside it.
[[nodiscard]] Bytes encode_plan(const LedgerPlan& plan);
[[nodiscard]] Result<LedgerPlan> decode_plan(const CaseNumber& number, BytesView value);

/// Reasons, in their order.
[[nodiscard]] Bytes encode_reasons(const Reasons& reasons);
[[nodiscard]] Result<Reasons> decode_reasons(BytesView value);

}  // namespace tongbao::storage
