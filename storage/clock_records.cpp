#include "storage/clock_records.hpp"

#include "storage/key_codec.hpp"
#include "storage/record_codec.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

namespace tongbao::storage {
namespace {

constexpr std::uint8_t kClockRecordVersion = 1;
constexpr std::uint64_t kMaxPlace = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint64_t kMaxSteps = 9999;
/// Room for nearly every record.
constexpr std::size_t kUsualClockBytes = 384;

using Days = std::chrono::days;

/// The byte of an enumerator, and back: none above `last`.
template <typename Enum>
std::uint8_t byte_of(Enum value) {
    return static_cast<std::uint8_t>(value);
}
template <typename Enum>
Enum enum_from(RecordReader& reader, Enum last) {
    const std::uint8_t value = reader.byte();
    if (value > byte_of(last)) reader.refuse();
    return value > byte_of(last) ? Enum{} : static_cast<Enum>(value);
}

std::uint16_t place_from(RecordReader& reader) {
    return static_cast<std::uint16_t>(reader.varint(kMaxPlace));
}

void write_time(RecordWriter& writer, const std::optional<UtcTime>& time) {
    writer.flag(time.has_value());
    if (time) writer.time(*time);
}

std::optional<UtcTime> time_from(RecordReader& reader) {
    if (!reader.flag()) return std::nullopt;
    return reader.time();
}

/// 0 for none, 1 for a moment, 2 for a day.
void write_moment_or_day(RecordWriter& writer, const std::optional<MomentOrDay>& value) {
    if (!value) {
        writer.byte(0);
    } else if (const auto* const moment = std::get_if<UtcTime>(&*value)) {
        writer.byte(1).time(*moment);
    } else {
        const auto days = std::get<LocalDay>(*value).time_since_epoch().count();
        writer.byte(2).number(static_cast<std::uint64_t>(std::int64_t{days}));
    }
}

std::optional<MomentOrDay> moment_or_day_from(RecordReader& reader) {
    const std::uint8_t form = reader.byte();
    if (form == 0) return std::nullopt;
    if (form == 1) return MomentOrDay(reader.time());
    const auto days = static_cast<std::int64_t>(reader.number());
    const bool fits = days >= std::numeric_limits<Days::rep>::min() &&
                      days <= std::numeric_limits<Days::rep>::max();
    if (form != 2 || !fits) reader.refuse();
    return MomentOrDay(LocalDay(Days(fits ? static_cast<Days::rep>(days) : 0)));
}

void write_duration(RecordWriter& writer, const Duration& duration) {
    writer.varint(duration.n).byte(byte_of(duration.unit));
}

Duration duration_from(RecordReader& reader) {
    Duration duration;
    duration.n =
        static_cast<std::uint32_t>(reader.varint(std::numeric_limits<std::uint32_t>::max()));
    duration.unit = enum_from(reader, TimeUnit::month);
    return duration;
}

void write_clock(RecordWriter& writer, const KeptClock& clock) {
    writer.byte(byte_of(clock.id.purpose)).varint(clock.id.reply).sized(clock.id.row);
    writer.sized(clock.asked.value()).flag(clock.owed).byte(byte_of(clock.from));
    write_moment_or_day(writer, clock.start);
    write_moment_or_day(writer, clock.named);
    writer.flag(clock.limit.has_value());
    if (!clock.limit) return;
    write_duration(writer, clock.limit->length);
    writer.byte(byte_of(clock.limit->free_days)).byte(byte_of(clock.limit->strength));
    writer.flag(clock.limit->extendable.has_value());
    if (clock.limit->extendable) write_duration(writer, *clock.limit->extendable);
}

KeptClock clock_from(RecordReader& reader) {
    KeptClock clock;
    clock.id.purpose = enum_from(reader, ClockId::Purpose::reply);
    clock.id.reply = place_from(reader);
    clock.id.row = reader.sized_text();
    clock.asked = KindId(reader.sized_text());
    clock.owed = reader.flag();
    clock.from = enum_from(reader, ClockStart::never);
    clock.start = moment_or_day_from(reader);
    clock.named = moment_or_day_from(reader);
    if (!reader.flag()) return clock;
    KeptLimit limit;
    limit.length = duration_from(reader);
    limit.free_days = enum_from(reader, FreeDayRule::none);
    limit.strength = enum_from(reader, Strength::office_default);
    if (reader.flag()) limit.extendable = duration_from(reader);
    clock.limit = limit;
    return clock;
}

void write_step(RecordWriter& writer, const KeptStep& step) {
    const bool before = step.at.n < 0;
    writer.flag(before).varint(static_cast<std::uint64_t>(before ? -step.at.n : step.at.n));
    writer.byte(byte_of(step.at.unit)).byte(byte_of(step.deed));
}

KeptStep step_from(RecordReader& reader) {
    KeptStep step;
    const bool before = reader.flag();
    const auto n = static_cast<std::int32_t>(reader.varint(kMaxSteps));
    if (before && n == 0) reader.refuse();
    step.at.n = before ? -n : n;
    step.at.unit = enum_from(reader, EscalationTime::Unit::working_days);
    step.deed = enum_from(reader, EscalationDeed::list_for_meeting);
    return step;
}

/// Clocks by their places.
class Places {
public:
    explicit Places(const std::vector<KeptClock>& clocks) : clocks_(clocks) {}

