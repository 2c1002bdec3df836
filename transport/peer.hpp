#pragma once

#include "domain/digest.hpp"

#include <sys/types.h>

#include <string>
#include <variant>

namespace tongbao::transport {

/// Who a certificate says that the other side is: the result of checking it, never a claim.
struct PeerId {
    /// The SPIFFE URI of the certificate.
    std::string spiffe;
    /// SHA-256 of the certificate in DER.
    Digest certificate;

    friend bool operator==(const PeerId&, const PeerId&) = default;
};

/// The process at the other end of a Unix socket when it connected, as the kernel tells.
struct LocalPeer {
    uid_t uid{};
    gid_t gid{};
    pid_t pid{};

    friend bool operator==(const LocalPeer&, const LocalPeer&) = default;
};

/// The other side of a connection.
struct Peer {
    /// For logs: `192.0.2.7`, `2001:db8::7`, or `unix:uid=1000`.
    std::string address;
    std::variant<PeerId, LocalPeer> who;

    /// The certified identity; null on a Unix socket.
    [[nodiscard]] const PeerId* certified() const noexcept { return std::get_if<PeerId>(&who); }
    /// The local process; null on a TLS connection.
    [[nodiscard]] const LocalPeer* local() const noexcept { return std::get_if<LocalPeer>(&who); }
};

}  // namespace tongbao::transport
