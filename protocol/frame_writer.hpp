#pragma once

#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "protocol/entry_changes.hpp"
#include "protocol/limits.hpp"
#include "protocol/message.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// The parts that the stream's messages are made of, as bytes: message_codec's alone.
namespace tongbao::protocol::frame {

/// Tags of alternatives inside a message.
enum class Tag : std::uint8_t { first = 0, second = 1, third = 2 };

/// The front of `text`, cut where a character begins.
inline std::string_view cut(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return text;
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0u) == 0x80u) --limit;
    return text.substr(0, limit);
}

/// What Writer::reason writes of `value`, in bytes.
inline std::size_t reason_bytes(const Reason& value) {
    return 3 * sizeof(std::uint32_t) + code(value.code).size() +
           cut(value.place, kMaxReasonTextBytes).size() +
           cut(value.explanation, kMaxReasonTextBytes).size();
}

class Writer {
public:
    /// Makes room for `size` bytes at once; more may come.
    explicit Writer(std::size_t size) { bytes_.reserve(size); }

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
        const Bytes* last = nullptr;
        for (const EntryOrHash& each : value.entries) {
            if (const auto* const whole = std::get_if<Bytes>(&each)) {
                entry(last, *whole);
                last = whole;
            } else {
                tag(Tag::second);
                digest(std::get<Digest>(each));
            }
        }
        digests(value.proof);
    }
    /// As what differs from `last`, the entry of the run that was written last, if that is less.
    void entry(const Bytes* last, const Bytes& whole) {
        const std::vector<EntryChange> changes =
            last != nullptr ? changes_of(*last, whole) : std::vector<EntryChange>();
        if (changes.empty()) {
            tag(Tag::first);
            bytes(whole);
            return;
        }
        tag(Tag::third);
        count(changes.size());
        for (const EntryChange& change : changes) {
            u16(change.place);
            bytes(BytesView(whole).subspan(change.place, change.size));
        }
    }

    void endorsements(const Endorsements& values) {
        count(values.size());
        for (const LeafEndorsements& each : values) {
            u16(each.leaf);
            count(each.statements.size());
            for (const Bytes& statement : each.statements) bytes(statement);
        }
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

}  // namespace tongbao::protocol::frame
