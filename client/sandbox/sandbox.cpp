#include "client/sandbox/sandbox.hpp"

#include "client/ca/folder_lock.hpp"
#include "client/sandbox/process.hpp"
#include "client/sandbox/readiness.hpp"
#include "client/sandbox/sandbox_config.hpp"
#include "client/sandbox/sandbox_material.hpp"
#include "client/sandbox/sandbox_start.hpp"
#include "domain/bytes.hpp"
#include "program/files.hpp"
#include "program/test_clock.hpp"
#include "protocol/charter_json.hpp"

#include <algorithm>
#include <system_error>
#include <utility>
#include <variant>

namespace tongbao::client {
namespace {

using std::filesystem::path;

struct CharterText {
    std::string text;
    Charter charter;
};

Checked<CharterText> read_charter(const path& file) {
    Result<std::string> text = program::read_file(file, protocol::kMaxCharterBytes);
    if (!text) return Reason{to_errc(text.error()), file.string(), "name a charter's file"};
    protocol::LoadedCharter loaded = protocol::load_charter(*text);
    if (std::holds_alternative<Reasons>(loaded)) {
        return Reason{Errc::bad_charter, file.string(),
                      "`tongbao charter check " + file.string() + "` lists what is wrong with it"};
    }
    return CharterText{*std::move(text), std::get<Charter>(std::move(loaded))};
}

/// Makes a sandbox in a folder that is empty.
Checked<SandboxFile> make_new(const SandboxLayout& layout, const SandboxOrder& order,
                              const program::ShippedFiles& shipped, const Clock& machine_clock,
                              const TellProgress& tell) {
    if (!order.charter) {
        return Reason{Errc::bad_argument, layout.folder().string(),
                      "there is no sandbox yet: name its charter with --charter"};
    }
    std::error_code error;
    if (!std::filesystem::is_empty(layout.folder(), error) || error) {
        return Reason{Errc::already_exists, layout.folder().string(),
                      "this folder holds something that is no whole sandbox: name another one, or "
                      "empty it"};
    }
    const Checked<path> file = shipped.charter(*order.charter);
    if (!file) return file.error();
    const Checked<CharterText> charter = read_charter(*file);
    if (!charter) return charter.error();
    UtcTime now = machine_clock.now();
    if (order.clock) {
        const Checked<program::ClockSetting> setting = program::parse_clock_setting(*order.clock);
        if (!setting) return setting.error();
        now = setting->time;
    }
    const Checked<std::vector<UnitId>> local = sandbox_local_units(charter->charter, order.local);
    if (!local) return local.error();
    tell("making certificates and keys for " + charter->charter.parts().title_zh);
    Checked<SandboxFile> made = make_sandbox_material(layout, charter->charter, charter->text,
                                                      sandbox_units(charter->charter, *local), now);
    if (!made) return made.error();
    if (order.clock) {
        const Checked<void> set = program::set_test_clock(layout.clock(), *order.clock);
        if (!set) return set.error();
        made->clock = layout.clock();
    }
    // From here on the folder is a sandbox, whatever happens to its processes.
    const Checked<void> written = write_sandbox_file(layout.folder(), *made);
    if (!written) return written.error();
    return made;
}

/// The clock of the sandbox that is there, moved on if that is asked for; null: the machine's.
Checked<std::unique_ptr<program::TestClock>> clock_of(const SandboxLayout& layout,
                                                      const SandboxFile& sandbox,
                                                      const std::optional<std::string>& setting) {
    if (!sandbox.clock) {
        if (!setting) return std::unique_ptr<program::TestClock>();
        return Reason{Errc::bad_argument, layout.folder().string(),
                      "this sandbox runs by the machine's clock: make another one with --clock"};
    }
    if (setting) {
        const Checked<void> set = program::set_test_clock(*sandbox.clock, *setting);
        if (!set) return set.error();
    }
    return program::TestClock::open(*sandbox.clock);
}

/// That the charter asked for is the one which the sandbox has.
Checked<void> check_same_charter(const SandboxLayout& layout, const SandboxOrder& order,
                                 const program::ShippedFiles& shipped) {
    if (!order.charter) return {};
    const Checked<path> file = shipped.charter(*order.charter);
    if (!file) return file.error();
    const Result<std::string> asked = program::read_file(*file, protocol::kMaxCharterBytes);
    const Result<std::string> there =
        program::read_file(layout.charter(), protocol::kMaxCharterBytes);
    if (asked && there && *asked == *there) return {};
    return Reason{Errc::charter_mismatch, layout.charter().string(),
                  "this sandbox was made with another charter: leave --charter out, or name "
                  "another folder"};
}

/// That every local unit asked for is there.
Checked<void> check_same_local(const SandboxLayout& layout, const SandboxOrder& order,
                               const SandboxFile& sandbox) {
    for (const std::string& id : order.local) {
        if (sandbox.units.contains(id)) continue;
        return Reason{Errc::bad_argument, layout.folder().string(),
                      "this sandbox was made without " + id + ": name another folder"};
    }
    return {};
}

std::size_t count_running(const SandboxFile& sandbox) {
    const auto daemons =
        std::count_if(sandbox.units.begin(), sandbox.units.end(),
                      [](const auto& each) { return is_running(each.second.process); });
    return static_cast<std::size_t>(daemons) + (is_running(sandbox.hub) ? 1 : 0);
}

Checked<path> absolute_folder(const path& folder) {
    std::error_code error;
    const path given = std::filesystem::absolute(folder, error);
    path absolute = error ? path() : std::filesystem::weakly_canonical(given, error);
    // sandbox.json names it, and JSON is UTF-8.
    if (error || folder.empty() || !is_utf8(absolute.string())) {
        return Reason{Errc::bad_argument, folder.string(), "name a folder, in UTF-8"};
    }
    return absolute;
}

/// sandbox_down forgets the processes that it ended.
const char* state_without_process(const ProcessId& last) {
    return last.pid == 0 ? kStopped : kEnded;
}

SandboxPart hub_part(const SandboxLayout& layout, const SandboxFile& sandbox) {
    const bool running = is_running(sandbox.hub);
    return {"hub", running ? sandbox.hub.pid : 0, sandbox.hub_url, layout.hub_log().string(),
            running ? "running" : state_without_process(sandbox.hub)};
}

std::string daemon_state(const SandboxUnit& unit) {
    const Result<DaemonCondition> condition = ask_daemon(unit.socket);
    if (!condition) return "does not answer: " + std::string(sentence(to_errc(condition.error())));
    if (!condition->alarm.empty()) return "alarm: " + condition->alarm;
    if (condition->connected) return "connected";
    return "not connected: " + condition->last_error;
}

SandboxPart daemon_part(const SandboxLayout& layout, const std::string& id,
                        const SandboxUnit& unit) {
    const bool running = is_running(unit.process);
    return {id, running ? unit.process.pid : 0, unit.socket.string(),
            layout.daemon_log(id).string(),
            running ? daemon_state(unit) : state_without_process(unit.process)};
}

/// Asks all to end at once and waits for each.
std::vector<std::string> stop_all(const std::vector<ProcessId>& processes) {
    std::vector<std::string> states;
    for (const ProcessId& each : processes) {
        states.emplace_back(is_running(each) ? "stopped" : "was not running");
        ask_to_end(each);
    }
    const auto until = std::chrono::steady_clock::now() + kStopLimit;
    for (std::size_t i = 0; i < processes.size(); ++i) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (wait_for_end(processes[i], std::max(left, std::chrono::milliseconds(0)))) continue;
        kill_process(processes[i]);
        states[i] = wait_for_end(processes[i], kStopLimit) ? "killed" : kCannotBeKilled;
    }
    return states;
}

}  // namespace

