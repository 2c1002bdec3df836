#pragma once

#include "domain/bytes.hpp"

#include <cstdint>
#include <optional>

namespace tongbao::crypto {

/// Tags of the values that stand in a statement's container. Source: ITU-T X.690 section 8.
enum class DerTag : std::uint8_t {
    integer = 0x02,
    octet_string = 0x04,
    object_id = 0x06,
    utc_time = 0x17,
    generalized_time = 0x18,
    sequence = 0x30,
    set = 0x31,
    context_0 = 0x80,              ///< [0] IMPLICIT over a primitive
    context_0_constructed = 0xa0,  ///< [0] over a constructed value
    context_4_constructed = 0xa4,
};

/// Takes DER values from the front of a range of bytes; it holds no copy.
///
/// Lengths are definite and in their shortest form, so that what was read can be written in one way
/// only. Every failure is final for its reader, and a caller may ask at the end.
class DerReader {
public:
    explicit DerReader(BytesView bytes) : rest_(bytes) {}

    /// The contents of the next value, which must have `tag`.
    [[nodiscard]] std::optional<BytesView> take(DerTag tag);
    /// The next value with its tag and length.
    [[nodiscard]] std::optional<BytesView> take_whole(DerTag tag);
    /// A reader of the next value's contents; one that has failed if there is none.
    [[nodiscard]] DerReader enter(DerTag tag);
    /// Passes over `expected`, which must stand here byte for byte.
    void expect(BytesView expected);

    [[nodiscard]] bool next_is(DerTag tag) const noexcept;
    /// Whether nothing failed and nothing is left.
    [[nodiscard]] bool finished() const noexcept { return good_ && rest_.empty(); }
    [[nodiscard]] bool good() const noexcept { return good_; }

private:
    /// The size of the header and of the contents of the value at the front.
    struct Extent {
        std::size_t header;
        std::size_t contents;
    };
    [[nodiscard]] std::optional<Extent> extent(DerTag tag) const noexcept;

    BytesView rest_;
    bool good_ = true;
};

}  // namespace tongbao::crypto
