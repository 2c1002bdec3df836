#include "tests/integration/own_service.hpp"

#include "client/sandbox/process.hpp"
#include "program/files.hpp"
#include "tests/integration/local_client.hpp"
#include "tests/support/project_paths.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <vector>

namespace tongbao::testing {
namespace {

constexpr std::chrono::milliseconds kLookAgain{50};

std::string socket_of(const LiveSandbox& sandbox, const std::string& unit) {
    return sandbox.file().at("units").at(unit).at("socket");
}

Json status_of(const LiveSandbox& sandbox, const std::string& unit) {
    return Json::parse(LocalClient(socket_of(sandbox, unit)).get("/v1/status"));
}

}  // namespace

OwnService::OwnService(const LiveSandbox& sandbox, const Json& process, const std::string& program,
                       std::filesystem::path config)
    : program_(tongbao::testing::binary_dir() + "/bin/" + program),
      config_(std::move(config)),
      clock_(sandbox.clock_arguments()),
      log_(sandbox.folder() / ("own-" + config_.parent_path().filename().string() + ".log")) {
    const client::ProcessId theirs{process.at("pid"), process.at("started")};
    client::ask_to_end(theirs);
    if (!client::wait_for_end(theirs, std::chrono::seconds(20))) {
        throw std::runtime_error("the sandbox's " + program + " does not end");
    }
}

OwnService OwnService::hub(const LiveSandbox& sandbox) {
    return {sandbox, sandbox.file().at("hub"), "tongbao-hub",
            sandbox.folder() / "s" / "hub" / "hub.toml"};
}

OwnService OwnService::daemon(const LiveSandbox& sandbox, const std::string& unit) {
    return {sandbox, sandbox.file().at("units").at(unit), "tongbaod",
            sandbox.folder() / "s" / "units" / unit / "tongbaod.toml"};
}

OwnService::~OwnService() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void OwnService::start(const std::map<std::string, std::string>& environment) {
    std::vector<std::string> texts{program_, "--config", config_.string()};
    texts.insert(texts.end(), clock_.begin(), clock_.end());
    std::vector<char*> arguments;
    arguments.reserve(texts.size() + 1);
    for (std::string& text : texts) arguments.push_back(text.data());
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("can't fork");
    if (pid_ != 0) return;
    // Nothing but this thread is left in the child.
    // NOLINTBEGIN(concurrency-mt-unsafe)
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    // The sanitizers' runtime wants to be the first library; here it need not be.
    if (!environment.empty()) ::setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
    // NOLINTEND(concurrency-mt-unsafe)
    if (std::freopen(log_.c_str(), "a", stderr) == nullptr) ::_exit(126);
    ::execv(program_.c_str(), arguments.data());
    ::_exit(127);
}

void OwnService::stop() {
    ::kill(pid_, SIGTERM);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        throw std::runtime_error(program_ + " did not end in order: " + log());
    }
}

void OwnService::configure(const std::string& from, const std::string& to) const {
    std::string text = read_text(config_);
    const std::size_t place = from.empty() ? text.size() : text.find(from);
    if (place == std::string::npos) throw std::runtime_error("no " + from + " in " + text);
    text.replace(place, from.size(), to);
    if (!program::write_file(config_, text, 0600)) throw std::runtime_error("can't configure");
}

void OwnService::move_data(const std::filesystem::path& folder) const {
    const std::filesystem::path data = config_.parent_path() / "data";
    std::filesystem::copy(data, folder / "data", std::filesystem::copy_options::recursive);
    configure(data.string() + '"', (folder / "data").string() + '"');
}

std::string OwnService::log() const {
    return log_text(log_);
}

void wait_until(const std::string& what, const std::function<bool()>& reached,
                std::chrono::seconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!reached()) {
        if (std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error("in vain: " + what);
        }
        std::this_thread::sleep_for(kLookAgain);
    }
}

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
        ++found;
    }
    return found;
}

bool is_connected(const LiveSandbox& sandbox, const std::string& unit) {
    return status_of(sandbox, unit).at("hub").at("connected");
}

std::size_t outbox_of(const LiveSandbox& sandbox, const std::string& unit) {
    return status_of(sandbox, unit).at("outbox");
}

std::string send_numbered(const LiveSandbox& sandbox, const std::string& unit, std::size_t number) {
    const Json draft{{"kind", "agenda_item"}, {"fields", {{"summary", std::to_string(number)}}}};
    LocalClient daemon(socket_of(sandbox, unit));
    return Json::parse(daemon.post("/v1/notices", draft.dump(), 202)).at("id");
}

}  // namespace tongbao::testing
