#pragma once

#include "domain/bytes.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "storage/dispatch_rows.hpp"

#include <span>
#include <vector>

namespace tongbao::storage {

/// The key and value of an item of the register of dispatches; docs/STORAGE_FORMAT.md has every
/// byte of them. Every decoder answers Errc::storage_corrupt for bytes that its encoder can't have
/// written.

/// All of a stage stand together, and in it all of a sender, in the order of notices.
[[nodiscard]] Bytes dispatch_key(const DispatchPlace& place);
[[nodiscard]] Result<DispatchPlace> decode_dispatch_key(BytesView key);
/// What the keys that are asked for begin with.
[[nodiscard]] Bytes dispatch_prefix(const DispatchQuery& query);

[[nodiscard]] Bytes encode_dispatch(std::span<const LogIndex> entries);
[[nodiscard]] Result<std::vector<LogIndex>> decode_dispatch(BytesView value);

/// Whether both ends can be part of a key, and the entries ascend.
[[nodiscard]] bool is_sound(const DispatchRow& row);

}  // namespace tongbao::storage