    void write(RecordWriter& writer, const std::vector<ClockId>& ids) const {
        writer.varint(ids.size());
        for (const ClockId& id : ids) {
            const auto found = std::find_if(clocks_.begin(), clocks_.end(),
                                            [&id](const auto& each) { return each.id == id; });
            writer.varint(static_cast<std::uint64_t>(found - clocks_.begin()));
        }
    }

    [[nodiscard]] std::vector<ClockId> read(RecordReader& reader) const {
        std::vector<ClockId> ids(reader.count(1));
        for (ClockId& id : ids) {
            const std::uint16_t place = place_from(reader);
            if (place >= clocks_.size()) reader.refuse();
            if (reader.failed()) break;
            id = clocks_[place].id;
        }
        return ids;
    }

private:
    const std::vector<KeptClock>& clocks_;
};

void write_history(RecordWriter& writer, const ClockRecord& record) {
    const ClockHistory& history = record.history;
    const Places places(record.clocks);
    writer.time(history.logged_at);
    for (const auto& time : {history.delivered_at, history.signed_for_at, history.ended_at}) {
        write_time(writer, time);
    }
    writer.varint(history.answers.size());
    for (const AnswerFact& fact : history.answers) {
        writer.index(fact.answer).time(fact.at);
        places.write(writer, fact.stops);
        write_time(writer, fact.reversed_at);
    }
    writer.varint(history.extensions.size());
    for (const ExtensionFact& fact : history.extensions) {
        writer.index(fact.decision).time(fact.at).time(fact.new_due);
        places.write(writer, fact.moves);
        write_time(writer, fact.reversed_at);
    }
}

void read_history(RecordReader& reader, ClockRecord& record) {
    constexpr std::size_t kLeastAnswerBytes = 18;
    constexpr std::size_t kLeastExtensionBytes = 26;
    ClockHistory& history = record.history;
    const Places places(record.clocks);
    history.logged_at = reader.time();
    for (auto* const time : {&history.delivered_at, &history.signed_for_at, &history.ended_at}) {
        *time = time_from(reader);
    }
    history.answers.resize(reader.count(kLeastAnswerBytes));
    for (AnswerFact& fact : history.answers) {
        fact.answer = reader.index();
        fact.at = reader.time();
        fact.stops = places.read(reader);
        fact.reversed_at = time_from(reader);
    }
    history.extensions.resize(reader.count(kLeastExtensionBytes));
    for (ExtensionFact& fact : history.extensions) {
        fact.decision = reader.index();
        fact.at = reader.time();
        fact.new_due = reader.time();
        fact.moves = places.read(reader);
        fact.reversed_at = time_from(reader);
    }
}

bool is_sound(const KeptClock& clock, bool first) {
    const bool receipt = clock.id.purpose == ClockId::Purpose::receipt;
    const bool bare = clock.id.reply == 0 && clock.id.row.empty() && clock.asked.value().empty();
    if (receipt ? !first || !bare : clock.asked.value().empty()) return false;
    return clock.named.has_value() != clock.limit.has_value() &&
           clock.start.has_value() == (clock.from == ClockStart::fixed);
}

bool is_stored_name(const std::string& name) {
    return is_key_name(name) && name.find('\0') == std::string::npos;
}

bool has(const std::vector<KeptClock>& clocks, const ClockId& id) {
    return std::any_of(clocks.begin(), clocks.end(),
                       [&id](const KeptClock& each) { return each.id == id; });
}

bool are_clocks_sound(const std::vector<KeptClock>& clocks) {
    if (clocks.empty() || clocks.size() > kMaxPlace) return false;
    std::set<ClockId> ids;
    for (std::size_t place = 0; place < clocks.size(); ++place) {
        if (!is_sound(clocks[place], place == 0)) return false;
        if (!ids.insert(clocks[place].id).second) return false;
    }
    return true;
}

}  // namespace

bool is_sound(const ClockIndexes& indexes) {
    const auto fall =
        std::adjacent_find(indexes.open.begin(), indexes.open.end(),
                           [](const auto& a, const auto& b) { return a.clock >= b.clock; });
    return fall == indexes.open.end();
}

bool is_sound(const ClockRecord& record) {
    if (!is_stored_name(record.unit.value()) || !is_stored_name(record.from.value())) return false;
    if (record.kind.value().empty() || !is_storable(record.id)) return false;
    if (!are_clocks_sound(record.clocks) || record.steps.size() > kMaxPlace) return false;
    const auto known = [&record](const std::vector<ClockId>& ids) {
        return std::all_of(ids.begin(), ids.end(),
                           [&record](const ClockId& id) { return has(record.clocks, id); });
    };
    for (const AnswerFact& fact : record.history.answers) {
        if (!known(fact.stops)) return false;
    }
    for (const ExtensionFact& fact : record.history.extensions) {
        if (!known(fact.moves)) return false;
    }
    std::set<std::tuple<std::uint16_t, std::uint16_t, std::uint16_t>> done;
    for (const DoneStep& step : record.done) {
        if (step.clock >= record.clocks.size() || step.step >= record.steps.size()) return false;
        if (!done.emplace(step.clock, step.limit, step.step).second) return false;
    }
    const auto& open = record.indexes.open;
    return is_sound(record.indexes) && (open.empty() || open.back().clock < record.clocks.size());
}

Bytes encode_clock_record(const ClockRecord& record) {
    RecordWriter writer(kUsualClockBytes);
    writer.byte(kClockRecordVersion).digest(record.sha256).uuid(record.id);
    writer.sized(record.kind.value()).sized(record.from.value()).flag(record.taking_up);
    writer.varint(record.clocks.size());
    for (const KeptClock& clock : record.clocks) write_clock(writer, clock);
    writer.varint(record.steps.size());
    for (const KeptStep& step : record.steps) write_step(writer, step);
    write_history(writer, record);
    writer.varint(record.done.size());
    for (const DoneStep& step : record.done) {
        writer.varint(step.clock).varint(step.limit).varint(step.step);
        writer.time(step.due).time(step.done).index(step.entry);
    }
    write_time(writer, record.indexes.look);
    writer.varint(record.indexes.open.size());
    for (const OpenClockDue& open : record.indexes.open) {
        writer.varint(open.clock);
        write_time(writer, open.due);
    }
    return std::move(writer).bytes();
}

Result<ClockRecord> decode_clock_record(LogIndex notice, UnitId unit, BytesView value) {
    constexpr std::size_t kLeastClockBytes = 9;
    constexpr std::size_t kStepBytes = 4;
    constexpr std::size_t kLeastDoneBytes = 27;
    constexpr std::size_t kLeastOpenBytes = 2;
    RecordReader reader(value);
    reader.version(kClockRecordVersion);
    ClockRecord record;
    record.notice = notice;
    record.unit = std::move(unit);
    record.sha256 = reader.digest();
    record.id = reader.uuid();
    record.kind = KindId(reader.sized_text());
    record.from = UnitId(reader.sized_text());
    record.taking_up = reader.flag();
    record.clocks.resize(reader.count(kLeastClockBytes));
    for (KeptClock& clock : record.clocks) clock = clock_from(reader);
    record.steps.resize(reader.count(kStepBytes));
    for (KeptStep& step : record.steps) step = step_from(reader);
    read_history(reader, record);
    record.done.resize(reader.count(kLeastDoneBytes));
    for (DoneStep& step : record.done) {
        step = {place_from(reader), place_from(reader), place_from(reader),
                reader.time(),      reader.time(),      reader.index()};
    }
    record.indexes.look = time_from(reader);
    record.indexes.open.resize(reader.count(kLeastOpenBytes));
    for (OpenClockDue& open : record.indexes.open) {
        open.clock = place_from(reader);
        open.due = time_from(reader);
    }
    if (const auto done = reader.finish(); !done) return done.error();
    if (!is_sound(record)) return Errc::storage_corrupt;
    return record;
}

}  // namespace tongbao::storage
