#pragma once

#include "domain/case_events.hpp"
#include "domain/charter.hpp"
#include "domain/recipient_state.hpp"
#include "hub/round.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

// What the sources of a round share.

namespace tongbao::hub {

struct Round::Current {
    const VerifiedBatch& batch;
    SequencedBatch answer;
    storage::StoredBatch stored;
    std::map<UnitId, std::vector<std::uint16_t>> mail;
};

/// Who is told of every notice of this kind and of every act on one, besides those whom it
/// concerns: the keeper of the case ledger, of the kinds that are kept.
[[nodiscard]] inline std::optional<UnitId> keeper_for(const Charter& charter, const KindId& kind) {
    const UnitId& keeper = charter.parts().ledger.kept_by;
    if (!is_kept(charter, kind) || !charter.online(keeper)) return std::nullopt;
    return keeper;
}

/// The state among the bits of a StateRow.
[[nodiscard]] inline RecipientState state_in(std::uint32_t bits) {
    return RecipientState(static_cast<std::uint8_t>(bits));
}

/// The standing with another state, its marks as they are.
[[nodiscard]] inline std::uint32_t with_state(std::uint32_t bits, RecipientState state) {
    return (bits & ~std::uint32_t{0xff}) | state.bits();
}

}  // namespace tongbao::hub
