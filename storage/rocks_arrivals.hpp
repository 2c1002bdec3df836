#pragma once

#include "domain/result.hpp"
#include "domain/uuid.hpp"
#include "storage/daemon_store.hpp"
#include "storage/rocks_db.hpp"
#include "storage/rocks_id_index.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tongbao::storage {

/// Where the families of what arrived stand in a daemon's database.
struct ArrivalFamilies {
    Family deliveries;    ///< index of the batch → the delivery as it came
    Family inbox;         ///< index of a delivery's first notice → the rows of all of its notices
    Family inbox_states;  ///< index of a notice → its state, where that is not its row's any more
    Family acts;          ///< index of the first notice and of the act → the act, on some notices
    IdFamilies ids;       ///< id → index of the notice
};

/// What a daemon received, as DaemonStore has it: reads it from a view of its database, and puts
/// changes among those of a write that its caller makes durable. Any number of threads may share
/// one.
class RocksArrivals {
public:
    RocksArrivals(const RocksDb& database, const ArrivalFamilies& families)
        : database_(database), families_(families), ids_(database, families.ids) {}

    /// Whether anything was ever received.
    [[nodiscard]] Result<void> check_empty(const View& view) const;
    /// Puts the delivery with its rows, acts and what they change of notices that came before.
    /// Errors: Errc::already_exists if it is there; Errc::bad_argument if one of its notices does
    /// not stand behind all that came before; Errc::not_found as put_state.
    [[nodiscard]] Result<void> put(Writes& writes, const View& view,
                                   const Received& received) const;
    /// Errors: Errc::not_found if there is no such notice.
    [[nodiscard]] Result<void> put_state(Writes& writes, const View& view,
                                         const AddedState& added) const;

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
    /// The rows of the delivery at the cursor, with their states, through a cursor of the same
    /// view.
    [[nodiscard]] Result<std::vector<InboxRow>> read_rows(const Cursor& inbox,
                                                          Cursor& states) const;
    [[nodiscard]] Result<void> put_rows(Writes& writes, const View& view,
                                        const Received& received) const;
    void put_acts(Writes& writes, const std::vector<ActRow>& acts) const;
    [[nodiscard]] Errc corrupt(Family family, std::uint64_t number) const {
        return database_.corrupt(family, "bad record " + std::to_string(number));
    }

    const RocksDb& database_;
    ArrivalFamilies families_;
    RocksIdIndex ids_;
};

}  // namespace tongbao::storage
