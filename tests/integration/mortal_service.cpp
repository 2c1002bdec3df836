#include "tests/integration/mortal_service.hpp"

#include "client/sandbox/process.hpp"
#include "tests/support/project_paths.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace tongbao::testing {

void die_at(const DurableStep& step, const std::string& when) {
    const std::string preload = tongbao::testing::binary_dir() + "/tests/fault/libkill_at_sync.so";
    ::setenv("LD_PRELOAD", preload.c_str(), 1);
    ::setenv("KILL_CALL", step.call, 1);
    ::setenv("KILL_PATH", step.path, 1);
    ::setenv("KILL_AT", std::to_string(step.number).c_str(), 1);
    ::setenv("KILL_WHEN", when.c_str(), 1);
    // The sanitizers' runtime wants to be the first library; here it need not be.
    ::setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
}

std::vector<Json> events_of(const std::string& log, const std::string& name) {
    std::vector<Json> found;
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) {
        Json event = Json::parse(line, nullptr, false);
        if (event.is_object() && event.at("event") == name) found.push_back(std::move(event));
    }
    return found;
}

MortalService::MortalService(const LiveSandbox& sandbox, const Json& process,
                             const std::string& program, std::filesystem::path config)
    : program_(tongbao::testing::binary_dir() + "/bin/" + program),
      config_(std::move(config)),
      clock_(sandbox.clock_arguments()),
      log_(sandbox.folder() / ("mortal-" + program + ".log")) {
    const client::ProcessId theirs{process.at("pid"), process.at("started")};
    client::ask_to_end(theirs);
    if (!client::wait_for_end(theirs, std::chrono::seconds(20))) {
        throw std::runtime_error("the sandbox's " + program + " does not end");
    }
}

MortalService MortalService::hub(const LiveSandbox& sandbox) {
    return {sandbox, sandbox.file().at("hub"), "tongbao-hub",
            sandbox.folder() / "s" / "hub" / "hub.toml"};
}

MortalService MortalService::daemon(const LiveSandbox& sandbox, const std::string& unit) {
    return {sandbox, sandbox.file().at("units").at(unit), "tongbaod",
            sandbox.folder() / "s" / "units" / unit / "tongbaod.toml"};
}

void MortalService::start_with(const DurableStep* step, const std::string& when) {
    std::vector<std::string> texts{program_, "--config", config_.string()};
    texts.insert(texts.end(), clock_.begin(), clock_.end());
    std::vector<char*> arguments;
    for (std::string& text : texts) arguments.push_back(text.data());
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("can't fork");
    if (pid_ != 0) return;
    if (step != nullptr) die_at(*step, when);
    if (std::freopen(log_.c_str(), "a", stderr) == nullptr) ::_exit(126);
    ::execv(program_.c_str(), arguments.data());
    ::_exit(127);
}

bool MortalService::was_killed(std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    do {
        int status = 0;
        if (pid_ > 0 && ::waitpid(pid_, &status, WNOHANG) == pid_) {
            pid_ = 0;
            if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return true;
            throw std::runtime_error(program_ + " ended by itself, see " + log_.string());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    } while (std::chrono::steady_clock::now() < deadline);
    return false;
}

std::vector<Json> MortalService::events(const std::string& name) const {
    return events_of(log_text(log_), name);
}

void MortalService::kill_now() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
}

}  // namespace tongbao::testing
