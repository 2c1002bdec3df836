#include "tests/transport/websocket_frames.hpp"

#include <array>

namespace tongbao::transport::testing {
namespace {

// The first byte. Source: RFC 6455 section 5.2.
constexpr std::uint8_t kFin = 0x80;
constexpr std::uint8_t kContinuation = 0x0;
constexpr std::uint8_t kText = 0x1;
constexpr std::uint8_t kBinary = 0x2;
constexpr std::uint8_t kClose = 0x8;
constexpr std::uint8_t kPing = 0x9;
constexpr std::uint8_t kPong = 0xA;

constexpr std::uint8_t kWholeBinary = kFin | kBinary;
constexpr std::uint8_t kWholeText = kFin | kText;
constexpr std::uint8_t kLast = kFin | kContinuation;
constexpr std::uint8_t kCloses = kFin | kClose;
constexpr std::uint8_t kPings = kFin | kPing;
constexpr std::uint8_t kPongs = kFin | kPong;

/// Any will do that changes bytes.
constexpr std::array<std::uint8_t, 4> kMask{0x37, 0xFA, 0x21, 0x3D};

std::string big_endian(std::uint64_t value, int bytes) {
    std::string text;
    for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i) & 0xFF);
    return text;
}

/// `size` in frames of at most `piece` bytes.
std::vector<Frame> pieces(std::size_t size, std::size_t piece) {
    std::vector<Frame> frames;
    std::uint8_t opcode = kBinary;
    for (std::size_t left = size; left > 0;) {
        const std::size_t part = std::min(left, piece);
        left -= part;
        frames.push_back(
            {static_cast<std::uint8_t>(opcode | (left == 0 ? kFin : 0)), std::string(part, 'a')});
        opcode = kContinuation;
    }
    return frames;
}

Frame closing(std::uint16_t code, std::string_view reason = "") {
    return {kCloses, close_payload(code, reason)};
}

}  // namespace

std::string Frame::bytes(bool masked) const {
    const std::uint64_t length = declared == 0 ? payload.size() : declared;
    const auto mask_bit = static_cast<std::uint8_t>(masked ? 0x80 : 0);
    std::string text(1, static_cast<char>(first));
    if (declared != 0 || form == LengthForm::in_64_bits || length > 0xFFFF) {
        text += static_cast<char>(mask_bit | 127);
        text += big_endian(length, 8);
    } else if (form == LengthForm::in_16_bits || length > 125) {
        text += static_cast<char>(mask_bit | 126);
        text += big_endian(length, 2);
    } else {
        text += static_cast<char>(mask_bit | length);
    }
    if (!masked) return text + payload;
    for (const std::uint8_t byte : kMask) text += static_cast<char>(byte);
    for (std::size_t i = 0; i < payload.size(); ++i) {
        text += static_cast<char>(static_cast<std::uint8_t>(payload[i]) ^ kMask[i % 4]);
    }
    return text;
}

std::string bytes_of(const std::vector<Frame>& frames, Sender sender) {
    std::string text;
    for (const Frame& frame : frames) text += frame.bytes(sender == Sender::client);
    return text;
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
    return big_endian(code, 2).append(reason);
}

