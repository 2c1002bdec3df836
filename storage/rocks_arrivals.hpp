#pragma once

#include "domain/result.hpp"
#include "domain/uuid.hpp"
#include "storage/daemon_store.hpp"
#include "storage/rocks_db.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tongbao::storage {

/// Where the families of what arrived stand in a daemon's database.
struct ArrivalFamilies {
    Family deliveries;  ///< index of the batch → the delivery as it came
    Family inbox;       ///< index of the notice → its row
    Family inbox_ids;   ///< id and index of each notice
    Family acts;        ///< index of the notice and of the act → the act
};

/// Reads what a daemon received from a view of its database, as DaemonStore has it. Any number of
/// threads may share one.
class RocksArrivals {
public:
    RocksArrivals(const RocksDb& database, const ArrivalFamilies& families)
        : database_(database), families_(families) {}

    [[nodiscard]] Result<Bytes> read_delivery(const View& view, LogIndex batch) const;
    [[nodiscard]] Result<std::vector<LogIndex>> list_deliveries(const View& view, LogIndex index,
                                                                std::size_t limit) const;
    [[nodiscard]] Result<InboxRow> read_row(const View& view, LogIndex index) const;
    [[nodiscard]] Result<std::vector<InboxRow>> list_inbox(const View& view,
                                                           std::optional<LogIndex> before,
                                                           std::size_t limit) const;
    [[nodiscard]] Result<std::vector<InboxRow>> find_received(const View& view,
                                                              const Uuid& id) const;
    [[nodiscard]] Result<std::optional<Uuid>> first_received(const View& view,
                                                             std::span<const Uuid> ids) const;
    [[nodiscard]] Result<std::vector<ActRow>> read_acts(const View& view, LogIndex notice) const;

private:
    [[nodiscard]] Errc corrupt(Family family, std::uint64_t number) const {
        return database_.corrupt(family, "bad record " + std::to_string(number));
    }

    const RocksDb& database_;
    ArrivalFamilies families_;
};

}  // namespace tongbao::storage
