#include "transport/body_decoder.hpp"

#include <algorithm>

namespace tongbao::transport {
namespace {

/// 15 digits of 4 bits each fit 64 bits with room to spare.
constexpr std::size_t kMaxSizeDigits = 15;

std::optional<std::uint64_t> hex_value(std::uint8_t digit) noexcept {
    if (digit >= '0' && digit <= '9') return digit - std::uint64_t{'0'};
    if (digit >= 'a' && digit <= 'f') return digit - std::uint64_t{'a'} + 10;
    if (digit >= 'A' && digit <= 'F') return digit - std::uint64_t{'A'} + 10;
    return std::nullopt;
}

}  // namespace

BodyDecoder BodyDecoder::fixed(std::uint64_t length) noexcept {
    return {length == 0 ? State::finished : State::fixed, length};
}

BodyDecoder BodyDecoder::chunked() noexcept {
    return {State::chunk_size, 0};
}

std::optional<std::uint64_t> BodyDecoder::remaining() const noexcept {
    if (state_ == State::finished) return 0;
    if (state_ == State::fixed) return left_;
    return std::nullopt;
}

Result<BodyDecoder::Step> BodyDecoder::next(BytesView input, std::size_t max) {
    switch (state_) {
        case State::fixed:
            return take_data(input, max, State::finished);
        case State::chunk_size:
            return take_size(input);
        case State::chunk_data:
            return take_data(input, max, State::chunk_end);
        case State::chunk_end:
            return take_line_end(input, State::chunk_size);
        case State::last_line:
            return take_line_end(input, State::finished);
        case State::finished:
            break;
    }
    return Step();
}

BodyDecoder::Step BodyDecoder::take_data(BytesView input, std::size_t max, State after) noexcept {
    const std::uint64_t here = std::min<std::uint64_t>(std::min(input.size(), max), left_);
    const auto size = static_cast<std::size_t>(here);
    left_ -= here;
    if (left_ == 0) state_ = after;
    return {size, input.first(size)};
}

Result<BodyDecoder::Step> BodyDecoder::take_size(BytesView input) {
    std::size_t digits = 0;
    std::uint64_t size = 0;
    for (; digits < input.size(); ++digits) {
        const std::optional<std::uint64_t> value = hex_value(input[digits]);
        if (!value) break;
        if (digits == kMaxSizeDigits) return Errc::bad_request;
        size = size * 16 + *value;
    }
    if (digits == input.size()) return Step();
    if (digits == 0 || input[digits] != '\r') return Errc::bad_request;
    if (digits + 1 == input.size()) return Step();
    if (input[digits + 1] != '\n') return Errc::bad_request;
    left_ = size;
    state_ = size == 0 ? State::last_line : State::chunk_data;
    return Step{digits + 2, {}};
}

Result<BodyDecoder::Step> BodyDecoder::take_line_end(BytesView input, State after) {
    if (!input.empty() && input[0] != '\r') return Errc::bad_request;
    if (input.size() < 2) return Step();
    if (input[1] != '\n') return Errc::bad_request;
    state_ = after;
    return Step{2, {}};
}

}  // namespace tongbao::transport
