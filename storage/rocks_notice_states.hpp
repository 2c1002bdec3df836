#pragma once

#include "domain/result.hpp"
#include "storage/hub_store.hpp"
#include "storage/rocks_db.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace tongbao::storage {

/// Where what becomes of logged notices stands in the hub's database.
struct NoticeStateFamilies {
    Family states;      ///< unit, index of a notice → state
    Family state_runs;  ///< unit, index of the first of some notices → how many, their first state
    Family trails;      ///< index of a notice, index of the event
    Family trail_runs;  ///< index of the first of some notices, index of the event → how many
};

/// How far logged notices have come, and which entries speak of them. An act mostly is on many
/// notices that follow one another, all new to the recipient: they share a row. Thread-safe.
class RocksNoticeStates {
public:
    RocksNoticeStates(const RocksDb& database, const NoticeStateFamilies& families)
        : database_(database), families_(families) {}

    /// Puts the rows among the changes of a write. `view` is the database before it. Only the one
    /// writer; who reads the written state must do so after this.
    /// Errors: Errc::storage_corrupt, Errc::storage_failure.
    [[nodiscard]] Result<void> put(Writes& writes, const View& view,
                                   const std::vector<StateRow>& states,
                                   const std::vector<TrailRow>& trails);

    /// As HubStore has them.
    [[nodiscard]] Result<std::uint32_t> read_state(const View& view, LogIndex notice,
                                                   const UnitId& unit) const;
    [[nodiscard]] Result<std::vector<LogIndex>> read_trail(const View& view, LogIndex notice) const;

private:
    /// No notice from here on has a state at the unit.
    [[nodiscard]] Result<std::uint64_t> end_of(const View& view, const UnitId& unit) const;
    [[nodiscard]] Errc corrupt(Family family, LogIndex notice) const {
        return database_.corrupt(family,
                                 "bad record at or before " + std::to_string(notice.value()));
    }

    const RocksDb& database_;
    NoticeStateFamilies families_;
    mutable std::mutex mutex_;
    /// What end_of found before, or a put raised: a recipient's first act on a notice, of which
    /// nothing is known yet, then asks the disk for nothing.
    mutable std::map<UnitId, std::uint64_t> ends_;
};

}  // namespace tongbao::storage