std::vector<FrameRow> forbidden_frames(std::size_t limit) {
    // 1002, 1007 and 1009 are those of RFC 6455 section 7.4.1; where it leaves a choice, a comment
    // says so.
    std::vector<FrameRow> rows{
        {"the first reserved bit", {{kWholeBinary | 0x40, "a"}}, 1002},
        {"the second reserved bit", {{kWholeBinary | 0x20, "a"}}, 1002},
        {"the third reserved bit", {{kWholeBinary | 0x10, "a"}}, 1002},
        {"a reserved bit in a continuation", {{kBinary, "a"}, {kLast | 0x40, "b"}}, 1002},
        {"a reserved bit in a ping", {{kPings | 0x40, "a"}}, 1002},
        {"a reserved bit in a close", {{kCloses | 0x10, close_payload(1000)}}, 1002},

        {"a fragmented ping", {{kPing, "a"}, {kLast, "b"}}, 1002},
        {"a fragmented pong", {{kPong, "a"}}, 1002},
        {"a fragmented close", {{kClose, close_payload(1000)}}, 1002},
        {"a ping of 126 bytes", {{kPings, std::string(126, 'a')}}, 1002},
        {"a pong of 126 bytes", {{kPongs, std::string(126, 'a')}}, 1002},
        {"a close of 126 bytes", {{kCloses, close_payload(1000, std::string(124, 'a'))}}, 1002},
        {"a ping that declares 2^63 bytes", {{kPings, "", {}, std::uint64_t{1} << 63}}, 1002},
        {"a ping whose length takes 16 bits", {{kPings, "a", LengthForm::in_16_bits}}, 1002},

        {"a continuation without a start", {{kLast, "a"}}, 1002},
        {"an unfinished continuation without a start", {{kContinuation, "a"}}, 1002},
        {"a continuation after a whole message", {{kWholeBinary, "a"}, {kLast, "b"}}, 1002},
        {"a binary frame inside a message", {{kBinary, "a"}, {kWholeBinary, "b"}}, 1002},
        {"an unfinished frame inside a message", {{kBinary, "a"}, {kBinary, "b"}}, 1002},
        {"a text frame inside a message", {{kBinary, "a"}, {kWholeText, "b"}}, 1002},
        {"the same after a ping inside it",
         {{kBinary, "a"}, {kPings, ""}, {kWholeBinary, "b"}},
         1002},

        {"5 bytes whose length takes 16 bits",
         {{kWholeBinary, "12345", LengthForm::in_16_bits}},
         1002},
        {"125 bytes whose length takes 16 bits",
         {{kWholeBinary, std::string(125, 'a'), LengthForm::in_16_bits}},
         1002},
        {"5 bytes whose length takes 64 bits",
         {{kWholeBinary, "12345", LengthForm::in_64_bits}},
         1002},
        {"65535 bytes whose length takes 64 bits",
         {{kWholeBinary, std::string(65535, 'a'), LengthForm::in_64_bits}},
         1002},

        {"a text message", {{kWholeText, "a"}}, 1003},
        {"an empty text message", {{kWholeText, ""}}, 1003},
        {"a text message in fragments", {{kText, "a"}, {kLast, "b"}}, 1003},
        // 1003 would do as well.
        {"text that is no UTF-8", {{kWholeText, "\xC3\x28"}}, 1007},

        {"a frame beyond the limit", {{kWholeBinary, std::string(limit + 1, 'a')}}, 1009},
        {"a frame far beyond the limit", {{kWholeBinary, std::string(8 * limit, 'a')}}, 1009},
        {"a message beyond the limit in two frames", pieces(limit + 1, limit), 1009},
        {"a message beyond the limit in many frames", pieces(limit + 1000, 1000), 1009},
        {"a frame that declares 2^31 bytes",
         {{kWholeBinary, "a", {}, std::uint64_t{1} << 31}},
         1009},
        {"a frame that declares 2^63 - 1 bytes",
         {{kWholeBinary, "a", {}, (std::uint64_t{1} << 63) - 1}},
         1009},
        // The highest bit must be 0; that it is too large is as true.
        {"a frame that declares 2^63 bytes",
         {{kWholeBinary, "a", {}, std::uint64_t{1} << 63}},
         1009},
        {"a frame that declares 2^64 - 1 bytes",
         {{kWholeBinary, "a", {}, ~std::uint64_t{0}}},
         1009},
        {"a continuation that overflows the length",
         {{kBinary, "ab"}, {kLast, "", {}, ~std::uint64_t{0}}},
         1009},

        {"a close with half a code", {{kCloses, "\x03"}}, 1002},
        // 1007 would do as well.
        {"a close whose reason is no UTF-8", {closing(1000, "\xC3\x28")}, 1002},
        {"a close whose reason ends in the middle of a character",
         {closing(1000, "\xE2\x82")},
         1002},
    };
    for (const int opcode : {0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF}) {
        rows.push_back(
            {"a reserved opcode", {{static_cast<std::uint8_t>(kFin | opcode), ""}}, 1002});
    }
    // Source: RFC 6455 sections 7.4.1 (1004 to 1006, 1015) and 7.4.2.
    for (const int code : {0, 1, 999, 1004, 1005, 1006, 1014, 1015, 1016, 1100, 2000, 2999}) {
        rows.push_back({"a code that may not stand in a close frame",
                        {closing(static_cast<std::uint16_t>(code))},
                        1002});
    }
    return rows;
}

