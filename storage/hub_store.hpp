#pragma once

#include "domain/bytes.hpp"
#include "domain/case_number.hpp"
#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"
#include "domain/uuid.hpp"
#include "storage/attachment_store.hpp"
#include "storage/case_rows.hpp"
#include "storage/clock_rows.hpp"
#include "storage/dispatch_rows.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tongbao::storage {

/// A leaf of a submitted batch as it is kept.
struct StoredLeaf {
    Digest leaf_hash;
    /// Its `logged`, act or `refused` entry; none if it repeated a leaf that was accepted before.
    std::optional<LogIndex> index;
    /// The exact bytes of an accepted leaf; empty for any other.
    Bytes bytes;
    /// Of an accepted leaf, the containers of its endorsements, DER.
    std::vector<Bytes> endorsements{};

    friend bool operator==(const StoredLeaf&, const StoredLeaf&) = default;
};

/// A submitted batch: one statement and all its leaves, with the run of log entries it caused.
struct StoredBatch {
    LogIndex first;
    std::uint32_t entry_count{0};  ///< at least 1: entries first … first + entry_count − 1
    Digest signer;                 ///< SHA-256 of the signer's certificate
    Bytes statement;               ///< the container, DER
    std::vector<StoredLeaf> leaves;

    friend bool operator==(const StoredBatch&, const StoredBatch&) = default;
};

/// Tells `unit` of some leaves of the batch that begins at `batch`.
struct MailboxRow {
    UnitId unit;
    LogIndex batch;
    std::vector<std::uint16_t> leaves;  ///< positions in StoredBatch::leaves, ascending

    friend bool operator==(const MailboxRow&, const MailboxRow&) = default;
};

/// Which leaf a sender used an identifier for: the duplicate index. Only accepted ones.
struct IdentifierRow {
    Uuid id;
    UnitId sender;
    LogIndex index;
    Digest sha256;

    friend bool operator==(const IdentifierRow&, const IdentifierRow&) = default;
};

/// Where a notice stands at one recipient: state and marks, as bits_of
/// (domain/recipient_state.hpp).
struct StateRow {
    LogIndex notice;
    UnitId unit;
    std::uint32_t state{0};
    /// Nothing was said of it before, in this commit either: such rows are kept together.
    bool fresh{false};

    friend bool operator==(const StateRow&, const StateRow&) = default;
};

/// That the entry `event` speaks of the notice logged at `notice`.
struct TrailRow {
    LogIndex notice;
    LogIndex event;
};

/// That the notice logged at `notice` belongs to a case.
struct CaseRow {
    CaseNumber case_number;
    LogIndex notice;
};

/// That a logged notice of `owner` names the file `sha256`.
struct NamedFile {
    UnitId owner;
    Digest sha256;

    friend auto operator<=>(const NamedFile&, const NamedFile&) = default;
};

/// What the opaque entry at `index` hides, whose digest it holds: the bytes of an entry.
struct RecordRow {
    LogIndex index;
    Bytes record;
};

/// A full tile: 256 hashes. Only full tiles are stored.
struct FullTile {
    std::uint8_t level{0};
    std::uint64_t number{0};
    Bytes hashes;  ///< 8,192 bytes
};

/// All that one commit makes durable together.
struct Commit {
    /// The size of the log that these entries are appended to.
    TreeSize expected;
    std::vector<Bytes> entries;
    /// Of those of `entries` that are opaque.
    std::vector<RecordRow> records;
    std::vector<FullTile> tiles;
    std::vector<StoredBatch> batches;
    std::vector<MailboxRow> mail;
    std::vector<IdentifierRow> identifiers;
    std::vector<StateRow> states;
    std::vector<ClockUpdate> clocks;
    /// By which calendar and zone the `indexes` of all clocks are counted from here on; none: as
    /// before.
    std::optional<Digest> calendar;
    /// In their order: of one item the last that was said holds.
    std::vector<DispatchUpdate> dispatches;
    std::vector<TrailRow> trails;
    std::vector<CaseRow> cases;
    /// The numbers that were given, in their order.
    std::vector<CaseNumber> case_numbers;
    /// As it is from here on.
    std::vector<CaseHead> case_heads;
    /// Each may come again, here and in later commits.
    std::vector<CasePartyRow> case_parties;
    /// At most one of a case.
    std::vector<CaseFactsRow> case_facts;
    /// Each may come again, here and in later commits.
    std::vector<NamedFile> files;
    /// Indexes of those of `entries` that are register entries.
    std::vector<LogIndex> register_entries;
    /// The unsigned text of the checkpoint over expected + entries.size() entries.
    std::string checkpoint;
};

/// The hub's data: the audit log and what is relayed. Exactly one writer; any number of concurrent
/// readers, who see a commit wholly or not at all. Nothing here changes or removes an entry, and no
/// method that could will be added.
///
/// Every reading method may also answer Errc::storage_failure (the disk) or Errc::storage_corrupt
/// (bytes that no commit can have written, a checksum that fails).
class HubStore {
public:
    virtual ~HubStore() = default;

    /// Number of durable entries. Costs nothing.
    [[nodiscard]] virtual TreeSize size() const = 0;

