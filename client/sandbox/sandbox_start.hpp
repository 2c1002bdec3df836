#pragma once

#include "client/sandbox/sandbox.hpp"
#include "client/sandbox/sandbox_config.hpp"
#include "client/sandbox/sandbox_file.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"
#include "program/shipped_files.hpp"

#include <chrono>
#include <cstdint>

namespace tongbao::client {

/// How long a process has to end: first after it was asked to, then after it was killed.
inline constexpr std::chrono::seconds kStopLimit{15};

struct StartOrder {
    /// By which the hub's certificate is judged. Outlives the start.
    const Clock& clock;
    /// The hub's; 0: any free one. Where some daemon still runs, the hub gets the one it had.
    std::uint16_t port{0};
    std::chrono::seconds patience{60};
};

/// Starts those processes of a sandbox that do not run, writes each into sandbox.json as soon as it
/// does, and waits until all are ready. If they are not in time, those started here are stopped.
///
/// Errors: Errc::not_found for a program; Errc::storage_failure; Errc::process_failed for one that
/// ended, Errc::timed_out for one that is not ready, both with the last lines of its log.
[[nodiscard]] Checked<void> start_sandbox(const SandboxLayout& layout, SandboxFile& sandbox,
                                          const StartOrder& order,
                                          const program::ShippedFiles& shipped,
                                          const TellProgress& tell);

}  // namespace tongbao::client
