#pragma once

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "hub/config.hpp"
#include "program/logging.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace tongbao::hub {

/// The whole hub in one process: owns the parts and wires them together.
class Hub {
public:
    /// Opens everything, checks the log against the head outside it, brings the register up to
    /// date, and binds the port; serves nothing yet. `logging` and `clock` outlive the hub.
    ///
    /// Errors, with the cause in words for the operator in `words`: Errc::bad_charter and the first
    /// reasons; those of load_clock_rules, read_tls_files, the stores, check_head and
    /// bring_register_up_to_date; Errc::bad_key for the log key; those of transport::listen_tls.
    [[nodiscard]] static Result<std::unique_ptr<Hub>> open(const Config& config, const Clock& clock,
                                                           program::Logging& logging,
                                                           std::string& words);
    virtual ~Hub() = default;

    [[nodiscard]] virtual std::uint16_t port() const = 0;

    /// Serves until SIGTERM or SIGINT, then stops in order: no more connections, requests that run
    /// answered, streams closed, all that was taken over committed, the head outside synced. A
    /// batch of a stream that was closed meanwhile gets its answer when it is sent again. To be
    /// called once.
    virtual void run() = 0;
};

}  // namespace tongbao::hub
