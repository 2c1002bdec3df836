#pragma once

#include "domain/bytes.hpp"
#include "domain/log_entry.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"

#include <optional>

namespace tongbao::client {

/// The bytes that say what a shown entry (protocol/shown_entry.hpp) is about.
struct TellingBytes {
    /// Its record's if it is opaque, else its own. Borrowed from what was shown.
    BytesView bytes;
    /// Of an opaque one its time, which the record must have too.
    std::optional<UtcTime> hidden_at;
};

/// Opens what was shown of an entry; that its bytes stand in the log is checked apart. An entry
/// that comes alone is not read.
///
/// Errors: those of read_log_entry; Errc::entry_mismatch at `record` if the entry hides nothing, or
/// another record.
[[nodiscard]] Checked<TellingBytes> open_shown_entry(BytesView shown);

/// An entry that was shown, read.
struct KnownEntry {
    /// What the record of an opaque one says, if it came along.
    LogEntry entry;
    /// It is hidden from others.
    bool hidden{false};
};

/// As open_shown_entry, and read. Errors also Errc::entry_mismatch at `record` if it is of another
/// time, or hides something itself.
[[nodiscard]] Checked<KnownEntry> read_shown_entry(BytesView shown);

}  // namespace tongbao::client
