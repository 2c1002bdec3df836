#include "client/sandbox/sandbox_start.hpp"

#include "client/ca/authority_files.hpp"
#include "client/sandbox/process.hpp"
#include "client/sandbox/readiness.hpp"
#include "program/files.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

using std::filesystem::path;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::chrono::milliseconds kLookAgain{50};

/// The last lines of a log file, from its last 8 KiB.
std::string last_lines(const path& file) {
    constexpr std::streamoff kTail = 8 * 1024;
    constexpr std::size_t kLines = 12;
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    const std::streamoff size = in.tellg();
    if (!in || size <= 0) return "(it is empty)";
    in.seekg(std::max<std::streamoff>(0, size - kTail));
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    const std::size_t first = lines.size() > kLines ? lines.size() - kLines : 0;
    std::string text;
    for (std::size_t i = first; i < lines.size(); ++i) text += (i == first ? "" : "\n") + lines[i];
    return text;
}

Reason log_fault(Errc errc, const path& log, const std::string& words) {
    return {errc, log.string(), words + "; its log ends:\n" + last_lines(log)};
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || stopped == text.data() || port == 0) return std::nullopt;
    return port;
}

std::optional<std::uint16_t> read_port(const path& file) {
    constexpr std::size_t kMaxPortFile = 16;
    const Result<std::string> text = program::read_file(file, kMaxPortFile);
    if (!text) return std::nullopt;
    return parse_port(*text);
}

/// The port that hub_url ends in.
std::uint16_t last_port(const SandboxFile& sandbox) {
    const std::size_t colon = sandbox.hub_url.rfind(':');
    return parse_port(std::string_view(sandbox.hub_url).substr(colon + 1)).value_or(0);
}

/// One start of a sandbox: what was started and until when it may take.
class Start {
public:
    Start(const SandboxLayout& layout, SandboxFile& sandbox, const StartOrder& order,
          const program::ShippedFiles& shipped, const TellProgress& tell)
        : layout_(layout),
          sandbox_(sandbox),
          order_(order),
          shipped_(shipped),
          tell_(tell),
          until_(std::chrono::steady_clock::now() + order.patience) {}

    [[nodiscard]] Checked<void> run() {
        Checked<void> hub = is_running(sandbox_.hub) ? Checked<void>() : start_hub();
        if (!hub) return hub;
        // A hub that runs may be one whose start was interrupted: nobody noted its port.
        Checked<void> ready = await_hub();
        if (!ready) return ready;
        Checked<void> started = start_daemons();
        if (!started) return started;
        return await_daemons();
    }

    /// Stops what was started here, the newest first.
    void take_back() {
        std::reverse(started_.begin(), started_.end());
        for (const ProcessId& each : started_) ask_to_end(each);
        for (const ProcessId& each : started_) {
            if (wait_for_end(each, kStopLimit)) continue;
            kill_process(each);
            [[maybe_unused]] const bool ended = wait_for_end(each, kStopLimit);
        }
    }

private:
    [[nodiscard]] Checked<ProcessId> start(std::string_view program_name, const path& config,
                                           const path& log) {
        const Checked<path> program = shipped_.program(program_name);
        if (!program) return program.error();
        std::vector<std::string> arguments{"--config", config.string()};
        if (sandbox_.clock)
            arguments.insert(arguments.end(), {"--clock", sandbox_.clock->string()});
        const Result<ProcessId> process = start_process(*program, arguments, log);
        if (!process) {
            return Reason{to_errc(process.error()), program->string(),
                          "it could not be started, with its log in " + log.string()};
        }
        started_.push_back(*process);
        return *process;
    }

    [[nodiscard]] Checked<void> note() const {
        return write_sandbox_file(layout_.folder(), sandbox_);
    }

    [[nodiscard]] Checked<void> start_hub() {
        const bool daemons_wait =
            std::any_of(sandbox_.units.begin(), sandbox_.units.end(),
                        [](const auto& each) { return is_running(each.second.process); });
        // Daemons that run look for the hub where it was.
        const std::uint16_t port = daemons_wait ? last_port(sandbox_) : order_.port;
        Checked<void> written = replace_file(layout_.hub_config(),
                                             hub_config_text(layout_, sandbox_, port), kOwnerOnly);
        if (!written) return written;
        std::error_code ignored;
        std::filesystem::remove(layout_.port_file(), ignored);
        tell_("starting the hub");
        const Checked<ProcessId> process =
            start("tongbao-hub", layout_.hub_config(), layout_.hub_log());
        if (!process) return process.error();
        sandbox_.hub = *process;
        return note();
    }