std::vector<LegalRow> legal_frames(std::size_t limit) {
    const Frame close = closing(1000);
    const std::string most(limit, 'a');
    std::vector<LegalRow> rows{
        {"one frame", {{kWholeBinary, "abc"}, close}, {{kWholeBinary, "abc"}, close}},
        {"an empty message", {{kWholeBinary, ""}, close}, {{kWholeBinary, ""}, close}},
        {"two fragments", {{kBinary, "ab"}, {kLast, "c"}, close}, {{kWholeBinary, "abc"}, close}},
        {"empty fragments",
         {{kBinary, ""}, {kContinuation, "ab"}, {kContinuation, ""}, {kLast, ""}, close},
         {{kWholeBinary, "ab"}, close}},
        {"a ping between fragments",
         {{kBinary, "ab"}, {kPings, "x"}, {kLast, "c"}, close},
         {{kPongs, "x"}, {kWholeBinary, "abc"}, close}},
        {"the largest ping",
         {{kPings, std::string(125, 'x')}, close},
         {{kPongs, std::string(125, 'x')}, close}},
        {"a pong that nobody asked for",
         {{kPongs, "x"}, {kWholeBinary, "a"}, close},
         {{kWholeBinary, "a"}, close}},
        {"125 bytes",
         {{kWholeBinary, std::string(125, 'a')}, close},
         {{kWholeBinary, std::string(125, 'a')}, close}},
        {"126 bytes",
         {{kWholeBinary, std::string(126, 'a')}, close},
         {{kWholeBinary, std::string(126, 'a')}, close}},
        {"65535 bytes",
         {{kWholeBinary, std::string(65535, 'a')}, close},
         {{kWholeBinary, std::string(65535, 'a')}, close}},
        {"the largest message", {{kWholeBinary, most}, close}, {{kWholeBinary, most}, close}},
        {"two messages",
         {{kWholeBinary, "a"}, {kWholeBinary, "b"}, close},
         {{kWholeBinary, "a"}, {kWholeBinary, "b"}, close}},
        // Answered by 1000, since 1005 must not be sent. Source: RFC 6455 section 7.4.1.
        {"a close without a code", {{kCloses, ""}}, {close}},
    };
    LegalRow largest{"the largest message in fragments", pieces(limit, 1000), {}};
    largest.frames.push_back(close);
    largest.answers = {{kWholeBinary, most}, close};
    rows.push_back(std::move(largest));
    for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 4999}) {
        const auto each = static_cast<std::uint16_t>(code);
        rows.push_back(
            {"a close with a code and a reason", {closing(each, "why")}, {closing(each)}});
    }
    return rows;
}

std::uint16_t server_close_code(std::string_view bytes) {
    // Ours give no reason but to text.
    for (const std::string_view reason : {"", "binary only"}) {
        const std::size_t size = 4 + reason.size();
        if (bytes.size() < size || !bytes.ends_with(reason)) continue;
        const std::string_view frame = bytes.substr(bytes.size() - size);
        if (static_cast<std::uint8_t>(frame[0]) != kCloses) continue;
        if (static_cast<std::size_t>(frame[1]) != size - 2) continue;
        return static_cast<std::uint16_t>(static_cast<std::uint8_t>(frame[2]) << 8 |
                                          static_cast<std::uint8_t>(frame[3]));
    }
    return 0;
}

std::uint16_t client_close_code(std::string_view bytes) {
    for (const std::string_view reason : {"", "binary only"}) {
        const std::size_t size = 8 + reason.size();
        if (bytes.size() < size) continue;
        const std::string_view frame = bytes.substr(bytes.size() - size);
        const auto byte = [frame](std::size_t at) { return static_cast<std::uint8_t>(frame[at]); };
        if (byte(0) != kCloses || byte(1) != (0x80 | (size - 6))) continue;
        return static_cast<std::uint16_t>((byte(6) ^ byte(2)) << 8 | (byte(7) ^ byte(3)));
    }
    return 0;
}

}  // namespace tongbao::transport::testing
