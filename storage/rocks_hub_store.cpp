#include "storage/rocks_hub_store.hpp"

#include "storage/commit_check.hpp"
#include "storage/hub_records.hpp"
#include "storage/key_codec.hpp"
#include "storage/published_state.hpp"
#include "storage/rocks_cases.hpp"
#include "storage/rocks_clocks.hpp"
#include "storage/rocks_db.hpp"
#include "storage/rocks_dispatches.hpp"
#include "storage/rocks_id_index.hpp"
#include "storage/rocks_notice_states.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <tuple>
#include <utility>

namespace tongbao::storage {
namespace {

constexpr Family kEntries{1};
constexpr Family kTiles{2};
constexpr Family kBatches{3};
constexpr Family kMailboxes{4};
constexpr IdFamilies kIdentifierFamilies{.blocks = {5}, .singles = {11}, .digests = true};
constexpr NoticeStateFamilies kStateFamilies{
    .states = {6}, .state_runs = {12}, .trails = {7}, .trail_runs = {16}};
constexpr Family kRegisterIndexes{9};
constexpr Family kFileOwners{10};
constexpr ClockFamilies kClocks{.records = {13}, .looks = {14}, .open = {15}};
constexpr CaseFamilies kCases{
    .notices = {8}, .serials = {17}, .heads = {18}, .parties = {19}, .facts = {20}};

constexpr Family kDispatches{21};
constexpr Family kRecords{22};

/// No value of entries crosses a multiple of this: one entry tile never reads beyond itself, and
/// whoever wants a single entry reads at most this many.
constexpr std::uint64_t kEntriesPerTile = 256;

RocksShape hub_shape() {
    return {.families = {"meta",       "entries",      "tiles",      "batches",
                         "mailboxes",  "identifiers",  "states",     "trails",
                         "cases",      "register",     "files",      "identifiers_alone",
                         "state_runs", "clocks",       "looks",      "open_clocks",
                         "trail_runs", "case_serials", "case_heads", "case_parties",
                         "case_facts", "dispatches",   "records"},
            .packed = {"entries", "batches"},
            .block_cache_bytes = 64 * kMebibyte,
            .write_buffer_bytes = 32 * kMebibyte,
            .format = "tongbao/hub-store/v6"};
}

class RocksHubStore final : public HubStore {
public:
    RocksHubStore(std::unique_ptr<RocksDb> database, std::shared_ptr<const Published> published)
        : database_(std::move(database)),
          identifiers_(*database_, kIdentifierFamilies),
          states_(*database_, kStateFamilies),
          clocks_(*database_, kClocks),
          cases_(*database_, kCases),
          dispatches_(*database_, kDispatches),
          published_(std::move(published)) {}

    [[nodiscard]] TreeSize size() const override { return published()->size; }
    [[nodiscard]] Result<std::string> checkpoint() const override {
        return published()->checkpoint;
    }
    [[nodiscard]] Result<void> commit(const Commit& commit) override;
    [[nodiscard]] Result<std::vector<Bytes>> read_entries(LogIndex first,
                                                          std::uint64_t count) const override;
    [[nodiscard]] Result<std::optional<Bytes>> read_record(LogIndex index) const override;
    [[nodiscard]] Result<Bytes> read_tile(std::uint8_t level, std::uint64_t number) const override;
    [[nodiscard]] Result<StoredBatch> read_batch(LogIndex index) const override;
    [[nodiscard]] Result<std::vector<MailboxRow>> read_mailbox(const UnitId& unit,
                                                               std::optional<LogIndex> after,
                                                               std::size_t limit) const override;
    [[nodiscard]] Result<std::vector<IdentifierRow>> find_identifiers(
        std::span<const Uuid> ids) const override;
    [[nodiscard]] Result<std::uint32_t> read_state(LogIndex notice,
                                                   const UnitId& unit) const override {
        return states_.read_state(published()->view, notice, unit);
    }
    [[nodiscard]] Result<std::vector<LogIndex>> read_trail(LogIndex notice) const override {
        return states_.read_trail(published()->view, notice);
    }
    [[nodiscard]] Result<std::optional<ClockRecord>> read_clocks(
        LogIndex notice, const UnitId& unit) const override {
        return clocks_.read(published()->view, notice, unit);
    }
    [[nodiscard]] Result<std::vector<LookRow>> read_looks(std::size_t limit) const override {
        return clocks_.read_looks(published()->view, limit);
    }
    [[nodiscard]] Result<std::vector<OpenClock>> read_open_clocks(
        const OpenClockQuery& query) const override;
    [[nodiscard]] Result<std::optional<Digest>> calendar() const override;
    [[nodiscard]] Result<std::vector<LogIndex>> read_case(
        const CaseNumber& case_number) const override {
        return cases_.read_notices(published()->view, case_number);
    }
    [[nodiscard]] Result<std::optional<CaseNumber>> last_case_number(
        const CaseSeries& series) const override {
        return cases_.last_number(published()->view, series);
    }
    [[nodiscard]] Result<std::optional<CaseHead>> find_case(
        const CaseNumber& number) const override {
        return cases_.find(published()->view, number);
    }
    [[nodiscard]] Result<CasePart> case_part(const CaseNumber& number,
                                             const UnitId& unit) const override {
        return cases_.part(published()->view, number, unit);
    }
    [[nodiscard]] Result<std::vector<LedgerFact>> read_case_facts(
        const CaseNumber& number) const override {
        return cases_.read_facts(published()->view, number);
    }
    [[nodiscard]] Result<std::optional<DispatchRow>> find_dispatch(
        const DispatchPlace& place) const override {
        return dispatches_.find(published()->view, place);
    }
    [[nodiscard]] Result<std::vector<DispatchRow>> read_dispatches(
        const DispatchQuery& query) const override {
        return dispatches_.read(published()->view, query);
    }
    [[nodiscard]] Result<Naming> naming(const NamedFile& file) const override;
    [[nodiscard]] Result<std::vector<LogIndex>> read_register() const override;

private:
    [[nodiscard]] std::shared_ptr<const Published> published() const {
        const std::lock_guard lock(mutex_);
        return published_;
    }
    [[nodiscard]] Errc corrupt(Family family, LogIndex index) const {
        return database_->corrupt(family,
                                  "bad record at or before " + std::to_string(index.value()));
    }

