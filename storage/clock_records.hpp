#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"
#include "storage/clock_rows.hpp"

namespace tongbao::storage {

// The keys and values of the hub's clocks; docs/STORAGE_FORMAT.md has every byte of them. Every
// decoder answers Errc::storage_corrupt for bytes that its encoder can't have written.

/// Whether a record agrees with itself: terms, places among clocks and steps, no step twice, names
/// that keys can have.
[[nodiscard]] bool is_sound(const ClockRecord& record);
/// Whether the places of `indexes` ascend.
[[nodiscard]] bool is_sound(const ClockIndexes& indexes);

/// All but notice and unit, which are its key. `record` is sound.
[[nodiscard]] Bytes encode_clock_record(const ClockRecord& record);
[[nodiscard]] Result<ClockRecord> decode_clock_record(LogIndex notice, UnitId unit,
                                                      BytesView value);

[[nodiscard]] Bytes look_key(const LookRow& row);
[[nodiscard]] Result<LookRow> decode_look_key(BytesView key);

/// Which side of a notice a row of open clocks is for.
enum class ClockSide : std::uint8_t { recipient = 'r', sender = 's' };

/// What all keys of open clocks of one side and one unit begin with.
[[nodiscard]] Bytes open_clock_prefix(ClockSide side, const UnitId& unit);
/// What stands behind it: sorts as places do.
[[nodiscard]] Bytes open_clock_suffix(const OpenClockPlace& place);
[[nodiscard]] Result<OpenClockPlace> decode_open_clock_suffix(BytesView suffix);

/// The places of a record's open clocks.
[[nodiscard]] OpenClockPlace place_of(const ClockRecord& record, const OpenClockDue& open);

}  // namespace tongbao::storage
