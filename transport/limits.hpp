#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tongbao::transport {

/// The bounds that a server or a client keeps. The caller gives every one of them: there are no
/// defaults here, so that all limits of a program stand in one place.
struct Limits {
    /// The head of a message, from its first line to its empty line; also the size of the buffer
    /// that each connection holds. At least 1024.
    std::size_t header_bytes;
    /// Header fields in one head.
    std::size_t header_fields;
    /// The body of one message, after its framing is taken off. A handler may allow less.
    std::uint64_t body_bytes;
    /// How much of a body that nobody read is thrown away to keep the connection; a longer rest
    /// closes it.
    std::uint64_t drain_bytes;
    /// One message of a WebSocket.
    std::size_t websocket_message_bytes;

    /// Making a connection (client), the TLS handshake, the WebSocket handshakes.
    std::chrono::milliseconds handshake;
    /// The first byte of a new connection, and from a head's first byte the whole of it.
    std::chrono::milliseconds header;
    /// Each further 64 KiB of a body (or its end), in either direction: a trickle of single bytes
    /// does not extend it. Also one message written to a WebSocket, and each 64 KiB (or the end)
    /// of one that has begun to arrive.
    std::chrono::milliseconds body;
    /// A connection without a request; a WebSocket whose peer does not answer pings; in a client
    /// the wait for the first byte of an answer.
    std::chrono::milliseconds idle;

    /// Connections in all, from one address, and with one certificate. A Unix socket counts all
    /// its peers as one address. Of those of one address a quarter, but at least one, may be
    /// without a finished handshake.
    std::size_t connections;
    std::size_t connections_per_address;
    std::size_t connections_per_certificate;
};

}  // namespace tongbao::transport