    /// The checkpoint text of the last commit; empty if there was none.
    [[nodiscard]] virtual Result<std::string> checkpoint() const = 0;

    /// Writes all of `commit` in one atomic, synced write.
    ///
    /// Errors: Errc::stale_size if `expected` is not size(), Errc::bad_argument if the commit
    /// contradicts itself (storage/commit_check.hpp), nothing was written; Errc::storage_failure:
    /// the state on disk is unknown, the process must end and recover by starting again.
    [[nodiscard]] virtual Result<void> commit(const Commit& commit) = 0;

    /// The entries first … first + count − 1. Errors: Errc::not_in_tree if one is not below size().
    [[nodiscard]] virtual Result<std::vector<Bytes>> read_entries(LogIndex first,
                                                                  std::uint64_t count) const = 0;

    /// What the entry at `index` hides; none if it hides nothing. Whose business it is, the caller
    /// has asked.
    [[nodiscard]] virtual Result<std::optional<Bytes>> read_record(LogIndex index) const = 0;

    /// The 8,192 bytes of a full tile. Errors: Errc::not_found if there is no such full tile.
    [[nodiscard]] virtual Result<Bytes> read_tile(std::uint8_t level,
                                                  std::uint64_t number) const = 0;

    /// The batch that caused the entry at `index`. Errors: Errc::not_found if no batch did (a
    /// register entry).
    [[nodiscard]] virtual Result<StoredBatch> read_batch(LogIndex index) const = 0;

    /// The next rows of a unit's mailbox, those whose batch begins after `after` (from the start if
    /// none), oldest first, at most `limit`.
    [[nodiscard]] virtual Result<std::vector<MailboxRow>> read_mailbox(
        const UnitId& unit, std::optional<LogIndex> after, std::size_t limit) const = 0;

    /// Every use of these identifiers, by any sender, in the order of identifiers and senders.
    /// Several at once cost little more than one.
    [[nodiscard]] virtual Result<std::vector<IdentifierRow>> find_identifiers(
        std::span<const Uuid> ids) const = 0;

    /// The bits of StateRow of a notice at a recipient; 0 if none was stored.
    [[nodiscard]] virtual Result<std::uint32_t> read_state(LogIndex notice,
                                                           const UnitId& unit) const = 0;

    /// The clocks of a notice at a recipient; none if it started none there.
    [[nodiscard]] virtual Result<std::optional<ClockRecord>> read_clocks(
        LogIndex notice, const UnitId& unit) const = 0;

    /// The next clocks to look at, the earliest first, at most `limit`.
    [[nodiscard]] virtual Result<std::vector<LookRow>> read_looks(std::size_t limit) const = 0;

    /// Clocks that are still waited for, in the order of their places, at most `query.limit`. Reads
    /// none that is not asked for; for everybody's it takes a walk for each unit.
    [[nodiscard]] virtual Result<std::vector<OpenClock>> read_open_clocks(
        const OpenClockQuery& query) const = 0;

    /// The last that a commit said of `calendar`.
    [[nodiscard]] virtual Result<std::optional<Digest>> calendar() const = 0;

    /// The item of the register of dispatches at this place; none if there is none.
    [[nodiscard]] virtual Result<std::optional<DispatchRow>> find_dispatch(
        const DispatchPlace& place) const = 0;

    /// Items of one stage, a sender's together in the order of their notices, at most
    /// `query.limit`. Reads none that is not asked for.
    [[nodiscard]] virtual Result<std::vector<DispatchRow>> read_dispatches(
        const DispatchQuery& query) const = 0;

    /// The indexes of all entries that speak of the notice, ascending, its own not among them.
    [[nodiscard]] virtual Result<std::vector<LogIndex>> read_trail(LogIndex notice) const = 0;

    /// The notices of a case, ascending.
    [[nodiscard]] virtual Result<std::vector<LogIndex>> read_case(
        const CaseNumber& case_number) const = 0;

    /// The last number that was given in the series; none before the first. Errors also those of
    /// format_case_number.
    [[nodiscard]] virtual Result<std::optional<CaseNumber>> last_case_number(
        const CaseSeries& series) const = 0;

    /// None if there is no such case.
    [[nodiscard]] virtual Result<std::optional<CaseHead>> find_case(
        const CaseNumber& number) const = 0;

    /// Whether the unit has a part in the case. Costs the same for a case that is not there.
    [[nodiscard]] virtual Result<CasePart> case_part(const CaseNumber& number,
                                                     const UnitId& unit) const = 0;

    /// All that was written of the case, in the log's order; empty if nothing was. A row for each
    /// commit that wrote some: linear, and for those alone who must see all of it.
    [[nodiscard]] virtual Result<std::vector<LedgerFact>> read_case_facts(
        const CaseNumber& number) const = 0;

    /// Whether a logged notice of this owner names this file. Errc::not_found is none of its
    /// errors.
    [[nodiscard]] virtual Result<Naming> naming(const NamedFile& file) const = 0;

    /// The indexes of all register entries, ascending.
    [[nodiscard]] virtual Result<std::vector<LogIndex>> read_register() const = 0;
};

}  // namespace tongbao::storage
