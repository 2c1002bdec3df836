#include "tests/support/faulty_hub_store.hpp"

namespace tongbao::storage {

Result<void> FaultyHubStore::commit(const Commit& commit) {
    const std::uint64_t number = ++commits_;
    if (failing_ == 0 || number < failing_) {
        const Result<void> done = store_.commit(commit);
        const std::lock_guard lock(mutex_);
        ++done_;
        committed_.notify_all();
        return done;
    }
    if (number == failing_ && when_ == When::after) {
        if (const auto done = store_.commit(commit); !done) return done.error();
    }
    return Errc::storage_failure;
}

void FaultyHubStore::wait_until_committed(std::uint64_t count) const {
    std::unique_lock lock(mutex_);
    committed_.wait(lock, [&] { return done_ >= count; });
}

Result<std::vector<Bytes>> FaultyHubStore::read_entries(LogIndex first, std::uint64_t count) const {
    return store_.read_entries(first, count);
}

Result<Bytes> FaultyHubStore::read_tile(std::uint8_t level, std::uint64_t number) const {
    if (tiles_lost_) return Errc::not_found;
    return store_.read_tile(level, number);
}

Result<StoredBatch> FaultyHubStore::read_batch(LogIndex index) const {
    if (index == damaged_) return Errc::storage_corrupt;
    return store_.read_batch(index);
}

Result<std::vector<MailboxRow>> FaultyHubStore::read_mailbox(const UnitId& unit,
                                                             std::optional<LogIndex> after,
                                                             std::size_t limit) const {
    return store_.read_mailbox(unit, after, limit);
}

Result<std::vector<IdentifierRow>> FaultyHubStore::find_identifiers(
    std::span<const Uuid> ids) const {
    return store_.find_identifiers(ids);
}

Result<std::uint32_t> FaultyHubStore::read_state(LogIndex notice, const UnitId& unit) const {
    return store_.read_state(notice, unit);
}

Result<std::vector<LogIndex>> FaultyHubStore::read_trail(LogIndex notice) const {
    return store_.read_trail(notice);
}

Result<std::vector<LogIndex>> FaultyHubStore::read_case(const CaseNumber& case_number) const {
    return store_.read_case(case_number);
}

Result<Naming> FaultyHubStore::naming(const NamedFile& file) const {
    const Result<Naming> answer = store_.naming(file);
    const std::function<void()> meanwhile = std::exchange(meanwhile_, {});
    if (meanwhile) meanwhile();
    return answer;
}

Result<std::vector<LogIndex>> FaultyHubStore::read_register() const {
    return store_.read_register();
}

}  // namespace tongbao::storage
