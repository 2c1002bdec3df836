#include "tests/support/memory_hub_store.hpp"

#include "storage/clock_records.hpp"
#include "storage/commit_check.hpp"
#include "storage/dispatch_records.hpp"

namespace tongbao::storage {

TreeSize MemoryHubStore::size() const {
    const std::lock_guard lock(mutex_);
    return TreeSize(entries_.size());
}

Result<std::string> MemoryHubStore::checkpoint() const {
    const std::lock_guard lock(mutex_);
    return checkpoint_;
}

Result<void> MemoryHubStore::commit(const Commit& commit) {
    const std::lock_guard lock(mutex_);
    const auto sound = check_commit(commit, TreeSize(entries_.size()));
    if (!sound) return sound.error();
    entries_.insert(entries_.end(), commit.entries.begin(), commit.entries.end());
    for (const auto& row : commit.records) records_[row.index] = row.record;
    for (const auto& tile : commit.tiles) tiles_[{tile.level, tile.number}] = tile.hashes;
    for (const auto& batch : commit.batches) batches_[batch.first] = batch;
    for (const auto& row : commit.mail) mail_[{row.unit, row.batch}] = row;
    for (const auto& row : commit.identifiers) identifiers_[{row.id, row.sender}] = row;
    for (const auto& row : commit.states) states_[{row.notice, row.unit}] = row.state;
    for (const auto& update : commit.clocks) {
        clocks_[{update.record.notice, update.record.unit}] =
            std::make_shared<const ClockRecord>(update.record);
    }
    if (commit.calendar) calendar_ = commit.calendar;
    for (const DispatchUpdate& update : commit.dispatches) {
        DispatchPlace old = update.row.place;
        old.stage = update.before.value_or(old.stage);
        dispatches_.erase(dispatch_key(old));
        dispatches_[dispatch_key(update.row.place)] = update.row;
    }
    for (const auto& row : commit.trails) trails_[{row.notice, row.event}] = row;
    for (const auto& row : commit.cases) cases_[{row.case_number, row.notice}] = row;
    for (const auto& number : commit.case_numbers) {
        case_numbers_[parse_case_number(number.value())->series] = number;
    }
    for (const auto& head : commit.case_heads) case_heads_[head.number] = head;
    case_parties_.insert(commit.case_parties.begin(), commit.case_parties.end());
    for (const auto& row : commit.case_facts) {
        std::vector<LedgerFact>& facts = case_facts_[row.number];
        facts.insert(facts.end(), row.facts.begin(), row.facts.end());
    }
    files_.insert(commit.files.begin(), commit.files.end());
    for (const LogIndex index : commit.register_entries) register_[index] = index;
    checkpoint_ = commit.checkpoint;
    return {};
}

Result<std::optional<Bytes>> MemoryHubStore::read_record(LogIndex index) const {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(index);
    return found == records_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<Bytes>> MemoryHubStore::read_entries(LogIndex first, std::uint64_t count) const {
    const std::lock_guard lock(mutex_);
    if (count == 0) return std::vector<Bytes>();
    if (first.value() >= entries_.size() || count > entries_.size() - first.value()) {
        return Errc::not_in_tree;
    }
    const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(first.value());
    return std::vector<Bytes>(begin, begin + static_cast<std::ptrdiff_t>(count));
}

Result<Bytes> MemoryHubStore::read_tile(std::uint8_t level, std::uint64_t number) const {
    const std::lock_guard lock(mutex_);
    const auto found = tiles_.find({level, number});
    if (found == tiles_.end()) return Errc::not_found;
    return found->second;
}

Result<StoredBatch> MemoryHubStore::read_batch(LogIndex index) const {
    const std::lock_guard lock(mutex_);
    const auto after = batches_.upper_bound(index);
    if (after == batches_.begin()) return Errc::not_found;
    const StoredBatch& batch = std::prev(after)->second;
    if (index.value() - batch.first.value() >= batch.entry_count) return Errc::not_found;
    return batch;
}

Result<std::vector<MailboxRow>> MemoryHubStore::read_mailbox(const UnitId& unit,
                                                             std::optional<LogIndex> after,
                                                             std::size_t limit) const {
    const std::lock_guard lock(mutex_);
    std::vector<MailboxRow> rows;
    auto row = after ? mail_.upper_bound({unit, *after}) : mail_.lower_bound({unit, LogIndex()});
    for (; row != mail_.end() && row->first.first == unit && rows.size() < limit; ++row) {
        rows.push_back(row->second);
    }
    return rows;
}

Result<std::vector<IdentifierRow>> MemoryHubStore::find_identifiers(
    std::span<const Uuid> ids) const {
    const std::lock_guard lock(mutex_);
    std::vector<IdentifierRow> rows;
    for (const Uuid& id : std::set<Uuid>(ids.begin(), ids.end())) {
        for (auto row = identifiers_.lower_bound({id, UnitId()});
             row != identifiers_.end() && row->first.first == id; ++row) {
            rows.push_back(row->second);
        }
    }
    return rows;
}

Result<std::uint32_t> MemoryHubStore::read_state(LogIndex notice, const UnitId& unit) const {
    const std::lock_guard lock(mutex_);
    const auto found = states_.find({notice, unit});
    return found == states_.end() ? std::uint32_t{0} : found->second;
}

Result<std::optional<ClockRecord>> MemoryHubStore::read_clocks(LogIndex notice,
                                                               const UnitId& unit) const {
    const std::lock_guard lock(mutex_);
    const auto found = clocks_.find({notice, unit});
    if (found == clocks_.end()) return std::optional<ClockRecord>();
    return std::optional(*found->second);
}

Result<std::vector<LookRow>> MemoryHubStore::read_looks(std::size_t limit) const {
    const std::lock_guard lock(mutex_);
    std::map<Bytes, LookRow> rows;
    for (const auto& [key, record] : clocks_) {
        if (!record->indexes.look) continue;
        const LookRow row{*record->indexes.look, key.first, key.second};
        rows.emplace(look_key(row), row);
    }
    std::vector<LookRow> found;
    for (const auto& [key, row] : rows) {
        if (found.size() < limit) found.push_back(row);
    }
    return found;
}

Result<std::vector<OpenClock>> MemoryHubStore::read_open_clocks(const OpenClockQuery& query) const {
    const std::lock_guard lock(mutex_);
    std::map<Bytes, OpenClock> rows;
    const Bytes after = query.after ? open_clock_suffix(*query.after) : Bytes();
    for (const auto& [key, record] : clocks_) {
        if (query.party && *query.party != record->unit && *query.party != record->from) continue;
        const auto state = states_.find(key);
        const std::uint32_t standing = state == states_.end() ? 0 : state->second;
        for (const OpenClockDue& open : record->indexes.open) {
            const OpenClockPlace place = place_of(*record, open);
            if (query.until && (!place.due || *place.due > *query.until)) continue;
            const Bytes suffix = open_clock_suffix(place);
            if (query.after && suffix <= after) continue;
            rows.emplace(suffix, OpenClock{place, record, standing});
        }
    }
    std::vector<OpenClock> found;
    for (auto& [suffix, open] : rows) {
        if (found.size() < query.limit) found.push_back(std::move(open));
    }
    return found;
}

Result<std::optional<Digest>> MemoryHubStore::calendar() const {
    const std::lock_guard lock(mutex_);
    return calendar_;
}

Result<std::vector<LogIndex>> MemoryHubStore::read_trail(LogIndex notice) const {
    const std::lock_guard lock(mutex_);
    std::vector<LogIndex> events;
    for (auto row = trails_.lower_bound({notice, LogIndex()});
         row != trails_.end() && row->first.first == notice; ++row) {
        events.push_back(row->first.second);
    }
    return events;
}

Result<std::vector<LogIndex>> MemoryHubStore::read_case(const CaseNumber& case_number) const {
    const std::lock_guard lock(mutex_);
    std::vector<LogIndex> notices;
    for (auto row = cases_.lower_bound({case_number, LogIndex()});
         row != cases_.end() && row->first.first == case_number; ++row) {
        notices.push_back(row->first.second);
    }
    return notices;
}

Result<std::optional<CaseNumber>> MemoryHubStore::last_case_number(const CaseSeries& series) const {
    const std::lock_guard lock(mutex_);
    const auto found = case_numbers_.find(series);
    if (found == case_numbers_.end()) return std::optional<CaseNumber>();
    return std::optional(found->second);
}

Result<std::optional<CaseHead>> MemoryHubStore::find_case(const CaseNumber& number) const {
    const std::lock_guard lock(mutex_);
    const auto found = case_heads_.find(number);
    if (found == case_heads_.end()) return std::optional<CaseHead>();
    return std::optional(found->second);
}

Result<CasePart> MemoryHubStore::case_part(const CaseNumber& number, const UnitId& unit) const {
    const std::lock_guard lock(mutex_);
    return case_parties_.contains({number, unit}) ? CasePart::some : CasePart::none;
}

Result<std::vector<LedgerFact>> MemoryHubStore::read_case_facts(const CaseNumber& number) const {
    const std::lock_guard lock(mutex_);
    const auto found = case_facts_.find(number);
    return found == case_facts_.end() ? std::vector<LedgerFact>() : found->second;
}

Result<std::optional<DispatchRow>> MemoryHubStore::find_dispatch(const DispatchPlace& place) const {
    const std::lock_guard lock(mutex_);
    const auto found = dispatches_.find(dispatch_key(place));
    return found == dispatches_.end() ? std::optional<DispatchRow>() : std::optional(found->second);
}

Result<std::vector<DispatchRow>> MemoryHubStore::read_dispatches(const DispatchQuery& query) const {
    const std::lock_guard lock(mutex_);
    std::vector<DispatchRow> rows;
    const Bytes after = query.after ? dispatch_key(*query.after) : Bytes();
    for (const auto& [key, row] : dispatches_) {
        const bool wanted = row.place.stage == query.stage &&
                            (!query.from || row.place.from == *query.from) && key > after;
        if (wanted && rows.size() < query.limit) rows.push_back(row);
    }
    return rows;
}

Result<Naming> MemoryHubStore::naming(const NamedFile& file) const {
    const std::lock_guard lock(mutex_);
    return files_.contains(file) ? Naming::named : Naming::unnamed;
}

Result<std::vector<LogIndex>> MemoryHubStore::read_register() const {
    const std::lock_guard lock(mutex_);
    std::vector<LogIndex> indexes;
    for (const auto& [index, same] : register_) indexes.push_back(index);
    return indexes;
}

}  // namespace tongbao::storage
