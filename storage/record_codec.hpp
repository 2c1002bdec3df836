#pragma once

#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::storage {

/// Writes the parts of a key or a value one after the other. docs/STORAGE_FORMAT.md has the layouts
/// that are made of them.
///
/// Numbers are big-endian, so that keys sort as their numbers do; a varint has seven bits a byte,
/// the lowest first, and the high bit set on all but the last byte.
class RecordWriter {
public:
    RecordWriter() = default;
    /// Makes room for `size` bytes at once; more may come.
    explicit RecordWriter(std::size_t size) { bytes_.reserve(size); }

    RecordWriter& byte(std::uint8_t value);
    RecordWriter& flag(bool value);
    /// 8 bytes.
    RecordWriter& number(std::uint64_t value);
    RecordWriter& index(LogIndex value) { return number(value.value()); }
    /// 8 bytes: milliseconds, two's complement.
    RecordWriter& time(UtcTime value);
    /// 1 to 10 bytes.
    RecordWriter& varint(std::uint64_t value);
    /// The bytes alone, for what has a fixed length or stands at the end.
    RecordWriter& raw(BytesView bytes);
    RecordWriter& digest(const Digest& value) { return raw(value.bytes()); }
    RecordWriter& uuid(const Uuid& value) { return raw(value.array()); }
    /// A varint of the length, then the bytes.
    RecordWriter& sized(BytesView bytes);
    RecordWriter& sized(std::string_view text) { return sized(as_bytes(text)); }
    /// A varint of their number, then each of them sized.
    RecordWriter& sized_list(std::span<const Bytes> list);

    [[nodiscard]] const Bytes& bytes() const& noexcept { return bytes_; }
    [[nodiscard]] Bytes bytes() && noexcept { return std::move(bytes_); }

private:
    Bytes bytes_;
};

/// Reads what RecordWriter wrote, strictly: one value has one encoding.
///
/// After the first part that is not there or not of its form, every further part reads as zero or
/// empty; finish() then says so. A decoder thus reads all its parts and asks once, but never uses
/// them before it asked.
class RecordReader {
public:
    /// `bytes` must outlive the reader and the views that it gives out.
    explicit RecordReader(BytesView bytes) : left_(bytes) {}

    std::uint8_t byte();
    bool flag();
    std::uint64_t number();
    LogIndex index() { return LogIndex(number()); }
    UtcTime time();
    /// Refuses a longer spelling of the number than the shortest.
    std::uint64_t varint();
    /// A varint of at most `limit`.
    std::uint64_t varint(std::uint64_t limit);
    /// A varint that counts things of at least `bytes_each` bytes, which are still to be read: no
    /// larger than what is left can hold.
    std::size_t count(std::size_t bytes_each);
    BytesView raw(std::size_t size);
    Digest digest();
    Uuid uuid();
    BytesView sized();
    std::string sized_text() { return std::string(as_text(sized())); }
    std::vector<Bytes> sized_list();
    /// All that is left.
    BytesView rest();

    /// Reads a byte that must be `version`.
    void version(std::uint8_t version);
    /// Declares the record bad, for rules that only its decoder knows.
    void refuse() noexcept;
    [[nodiscard]] bool failed() const noexcept { return failed_; }

    /// Errors: Errc::storage_corrupt if a part failed, or if something is left.
    [[nodiscard]] Result<void> finish() const;

private:
    BytesView left_;
    bool failed_{false};
};

}  // namespace tongbao::storage
