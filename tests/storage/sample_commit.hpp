#pragma once

#include "storage/hub_store.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tongbao::storage {

/// A UUID for each number; made with a time that no program ran at.
[[nodiscard]] Uuid sample_uuid(std::uint32_t number);

/// 32 bytes, all of them `byte`.
[[nodiscard]] Digest sample_digest(std::uint8_t byte);

/// The entry that the tests put at `index`: its bytes and its length follow from the index.
[[nodiscard]] Bytes sample_entry(std::uint64_t index);

/// The checkpoint text of a log of `size` entries, with a root of zeros.
[[nodiscard]] std::string sample_checkpoint(std::uint64_t size);

/// `count` sample entries after `size`, of no batch, with the tiles that they fill: 8,192 times the
/// tile's number.
[[nodiscard]] Commit plain_commit(std::uint64_t size, std::uint64_t count);

/// `count` sample entries after `size`, all of one batch that `unit` is told of.
[[nodiscard]] Commit batch_commit(std::uint64_t size, std::uint32_t count, const UnitId& unit);

/// The clocks of the notice logged at `notice` by `from`, at `unit`: the receipt's, one that starts
/// at a fixed day, one of a row with a limit that the notice names; with answers, a decision, steps
/// that were done. Every part is there, each with another value.
[[nodiscard]] ClockRecord sample_clocks(LogIndex notice, const UnitId& unit, const UnitId& from);

/// What the notice logged at `entry` writes of a case: every change that a hub sees, some of them
/// brought about by an act on an earlier notice.
[[nodiscard]] std::vector<LedgerFact> sample_facts(LogIndex entry);

/// A moment, so many seconds after one that no program ran at.
[[nodiscard]] UtcTime sample_time(std::int64_t seconds);

/// A first commit that uses every kind of record: a register entry at 0, a batch of entries 1 to 4
/// and five leaves (accepted, accepted, repeated, refused, accepted), another batch at 5.
[[nodiscard]] Commit rich_commit();

}  // namespace tongbao::storage
