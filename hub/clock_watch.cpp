#include "hub/clock_watch.hpp"

#include <string>
#include <variant>

namespace tongbao::hub {
namespace {

using std::chrono::milliseconds;

UtcTime issued_at(const protocol::Leaf& leaf) {
    return std::visit([](const auto& each) { return each.issued_at; }, leaf);
}

/// How far the leaf furthest away is ahead of `time`; none if none can be read.
std::optional<milliseconds> furthest(const VerifiedBatch& batch, UtcTime time) {
    std::optional<milliseconds> found;
    for (const AdmittedLeaf& each : batch.leaves()) {
        if (!each.leaf) continue;
        const milliseconds ahead = issued_at(*each.leaf) - time;
        if (!found || std::chrono::abs(ahead) > std::chrono::abs(*found)) found = ahead;
    }
    return found;
}

}  // namespace

void ClockWatch::tell(std::optional<UnitId> unit, milliseconds ahead) const {
    if (tell_) tell_({std::move(unit), ahead});
}

void ClockWatch::on_clock(UtcTime now, UtcTime last) {
    const bool back = now + kClockTolerance < last;
    // What was told stays so until the clock has caught up wholly.
    if (back == went_back_ || (went_back_ && now < last)) return;
    went_back_ = back;
    tell(std::nullopt, back ? now - last : milliseconds(0));
}

void ClockWatch::on_batch(const VerifiedBatch& batch, UtcTime time) {
    const std::optional<milliseconds> ahead = furthest(batch, time);
    if (!ahead) return;
    if (std::chrono::abs(*ahead) > kIssuedTolerance) {
        if (away_.insert(batch.unit()).second) tell(batch.unit(), *ahead);
    } else if (away_.erase(batch.unit()) != 0) {
        tell(batch.unit(), milliseconds(0));
    }
}

ClockWatch::Tell log_clocks(program::Logging& logging) {
    return [&logging](const ClockNews& news) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(news.ahead).count();
        const std::string ahead = std::to_string(seconds);
        if (news.unit && seconds != 0) {
            logging.warning("issued_far_away",
                            {{"unit", news.unit->value()},
                             {"seconds_ahead", ahead},
                             {"consequence", "none: the hub's time decides"},
                             {"do", "look at this unit's clock, unless it was away for so long"}});
        } else if (news.unit) {
            logging.info("issued_near_again", {{"unit", news.unit->value()}});
        } else if (seconds != 0) {
            logging.warning("clock_went_back",
                            {{"seconds_ahead", ahead},
                             {"consequence", "entries bear the last entry's time until then"},
                             {"do", "look at this computer's clock"}});
        } else {
            logging.info("clock_caught_up");
        }
    };
}

}  // namespace tongbao::hub
