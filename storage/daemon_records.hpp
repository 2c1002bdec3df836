#pragma once

#include "domain/bytes.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "storage/daemon_store.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tongbao::storage {

/// The values of a daemon's database; docs/STORAGE_FORMAT.md has every byte of them. Every decoder
/// answers Errc::storage_corrupt for bytes that its encoder can't have written.

/// What of items that were handed over together never changes: id, is_act, queued_at, bytes,
/// endorsements. They have consecutive sequence numbers, the first of which is the key.
[[nodiscard]] Bytes encode_sent_run(std::span<const SentItem> items);
/// How many items the value holds, at least one.
[[nodiscard]] Result<std::uint64_t> count_sent_run(BytesView value);
/// Those with sequence numbers from `from` on, at most `count`, of a value whose first is `first`:
/// queued and without an outcome. Reads over the others without copying them.
[[nodiscard]] Result<std::vector<SentItem>> decode_sent_run(std::uint64_t first, BytesView value,
                                                            std::uint64_t from,
                                                            std::uint64_t count);

/// What became of an item.
struct SentOutcome {
    SentState state{SentState::queued};
    std::optional<LogIndex> index;
    std::string outcome;
};

/// What became of items with consecutive sequence numbers, the first of which is the key.
[[nodiscard]] Bytes encode_outcome_run(std::span<const SentOutcome> outcomes);
/// All that the value holds, at least one.
[[nodiscard]] Result<std::vector<SentOutcome>> decode_outcome_run(BytesView value);

/// Notices with consecutive places in the log, the first of which is the key, and consecutive
/// sequence numbers.
struct SentPlaces {
    std::uint64_t sequence{0};  ///< of the first
    std::uint64_t count{1};
};
[[nodiscard]] Bytes encode_sent_places(const SentPlaces& places);
[[nodiscard]] Result<SentPlaces> decode_sent_places(BytesView value);

/// All of a held notice but its id, which is its key.
[[nodiscard]] Bytes encode_held(const HeldNotice& notice);
[[nodiscard]] Result<HeldNotice> decode_held(const Uuid& id, BytesView value);

/// All rows of one delivery, by ascending index, but what is in the key: the first one's index.
/// They have one batch. Not empty.
[[nodiscard]] Bytes encode_inbox_rows(std::span<const InboxRow> rows);
[[nodiscard]] Result<std::vector<InboxRow>> decode_inbox_rows(LogIndex first, BytesView value);

/// One act on several notices, by ascending index of the notice, all else alike. Not empty.
[[nodiscard]] Bytes encode_act_rows(std::span<const ActRow> rows);
[[nodiscard]] Result<std::vector<ActRow>> decode_act_rows(LogIndex first, LogIndex act,
                                                          BytesView value);

/// Bytes that this folder does not look into: a delivery, a register entry.
[[nodiscard]] Bytes encode_opaque(BytesView bytes);
[[nodiscard]] Result<Bytes> decode_opaque(BytesView value);

}  // namespace tongbao::storage
