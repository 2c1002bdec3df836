#pragma once

#include "domain/result.hpp"
#include "program/exit_code.hpp"
#include "program/logging.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::program {

/// What makes a program that runs until it is told to stop: a hub, a unit's daemon.
struct Service {
    std::string name;         ///< of the executable, such as `tongbao-hub`
    std::string description;  ///< for `--help`, ending in an example

    /// Reads the configuration file of this path. Every fault is one line with the file, the line
    /// and the column; none means that it is good, and that `serve` may run by it.
    std::function<std::vector<std::string>(const std::string& file)> read;

    /// Whether what `read` has read is the configuration of a test deployment.
    std::function<bool()> is_test;

    /// Runs by what `read` has read, until a signal ends it. `clock` is the file that sets the
    /// clock of a test deployment; none: the machine's clock.
    std::function<ExitCode(const std::optional<std::filesystem::path>& clock)> serve;
};

/// The command line that all services have: `--config FILE` runs the service in a process that
/// settle_process() has made ready, `check-config` only says whether the file is good. Faults go
/// to standard error. `--clock FILE` is one unless the configuration is a test deployment's.
///
/// @returns what main() returns: ExitCode::good when stopped in order, ExitCode::usage for wrong
///     arguments or configuration, ExitCode::failed when it could not start.
[[nodiscard]] int service_main(int argc, char** argv, const Service& service);

/// Says in the running log that a service does not start, and why.
///
/// @param words what `errc` alone does not say; may be empty.
/// @returns ExitCode::failed.
[[nodiscard]] ExitCode not_started(Logging& logging, Errc errc, const std::string& words);

}  // namespace tongbao::program
