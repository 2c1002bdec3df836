#include "client/sandbox/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

// glibc 2.36 declares these without C linkage.
extern "C" {
#include <sys/syscall.h>
}

#include "domain/errc.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <vector>

namespace tongbao::client {
namespace {

constexpr mode_t kLogMode = 0600;

/// What /proc/<pid>/stat says. Source: proc(5).
struct ProcessStat {
    char state{};
    std::uint64_t started{0};
};

// Called by number: glibc 2.36 declares its own wrappers in a way that C++ can't link against.
int open_process(std::int64_t pid) {
    return static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0U));
}

void signal_process(int descriptor, int number) {
    // It may have ended meanwhile: then there is nothing to be done.
    static_cast<void>(::syscall(SYS_pidfd_send_signal, descriptor, number, nullptr, 0U));
}

std::optional<ProcessStat> read_stat(std::int64_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    // The second field is the program's name in parentheses and may itself hold some.
    const std::size_t after_name = text.rfind(')');
    if (after_name == std::string::npos) return std::nullopt;
    std::istringstream fields(text.substr(after_name + 1));
    constexpr int kFieldsBetween = 18;  // from field 4 to field 21
    ProcessStat stat;
    std::string ignored;
    fields >> stat.state;
    for (int i = 0; i < kFieldsBetween; ++i) fields >> ignored;
    fields >> stat.started;
    if (!fields) return std::nullopt;
    return stat;
}

/// A descriptor of the process: it can't come to mean another one.
class ProcessHandle {
public:
    explicit ProcessHandle(const ProcessId& process) {
        if (process.pid <= 0) return;
        const int descriptor = open_process(process.pid);
        // The descriptor first, the look at the start time second: between the two the number can't
        // have passed on.
        if (descriptor >= 0 && is_running(process)) {
            descriptor_ = descriptor;
        } else if (descriptor >= 0) {
            ::close(descriptor);
        }
    }
    ProcessHandle(const ProcessHandle&) = delete;
    ProcessHandle& operator=(const ProcessHandle&) = delete;
    ProcessHandle(ProcessHandle&&) = delete;
    ProcessHandle& operator=(ProcessHandle&&) = delete;
    ~ProcessHandle() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    [[nodiscard]] bool running() const { return descriptor_ >= 0; }
    [[nodiscard]] int descriptor() const { return descriptor_; }

    void signal(int number) const {
        if (running()) signal_process(descriptor_, number);
    }

private:
    int descriptor_{-1};
};

/// The child's descriptors: nothing to read, its output in the log file, nothing else of ours.
class FileActions {
public:
    explicit FileActions(const std::filesystem::path& log_file) {
        good_ = ::posix_spawn_file_actions_init(&actions_) == 0 &&
                ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY,
                                                   0) == 0 &&
                ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, log_file.c_str(),
                                                   O_WRONLY | O_CREAT | O_APPEND, kLogMode) == 0 &&
                ::posix_spawn_file_actions_adddup2(&actions_, STDOUT_FILENO, STDERR_FILENO) == 0 &&
                ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1) == 0;
    }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    FileActions(FileActions&&) = delete;
    FileActions& operator=(FileActions&&) = delete;
    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }

    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
    bool good_{false};
};

/// A session of its own, and signals as a fresh program finds them.
class Attributes {
public:
    Attributes() {
        sigset_t none;
        sigset_t ignored_here;
        ::sigemptyset(&none);
        ::sigemptyset(&ignored_here);
        ::sigaddset(&ignored_here, SIGPIPE);
        good_ =
            ::posix_spawnattr_init(&attributes_) == 0 &&
            ::posix_spawnattr_setsigmask(&attributes_, &none) == 0 &&
            ::posix_spawnattr_setsigdefault(&attributes_, &ignored_here) == 0 &&
            ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
                                                         POSIX_SPAWN_SETSIGDEF) == 0;
    }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    Attributes(Attributes&&) = delete;
    Attributes& operator=(Attributes&&) = delete;
    ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }

    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
    bool good_{false};
};

bool can_open_log(const std::filesystem::path& log_file) {
    const int file = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kLogMode);
    if (file < 0) return false;
    ::close(file);
    return true;
}

}  // namespace

Result<ProcessId> start_process(const std::filesystem::path& program,
                                std::span<const std::string> arguments,
                                const std::filesystem::path& log_file) {
    if (!can_open_log(log_file)) return Errc::storage_failure;
    const FileActions actions(log_file);
    const Attributes attributes;
    if (!actions.good() || !attributes.good()) return Errc::process_failed;
    std::vector<std::string> words{program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (std::string& each : words) pointers.push_back(each.data());
    pointers.push_back(nullptr);
    pid_t pid = 0;
    if (::posix_spawn(&pid, program.c_str(), actions.get(), attributes.get(), pointers.data(),
                      environ) != 0) {
        return Errc::process_failed;
    }
    // A child that has ended already stays in /proc until it is waited for.
    const std::optional<ProcessStat> stat = read_stat(pid);
    if (!stat) return Errc::process_failed;
    return ProcessId{pid, stat->started};
}

bool is_running(const ProcessId& process) {
    if (process.pid <= 0) return false;
    const std::optional<ProcessStat> stat = read_stat(process.pid);
    return stat && stat->started == process.started && stat->state != 'Z' && stat->state != 'X';
}

bool wait_for_end(const ProcessId& process, std::chrono::milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    const ProcessHandle handle(process);
    if (!handle.running()) return true;
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        pollfd ended{handle.descriptor(), POLLIN, 0};
        const int answer = ::poll(&ended, 1, left.count() > 0 ? static_cast<int>(left.count()) : 0);
        if (answer > 0) return true;
        if (answer == 0 || errno != EINTR) return false;
    }
}

void ask_to_end(const ProcessId& process) {
    ProcessHandle(process).signal(SIGTERM);
}

void kill_process(const ProcessId& process) {
    ProcessHandle(process).signal(SIGKILL);
}

}  // namespace tongbao::client
