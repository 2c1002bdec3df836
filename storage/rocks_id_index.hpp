#pragma once

#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/uuid.hpp"
#include "storage/rocks_db.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace tongbao::storage {

/// That an identifier was used, and for what.
struct IdUse {
    Uuid id;
    /// Whose identifier it is; empty in an index that has only one's own.
    UnitId sender;
    /// What it leads to: a place in the log or in the outbox.
    std::uint64_t place{0};
    /// Of what it was used for; in an index that keeps it.
    Digest sha256;

    friend bool operator==(const IdUse&, const IdUse&) = default;
};

/// Where an index of identifiers stands in a database.
struct IdFamilies {
    Family blocks;   ///< span of time, sender, base → identifiers made in that span
    Family singles;  ///< id, sender, place, of a span and sender that has no room for blocks
    bool digests{false};
};

/// Finds what identifiers were used for. Those that come together were mostly made together, so
/// that one row, a block, takes all that one sender made within a few milliseconds: a row for a
/// batch where there was one for each identifier. To look up those of a batch reads the few blocks
/// of the same milliseconds.
///
/// A sender chooses its identifiers, and with them the span that they claim. So that nobody can
/// make looking them up long, a span has a bounded number of blocks for each sender; what comes
/// after has rows of its own. Keeps no state, so any number of threads may share it.
class RocksIdIndex {
public:
    RocksIdIndex(const RocksDb& database, const IdFamilies& families)
        : database_(database), families_(families) {}

    /// All uses of any of these identifiers, by whichever sender.
    /// Errors: Errc::storage_corrupt, Errc::storage_failure.
    [[nodiscard]] Result<std::vector<IdUse>> find(const View& view,
                                                  std::span<const Uuid> ids) const;

    /// Puts uses, no two of one sender at one place, here and before. Whether they are new is for
    /// the caller to ask. Errors: as find.
    [[nodiscard]] Result<void> put(Writes& writes, const View& view,
                                   std::span<const IdUse> uses) const;

private:
    [[nodiscard]] Result<void> find_in_span(const View& view, std::span<const Uuid> sorted,
                                            Cursor& blocks, std::vector<IdUse>& found) const;
    [[nodiscard]] Result<void> find_single(const View& view, const Uuid& id,
                                           std::vector<IdUse>& found) const;
    [[nodiscard]] Errc corrupt(Family family) const;

    const RocksDb& database_;
    IdFamilies families_;
};

}  // namespace tongbao::storage
