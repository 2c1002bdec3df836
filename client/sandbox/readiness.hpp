#pragma once

#include "domain/result.hpp"
#include "domain/spiffe_id.hpp"
#include "domain/time.hpp"
#include "program/tls_files.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace tongbao::client {

/// Where a hub should answer, and with which certificate to ask.
struct HubQuestion {
    std::uint16_t port{0};
    TrustDomain trust_domain;
    program::TlsFiles tls;
};

/// Asks the hub on this machine for its log's checkpoint, and judges its certificate by `clock`;
/// some seconds at most.
///
/// Errors: those of program::read_tls_files and transport::connect_https; Errc::hub_unavailable if
/// it answers anything else.
[[nodiscard]] Result<void> ask_hub(const HubQuestion& question, const Clock& clock);

/// What a daemon says of itself.
struct DaemonCondition {
    bool connected{false};
    std::string last_error;  ///< why not
    std::string alarm;       ///< why it refuses the hub's log; empty: it does not
};

/// Asks the daemon at the Unix socket how it is; some seconds at most.
///
/// Errors: those of transport::connect_unix; Errc::protocol_violation for an answer that can't be
/// read.
[[nodiscard]] Result<DaemonCondition> ask_daemon(const std::filesystem::path& socket);

}  // namespace tongbao::client
