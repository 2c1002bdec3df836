#pragma once

#include "tests/integration/live_sandbox.hpp"

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace tongbao::testing {

/// Of the deaths that a test goes through one in so many is tried. Under a sanitizer, which watches
/// memory and not the disk, a start takes many times as long: there it is not all.
inline constexpr int kOneIn = TONGBAO_SANITIZED ? 3 : 1;

/// A step towards the disk at which a service dies, as tests/fault/kill_at_sync.c counts them: the
/// `number`-th `call` ("sync", "rename", "write", "folder", "remove", or "any" of these) on a path
/// with `path` in it.
struct DurableStep {
    const char* name;
    const char* call;
    const char* path;
    int number = 1;
};

/// In a child, before it becomes the program: it dies `when` ("before" or "after") it takes the
/// step.
void die_at(const DurableStep& step, const std::string& when);

/// The events of this name in the text of a running log, one JSON object a line. A line that is
/// being written is left out.
[[nodiscard]] std::vector<Json> events_of(const std::string& log, const std::string& name);

/// The hub or one unit's daemon of a sandbox, run by the test itself so that it can be killed at a
/// chosen step. Takes the place of the sandbox's own, which it ends; is killed with the object.
/// Throws std::runtime_error with what went wrong.
class MortalService {
public:
    [[nodiscard]] static MortalService hub(const LiveSandbox& sandbox);
    [[nodiscard]] static MortalService daemon(const LiveSandbox& sandbox, const std::string& unit);

    ~MortalService() { kill_now(); }
    MortalService(const MortalService&) = delete;
    MortalService& operator=(const MortalService&) = delete;
    MortalService(MortalService&&) = delete;
    MortalService& operator=(MortalService&&) = delete;

    /// To live.
    void start() { start_with(nullptr, ""); }
    /// To die `when` ("before" or "after") it takes the step.
    void start(const DurableStep& step, const std::string& when) { start_with(&step, when); }

    /// Whether it was killed within `limit`. Throws if it ended in any other way.
    [[nodiscard]] bool was_killed(std::chrono::milliseconds limit);
    void kill_now();
    /// The events of this name in its running log since the object was made; "killed" are the
    /// deaths at a step.
    [[nodiscard]] std::vector<Json> events(const std::string& name) const;

private:
    MortalService(const LiveSandbox& sandbox, const Json& process, const std::string& program,
                  std::filesystem::path config);
    void start_with(const DurableStep* step, const std::string& when);

    std::string program_;
    std::filesystem::path config_;
    std::vector<std::string> clock_;
    std::filesystem::path log_;
    pid_t pid_{0};
};

}  // namespace tongbao::testing