    [[nodiscard]] Result<void> put_identifiers(Writes& writes, const View& view,
                                               const std::vector<IdentifierRow>& rows) const;

    std::unique_ptr<RocksDb> database_;
    RocksIdIndex identifiers_;
    RocksNoticeStates states_;
    const RocksClocks clocks_;
    const RocksCases cases_;
    const RocksDispatches dispatches_;
    mutable std::mutex mutex_;
    /// Shared by the store and the readers that began before the next commit.
    std::shared_ptr<const Published> published_;
};

/// Puts the entries as values of consecutive ones: a new value at each batch's beginning and end,
/// and at each multiple of kEntriesPerTile.
void put_entries(Writes& writes, const Commit& commit) {
    const std::uint64_t begin = commit.expected.value();
    const std::uint64_t end = begin + commit.entries.size();
    std::set<std::uint64_t> cuts{end};
    for (const StoredBatch& batch : commit.batches) {
        cuts.insert(batch.first.value());
        cuts.insert(batch.first.value() + batch.entry_count);
    }
    for (std::uint64_t at = begin; at < end;) {
        const std::uint64_t tile_end = (at / kEntriesPerTile + 1) * kEntriesPerTile;
        const std::uint64_t stop = std::min(*cuts.upper_bound(at), tile_end);
        const std::span<const Bytes> run = std::span(commit.entries).subspan(at - begin, stop - at);
        writes.put(kEntries, index_key(LogIndex(at)), encode_entries(run));
        at = stop;
    }
}

void put_rows(Writes& writes, const Commit& commit) {
    for (const FullTile& tile : commit.tiles) {
        writes.put(kTiles, tile_key(tile.level, tile.number), tile.hashes);
    }
    for (const RecordRow& row : commit.records) {
        writes.put(kRecords, index_key(row.index), row.record);
    }
    for (const StoredBatch& batch : commit.batches) {
        writes.put(kBatches, index_key(batch.first), encode_batch(batch));
    }
    for (const MailboxRow& row : commit.mail) {
        writes.put(kMailboxes, name_index_key(row.unit.value(), row.batch),
                   encode_positions(row.leaves));
    }
    for (const NamedFile& file : commit.files)
        writes.put(kFileOwners, digest_unit_key(file.sha256, file.owner), encode_mark());
    // A log that is begun with this record has it whole.
    if (commit.expected.value() == 0) writes.put(kMeta, as_bytes(kFilesKey), encode_mark());
    if (commit.calendar) writes.put(kMeta, as_bytes(kCalendarKey), commit.calendar->bytes());
    for (const LogIndex index : commit.register_entries) {
        writes.put(kRegisterIndexes, index_key(index), encode_mark());
    }
}

Result<void> RocksHubStore::commit(const Commit& commit) {
    // If we stop here, nothing was written: senders ask again and get new places.
    if (const auto sound = check_commit(commit, size()); !sound) return sound.error();
    Writes writes = database_->new_writes(bytes_of(commit));
    put_entries(writes, commit);
    put_rows(writes, commit);
    const View before = database_->view();
    const auto known = put_identifiers(writes, before, commit.identifiers);
    if (!known) return known.error();
    const auto stated = states_.put(writes, before, commit.states, commit.trails);
    if (!stated) return stated.error();
    for (const ClockUpdate& update : commit.clocks) clocks_.put(writes, update);
    cases_.put(writes, commit);
    for (const DispatchUpdate& update : commit.dispatches) dispatches_.put(writes, update);
    writes.put(kMeta, as_bytes(kCheckpointKey), as_bytes(commit.checkpoint));

    // If we stop during this, the next start finds all of it or nothing, as the write-ahead log's
    // record of it is whole or not; nobody was told of it yet, so both are right.
    if (const auto written = database_->write(std::move(writes)); !written) return written.error();

    // If we stop here, all of it is durable and the next start publishes it.
    auto next = std::make_shared<const Published>(
        Published{TreeSize(commit.expected.value() + commit.entries.size()), commit.checkpoint,
                  database_->view()});
    // The old state is let go of after the lock: it may be the last hold on its snapshot.
    const std::lock_guard lock(mutex_);
    published_.swap(next);
    return {};
}

Result<std::vector<Bytes>> RocksHubStore::read_entries(LogIndex first, std::uint64_t count) const {
    const std::shared_ptr<const Published> now = published();
    if (count == 0) return std::vector<Bytes>();
    if (!contains(now->size, first) || count > now->size.value() - first.value()) {
        return Errc::not_in_tree;
    }
    std::vector<Bytes> entries;
    entries.reserve(count);
    std::uint64_t at = first.value();
    Cursor cursor = now->view.cursor(kEntries);
    for (cursor.seek_back(index_key(first)); cursor.valid() && entries.size() < count;
         cursor.next()) {
        const Result<LogIndex> start = decode_index_key(cursor.key());
        // The first value may begin before `at`; each further one begins exactly there.
        const bool follows =
            start && (entries.empty() ? start->value() <= at : start->value() == at);
        if (!follows) return corrupt(kEntries, LogIndex(at));
        const Result<std::vector<Bytes>> run =
            decode_entries(cursor.value(), at - start->value(), count - entries.size());
        if (!run || run->empty()) return corrupt(kEntries, LogIndex(at));
        entries.insert(entries.end(), run->begin(), run->end());
        at += run->size();
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    if (entries.size() < count) return corrupt(kEntries, LogIndex(at));
    return entries;
}

Result<std::optional<Bytes>> RocksHubStore::read_record(LogIndex index) const {
    Result<Bytes> record = published()->view.get(kRecords, index_key(index));
    if (record) return std::optional(*std::move(record));
    if (record.error() == Errc::not_found) return std::optional<Bytes>();
    return record.error();
}

Result<Bytes> RocksHubStore::read_tile(std::uint8_t level, std::uint64_t number) const {
    Result<Bytes> hashes = published()->view.get(kTiles, tile_key(level, number));
    if (!hashes) return hashes.error();
    if (hashes->size() == kTileBytes) return hashes;
    return database_->corrupt(kTiles,
                              "bad tile " + std::to_string(level) + "/" + std::to_string(number));
}

Result<StoredBatch> RocksHubStore::read_batch(LogIndex index) const {
    const std::shared_ptr<const Published> now = published();
    if (!contains(now->size, index)) return Errc::not_found;
    Cursor cursor = now->view.cursor(kBatches);
    cursor.seek_back(index_key(index));
    if (!cursor.valid()) {
        if (const auto ended = cursor.finish(); !ended) return ended.error();
        return Errc::not_found;
    }
    const Result<LogIndex> first = decode_index_key(cursor.key());
    if (!first) return corrupt(kBatches, index);
    Result<StoredBatch> batch = decode_batch(*first, cursor.value());
    if (!batch) return corrupt(kBatches, index);
    if (index.value() - first->value() >= batch->entry_count) return Errc::not_found;
    return batch;
}

Result<std::vector<MailboxRow>> RocksHubStore::read_mailbox(const UnitId& unit,
                                                            std::optional<LogIndex> after,
                                                            std::size_t limit) const {
    std::vector<MailboxRow> rows;
    if (unit.value().size() > kMaxKeyName) return rows;
    const Bytes prefix = name_prefix(unit.value());
    const std::shared_ptr<const Published> now = published();
    Cursor cursor = now->view.cursor(kMailboxes);
    for (cursor.seek(after ? name_index_key(unit.value(), *after) : prefix);
         cursor.valid() && has_prefix(cursor.key(), prefix) && rows.size() < limit; cursor.next()) {
        const Result<LogIndex> batch = decode_name_index_key(unit.value(), cursor.key());
        if (!batch) return database_->corrupt(kMailboxes, "bad key of " + unit.value());
        if (after && *batch <= *after) continue;
        Result<std::vector<std::uint16_t>> leaves = decode_positions(cursor.value());
        if (!leaves) return corrupt(kMailboxes, *batch);
        rows.push_back({unit, *batch, std::move(*leaves)});
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return rows;
}

Result<void> RocksHubStore::put_identifiers(Writes& writes, const View& view,
                                            const std::vector<IdentifierRow>& rows) const {
    std::vector<IdUse> uses;
    uses.reserve(rows.size());
    for (const IdentifierRow& row : rows) {
        uses.push_back({row.id, row.sender, row.index.value(), row.sha256});
    }
    return identifiers_.put(writes, view, uses);
}

Result<std::vector<IdentifierRow>> RocksHubStore::find_identifiers(
    std::span<const Uuid> ids) const {
    const Result<std::vector<IdUse>> uses = identifiers_.find(published()->view, ids);
    if (!uses) return uses.error();
    std::vector<IdentifierRow> rows;
    rows.reserve(uses->size());
    for (const IdUse& use : *uses) {
        rows.push_back({use.id, use.sender, LogIndex(use.place), use.sha256});
    }
    std::sort(rows.begin(), rows.end(), [](const IdentifierRow& left, const IdentifierRow& right) {
        return std::tie(left.id, left.sender) < std::tie(right.id, right.sender);
    });
    return rows;
}

Result<std::vector<OpenClock>> RocksHubStore::read_open_clocks(const OpenClockQuery& query) const {
    const std::shared_ptr<const Published> now = published();
    const auto standing_of = [&](LogIndex notice, const UnitId& unit) {
        return states_.read_state(now->view, notice, unit);
    };
    return clocks_.read_open(now->view, query, standing_of);
}

Result<std::optional<Digest>> RocksHubStore::calendar() const {
    const Result<Bytes> value = published()->view.get(kMeta, as_bytes(kCalendarKey));
    if (!value && value.error() == Errc::not_found) return std::optional<Digest>();
    if (!value) return value.error();
    const Result<Digest> digest = Digest::from_bytes(*value);
    if (!digest) return database_->corrupt(kMeta, "bad digest of the calendar");
    return std::optional(*digest);
}

Result<Naming> RocksHubStore::naming(const NamedFile& file) const {
    const std::shared_ptr<const Published> now = published();
    const Result<Bytes> named =
        now->view.get(kFileOwners, digest_unit_key(file.sha256, file.owner));
    if (named) return Naming::named;
    if (named.error() != Errc::not_found) return named.error();
    const Result<Bytes> whole = now->view.get(kMeta, as_bytes(kFilesKey));
    if (!whole && whole.error() != Errc::not_found) return whole.error();
    return whole ? Naming::unnamed : Naming::unknown;
}

Result<std::vector<LogIndex>> RocksHubStore::read_register() const {
    std::vector<LogIndex> indexes;
    const std::shared_ptr<const Published> now = published();
    Cursor cursor = now->view.cursor(kRegisterIndexes);
    for (cursor.seek_first(); cursor.valid(); cursor.next()) {
        const Result<LogIndex> index = decode_index_key(cursor.key());
        if (!index || !decode_mark(cursor.value())) {
            return database_->corrupt(
                kRegisterIndexes, "bad record after " + std::to_string(indexes.size()) + " others");
        }
        indexes.push_back(*index);
    }
    if (const auto ended = cursor.finish(); !ended) return ended.error();
    return indexes;
}

}  // namespace

Result<std::unique_ptr<HubStore>> open_hub_store(const std::filesystem::path& folder,
                                                 std::string& words, FaultReport report) {
    Result<std::unique_ptr<RocksDb>> database =
        RocksDb::open(folder, hub_shape(), std::move(report), words);
    if (!database) return database.error();
    Result<std::shared_ptr<const Published>> published =
        last_published(**database, kEntries, words);
    if (!published) return published.error();
    return std::unique_ptr<HubStore>(
        std::make_unique<RocksHubStore>(std::move(*database), std::move(*published)));
}

}  // namespace tongbao::storage
