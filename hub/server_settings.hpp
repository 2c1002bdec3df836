#pragma once

#include "hub/config.hpp"
#include "program/logging.hpp"
#include "transport/limits.hpp"
#include "transport/listener.hpp"

#include <cstddef>

namespace tongbao::hub {

/// What the hub bears of its peers: sizes and deadlines of protocol/limits.hpp, and the caps of the
/// configuration, of which `connections` is what the process has file descriptors for.
[[nodiscard]] transport::Limits limits_of(const Config& config, std::size_t connections);

/// Tells the running log of connections and requests that are refused. `logging` outlives what is
/// answered.
[[nodiscard]] transport::ServerHooks hooks_to(program::Logging& logging);

}  // namespace tongbao::hub
