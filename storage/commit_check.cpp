#include "storage/commit_check.hpp"

#include "domain/checkpoint.hpp"
#include "storage/case_records.hpp"
#include "storage/clock_records.hpp"
#include "storage/dispatch_records.hpp"
#include "storage/key_codec.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao::storage {
namespace {

/// The batches of a commit by their first index.
using BatchesByFirst = std::map<LogIndex, const StoredBatch*>;

/// The entries that a commit appends: begin ≤ index < end.
struct Appended {
    std::uint64_t begin;
    std::uint64_t end;

    [[nodiscard]] bool holds(LogIndex index) const {
        return index.value() >= begin && index.value() < end;
    }
    /// Whether the whole log afterwards has the entry.
    [[nodiscard]] bool known(LogIndex index) const { return index.value() < end; }
};

bool is_batch_sound(const StoredBatch& batch, const Appended& appended) {
    const std::uint64_t first = batch.first.value();
    if (!appended.holds(batch.first) || batch.entry_count == 0) return false;
    if (batch.entry_count > appended.end - first) return false;
    if (batch.leaves.size() > kMaxBatchLeaves) return false;
    return std::all_of(batch.leaves.begin(), batch.leaves.end(), [&](const StoredLeaf& leaf) {
        return !leaf.index ||
               (leaf.index->value() >= first && leaf.index->value() - first < batch.entry_count);
    });
}

bool are_batches_sound(const Commit& commit, const Appended& appended, BatchesByFirst& by_first) {
    for (const StoredBatch& batch : commit.batches) {
        if (!is_batch_sound(batch, appended)) return false;
        if (!by_first.emplace(batch.first, &batch).second) return false;
    }
    std::uint64_t free_from = appended.begin;
    for (const auto& [first, batch] : by_first) {
        if (first.value() < free_from) return false;
        free_from = first.value() + batch->entry_count;
    }
    return true;
}

bool is_mail_sound(const Commit& commit, const BatchesByFirst& by_first) {
    std::set<std::pair<UnitId, LogIndex>> seen;
    for (const MailboxRow& row : commit.mail) {
        const auto batch = by_first.find(row.batch);
        if (batch == by_first.end() || row.leaves.empty()) return false;
        if (!is_key_name(row.unit.value())) return false;
        // Strictly ascending: no two neighbours where the second is not greater.
        const auto fall = std::adjacent_find(row.leaves.begin(), row.leaves.end(),
                                             [](auto left, auto right) { return left >= right; });
        if (fall != row.leaves.end()) return false;
        if (row.leaves.back() >= batch->second->leaves.size()) return false;
        if (!seen.emplace(row.unit, row.batch).second) return false;
    }
    return true;
}

/// Exactly the tiles that these entries fill are there: one that was full before stays as it is,
/// and without one that is missing the log could not be rebuilt.
bool are_tiles_sound(const Commit& commit, const Appended& appended) {
    // A full tile at level n covers 256^(n+1) entries; at level 7 that would be 2^64.
    constexpr std::uint8_t kMaxLevel = 6;
    const auto full = [](std::uint64_t size, std::uint8_t level) {
        return size >> (8 * (level + 1));
    };
    std::uint64_t filled = 0;
    for (std::uint8_t level = 0; level <= kMaxLevel; ++level) {
        filled += full(appended.end, level) - full(appended.begin, level);
    }
    std::set<std::pair<std::uint8_t, std::uint64_t>> seen;
    for (const FullTile& tile : commit.tiles) {
        if (tile.hashes.size() != kTileBytes || tile.level > kMaxLevel) return false;
        if (tile.number < full(appended.begin, tile.level)) return false;
        if (tile.number >= full(appended.end, tile.level)) return false;
        if (!seen.emplace(tile.level, tile.number).second) return false;
    }
    return seen.size() == filled;
}

/// Whether no two rows have the same key, which `key_of` gives.
template <typename Row, typename KeyOf>
bool have_own_keys(const std::vector<Row>& rows, const KeyOf& key_of) {
    std::vector<decltype(key_of(rows.front()))> keys;
    keys.reserve(rows.size());
    for (const Row& row : rows) keys.push_back(key_of(row));
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) == keys.end();
}

/// No two rows of a kind have one key. States are left out: the last that was said holds.
bool are_keys_unique(const Commit& commit) {
    const auto identifier = [](const IdentifierRow& row) {
        return std::pair(row.id, std::string_view(row.sender.value()));
    };
    const auto trail = [](const TrailRow& row) { return std::pair(row.notice, row.event); };
    const auto in_case = [](const CaseRow& row) {
        return std::pair(std::string_view(row.case_number.value()), row.notice);
    };
    const auto clocks = [](const ClockUpdate& update) {
        return std::pair(update.record.notice, std::string_view(update.record.unit.value()));
    };
    const auto of_case = [](const auto& row) { return std::string_view(row.number.value()); };
    const auto given = [](const CaseNumber& number) { return std::string_view(number.value()); };
    const auto itself = [](LogIndex index) { return index; };
    const auto record = [](const RecordRow& row) { return row.index; };
    return have_own_keys(commit.identifiers, identifier) && have_own_keys(commit.trails, trail) &&
           have_own_keys(commit.cases, in_case) && have_own_keys(commit.clocks, clocks) &&
           have_own_keys(commit.case_numbers, given) && have_own_keys(commit.case_heads, of_case) &&
           have_own_keys(commit.case_facts, of_case) &&
           have_own_keys(commit.register_entries, itself) && have_own_keys(commit.records, record);
}

