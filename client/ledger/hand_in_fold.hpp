#pragma once

#include "client/ledger/ledger_fold.hpp"
#include "domain/charter.hpp"
#include "domain/result.hpp"
#include "storage/ledger_database.hpp"

namespace tongbao::client {

/// Writes what the notice hands in for a period of a reporting cycle, and what it takes back, if it
/// does either. It follows from that notice alone, so the order in which a ledger is fed does not
/// matter, and one that was given before changes nothing.
///
/// Errors: those of LedgerPiece.
[[nodiscard]] Result<void> fold_hand_in(const Charter& charter, const FedNotice& fed,
                                        storage::LedgerPiece& piece);

}  // namespace tongbao::client
