#include "client/daemon/due_list.hpp"

#include "domain/clock_words.hpp"
#include "protocol/clock_event_json.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/limits.hpp"
#include "protocol/object_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

namespace tongbao::client {
namespace {

using protocol::JsonValue;
using protocol::ObjectReader;

constexpr std::size_t kMaxDueSteps = 1024;
constexpr std::int64_t kMaxStepPlace = std::numeric_limits<std::uint16_t>::max();
constexpr std::string_view kReceipt = "receipt";
constexpr std::string_view kReply = "reply";
constexpr std::string_view kRunning = "running";
constexpr std::string_view kNotStarted = "not_started";

/// One of two words: whether it is the first.
bool word_of_two(ObjectReader& reader, std::string_view name, std::string_view first,
                 std::string_view second) {
    const std::string word = reader.text(name);
    if (word != first && word != second) {
        reader.fail(Errc::bad_value, name, std::string(first) + " or " + std::string(second));
    }
    return word == first;
}

KindId kind_in(ObjectReader& reader, std::string_view name) {
    Result<std::string> kind = parse_identifier(reader.text(name));
    if (!kind) reader.fail(Errc::bad_value, name, "is no kind's id");
    return kind ? KindId(*std::move(kind)) : KindId();
}

std::optional<UtcTime> time_in(ObjectReader& reader, std::string_view name) {
    if (!reader.has(name)) return std::nullopt;
    return reader.utc_time(name);
}

LogIndex index_in(ObjectReader& reader, std::string_view name) {
    return LogIndex(static_cast<std::uint64_t>(reader.integer(name, 0, protocol::kMaxJsonInteger)));
}

std::string bounded_in(ObjectReader& reader, std::string_view name, std::size_t most) {
    std::string text = reader.text(name);
    if (text.size() > most) reader.fail(Errc::too_large, name);
    return text;
}

/// Hands what an inner reader found to the outer one, which keeps the place as it is.
void take_fault(std::optional<Reason>& into, const std::optional<Reason>& fault) {
    if (!into) into = fault;
}

/// Reads one clock; what is wrong first is kept.
class ClockReader {
public:
    ClockReader(const JsonValue& value, std::string place)
        : place_(std::move(place)), reader_(value, place_) {}

    [[nodiscard]] Checked<DueClock> read() {
        DueClock clock;
        read_notice(clock);
        clock.id = reader_.uuid("id");
        clock.kind = kind_in(reader_, "kind");
        clock.from = protocol::unit_from(reader_, "from");
        clock.unit = protocol::unit_from(reader_, "unit");
        read_purpose(clock);
        clock.running = word_of_two(reader_, "status", kRunning, kNotStarted);
        read_start(clock);
        clock.due = time_in(reader_, "due");
        clock.owed = reader_.boolean("owed");
        read_flags(clock);
        clock.overdue_since = time_in(reader_, "overdue_since");
        read_fault(clock);
        read_steps(clock);
        // What is wrong further in has the more exact place.
        take_fault(fault_, reader_.finish());
        if (fault_) return *fault_;
        return clock;
    }

private:
    void read_notice(DueClock& clock) {
        const JsonValue* const value = reader_.value("notice");
        if (value == nullptr) return;
        ObjectReader notice(*value, place_ + ".notice");
        clock.notice.sha256 = notice.digest_hex("sha256");
        clock.notice.index = index_in(notice, "index");
        take_fault(fault_, notice.finish());
    }

    void read_purpose(DueClock& clock) {
        const bool receipt = word_of_two(reader_, "purpose", kReceipt, kReply);
        clock.purpose = receipt ? ClockId::Purpose::receipt : ClockId::Purpose::reply;
        // A receipt has neither: they are members that nobody asked for.
        if (receipt) return;
        clock.reply = kind_in(reader_, "reply");
        if (reader_.has("row")) clock.row = bounded_in(reader_, "row", protocol::kMaxNoticeBytes);
    }

