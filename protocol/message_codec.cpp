#include "protocol/message_codec.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>

#include "protocol/limits.hpp"

namespace tongbao::protocol {
namespace {

enum class Type : std::uint8_t {
    hello = 1,
    submit = 2,
    credit = 3,
    welcome = 16,
    outcome = 17,
    batch_refused = 18,
    delivery = 19,
    farewell = 32,
};

/// Tags of alternatives inside a message.
enum class Tag : std::uint8_t { first = 0, second = 1, third = 2 };

/// The longest code by far.
constexpr std::size_t kMaxCodeBytes = 64;
constexpr std::size_t kMaxOriginBytes = 8 * 1024;
constexpr std::size_t kMaxProofDigests = 128;
/// A leaf can cause two entries: its own and a `replied`.
constexpr std::size_t kMaxRunEntries = 2 * kMaxLeavesPerBatch;

/// The front of `text`, cut where a character begins.
std::string_view cut(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return text;
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0u) == 0x80u) --limit;
    return text.substr(0, limit);
}

/// What Writer::reason writes of `value`, in bytes.
std::size_t reason_bytes(const Reason& value) {
    return 3 * sizeof(std::uint32_t) + code(value.code).size() +
           cut(value.place, kMaxReasonTextBytes).size() +
           cut(value.explanation, kMaxReasonTextBytes).size();
}

class Writer {
public:
    void tag(Tag tag) { u8(static_cast<std::uint8_t>(tag)); }
    void u8(std::uint8_t value) { bytes_.push_back(value); }
    void u16(std::uint16_t value) { big_endian(value); }
    void u32(std::uint32_t value) { big_endian(value); }
    void u64(std::uint64_t value) { big_endian(value); }
    void count(std::size_t value) { u32(static_cast<std::uint32_t>(value)); }
    void index(LogIndex value) { u64(value.value()); }
    void digest(const Digest& value) { append(value.bytes()); }
    void bytes(BytesView value) {
        count(value.size());
        append(value);
    }
    void text(std::string_view value) { bytes(as_bytes(value)); }
    void optional_index(const std::optional<LogIndex>& value) {
        u8(value ? 1 : 0);
        if (value) index(*value);
    }
    void digests(const std::vector<Digest>& values) {
        count(values.size());
        for (const Digest& each : values) digest(each);
    }
    void reason(const Reason& value) {
        text(code(value.code));
        text(cut(value.place, kMaxReasonTextBytes));
        text(cut(value.explanation, kMaxReasonTextBytes));
    }
    /// As many as `budget` and the limit allow, and at least the code of the first.
    void reasons(const Reasons& values, std::size_t& budget) {
        std::size_t fitting = 0;
        while (fitting < std::min(values.size(), kMaxReasonsPerLeaf) &&
               reason_bytes(values[fitting]) <= budget) {
            budget -= reason_bytes(values[fitting]);
            ++fitting;
        }
        if (fitting == 0 && !values.empty()) {
            count(1);
            reason(Reason{values.front().code, {}, {}});
            return;
        }
        count(fitting);
        for (std::size_t i = 0; i < fitting; ++i) reason(values[i]);
    }
    void head(const HeadUpdate& value) {
        text(value.checkpoint);
        digests(value.consistency);
    }
    void run(const EntryRun& value) {
        index(value.first);
        count(value.entries.size());
        for (const EntryOrHash& entry : value.entries) {
            if (const auto* const whole = std::get_if<Bytes>(&entry)) {
                tag(Tag::first);
                bytes(*whole);
            } else {
                tag(Tag::second);
                digest(std::get<Digest>(entry));
            }
        }
        digests(value.proof);
    }

    [[nodiscard]] Bytes take() { return std::move(bytes_); }

private:
    template <typename T>
    void big_endian(T value) {
        for (std::size_t i = sizeof(T); i > 0; --i) {
            bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * (i - 1))));
        }
    }
    void append(BytesView value) { bytes_.insert(bytes_.end(), value.begin(), value.end()); }

    Bytes bytes_;
};

