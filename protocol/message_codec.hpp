#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"
#include "protocol/message.hpp"

namespace tongbao::protocol {

/// The bytes of a message: a type byte, then its members in order; integers big-endian, byte
/// strings and lists preceded by their length or count. docs/PROTOCOL.md has the table. What
/// reasons say is cut to kMaxReasonTextBytes, kMaxReasonsPerLeaf and kMaxOutcomeReasonBytes, so
/// that an answer to many faults can still be read; all else is for the caller to keep within the
/// limits.
[[nodiscard]] Bytes encode(const Message& message);

/// Reads one message, wholly.
///
/// Errors: Errc::protocol_violation for an unknown type, a length beyond the frame or beyond its
/// limit (protocol/limits.hpp), an unknown code, text that is not UTF-8, bytes left over;
/// Errc::too_large over kMaxFrameBytes. Allocates no more than a small multiple of the frame.
[[nodiscard]] Result<Message> decode(BytesView frame);

}  // namespace tongbao::protocol
