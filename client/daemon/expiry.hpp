#pragma once

#include "domain/time.hpp"
#include "program/logging.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// How long the daemon's own certificates last.
namespace tongbao::client {

struct OwnCertificate {
    std::string use;  ///< `tls` or `sign`, as the configuration calls it
    std::string spiffe;
    UtcTime not_after{};
    /// The register does not enrol it (yet), as far as this daemon knows.
    bool waiting{false};
};

/// Whole days until then, rounded down: 0 on the last day, below 0 when it is over.
[[nodiscard]] std::int64_t days_left(UtcTime not_after, UtcTime now);

/// The warning that holds with so many days left: 60, 30 or 7 when at most so many are, 0 when it
/// is over; none with more than 60.
[[nodiscard]] std::optional<std::int64_t> expiry_warning(UtcTime not_after, UtcTime now);

/// Writes a line for each certificate that has a warning: `certificate_expires`, a warning, from 7
/// days on an error, with what to do.
void log_expiry(const std::vector<OwnCertificate>& certificates, UtcTime now,
                program::Logging& logging);

/// log_expiry of what `certificates` gives then, now and every `period`, until its executor stops.
/// All outlive it.
[[nodiscard]] boost::asio::awaitable<void> watch_expiry(
    std::function<std::vector<OwnCertificate>()> certificates, const Clock& clock,
    program::Logging& logging, std::chrono::milliseconds period = std::chrono::days(1));

}  // namespace tongbao::client