    void read_start(DueClock& clock) {
        if (!reader_.has("start")) {
            if (clock.running) reader_.fail(Errc::missing_member, "start");
            return;
        }
        const std::string text = reader_.text("start");
        if (const Result<UtcTime> moment = parse_utc(text)) {
            clock.start = MomentOrDay(*moment);
        } else if (const Result<LocalDay> day = parse_day(text)) {
            clock.start = MomentOrDay(*day);
        } else {
            reader_.fail(Errc::bad_value, "start", "a UTC time or a date");
        }
    }

    void read_flags(DueClock& clock) {
        for (const JsonValue& item : reader_.array("flags")) {
            const auto* const text = std::get_if<std::string_view>(&item.value);
            if (text == nullptr) {
                reader_.fail(Errc::wrong_type, "flags", "each is a text");
                return;
            }
            const bool twice =
                std::find(clock.flags.begin(), clock.flags.end(), *text) != clock.flags.end();
            if (twice ||
                std::find(kMarkWords.begin(), kMarkWords.end(), *text) == kMarkWords.end()) {
                reader_.fail(Errc::bad_value, "flags", "words of the lifecycle, each once");
                return;
            }
            clock.flags.emplace_back(*text);
        }
    }

    void read_fault(DueClock& clock) {
        if (!reader_.has("fault")) return;
        const JsonValue* const value = reader_.value("fault");
        if (value == nullptr) return;
        ObjectReader fault(*value, place_ + ".fault");
        const std::optional<Errc> errc = errc_from_code(fault.text("code"));
        if (!errc) fault.fail(Errc::bad_value, "code", "is no stable code");
        Reason reason{errc.value_or(Errc::bad_value), {}, {}};
        // May be empty: some codes say all there is to say.
        const JsonValue* const detail = fault.value("detail");
        const auto* const text =
            detail == nullptr ? nullptr : std::get_if<std::string_view>(&detail->value);
        if (text == nullptr) {
            fault.fail(Errc::wrong_type, "detail", "a text stands here");
        } else if (text->size() > protocol::kMaxReasonTextBytes) {
            fault.fail(Errc::too_large, "detail");
        } else {
            reason.explanation = *text;
        }
        take_fault(fault_, fault.finish());
        clock.fault = std::move(reason);
    }

    void read_steps(DueClock& clock) {
        const JsonValue::Array& items = reader_.array("steps");
        if (items.size() > kMaxDueSteps) reader_.fail(Errc::too_large, "steps");
        for (const JsonValue& item : items) {
            if (fault_ || reader_.fault()) return;
            ObjectReader step(item, place_ + ".steps[" + std::to_string(clock.steps.size()) + ']');
            DueStep read;
            read.step = static_cast<std::uint16_t>(step.integer("step", 0, kMaxStepPlace));
            read.deed = step.text("deed");
            if (!deed_from_word(read.deed)) {
                step.fail(Errc::bad_value, "deed", "is no step of an escalation");
            }
            read.due = step.utc_time("due");
            read.done = step.utc_time("done");
            read.index = index_in(step, "index");
            take_fault(fault_, step.finish());
            clock.steps.push_back(std::move(read));
        }
    }

    std::string place_;
    ObjectReader reader_;
    std::optional<Reason> fault_;
};

/// What a clock has to do with the question and with who asked it.
struct DueBounds {
    const DueQuestion& question;
    const UnitId& own;
    bool office{false};

