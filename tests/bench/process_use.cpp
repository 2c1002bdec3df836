#include "tests/bench/process_use.hpp"

#include <unistd.h>

#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>

namespace tongbao::bench {
namespace {

[[noreturn]] void fail(pid_t process) {
    throw std::runtime_error("process " + std::to_string(process) + " can't be read");
}

std::string file_of(pid_t process, const char* name) {
    return "/proc/" + std::to_string(process) + '/' + name;
}

std::uint64_t ticks_of(pid_t process) {
    std::ifstream file(file_of(process, "stat"));
    // The second field, the program's name, stands in parentheses and may hold anything.
    file.ignore(std::numeric_limits<std::streamsize>::max(), ')');
    constexpr int kFieldsBetween = 11;
    std::string skipped;
    for (int i = 0; i < kFieldsBetween; ++i) file >> skipped;
    std::uint64_t user = 0;
    std::uint64_t system = 0;
    if (!(file >> user >> system)) fail(process);
    return user + system;
}

}  // namespace

std::chrono::microseconds cpu_time(const std::vector<pid_t>& processes) {
    constexpr std::uint64_t kMicroseconds = 1'000'000;
    std::uint64_t ticks = 0;
    for (const pid_t process : processes) ticks += ticks_of(process);
    const auto each = kMicroseconds / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    return std::chrono::microseconds(ticks * each);
}

}  // namespace tongbao::bench
