#pragma once

#include "domain/reason.hpp"
#include "domain/time.hpp"
#include "program/logging.hpp"
#include "program/watched_files.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace tongbao::program {

/// What the file of a test deployment's clock says, in one line: a time (RFC 3339, as
/// parse_date_time reads it), at which the clock stands; with ` running` behind it, from which it
/// runs on.
struct ClockSetting {
    UtcTime time;
    bool running{false};

    friend bool operator==(const ClockSetting&, const ClockSetting&) = default;
};

/// Reads such a line; a line feed may end it. Errors: Errc::bad_time.
[[nodiscard]] Checked<ClockSetting> parse_clock_setting(std::string_view text);

/// A clock that a file sets, so that a test goes through weeks of limits in seconds. All programs
/// of a test deployment read the same file, each whenever it asks what time it is: a running clock
/// counts from when the file was last changed, by the machine's clock, so that they agree, and go
/// on where they were after a restart. Replace the file as a whole, by renaming.
///
/// It never goes back while the object lives: an earlier time, or a file that can't be read, leaves
/// the clock where it is. Any thread; each call looks at the file, some microseconds.
class TestClock final : public Clock {
public:
    /// Called with the words once a setting is found that can't be taken over, by whichever thread
    /// asked for the time, under a lock: must not ask for it.
    using Tell = std::function<void(const std::string& words)>;

    /// Errors, with the file as place: those of read_file; Errc::bad_time.
    [[nodiscard]] static Checked<std::unique_ptr<TestClock>> open(std::filesystem::path file,
                                                                  Tell tell = {});

    [[nodiscard]] UtcTime now() const override;

private:
    /// A setting, and since when it counts by the machine's clock.
    struct Taken {
        ClockSetting setting;
        UtcTime since;

        [[nodiscard]] UtcTime now() const;
    };

    TestClock(std::filesystem::path file, Tell tell);

    [[nodiscard]] Checked<Taken> read() const;
    void take_over() const;

    const std::filesystem::path file_;
    const Tell tell_;
    mutable std::mutex mutex_;
    mutable WatchedFiles watched_;
    mutable Taken taken_;
    mutable UtcTime last_;
};

/// Writes the line `text` as the setting of a test deployment's clock, wholly or not at all.
///
/// Errors: Errc::bad_time if it is none, or earlier than what the file says now; Errc::not_found or
/// Errc::bad_time if there is a file that says nothing; Errc::storage_failure.
[[nodiscard]] Checked<void> set_test_clock(const std::filesystem::path& file,
                                           std::string_view text);

/// The clock of a service: the machine's, or in a test deployment what `file` says. The running log
/// says so at every level, and what of the file can't be taken over; its own times stay those of
/// the machine. `logging` outlives the clock.
///
/// Errors, with the file in `words`: those of TestClock::open.
[[nodiscard]] Result<std::unique_ptr<Clock>> service_clock(
    bool test_deployment, const std::optional<std::filesystem::path>& file, Logging& logging,
    std::string& words);

}  // namespace tongbao::program
