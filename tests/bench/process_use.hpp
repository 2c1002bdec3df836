#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace tongbao::bench {

/// CPU time, user and system, that the processes have taken so far, from /proc/<pid>/stat: exact to
/// a clock tick, which is 10 ms. Throws std::runtime_error if one is not there.
///
/// Source: proc(5), fields 14 and 15.
[[nodiscard]] std::chrono::microseconds cpu_time(const std::vector<pid_t>& processes);

}  // namespace tongbao::bench
