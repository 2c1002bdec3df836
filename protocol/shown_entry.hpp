#pragma once

#include "domain/bytes.hpp"

#include <optional>

namespace tongbao::protocol {

/// An entry as it is shown to those who may know what it is about: its bytes, and of an opaque one
/// the bytes of its record behind a newline, which no entry has in it. docs/PROTOCOL.md names the
/// places where entries are shown so; in the log stands the entry alone.
struct ShownEntry {
    BytesView entry;                  ///< what the log's tree is made of
    std::optional<BytesView> record;  ///< an entry too; that it is the right one, its digest says
};

/// The parts of what was shown. Borrows from it.
[[nodiscard]] ShownEntry split_shown_entry(BytesView shown);

/// What is shown of an entry and its record.
[[nodiscard]] Bytes join_shown_entry(BytesView entry, BytesView record);

/// Whether the bytes are those of an opaque entry, by how they begin. Costs next to nothing.
[[nodiscard]] bool is_opaque_entry(BytesView entry);

}  // namespace tongbao::protocol
