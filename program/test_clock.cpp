#include "program/test_clock.hpp"

#include "program/files.hpp"
#include "transport/system_clock.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

namespace tongbao::program {
namespace {

constexpr std::size_t kMaxClockBytes = 64;
constexpr std::string_view kRunning = " running";

/// When the file was last changed, by the machine's clock.
UtcTime changed_at(const std::filesystem::path& file) {
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0) return transport::SystemClock().now();
    return UtcTime(std::chrono::seconds(found.st_mtim.tv_sec) +
                   std::chrono::floor<std::chrono::milliseconds>(
                       std::chrono::nanoseconds(found.st_mtim.tv_nsec)));
}

}  // namespace

Checked<ClockSetting> parse_clock_setting(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    const bool running = text.ends_with(kRunning);
    if (running) text.remove_suffix(kRunning.size());
    const Result<UtcTime> time = parse_date_time(text);
    if (time) return ClockSetting{*time, running};
    return Reason{Errc::bad_time, "",
                  "a clock's setting is a time such as 2020-09-30T09:00+08:00, at which it stands, "
                  "or `2020-09-30T09:00+08:00 running`"};
}

UtcTime TestClock::Taken::now() const {
    if (!setting.running) return setting.time;
    return setting.time + std::max(transport::SystemClock().now() - since, UtcTime::duration(0));
}

TestClock::TestClock(std::filesystem::path file, Tell tell)
    : file_(std::move(file)), tell_(std::move(tell)), watched_({file_}) {}

Checked<std::unique_ptr<TestClock>> TestClock::open(std::filesystem::path file, Tell tell) {
    std::unique_ptr<TestClock> clock(new TestClock(std::move(file), std::move(tell)));
    Checked<Taken> taken = clock->read();
    if (!taken) return taken.error();
    clock->taken_ = *taken;
    clock->last_ = taken->now();
    return clock;
}

Checked<TestClock::Taken> TestClock::read() const {
    const UtcTime since = changed_at(file_);
    const Result<std::string> text = read_file(file_, kMaxClockBytes);
    if (!text) return Reason{to_errc(text.error()), file_.string(), "can't be read"};
    Checked<ClockSetting> setting = parse_clock_setting(*text);
    if (setting) return Taken{*setting, since};
    Reason fault = setting.error();
    fault.place = file_.string();
    return fault;
}

void TestClock::take_over() const {
    const Checked<Taken> taken = read();
    if (taken && taken->now() >= last_) {
        taken_ = *taken;
        watched_.good();
        return;
    }
    const std::string words =
        taken ? "the file sets a time before " + format_utc(last_) + ": a clock never goes back"
              : taken.error().explanation;
    if (watched_.bad(words) && tell_) tell_(words);
}

UtcTime TestClock::now() const {
    const std::lock_guard lock(mutex_);
    if (watched_.look()) take_over();
    last_ = std::max(last_, taken_.now());
    return last_;
}

Checked<void> set_test_clock(const std::filesystem::path& file, std::string_view text) {
    constexpr unsigned kReadableByAll = 0644;
    const Checked<ClockSetting> setting = parse_clock_setting(text);
    if (!setting) return setting.error();
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) {
        const Checked<std::unique_ptr<TestClock>> there = TestClock::open(file);
        if (!there) return there.error();
        const UtcTime now = (*there)->now();
        if (setting->time < now) {
            return Reason{Errc::bad_time, file.string(),
                          "the clock says " + format_utc(now) + " already: it never goes back"};
        }
    }
    const Result<void> written =
        write_file(file, std::string(text.substr(0, text.find('\n'))) + '\n', kReadableByAll);
    if (written) return {};
    return Reason{to_errc(written.error()), file.string(), "it can't be written"};
}

Result<std::unique_ptr<Clock>> service_clock(bool test_deployment,
                                             const std::optional<std::filesystem::path>& file,
                                             Logging& logging, std::string& words) {
    if (test_deployment) {
        logging.error("test_deployment",
                      {{"clock", file ? file->string() : "this machine's"},
                       {"consequence",
                        "whoever writes that file sets the time: this audit log proves to nobody "
                        "when something was"},
                       {"do", "nothing in a test; else remove test_deployment = true"}});
    }
    if (!file) return std::unique_ptr<Clock>(std::make_unique<transport::SystemClock>());
    Checked<std::unique_ptr<TestClock>> clock =
        TestClock::open(*file, [&logging, name = file->string()](const std::string& fault) {
            logging.error("test_clock_not_set", {{"file", name}, {"words", fault}});
        });
    if (clock) return std::unique_ptr<Clock>(*std::move(clock));
    words = clock.error().place + ": " + clock.error().explanation;
    return clock.error().code;
}

}  // namespace tongbao::program
