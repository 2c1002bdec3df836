#include "protocol/message_codec.hpp"

#include "protocol/frame_reader.hpp"
#include "protocol/frame_writer.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>

namespace tongbao::protocol {
namespace {

using namespace frame;

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
    writer.endorsements(message.endorsements);
}

void write(Writer& writer, const Credit& message) {
    writer.index(message.through);
}

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
            if (accepted->repeated) {
                writer.bytes(accepted->earlier.entry);
                writer.digests(accepted->earlier.path);
            }
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
    writer.endorsements(message.endorsements);
}

void write(Writer& writer, const Farewell& message) {
    writer.reason(message.reason);
}

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
    message.endorsements = reader.endorsements(message.leaves.size());
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

LeafAccepted read_accepted(Reader& reader, bool repeated) {
    LeafAccepted accepted{reader.index(), repeated};
    if (!repeated) return accepted;
    accepted.earlier.entry = reader.bytes(kMaxShownEntryBytes);
    accepted.earlier.path = reader.digests(kMaxInclusionDigests);
    return accepted;
}

LeafOutcome read_leaf_outcome(Reader& reader) {
    const Tag tag = reader.tag(Tag::third);
    if (tag != Tag::third) return read_accepted(reader, tag == Tag::second);
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
    message.endorsements = reader.endorsements(message.leaves.size());
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

/// Room for a part of fixed size, or for the length of one that has any.
constexpr std::size_t kRoomForPart = 16;
/// The same for all of a message but its leaves and entries, as it mostly is.
constexpr std::size_t kRoomForHead = 8 * 1024;

std::size_t room_for(const EntryRun& run) {
    std::size_t size = 0;
    for (const EntryOrHash& entry : run.entries) {
        const auto* const whole = std::get_if<Bytes>(&entry);
        size += kRoomForPart + (whole != nullptr ? whole->size() : Digest::kSize);
    }
    return size;
}

/// About how long a message becomes: a batch is long, and is not to be copied as its frame grows.
template <typename T>
std::size_t room_for(const T& /*message*/) {
    return 0;
}
std::size_t room_for(const Submit& message) {
    std::size_t size = kRoomForHead;
    for (const Bytes& leaf : message.leaves) size += kRoomForPart + leaf.size();
    return size;
}
std::size_t room_for(const Outcome& message) {
    return kRoomForHead + kRoomForPart * message.leaves.size() + room_for(message.run);
}
std::size_t room_for(const Delivery& message) {
    std::size_t size = kRoomForHead + room_for(message.run);
    for (const auto& leaf : message.leaves) {
        const auto* const whole = std::get_if<DeliveredLeaf>(&leaf);
        size += kRoomForPart + (whole != nullptr ? whole->bytes.size() : Digest::kSize);
    }
    return size;
}

}  // namespace

std::span<const Bytes> endorsements_of(const Endorsements& endorsements, std::size_t position) {
    const auto found =
        std::lower_bound(endorsements.begin(), endorsements.end(), position,
                         [](const auto& each, std::size_t wanted) { return each.leaf < wanted; });
    if (found == endorsements.end() || found->leaf != position) return {};
    return found->statements;
}

Bytes encode(const Message& message) {
    Writer writer(std::visit([](const auto& each) { return room_for(each); }, message));
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
