#pragma once

#include "domain/result.hpp"
#include "storage/clock_rows.hpp"
#include "storage/rocks_db.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace tongbao::storage {

/// The families that hold the hub's clocks.
struct ClockFamilies {
    Family records;
    Family looks;
    Family open;
};

/// The clocks of notices as records, with what finds them by time and by unit. Reads from a view
/// and puts changes among those of its caller's write. Thread-safe.
class RocksClocks {
public:
    RocksClocks(const RocksDb& database, const ClockFamilies& families)
        : database_(database), families_(families) {}

    void put(Writes& writes, const ClockUpdate& update) const;

    // As HubStore has them.

    [[nodiscard]] Result<std::optional<ClockRecord>> read(const View& view, LogIndex notice,
                                                          const UnitId& unit) const;
    [[nodiscard]] Result<std::vector<LookRow>> read_looks(const View& view,
                                                          std::size_t limit) const;
    /// `standing_of` reads the bits that stand beside a record.
    [[nodiscard]] Result<std::vector<OpenClock>> read_open(
        const View& view, const OpenClockQuery& query,
        const std::function<Result<std::uint32_t>(LogIndex, const UnitId&)>& standing_of) const;

private:
    void put_open(Writes& writes, const ClockRecord& record, const OpenClockDue& open,
                  bool present) const;
    /// What the keys that are asked for begin with: each unit's own are in the order of places.
    [[nodiscard]] Result<std::vector<Bytes>> prefixes(const View& view,
                                                      const OpenClockQuery& query) const;
    [[nodiscard]] Result<std::vector<OpenClockPlace>> places(const View& view,
                                                             const OpenClockQuery& query) const;

    const RocksDb& database_;
    ClockFamilies families_;
};

}  // namespace tongbao::storage
