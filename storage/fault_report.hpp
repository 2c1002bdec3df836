#pragma once

#include <functional>
#include <string_view>

namespace tongbao::storage {

/// Gets what the disk or the database said when it failed, in words, with the place: for the log,
/// never for a peer. Called by whichever thread met the fault, so it must be thread-safe. May be
/// empty.
using FaultReport = std::function<void(std::string_view words)>;

}  // namespace tongbao::storage
