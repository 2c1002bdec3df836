#pragma once

#include "client/ledger/case_mask.hpp"
#include "domain/case_file.hpp"
#include "domain/case_ledger.hpp"
#include "domain/charter.hpp"
#include "storage/ledger_rows.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {

// What the local API says of cases; docs/openapi.json has each member.

/// `next`: behind which case a further page begins.
[[nodiscard]] std::string write_case_list(const std::vector<storage::ListedCase>& cases,
                                          const std::optional<CaseNumber>& next, CaseMask& mask);

/// The whole case; `updated_at` is the time of the last entry that wrote something of it.
[[nodiscard]] std::string write_case_file(const CaseFile& file, UtcTime updated_at, CaseMask& mask);

/// One refused effect, as an object of `GET /v1/ledger`.
[[nodiscard]] std::string write_refused_effects(const std::vector<RefusedEffects>& refused);

/// Fen by kind.
[[nodiscard]] std::string write_money_totals(const MoneyTotals& totals);

/// The word of an event at which effects apply: `logged`, `taken_up`, …
[[nodiscard]] std::string_view effect_word(EffectEvent on) noexcept;

}  // namespace tongbao::client