Checked<SandboxUp> sandbox_up(const SandboxOrder& order, const program::ShippedFiles& shipped,
                              const Clock& machine_clock, const TellProgress& tell) {
    const Checked<path> folder = absolute_folder(order.folder);
    if (!folder) return folder.error();
    const SandboxLayout layout(*folder);
    std::error_code error;
    std::filesystem::create_directories(*folder, error);
    if (error) return Reason{Errc::storage_failure, folder->string(), "name a folder"};
    const Checked<FolderLock> lock = FolderLock::take(*folder);
    if (!lock) return lock.error();

    SandboxUp up;
    const bool there = std::filesystem::exists(sandbox_json(*folder), error);
    Checked<SandboxFile> sandbox =
        there ? read_sandbox_file(*folder) : make_new(layout, order, shipped, machine_clock, tell);
    if (!sandbox) return sandbox.error();
    up.sandbox = *std::move(sandbox);
    const Checked<std::unique_ptr<program::TestClock>> own =
        clock_of(layout, up.sandbox, there ? order.clock : std::nullopt);
    if (!own) return own.error();
    const Clock& clock = *own ? **own : machine_clock;
    if (there) {
        const Checked<void> same = check_same_charter(layout, order, shipped);
        if (!same) return same.error();
        const Checked<void> same_local = check_same_local(layout, order, up.sandbox);
        if (!same_local) return same_local.error();
        const std::size_t running = count_running(up.sandbox);
        up.before = running == 0                             ? SandboxBefore::stopped
                    : running == up.sandbox.units.size() + 1 ? SandboxBefore::running
                                                             : SandboxBefore::partly;
        if (up.before != SandboxBefore::running) {
            const Checked<void> renewed = renew_sandbox_lists(layout, clock.now());
            if (!renewed) return renewed.error();
        }
    }
    Checked<void> started =
        start_sandbox(layout, up.sandbox, {clock, order.port, order.patience}, shipped, tell);
    if (!started) return started.error();
    return up;
}

