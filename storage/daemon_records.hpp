#pragma once

#include "domain/bytes.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "storage/daemon_store.hpp"

namespace tongbao::storage {

/// The values of a daemon's database; docs/STORAGE_FORMAT.md has every byte of them. Every decoder
/// answers Errc::storage_corrupt for bytes that its encoder can't have written.

/// What of a SentItem never changes: id, is_act, queued_at, bytes, endorsements.
[[nodiscard]] Bytes encode_sent(const SentItem& item);
/// The item, queued and without an outcome.
[[nodiscard]] Result<SentItem> decode_sent(std::uint64_t sequence, BytesView value);

/// What became of an item: state, index, outcome.
[[nodiscard]] Bytes encode_outcome(const SentItem& item);
/// Puts what became of it into `item`.
[[nodiscard]] Result<void> decode_outcome(BytesView value, SentItem& item);

/// All of a held notice but its id, which is its key.
[[nodiscard]] Bytes encode_held(const HeldNotice& notice);
[[nodiscard]] Result<HeldNotice> decode_held(const Uuid& id, BytesView value);

/// All of a row but what is in its key.
[[nodiscard]] Bytes encode_inbox_row(const InboxRow& row);
[[nodiscard]] Result<InboxRow> decode_inbox_row(LogIndex index, BytesView value);

[[nodiscard]] Bytes encode_act_row(const ActRow& row);
[[nodiscard]] Result<ActRow> decode_act_row(LogIndex notice, LogIndex act, BytesView value);

/// Bytes that this folder does not look into: a delivery, a register entry.
[[nodiscard]] Bytes encode_opaque(BytesView bytes);
[[nodiscard]] Result<Bytes> decode_opaque(BytesView value);

}  // namespace tongbao::storage