/// What is said of cases names cases that there can be, and facts that this commit's entries bring
/// about of notices that the log has then.
bool are_cases_sound(const Commit& commit, const Appended& appended) {
    const auto is_number = [](const CaseNumber& number) {
        return parse_case_number(number.value()).has_value();
    };
    const auto all = [](const auto& rows, const auto& sound) {
        return std::all_of(rows.begin(), rows.end(), sound);
    };
    const auto happened = [&](const LedgerFact& fact) {
        const LedgerSource& source = fact.source;
        return appended.holds(source.entry) && appended.known(source.notice.index) &&
               appended.known(source.cause.index);
    };
    return all(commit.cases,
               [&](const CaseRow& row) {
                   return appended.holds(row.notice) && is_key_name(row.case_number.value());
               }) &&
           all(commit.case_numbers, is_number) &&
           all(commit.case_heads,
               [&](const CaseHead& head) {
                   return is_number(head.number) && !head.charter.value().empty();
               }) &&
           all(commit.case_parties,
               [&](const CasePartyRow& row) {
                   return is_number(row.number) && is_key_name(row.unit.value());
               }) &&
           all(commit.case_facts, [&](const CaseFactsRow& row) {
               return is_number(row.number) && are_facts_sound(row.facts) &&
                      all(row.facts, happened);
           });
}

/// A record speaks of entries that the log has then.
bool is_update_sound(const ClockUpdate& update, const Appended& appended) {
    const ClockRecord& record = update.record;
    const auto known = [&appended](LogIndex index) { return appended.known(index); };
    return known(record.notice) && is_sound(record) && is_sound(update.before) &&
           std::all_of(record.done.begin(), record.done.end(),
                       [&](const DoneStep& step) { return known(step.entry); }) &&
           std::all_of(record.history.answers.begin(), record.history.answers.end(),
                       [&](const AnswerFact& fact) { return known(fact.answer); }) &&
           std::all_of(record.history.extensions.begin(), record.history.extensions.end(),
                       [&](const ExtensionFact& fact) { return known(fact.decision); });
}

bool are_rows_sound(const Commit& commit, const Appended& appended) {
    const auto all = [](const auto& rows, const auto& sound) {
        return std::all_of(rows.begin(), rows.end(), sound);
    };
    return all(commit.entries,
               [](const Bytes& entry) {
                   return !entry.empty() && entry.size() <= kMaxEntryBytes;
               }) &&
           all(commit.records,
               [&](const RecordRow& row) {
                   return appended.holds(row.index) && !row.record.empty() &&
                          row.record.size() <= kMaxEntryBytes;
               }) &&
           all(commit.identifiers,
               [&](const IdentifierRow& row) {
                   return appended.holds(row.index) && is_key_name(row.sender.value()) &&
                          is_storable(row.id);
               }) &&
           all(commit.states,
               [&](const StateRow& row) {
                   return appended.known(row.notice) && is_key_name(row.unit.value());
               }) &&
           all(commit.clocks,
               [&](const ClockUpdate& update) { return is_update_sound(update, appended); }) &&
           all(commit.dispatches,
               [&](const DispatchUpdate& update) {
                   const std::vector<LogIndex>& entries = update.row.entries;
                   return appended.known(update.row.place.notice) && is_sound(update.row) &&
                          (entries.empty() || appended.known(entries.back()));
               }) &&
           all(commit.trails,
               [&](const TrailRow& row) {
                   return appended.known(row.notice) && appended.holds(row.event);
               }) &&
           all(commit.files,
               [](const NamedFile& file) { return is_key_name(file.owner.value()); }) &&
           all(commit.register_entries, [&](LogIndex index) { return appended.holds(index); });
}

}  // namespace

Result<void> check_commit(const Commit& commit, TreeSize size) {
    if (commit.expected != size) return Errc::stale_size;
    const Appended appended{size.value(), size.value() + commit.entries.size()};
    const Result<Checkpoint> checkpoint = parse_checkpoint(commit.checkpoint);
    if (!checkpoint || checkpoint->size.value() != appended.end) return Errc::bad_argument;
    BatchesByFirst by_first;
    const bool sound = are_batches_sound(commit, appended, by_first) &&
                       is_mail_sound(commit, by_first) && are_rows_sound(commit, appended) &&
                       are_cases_sound(commit, appended) && are_tiles_sound(commit, appended) &&
                       are_keys_unique(commit);
    if (!sound) return Errc::bad_argument;
    return {};
}

std::size_t bytes_of(const Commit& commit) {
    /// What is stored of a leaf besides its bytes: digests, identifier, places.
    constexpr std::size_t kBesides = 128;
    std::size_t bytes = kTileBytes * commit.tiles.size();
    for (const Bytes& entry : commit.entries) bytes += entry.size();
    for (const RecordRow& row : commit.records) bytes += row.record.size();
    for (const StoredBatch& batch : commit.batches) {
        for (const StoredLeaf& leaf : batch.leaves) bytes += kBesides + leaf.bytes.size();
    }
    return bytes;
}

}  // namespace tongbao::storage