Checked<UtcTime> sandbox_clock(const path& folder, const std::optional<std::string>& setting) {
    const Checked<path> absolute = absolute_folder(folder);
    if (!absolute) return absolute.error();
    const Checked<SandboxFile> sandbox = read_sandbox_file(*absolute);
    if (!sandbox) return sandbox.error();
    const SandboxLayout layout(*absolute);
    const Checked<std::unique_ptr<program::TestClock>> clock = clock_of(layout, *sandbox, setting);
    if (!clock) return clock.error();
    if (*clock) return (*clock)->now();
    return Reason{Errc::bad_argument, absolute->string(),
                  "this sandbox runs by the machine's clock"};
}

Checked<std::vector<SandboxPart>> sandbox_status(const path& folder) {
    const Checked<path> absolute = absolute_folder(folder);
    if (!absolute) return absolute.error();
    const Checked<SandboxFile> sandbox = read_sandbox_file(*absolute);
    if (!sandbox) return sandbox.error();
    const SandboxLayout layout(*absolute);
    std::vector<SandboxPart> parts{hub_part(layout, *sandbox)};
    for (const auto& [id, unit] : sandbox->units) parts.push_back(daemon_part(layout, id, unit));
    return parts;
}

Checked<std::vector<SandboxPart>> sandbox_down(const path& folder) {
    const Checked<path> absolute = absolute_folder(folder);
    if (!absolute) return absolute.error();
    Checked<SandboxFile> sandbox = read_sandbox_file(*absolute);
    if (!sandbox) return sandbox.error();
    const Checked<FolderLock> lock = FolderLock::take(*absolute);
    if (!lock) return lock.error();
    // Read again: another command may have changed it before we had the lock.
    sandbox = read_sandbox_file(*absolute);
    if (!sandbox) return sandbox.error();

    const SandboxLayout layout(*absolute);
    std::vector<ProcessId> daemons;
    std::vector<SandboxPart> parts;
    for (const auto& [id, unit] : sandbox->units) {
        daemons.push_back(unit.process);
        parts.push_back(
            {id, unit.process.pid, unit.socket.string(), layout.daemon_log(id).string(), ""});
    }
    const std::vector<std::string> states = stop_all(daemons);
    for (std::size_t i = 0; i < parts.size(); ++i) parts[i].state = states[i];
    parts.insert(parts.begin(), {"hub", sandbox->hub.pid, sandbox->hub_url,
                                 layout.hub_log().string(), stop_all({sandbox->hub}).front()});

    // Nobody shall take the numbers for those of whoever gets them next.
    if (!is_running(sandbox->hub)) sandbox->hub = {};
    for (auto& [id, unit] : sandbox->units) {
        if (!is_running(unit.process)) unit.process = {};
    }
    const Checked<void> written = write_sandbox_file(*absolute, *sandbox);
    if (!written) return written.error();
    return parts;
}

}  // namespace tongbao::client