    [[nodiscard]] Checked<void> await_hub() {
        const Checked<std::uint16_t> bound = await_port();
        if (!bound) return bound.error();
        sandbox_.hub_url = "https://127.0.0.1:" + std::to_string(*bound);
        // Whoever starts the hub again by hand gets the port that the daemons know.
        Checked<void> written = replace_file(
            layout_.hub_config(), hub_config_text(layout_, sandbox_, *bound), kOwnerOnly);
        if (!written) return written;
        return note();
    }

    [[nodiscard]] Checked<std::uint16_t> await_port() const {
        std::string last = "it has not opened its port";
        for (;;) {
            if (wait_for_end(sandbox_.hub, kLookAgain)) {
                return log_fault(Errc::process_failed, layout_.hub_log(), "the hub has ended");
            }
            const std::optional<std::uint16_t> port = read_port(layout_.port_file());
            if (port) {
                const Result<void> answers = ask_hub(
                    {*port,
                     TrustDomain(sandbox_.trust_domain),
                     {sandbox_.auditor.certificate, sandbox_.auditor.key, sandbox_.ca_file}},
                    order_.clock);
                if (answers) return *port;
                last = std::string(code(to_errc(answers.error())));
            }
            if (std::chrono::steady_clock::now() >= until_) {
                return log_fault(Errc::timed_out, layout_.hub_log(),
                                 "the hub is not ready (" + last + ")");
            }
        }
    }

    [[nodiscard]] Checked<void> start_daemons() {
        const auto missing =
            std::count_if(sandbox_.units.begin(), sandbox_.units.end(),
                          [](const auto& each) { return !is_running(each.second.process); });
        if (missing > 0) {
            tell_("starting " + std::to_string(missing) + (missing == 1 ? " daemon" : " daemons"));
        }
        for (auto& [id, unit] : sandbox_.units) {
            if (is_running(unit.process)) continue;
            Checked<void> written = replace_file(
                layout_.daemon_config(id), daemon_config_text(layout_, sandbox_, id), kOwnerOnly);
            if (!written) return written;
            const Checked<ProcessId> process =
                start("tongbaod", layout_.daemon_config(id), layout_.daemon_log(id));
            if (!process) return process.error();
            unit.process = *process;
            Checked<void> noted = note();
            if (!noted) return noted;
        }
        return {};
    }

    [[nodiscard]] Checked<void> await_daemons() const {
        for (const auto& [id, unit] : sandbox_.units) {
            Checked<void> ready = await_daemon(id, unit);
            if (!ready) return ready;
        }
        return {};
    }

    [[nodiscard]] Checked<void> await_daemon(const std::string& id, const SandboxUnit& unit) const {
        const path log = layout_.daemon_log(id);
        for (;;) {
            const Result<DaemonCondition> condition = ask_daemon(unit.socket);
            if (condition && !condition->alarm.empty()) {
                return log_fault(
                    Errc::log_forked, log,
                    "the daemon of " + id + " refuses the hub's log: " + condition->alarm);
            }
            if (condition && condition->connected) return {};
            if (wait_for_end(unit.process, kLookAgain)) {
                return log_fault(Errc::process_failed, log, "the daemon of " + id + " has ended");
            }
            if (std::chrono::steady_clock::now() < until_) continue;
            std::string what = "the daemon of " + id + " is not connected (";
            what += condition ? condition->last_error : code(to_errc(condition.error()));
            return log_fault(Errc::timed_out, log, what + ')');
        }
    }

    const SandboxLayout& layout_;
    SandboxFile& sandbox_;
    const StartOrder order_;
    const program::ShippedFiles& shipped_;
    const TellProgress& tell_;
    SteadyTime until_;
    std::vector<ProcessId> started_;
};

}  // namespace

Checked<void> start_sandbox(const SandboxLayout& layout, SandboxFile& sandbox,
                            const StartOrder& order, const program::ShippedFiles& shipped,
                            const TellProgress& tell) {
    Start start(layout, sandbox, order, shipped, tell);
    Checked<void> done = start.run();
    if (!done) start.take_back();
    return done;
}

}  // namespace tongbao::client
