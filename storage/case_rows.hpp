#pragma once

#include "domain/ids.hpp"
#include "domain/ledger_change.hpp"

#include <cstdint>
#include <vector>

namespace tongbao::storage {

/// What is known of a case without reading what was written of it.
struct CaseHead {
    CaseNumber number;
    /// Under which it was opened.
    CharterId charter;
    /// Whether a notice ever closed it, taken back or not.
    bool ever_closed{false};

    friend bool operator==(const CaseHead&, const CaseHead&) = default;
};

/// That the unit has a part in the case.
struct CasePartyRow {
    CaseNumber number;
    UnitId unit;

    friend auto operator<=>(const CasePartyRow&, const CasePartyRow&) = default;
};

/// Whether a unit has a part in a case. There is none in a case that is not there.
enum class CasePart : std::uint8_t { none, some };

/// What one commit wrote of a case, in the log's order: at least one. Of changes only those that a
/// hub sees: opened, linked, closed without words, flags, tracks, reversals.
struct CaseFactsRow {
    CaseNumber number;
    std::vector<LedgerFact> facts;

    friend bool operator==(const CaseFactsRow&, const CaseFactsRow&) = default;
};

}  // namespace tongbao::storage
