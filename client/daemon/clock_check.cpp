#include "client/daemon/clock_check.hpp"

#include "client/shown_entry.hpp"

#include <algorithm>
#include <string>

namespace tongbao::client {
namespace {

using std::chrono::milliseconds;

void note(Services& services, std::optional<milliseconds> ahead) {
    std::optional<milliseconds>& known = services.hub.clock_ahead;
    const bool changed = known.has_value() != ahead.has_value() ||
                         (known && (*known > milliseconds(0)) != (*ahead > milliseconds(0)));
    known = ahead;
    if (!changed) return;
    if (!ahead) {
        services.logging.info("clocks_agree");
        return;
    }
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*ahead).count();
    services.logging.warning("clocks_differ",
                             {{"hub_seconds_ahead", std::to_string(seconds)},
                              {"consequence", "the hub's time decides"},
                              {"do", "look at this computer's clock, then at the hub's"}});
}

/// The time of the entry that the run has at `index`; none if only its hash is there.
std::optional<UtcTime> time_at(const protocol::EntryRun& run, LogIndex index) {
    if (index < run.first) return std::nullopt;
    const std::uint64_t place = index.value() - run.first.value();
    if (place >= run.entries.size()) return std::nullopt;
    const auto* const bytes = std::get_if<Bytes>(&run.entries[place]);
    if (bytes == nullptr) return std::nullopt;
    const Checked<KnownEntry> known = read_shown_entry(*bytes);
    if (!known) return std::nullopt;
    return known->entry.time;
}

}  // namespace

void compare_with_delivered(Services& services, UtcTime logged_at) {
    const milliseconds ahead = logged_at - services.clock.now();
    if (ahead > kClockTolerance) note(services, ahead);
}

void compare_with_answer(Services& services, const protocol::Outcome& outcome,
                         const std::vector<storage::SentItem>& items) {
    // The newest says it best: one clock or the other may have been set meanwhile.
    for (std::size_t i = std::min(outcome.leaves.size(), items.size()); i > 0; --i) {
        const auto* const accepted = std::get_if<protocol::LeafAccepted>(&outcome.leaves[i - 1]);
        if (accepted == nullptr || accepted->repeated) continue;
        const std::optional<UtcTime> logged_at = time_at(outcome.run, accepted->index);
        if (!logged_at) continue;
        const milliseconds ahead = *logged_at - services.clock.now();
        const milliseconds behind = items[i - 1].queued_at - *logged_at;
        if (ahead > kClockTolerance) return note(services, ahead);
        if (behind > kClockTolerance) return note(services, -behind);
        return note(services, std::nullopt);
    }
}

}  // namespace tongbao::client
