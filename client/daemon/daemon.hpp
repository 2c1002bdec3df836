#pragma once

#include "client/daemon/config.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "program/logging.hpp"

#include <memory>
#include <string>

namespace tongbao::client {

/// A unit's daemon in one process: owns the parts and wires them together.
class Daemon {
public:
    /// Opens everything and binds the socket; connects to nothing yet. All outlive the daemon.
    ///
    /// Errors, with the cause in words for the operator in `words`: the charter's first reason;
    /// those of read_tls_files, StatementSigner::make, the stores and transport::listen_unix;
    /// Errc::certificate_wrong_name if the certificates are another unit's.
    [[nodiscard]] static Result<std::unique_ptr<Daemon>> open(const DaemonConfig& config,
                                                              const Clock& clock,
                                                              program::Logging& logging,
                                                              std::string& words);
    virtual ~Daemon() = default;

    /// Serves until SIGTERM or SIGINT, then stops in order. To be called once.
    virtual void run() = 0;
};

}  // namespace tongbao::client
