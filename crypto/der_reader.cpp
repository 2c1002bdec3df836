#include "crypto/der_reader.hpp"

#include <algorithm>

namespace tongbao::crypto {
namespace {

constexpr std::uint8_t kLongForm = 0x80;
/// Lengths of up to 65,535: statements are far smaller.
constexpr std::size_t kMaxLengthOctets = 2;

}  // namespace

bool DerReader::next_is(DerTag tag) const noexcept {
    return good_ && !rest_.empty() && rest_.front() == static_cast<std::uint8_t>(tag);
}

std::optional<DerReader::Extent> DerReader::extent(DerTag tag) const noexcept {
    if (!next_is(tag) || rest_.size() < 2) return std::nullopt;
    std::size_t header = 2;
    std::size_t contents = rest_[1];
    if (contents >= kLongForm) {
        // X.690 section 10.1: the definite form, in the least number of octets. 0x80 alone is the
        // indefinite form of BER.
        const std::size_t octets = contents - kLongForm;
        if (octets == 0 || octets > kMaxLengthOctets || rest_.size() < 2 + octets) {
            return std::nullopt;
        }
        contents = 0;
        for (std::size_t i = 0; i < octets; ++i) contents = contents << 8 | rest_[2 + i];
        const std::size_t least = octets == 1 ? kLongForm : 0x100;
        if (contents < least) return std::nullopt;
        header += octets;
    }
    if (rest_.size() - header < contents) return std::nullopt;
    return Extent{header, contents};
}

std::optional<BytesView> DerReader::take_whole(DerTag tag) {
    const std::optional<Extent> found = extent(tag);
    good_ = found.has_value();
    if (!found) return std::nullopt;
    const BytesView whole = rest_.first(found->header + found->contents);
    rest_ = rest_.subspan(whole.size());
    return whole;
}

std::optional<BytesView> DerReader::take(DerTag tag) {
    const std::optional<Extent> found = extent(tag);
    const std::optional<BytesView> whole = take_whole(tag);
    if (!whole) return std::nullopt;
    return whole->subspan(found->header);
}

DerReader DerReader::enter(DerTag tag) {
    const std::optional<BytesView> contents = take(tag);
    DerReader inner(contents.value_or(BytesView()));
    inner.good_ = contents.has_value();
    return inner;
}

void DerReader::expect(BytesView expected) {
    good_ = good_ && rest_.size() >= expected.size() &&
            std::equal(expected.begin(), expected.end(), rest_.begin());
    if (good_) rest_ = rest_.subspan(expected.size());
}

}  // namespace tongbao::crypto
