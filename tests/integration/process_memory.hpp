#pragma once

#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>

namespace tongbao::testing {

/// Memory is measured in KiB and told in MiB.
inline constexpr std::uint64_t kKibPerMib = 1024;

/// Of a process, in KiB: `VmRSS:` what it holds, `VmHWM:` the most that it held. Throws
/// std::runtime_error if the system does not say.
[[nodiscard]] inline std::uint64_t memory_kib(std::int64_t pid, const std::string& what) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(what)) return std::stoull(line.substr(what.size()));
    }
    throw std::runtime_error("no " + what + " of process " + std::to_string(pid));
}

}  // namespace tongbao::testing
