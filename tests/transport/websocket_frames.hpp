#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Frames of RFC 6455, right and wrong, as bytes.

namespace tongbao::transport::testing {

enum class Sender { client, server };

/// How the length of a payload is written. Source: RFC 6455 section 5.2.
enum class LengthForm { shortest, in_16_bits, in_64_bits };

/// One frame as it is said to be, whether RFC 6455 allows it or not.
struct Frame {
    /// FIN, the reserved bits and the opcode.
    std::uint8_t first;
    std::string payload{};
    LengthForm form = LengthForm::shortest;
    /// What the head says in the place of the payload's length, in 64 bits.
    std::uint64_t declared = 0;

    /// `masked` as the client's frames are, else as the server's.
    [[nodiscard]] std::string bytes(bool masked) const;
};

/// Frames one after the other, masked as `sender` has to.
[[nodiscard]] std::string bytes_of(const std::vector<Frame>& frames, Sender sender);

/// A close frame's payload.
[[nodiscard]] std::string close_payload(std::uint16_t code, std::string_view reason = "");

/// What a peer sends after the handshake, and with which close code it is answered.
struct FrameRow {
    const char* name;
    std::vector<Frame> frames;
    std::uint16_t close_code;
};

/// Sent with the right mask; the connection ends with this code. `limit`: the largest message in
/// bytes. Every wrong sequence of frames that the project knows of: a row is added by adding data.
[[nodiscard]] std::vector<FrameRow> forbidden_frames(std::size_t limit);

/// What is allowed: each binary message comes back, and a last close frame is answered by its own
/// code.
struct LegalRow {
    const char* name;
    std::vector<Frame> frames;
    /// What the peer gets: frames as an echo sends them.
    std::vector<Frame> answers;
};
[[nodiscard]] std::vector<LegalRow> legal_frames(std::size_t limit);

/// The unmasked close frame at the end of `bytes`: its code; 0 if there is none.
[[nodiscard]] std::uint16_t server_close_code(std::string_view bytes);
/// The same of a client's frame, which is masked.
[[nodiscard]] std::uint16_t client_close_code(std::string_view bytes);

}  // namespace tongbao::transport::testing
