#pragma once

#include "domain/act.hpp"
#include "domain/extension.hpp"
#include "domain/lifecycle_table.hpp"
#include "domain/log_entry.hpp"
#include "hub/clock_keeper.hpp"
#include "hub/notice_index.hpp"
#include "storage/hub_store.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::hub {

/// Names the clocks of one notice at one recipient.
using ClockPlace = std::pair<LogIndex, UnitId>;

/// What a round does for the clocks. Borrowed; all must outlive the object.
struct RoundAccess {
    /// Appends an entry about the notice that no batch causes.
    std::function<LogIndex(LogIndex notice, LogEvent)> append;
    /// The bits of a StateRow, those of this round included.
    std::function<Result<std::uint32_t>(LogIndex, const UnitId&)> state_of;
    std::function<void(LogIndex, const UnitId&, std::uint32_t)> set_state;
};

/// The clocks of notices in one commit: what is logged starts and stops them, and what is due is
/// done, once, since the entry that says so and the record that remembers it are of one commit.
/// Without a keeper there are none. Used once, by the sequencer's thread.
class RoundClocks {
public:
    RoundClocks(ClockKeeper* keeper, const storage::HubStore& store, UtcTime time)
        : keeper_(keeper), store_(store), time_(time) {}

    /// `notice` was logged, and is delivered to `reached`: nobody else owes anything.
    void logged(const Notice& notice, LogIndex index, const Digest& sha256,
                const std::vector<UnitId>& reached);

    /// The recipient `unit` did `act` on the notice, which it may.
    ///
    /// Errors: those of the store.
    [[nodiscard]] Result<void> acted(const NoticeFacts& notice, const UnitId& unit, ActKind act);

    /// `answer`, logged at `index`, satisfies a reply of `asked`.
    ///
    /// Errors: those of the store.
    [[nodiscard]] Result<void> answered(const NoticeFacts& facts, const Notice& asked,
                                        const Notice& answer, LogIndex index);

    /// `act` takes the notice out of force at its recipient `unit`: nothing is owed there any more.
    /// Steps that were due before are still done, unless it was closed there before (`closed`).
    ///
    /// Errors: those of the store.
    [[nodiscard]] Result<void> taken_back(const NoticeFacts& notice, const UnitId& unit,
                                          LifecycleAct act, bool closed);

    /// What became of the clocks at `place` when the notice logged at `reversed` was taken back:
    /// those that it had stopped run again, limits that it had moved go back, and the standing
    /// there follows.
    ///
    /// Errors: those of the store.
    [[nodiscard]] Result<Reversal> reversed(RoundAccess& round, const NoticeFacts& notice,
                                            const UnitId& unit, LogIndex reversed);

    /// How many clocks of the notice wait for what is owed at `unit`.
    ///
    /// Errors: those of the store.
    [[nodiscard]] Result<std::size_t> owed_clocks(const NoticeFacts& notice, const UnitId& unit);

    /// The clocks of the notice at `unit` that a decision of now may move, or what stands against
    /// it (domain/extension.hpp, clocks_moved_by).
    ///
    /// Errors: those of the store.
    [[nodiscard]] Result<Checked<std::vector<ClockId>>> movable(const NoticeFacts& notice,
                                                                const UnitId& unit,
                                                                const ExtensionGrant& grant);

    /// A decision moves what `movable` allowed. The places of the clocks, ascending.
    ///
    /// Errors: those of the store.
    [[nodiscard]] Result<std::vector<std::uint16_t>> extended(const NoticeFacts& notice,
                                                              const UnitId& unit,
                                                              ExtensionFact fact);

    /// The limits of its sending that `notice`, which is logged now at `index`, is late for, in
    /// order; `asked` is the notice that it answers, or null. What can't be counted is told.
    ///
    /// Errors: those of the store.
    [[nodiscard]] Result<std::vector<std::string>> late_for(const Notice& notice, LogIndex index,
                                                            const NoticeFacts* asked);

    /// Does the steps that are due before the round's time, the earliest first, at most `limit`;
    /// `aside` are passed over, and get those that can't be read.
    ///
    /// Errors: those of read_looks.
    [[nodiscard]] Result<void> do_due(RoundAccess& round, std::size_t limit,
                                      std::set<ClockPlace>& aside);

    /// Says what became of each record that was touched: steps that were due before what touched
    /// it, at most `limit` each, then its marks, then whether it is closed.
    void finish(RoundAccess& round, std::size_t limit);

    [[nodiscard]] std::vector<storage::ClockUpdate>& updates() noexcept { return updates_; }
    /// When the first of the records that this round wrote is to be looked at.
    [[nodiscard]] std::optional<UtcTime> next_look() const noexcept { return next_look_; }

private:
    struct Held {
        storage::ClockRecord record;
        storage::ClockIndexes before;
        /// It started in this round.
        bool fresh{false};
        /// Its indexes are to be computed.
        bool touched{false};
        /// The notice was taken out of force in this round.
        bool ends{false};
    };
    struct Visit;

    [[nodiscard]] Result<Held*> open(const ClockPlace& place);
    /// Null also where the kind starts no clocks.
    [[nodiscard]] Result<Held*> open(const NoticeFacts& notice, const UnitId& unit);
    void do_step(RoundAccess& round, Held& held, ClockView& view, const ScheduledStep& step);
    /// `bits` are those of the StateRow.
    void conclude(RoundAccess& round, Held& held, const ClockView& view, std::uint32_t bits);
    void keep(Held held);

    ClockKeeper* keeper_;
    const storage::HubStore& store_;
    UtcTime time_;
    std::map<ClockPlace, Held> held_;
    std::vector<storage::ClockUpdate> updates_;
    std::optional<UtcTime> next_look_;
};

}  // namespace tongbao::hub