/// Reads from the front. After the first fault everything reads as empty, so that the caller tests
/// once, at the end; no count is believed that the rest of the frame could not hold.
class Reader {
public:
    explicit Reader(BytesView rest) : rest_(rest) {}

    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] bool finished() const { return good_ && rest_.empty(); }

    std::uint8_t u8() { return big_endian<std::uint8_t>(); }
    std::uint16_t u16() { return big_endian<std::uint16_t>(); }
    std::uint32_t u32() { return big_endian<std::uint32_t>(); }
    std::uint64_t u64() { return big_endian<std::uint64_t>(); }
    LogIndex index() { return LogIndex(u64()); }

    Tag tag(Tag last) {
        const std::uint8_t value = u8();
        if (value > static_cast<std::uint8_t>(last)) good_ = false;
        return good_ ? static_cast<Tag>(value) : Tag::first;
    }

    std::size_t count(std::size_t limit, std::size_t least_bytes_each) {
        const std::size_t value = u32();
        if (value > limit || value * least_bytes_each > rest_.size()) good_ = false;
        return good_ ? value : 0;
    }

    BytesView take(std::size_t size) {
        if (!good_ || size > rest_.size()) {
            good_ = false;
            return {};
        }
        const BytesView taken = rest_.first(size);
        rest_ = rest_.subspan(size);
        return taken;
    }

    Digest digest() {
        const Result<Digest> value = Digest::from_bytes(take(Digest::kSize));
        return value ? *value : Digest();
    }

    Bytes bytes(std::size_t limit) { return to_bytes(take(count(limit, 1))); }

    std::string text(std::size_t limit) {
        const std::string_view value = as_text(take(count(limit, 1)));
        if (!is_utf8(value)) good_ = false;
        return std::string(value);
    }

    std::optional<LogIndex> optional_index() {
        if (tag(Tag::second) == Tag::first) return std::nullopt;
        return index();
    }

    std::vector<Digest> digests() {
        std::vector<Digest> values(count(kMaxProofDigests, Digest::kSize));
        for (Digest& each : values) each = digest();
        return values;
    }

    Reason reason() {
        const std::optional<Errc> errc = errc_from_code(text(kMaxCodeBytes));
        if (!errc) good_ = false;
        Reason value;
        value.code = errc.value_or(Errc::protocol_violation);
        value.place = text(kMaxReasonTextBytes);
        value.explanation = text(kMaxReasonTextBytes);
        return value;
    }

    HeadUpdate head() {
        HeadUpdate value;
        value.checkpoint = text(kMaxCheckpointBytes);
        value.consistency = digests();
        return value;
    }

    EntryRun run() {
        EntryRun value;
        value.first = index();
        value.entries.resize(count(kMaxRunEntries, 1 + sizeof(std::uint32_t)));
        for (EntryOrHash& entry : value.entries) {
            if (tag(Tag::second) == Tag::first) {
                entry = bytes(kMaxLogEntryBytes);
            } else {
                entry = digest();
            }
        }
        value.proof = digests();
        return value;
    }

private:
    template <typename T>
    T big_endian() {
        std::uint64_t value = 0;
        for (const std::uint8_t byte : take(sizeof(T))) value = value << 8 | byte;
        return static_cast<T>(value);
    }

    BytesView rest_;
    bool good_{true};
};

Type type_of(const Message& message) {
    constexpr Type kTypes[] = {Type::hello,   Type::submit,        Type::credit,   Type::welcome,
                               Type::outcome, Type::batch_refused, Type::delivery, Type::farewell};
    static_assert(std::size(kTypes) == std::variant_size_v<Message>);
    return kTypes[message.index()];
}

void write(Writer& writer, const Hello& message) {
    writer.u16(message.version);
    writer.optional_index(message.resume_after);
    writer.u64(message.known_size.value());
}

void write(Writer& writer, const Submit& message) {
    writer.u64(message.number);
    writer.bytes(message.statement);
    writer.count(message.leaves.size());
    for (const Bytes& leaf : message.leaves) writer.bytes(leaf);
}

void write(Writer& writer, const Credit& message) { writer.index(message.through); }

void write(Writer& writer, const Welcome& message) {
    writer.u16(message.version);
    writer.text(message.origin);
    writer.digest(message.charter);
    writer.head(message.head);
}

void write(Writer& writer, const Outcome& message) {
    std::size_t budget = kMaxOutcomeReasonBytes;
    writer.u64(message.number);
    writer.count(message.leaves.size());
    for (const LeafOutcome& leaf : message.leaves) {
        if (const auto* const accepted = std::get_if<LeafAccepted>(&leaf)) {
            writer.tag(accepted->repeated ? Tag::second : Tag::first);
            writer.index(accepted->index);
            continue;
        }
        const LeafRefused& refused = std::get<LeafRefused>(leaf);
        writer.tag(Tag::third);
        writer.optional_index(refused.index);
        writer.reasons(refused.reasons, budget);
    }
    writer.head(message.head);
    writer.run(message.run);
}

void write(Writer& writer, const BatchRefused& message) {
    writer.u64(message.number);
    writer.reason(message.reason);
}

