#pragma once

#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/endorsement.hpp"
#include "protocol/frame_writer.hpp"
#include "protocol/limits.hpp"
#include "protocol/message.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::protocol::frame {

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

    std::vector<Digest> digests(std::size_t limit = kMaxProofDigests) {
        std::vector<Digest> values(count(limit, Digest::kSize));
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
        const Bytes* last = nullptr;
        std::size_t room = kMaxRunBytes;
        for (EntryOrHash& each : value.entries) {
            const Tag how = tag(Tag::third);
            if (how == Tag::second) {
                each = digest();
                continue;
            }
            each = how == Tag::first ? bytes(kMaxShownEntryBytes) : changed(last, room);
            last = &std::get<Bytes>(each);
            if (last->size() > room) good_ = false;
            if (!good_) break;
            room -= last->size();
        }
        value.proof = digests();
        return value;
    }

    /// The entry that differs from `last`, the one of the run that was read last, by the changes
    /// that stand here: at least one, ascending, within it. Its copy is made only if it fits
    /// `room`.
    Bytes changed(const Bytes* last, std::size_t room) {
        const std::size_t changes =
            count(kMaxEntryChanges, sizeof(std::uint16_t) + sizeof(std::uint32_t));
        if (last == nullptr || changes == 0 || last->size() > room) good_ = false;
        if (!good_) return {};
        Bytes value = *last;
        std::size_t free_from = 0;
        for (std::size_t i = 0; i < changes; ++i) {
            const std::size_t place = u16();
            const BytesView other = take(count(kMaxLogEntryBytes, 1));
            if (other.empty() || place < free_from || place + other.size() > value.size()) {
                good_ = false;
                return {};
            }
            std::copy(other.begin(), other.end(),
                      value.begin() + static_cast<std::ptrdiff_t>(place));
            free_from = place + other.size();
        }
        return value;
    }

    /// Of a batch of so many leaves: by ascending position, none without a statement.
    Endorsements endorsements(std::size_t leaves) {
        Endorsements values(count(leaves, sizeof(std::uint16_t) + 2 * sizeof(std::uint32_t)));
        std::size_t free_from = 0;
        for (LeafEndorsements& each : values) {
            each.leaf = u16();
            each.statements.resize(count(kMaxEndorsements, sizeof(std::uint32_t)));
            for (Bytes& statement : each.statements) statement = bytes(kMaxStatementBytes);
            if (each.leaf < free_from || each.leaf >= leaves || each.statements.empty()) {
                good_ = false;
            }
            free_from = std::size_t{each.leaf} + 1;
        }
        if (!good_) values.clear();
        return values;
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

}  // namespace tongbao::protocol::frame
