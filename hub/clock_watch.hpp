#pragma once

#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "hub/verified_batch.hpp"
#include "program/logging.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <set>

namespace tongbao::hub {

/// The hub's clock behind its last entry by less is an ordinary correction of a clock.
inline constexpr std::chrono::milliseconds kClockTolerance{1000};
/// A notice or act that says to have been issued further from its entry's time is told of.
inline constexpr std::chrono::hours kIssuedTolerance{24};

/// What a ClockWatch found to have changed.
struct ClockNews {
    /// Whose clock: none is the hub's own.
    std::optional<UnitId> unit;
    /// How far that clock is ahead of the entries' time; behind if negative. 0: it is right again.
    std::chrono::milliseconds ahead{0};
};

/// Compares clocks with the time that entries bear, and tells of each change once: of the hub's own
/// clock when it stands behind the last entry, and of a unit whose leaves say to have been issued
/// more than a day away. The entries' time decides in any case; nothing is refused for this. One
/// thread at a time.
class ClockWatch {
public:
    using Tell = std::function<void(const ClockNews&)>;

    explicit ClockWatch(Tell tell) : tell_(std::move(tell)) {}

    /// The hub's clock says `now`, and the log's last entry has the time `last`.
    void on_clock(UtcTime now, UtcTime last);

    /// The batch's entries bear `time`. A leaf that could not be read says nothing.
    void on_batch(const VerifiedBatch& batch, UtcTime time);

private:
    void tell(std::optional<UnitId> unit, std::chrono::milliseconds ahead) const;

    Tell tell_;
    bool went_back_{false};
    std::set<UnitId> away_;
};

/// Says in the running log what a ClockWatch tells. `logging` outlives what is answered.
[[nodiscard]] ClockWatch::Tell log_clocks(program::Logging& logging);

}  // namespace tongbao::hub