void write(Writer& writer, const Delivery& message) {
    writer.index(message.batch);
    writer.digest(message.signer);
    writer.bytes(message.statement);
    writer.count(message.leaves.size());
    for (const auto& leaf : message.leaves) {
        if (const auto* const whole = std::get_if<DeliveredLeaf>(&leaf)) {
            writer.tag(Tag::first);
            writer.index(whole->index);
            writer.bytes(whole->bytes);
        } else {
            writer.tag(Tag::second);
            writer.digest(std::get<Digest>(leaf));
        }
    }
    writer.head(message.head);
    writer.run(message.run);
}

void write(Writer& writer, const Farewell& message) { writer.reason(message.reason); }

Hello read_hello(Reader& reader) {
    Hello message;
    message.version = reader.u16();
    message.resume_after = reader.optional_index();
    message.known_size = TreeSize(reader.u64());
    return message;
}

Submit read_submit(Reader& reader) {
    Submit message;
    message.number = reader.u64();
    message.statement = reader.bytes(kMaxStatementBytes);
    message.leaves.resize(reader.count(kMaxLeavesPerBatch, sizeof(std::uint32_t)));
    for (Bytes& leaf : message.leaves) leaf = reader.bytes(std::max(kMaxNoticeBytes, kMaxActBytes));
    return message;
}

Welcome read_welcome(Reader& reader) {
    Welcome message;
    message.version = reader.u16();
    message.origin = reader.text(kMaxOriginBytes);
    message.charter = reader.digest();
    message.head = reader.head();
    return message;
}

LeafOutcome read_leaf_outcome(Reader& reader) {
    const Tag tag = reader.tag(Tag::third);
    if (tag != Tag::third) return LeafAccepted{reader.index(), tag == Tag::second};
    LeafRefused refused;
    refused.index = reader.optional_index();
    refused.reasons.resize(reader.count(kMaxReasonsPerLeaf, 3 * sizeof(std::uint32_t)));
    for (Reason& reason : refused.reasons) reason = reader.reason();
    return refused;
}

Outcome read_outcome(Reader& reader) {
    Outcome message;
    message.number = reader.u64();
    const std::size_t count = reader.count(kMaxLeavesPerBatch, 1 + sizeof(std::uint8_t));
    message.leaves.reserve(count);
    for (std::size_t i = 0; i < count; ++i) message.leaves.push_back(read_leaf_outcome(reader));
    message.head = reader.head();
    message.run = reader.run();
    return message;
}

BatchRefused read_batch_refused(Reader& reader) {
    BatchRefused message;
    message.number = reader.u64();
    message.reason = reader.reason();
    return message;
}

Delivery read_delivery(Reader& reader) {
    Delivery message;
    message.batch = reader.index();
    message.signer = reader.digest();
    message.statement = reader.bytes(kMaxStatementBytes);
    message.leaves.resize(reader.count(kMaxLeavesPerBatch, 1 + sizeof(std::uint32_t)));
    for (auto& leaf : message.leaves) {
        if (reader.tag(Tag::second) == Tag::first) {
            const LogIndex index = reader.index();
            leaf = DeliveredLeaf{index, reader.bytes(std::max(kMaxNoticeBytes, kMaxActBytes))};
        } else {
            leaf = reader.digest();
        }
    }
    message.head = reader.head();
    message.run = reader.run();
    return message;
}

std::optional<Message> read_body(Type type, Reader& reader) {
    switch (type) {
        case Type::hello:
            return read_hello(reader);
        case Type::submit:
            return read_submit(reader);
        case Type::credit:
            return Credit{reader.index()};
        case Type::welcome:
            return read_welcome(reader);
        case Type::outcome:
            return read_outcome(reader);
        case Type::batch_refused:
            return read_batch_refused(reader);
        case Type::delivery:
            return read_delivery(reader);
        case Type::farewell:
            return Farewell{reader.reason()};
    }
    return std::nullopt;
}

}  // namespace

Bytes encode(const Message& message) {
    Writer writer;
    writer.u8(static_cast<std::uint8_t>(type_of(message)));
    std::visit([&writer](const auto& each) { write(writer, each); }, message);
    return writer.take();
}

Result<Message> decode(BytesView frame) {
    if (frame.size() > kMaxFrameBytes) return Errc::too_large;
    Reader reader(frame);
    const Type type{reader.u8()};
    std::optional<Message> message = read_body(type, reader);
    if (!message || !reader.finished()) return Errc::protocol_violation;
    return *std::move(message);
}

}  // namespace tongbao::protocol
