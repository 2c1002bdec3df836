#pragma once

#include "domain/result.hpp"
#include "domain/uuid.hpp"
#include "storage/daemon_records.hpp"
#include "storage/daemon_store.hpp"
#include "storage/rocks_db.hpp"
#include "storage/rocks_id_index.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::storage {

/// In `meta`: see SentFamilies.
inline constexpr std::string_view kOutboxKey = "outbox";

/// Where the families of sent items stand in a daemon's database. A row of each stands for a run:
/// items with consecutive numbers, which are in the key by their first.
struct SentFamilies {
    Family sent;          ///< sequence → what of items never changes
    Family outcomes;      ///< sequence → what became of items
    Family sent_notices;  ///< sequence of each run of `sent` that has an item which is no act
    Family outbox;        ///< sequence → how many items are queued from there on
    Family sent_places;   ///< log index of accepted notices → sequence
    IdFamilies ids;       ///< id → sequence
    /// Under `outbox`, where the outbox begins: no row stands before that number.
    Family meta;
};

/// The items that a daemon sends, as records: it reads them from a view and puts changes among
/// those of a write that its caller makes durable. Keeps no state but the two of them, so any
/// number of threads may share it.
class RocksSentItems {
public:
    RocksSentItems(const RocksDb& database, const SentFamilies& families)
        : database_(database), families_(families), ids_(database, families.ids) {}

    /// One more than the last sequence number that was given; the first is 1.
    [[nodiscard]] Result<std::uint64_t> next_sequence(const View& view) const;
    [[nodiscard]] Result<std::uint64_t> count_outbox(const View& view) const;

    /// Errors: Errc::already_exists if one of these was queued, whatever became of it.
    [[nodiscard]] Result<void> check_absent(const View& view, std::span<const Uuid> ids) const;

    /// Puts items at the end of the outbox, with the numbers from `sequence` on.
    /// Errors: Errc::already_exists if one is there, or there twice, Errc::bad_argument.
    [[nodiscard]] Result<void> put(Writes& writes, const View& view,
                                   const std::vector<SentItem>& items,
                                   std::uint64_t sequence) const;

    /// Puts what became of items. The result is the size of the outbox afterwards, if it was
    /// `outbox_size`. Errors: Errc::not_found if one was never queued.
    [[nodiscard]] Result<std::uint64_t> settle(Writes& writes, const View& view,
                                               const std::vector<SentItem>& items,
                                               std::uint64_t outbox_size) const;

    /// As DaemonStore has them.
    [[nodiscard]] Result<std::vector<SentItem>> read_outbox(const View& view, std::uint64_t after,
                                                            std::size_t max_items,
                                                            std::size_t max_bytes) const;
    [[nodiscard]] Result<SentItem> find(const View& view, const Uuid& id) const;
    [[nodiscard]] Result<SentItem> find_at(const View& view, LogIndex index) const;
    [[nodiscard]] Result<std::vector<SentItem>> list(const View& view, std::size_t limit) const;
    [[nodiscard]] Result<std::vector<SentItem>> read_settled(const View& view, std::uint64_t after,
                                                             std::size_t limit) const;
    [[nodiscard]] Result<std::uint64_t> settled_through(const View& view) const;

private:
    /// What settle has to say of an item.
    struct Settled {
        SentOutcome outcome;
        bool notice{false};
    };
    /// By sequence number.
    using AllSettled = std::map<std::uint64_t, Settled>;
    /// Runs, each by its first number: how many there are.
    using Ranges = std::map<std::uint64_t, std::uint64_t>;

    /// Walks the outbox from where it begins: what left it lies before, removed but there until the
    /// database merges it away, and whoever walked over that once a notice would never come to
    /// rest.
    [[nodiscard]] Result<Cursor> outbox(const View& view) const;
    /// Puts where the outbox begins, when the ranges `before` became `after`.
    [[nodiscard]] Result<void> put_begin(Writes& writes, Cursor& waiting, const Ranges& before,
                                         const Ranges& after, std::uint64_t settled) const;

    [[nodiscard]] Result<std::uint64_t> find_sequence(const View& view, const Uuid& id) const;
    [[nodiscard]] Result<SentItem> read(const View& view, std::uint64_t sequence) const;
    /// The items of the run at the cursor with numbers from `from` to `through`, with what became
    /// of them.
    [[nodiscard]] Result<std::vector<SentItem>> read_run(const Cursor& sent, Cursor& outcomes,
                                                         std::uint64_t from,
                                                         std::uint64_t through) const;
    [[nodiscard]] Result<void> add_outcomes(Cursor& outcomes, std::vector<SentItem>& items) const;
    enum class Then : std::uint8_t { next, stop };
    /// Given the first number of the row at the cursor.
    using TakeRow = std::function<Result<Then>(std::uint64_t first)>;
    /// Gives the rows of a family that may have numbers from `from` to `through`, in order: a row
    /// begins at the number of its key, and no two overlap.
    [[nodiscard]] Result<void> each_row(Cursor& rows, Family family, std::uint64_t from,
                                        std::uint64_t through, const TakeRow& take) const;

    [[nodiscard]] Result<AllSettled> sort_out(const View& view,
                                              const std::vector<SentItem>& items) const;
    [[nodiscard]] Result<void> put_outcomes(Writes& writes, const View& view,
                                            const AllSettled& settled) const;
    [[nodiscard]] Result<void> put_places(Writes& writes, const View& view,
                                          const AllSettled& settled) const;
    /// The outbox's size afterwards.
    [[nodiscard]] Result<std::uint64_t> put_queued(Writes& writes, const View& view,
                                                   const AllSettled& settled,
                                                   std::uint64_t outbox_size) const;
    /// The ranges that have numbers from `from` to `through`, until there are `most`.
    [[nodiscard]] Result<void> read_ranges(Cursor& outbox, std::uint64_t from,
                                           std::uint64_t through, std::size_t most,
                                           Ranges& ranges) const;

    [[nodiscard]] Errc corrupt(Family family, std::uint64_t sequence) const {
        return database_.corrupt(family, "bad record " + std::to_string(sequence));
    }

    const RocksDb& database_;
    SentFamilies families_;
    RocksIdIndex ids_;
};

}  // namespace tongbao::storage
