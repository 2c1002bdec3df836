#pragma once

#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "hub/clock_keeper.hpp"
#include "hub/deployment.hpp"
#include "program/logging.hpp"
#include "storage/hub_store.hpp"

#include <cstdint>
#include <memory>

namespace tongbao::hub {

/// Where the log adopted the charter that is in force. Reads register entries, the newest first.
///
/// Errors: Errc::not_found if it adopted none; Errc::storage_corrupt for an entry that can't be
/// read; those of the store.
[[nodiscard]] Result<LogIndex> newest_charter(const storage::HubStore& store);

/// Counts anew what finds the clocks that are open, if they were counted by another calendar or
/// zone than the keeper's: a year was published or amended while the hub was down. What is due then
/// is done as ever. For before anything else writes to the store; a start that is cut short is made
/// up for by the next one. How many records there were.
///
/// Errors: those of the store.
[[nodiscard]] Result<std::uint64_t> bring_clocks_up_to_date(ClockKeeper& keeper,
                                                            storage::HubStore& store, UtcTime now);

/// Gives `deployment` a keeper by `rules` that tells `logging`, and brings the clocks up to date by
/// it. `logging` outlives the keeper.
///
/// Errors: those of both functions above.
[[nodiscard]] Result<void> open_clocks(Deployment& deployment,
                                       std::shared_ptr<const ClockRules> rules,
                                       storage::HubStore& store, UtcTime now,
                                       program::Logging& logging);

}  // namespace tongbao::hub
