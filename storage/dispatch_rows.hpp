#pragma once

#include "domain/dispatch_stage.hpp"
#include "domain/ids.hpp"
#include "domain/log_position.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace tongbao::storage {

/// Where an item of the register of dispatches is found: among those that are as far, then among
/// its sender's, by notice and recipient.
struct DispatchPlace {
    DispatchStage stage{};
    UnitId from;
    LogIndex notice;
    UnitId unit;

    friend bool operator==(const DispatchPlace&, const DispatchPlace&) = default;
};

/// An item: a recipient of a notice to whom the hub delivers nothing.
struct DispatchRow {
    DispatchPlace place;
    /// What the log says of it: the sender's acts and what took the notice out of force, ascending.
    std::vector<LogIndex> entries{};

    friend bool operator==(const DispatchRow&, const DispatchRow&) = default;
};

/// An item as it is from here on.
struct DispatchUpdate {
    DispatchRow row;
    /// How far it was before; none of a new one.
    std::optional<DispatchStage> before{};
};

/// Which items are asked for.
struct DispatchQuery {
    DispatchStage stage{};
    /// None: everybody's.
    std::optional<UnitId> from{};
    /// Those behind this one, which need not be there any more.
    std::optional<DispatchPlace> after{};
    std::size_t limit{0};
};

}  // namespace tongbao::storage