    /// `before` is the clock before it.
    [[nodiscard]] Checked<void> check(const DueClock& clock, const DueClock* before,
                                      const std::string& place) const {
        const std::optional<UnitId>& asked = question.unit;
        if (asked && clock.unit != *asked && clock.from != *asked) {
            return Reason{Errc::bad_value, place + ".unit", "another unit was asked for"};
        }
        if (!office && clock.from != own && clock.unit != own) {
            return Reason{Errc::bad_value, place + ".unit", "is no business of this unit"};
        }
        if (question.until && clock.due && *clock.due > *question.until) {
            return Reason{Errc::bad_value, place + ".due", "is later than what was asked for"};
        }
        const bool ordered =
            before == nullptr || !clock.due || (before->due && *before->due <= *clock.due);
        if (!ordered) return Reason{Errc::bad_value, place + ".due", "is before the one before it"};
        return {};
    }
};

void write_time(protocol::JsonWriter& writer, std::string_view name,
                const std::optional<UtcTime>& time) {
    if (time) writer.member(name, format_utc(*time));
}

void write_steps(protocol::JsonWriter& writer, const std::vector<DueStep>& steps) {
    writer.key("steps").begin_array();
    for (const DueStep& step : steps) {
        writer.begin_object().key("step").number(std::uint64_t{step.step});
        writer.member("deed", step.deed).member("due", format_utc(step.due));
        writer.member("done", format_utc(step.done));
        writer.key("index").number(step.index.value()).end_object();
    }
    writer.end_array();
}

void write_clock(protocol::JsonWriter& writer, const DueClock& clock) {
    writer.begin_object().key("notice");
    protocol::write_notice_ref(writer, clock.notice);
    writer.member("id", clock.id.text())
        .member("kind", clock.kind.value())
        .member("from", clock.from.value())
        .member("unit", clock.unit.value())
        .member("purpose", clock.reply ? kReply : kReceipt);
    if (clock.reply) writer.member("reply", clock.reply->value());
    if (!clock.row.empty()) writer.member("row", clock.row);
    writer.member("status", clock.running ? kRunning : kNotStarted);
    if (clock.start) {
        const auto* const moment = std::get_if<UtcTime>(&*clock.start);
        writer.member("start", moment != nullptr ? format_utc(*moment)
                                                 : format_day(std::get<LocalDay>(*clock.start)));
    }
    write_time(writer, "due", clock.due);
    writer.key("owed").boolean(clock.owed).key("flags").begin_array();
    for (const std::string& flag : clock.flags) writer.text(flag);
    writer.end_array();
    write_time(writer, "overdue_since", clock.overdue_since);
    if (clock.fault) {
        writer.key("fault")
            .begin_object()
            .member("code", code(clock.fault->code))
            .member("detail", clock.fault->explanation)
            .end_object();
    }
    write_steps(writer, clock.steps);
    writer.key("held").boolean(clock.held).end_object();
}

}  // namespace

Checked<DueList> read_due_list(BytesView answer, const DueQuestion& question, const UnitId& own,
                               const Charter& charter) {
    const Checked<protocol::JsonDocument> value = protocol::read_json(answer, kMaxDueBytes);
    if (!value) return value.error();
    ObjectReader reader(*value, "");
    const JsonValue::Array& items = reader.array("clocks");
    DueList list;
    list.next = reader.optional_text("next").value_or("");
    if (const auto fault = reader.finish()) return *fault;
    if (items.size() > kMaxDueClocks) return Reason{Errc::too_large, "clocks", {}};
    // A cursor that leads to where it came from would be followed for ever.
    if (!list.next.empty() && (!is_due_cursor(list.next) || list.next == question.after)) {
        return Reason{Errc::bad_value, "next", "is no cursor of a page to come"};
    }
    const DueBounds bounds{question, own, own == charter.parts().office.unit};
    list.clocks.reserve(items.size());
    for (const JsonValue& item : items) {
        const std::string place = "clocks[" + std::to_string(list.clocks.size()) + ']';
        Checked<DueClock> clock = ClockReader(item, place).read();
        if (!clock) return clock.error();
        const DueClock* const before = list.clocks.empty() ? nullptr : &list.clocks.back();
        const Checked<void> asked = bounds.check(*clock, before, place);
        if (!asked) return asked.error();
        list.clocks.push_back(*std::move(clock));
    }
    return list;
}

std::string write_due_list(const DueList& list) {
    protocol::JsonWriter writer;
    writer.begin_object().key("clocks").begin_array();
    for (const DueClock& clock : list.clocks) write_clock(writer, clock);
    writer.end_array();
    if (!list.next.empty()) writer.member("next", list.next);
    writer.end_object();
    return writer.take();
}

}  // namespace tongbao::client
