#include "storage/clock_records.hpp"
#include "storage/key_codec.hpp"
#include "storage/record_codec.hpp"

#include <limits>

namespace tongbao::storage {
namespace {

/// Milliseconds since 1970 plus 2^63, so that times before 1970 sort before those after.
constexpr std::uint64_t kMomentOffset = std::uint64_t{1} << 63U;
/// Of what has no due time: behind all that has.
constexpr std::uint64_t kNoMoment = std::numeric_limits<std::uint64_t>::max();

/// Room for nearly every key.
constexpr std::size_t kUsualKeyBytes = 96;

std::uint64_t moment_number(UtcTime time) {
    return static_cast<std::uint64_t>(time.time_since_epoch().count()) + kMomentOffset;
}

UtcTime moment_of(std::uint64_t number) {
    return UtcTime(std::chrono::milliseconds(static_cast<std::int64_t>(number - kMomentOffset)));
}

}  // namespace

Bytes look_key(const LookRow& row) {
    return RecordWriter(kUsualKeyBytes)
        .number(moment_number(row.at))
        .index(row.notice)
        .raw(as_bytes(row.unit.value()))
        .bytes();
}

Result<LookRow> decode_look_key(BytesView key) {
    RecordReader reader(key);
    LookRow row;
    row.at = moment_of(reader.number());
    row.notice = reader.index();
    row.unit = UnitId(std::string(as_text(reader.rest())));
    if (reader.failed() || row.unit.value().empty()) return Errc::storage_corrupt;
    return row;
}

Bytes open_clock_prefix(ClockSide side, const UnitId& unit) {
    return RecordWriter(kUsualKeyBytes)
        .byte(static_cast<std::uint8_t>(side))
        .raw(name_prefix(unit.value()))
        .bytes();
}

Bytes open_clock_suffix(const OpenClockPlace& place) {
    return RecordWriter(kUsualKeyBytes)
        .number(place.due ? moment_number(*place.due) : kNoMoment)
        .index(place.notice)
        .raw(as_bytes(place.unit.value()))
        .byte(0)
        .byte(static_cast<std::uint8_t>(place.clock >> 8U))
        .byte(static_cast<std::uint8_t>(place.clock))
        .bytes();
}

Result<OpenClockPlace> decode_open_clock_suffix(BytesView suffix) {
    constexpr std::size_t kEnd = 3;
    RecordReader reader(suffix);
    OpenClockPlace place;
    const std::uint64_t due = reader.number();
    if (due != kNoMoment) place.due = moment_of(due);
    place.notice = reader.index();
    const BytesView rest = reader.rest();
    if (reader.failed() || rest.size() <= kEnd) return Errc::storage_corrupt;
    const BytesView end = rest.last(kEnd);
    if (end[0] != 0) return Errc::storage_corrupt;
    place.unit = UnitId(std::string(as_text(rest.first(rest.size() - kEnd))));
    if (place.unit.value().find('\0') != std::string::npos) return Errc::storage_corrupt;
    place.clock = static_cast<std::uint16_t>(end[1] << 8U | end[2]);
    return place;
}

OpenClockPlace place_of(const ClockRecord& record, const OpenClockDue& open) {
    return {open.due, record.notice, record.unit, open.clock};
}

}  // namespace tongbao::storage
