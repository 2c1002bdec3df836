#pragma once

#include "domain/recipient_state.hpp"
#include "hub/round.hpp"

#include <cstdint>
#include <map>
#include <vector>

// What the sources of a round share.

namespace tongbao::hub {

struct Round::Current {
    const VerifiedBatch& batch;
    SequencedBatch answer;
    storage::StoredBatch stored;
    std::map<UnitId, std::vector<std::uint16_t>> mail;
};

/// The state among the bits of a StateRow.
[[nodiscard]] inline RecipientState state_in(std::uint32_t bits) {
    return RecipientState(static_cast<std::uint8_t>(bits));
}

/// The standing with another state, its marks as they are.
[[nodiscard]] inline std::uint32_t with_state(std::uint32_t bits, RecipientState state) {
    return (bits & ~std::uint32_t{0xff}) | state.bits();
}

}  // namespace tongbao::hub
