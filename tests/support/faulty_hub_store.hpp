#pragma once

#include "storage/hub_store.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

namespace tongbao::storage {

/// A HubStore whose disk fails at one commit; all else goes to the store behind it.
class FaultyHubStore final : public HubStore {
public:
    enum class When {
        before,  ///< nothing of the commit was written
        after,   ///< all of it was written, but the writer learns of a failure
    };

    /// The commit number `failing` (the first is 1; 0: none) answers Errc::storage_failure, and so
    /// does each further one, as a store's does whose state is unknown. `store` outlives this.
    FaultyHubStore(HubStore& store, std::uint64_t failing, When when)
        : store_(store), failing_(failing), when_(when) {}

    /// From here on the batch that holds the entry at `index` can't be read, nor the clocks of the
    /// notice that was logged there.
    void damage(LogIndex index) { damaged_ = index; }

    /// From here on no full tile is found.
    void lose_tiles() { tiles_lost_ = true; }

    /// From here on nobody can say what is due.
    void lose_looks() { looks_lost_ = true; }

    /// From here on nobody can say what was written of a case.
    void lose_case_facts() { facts_lost_ = true; }
    /// How often that was read.
    [[nodiscard]] std::uint64_t facts_read() const { return facts_read_; }

    /// Does `meanwhile` once, between the store's next answer whether a file is named and the one
    /// who asked: what another thread may do then.
    void after_naming(std::function<void()> meanwhile) { meanwhile_ = std::move(meanwhile); }

    /// How many commits were asked for.
    [[nodiscard]] std::uint64_t commits() const { return commits_; }
    /// Returns when so many commits were done, by another thread.
    void wait_until_committed(std::uint64_t count) const;

    [[nodiscard]] TreeSize size() const override { return store_.size(); }
    [[nodiscard]] Result<std::string> checkpoint() const override { return store_.checkpoint(); }
    [[nodiscard]] Result<void> commit(const Commit& commit) override;
    [[nodiscard]] Result<std::vector<Bytes>> read_entries(LogIndex first,
                                                          std::uint64_t count) const override;
    [[nodiscard]] Result<std::optional<Bytes>> read_record(LogIndex index) const override {
        return store_.read_record(index);
    }
    [[nodiscard]] Result<Bytes> read_tile(std::uint8_t level, std::uint64_t number) const override;
    [[nodiscard]] Result<StoredBatch> read_batch(LogIndex index) const override;
    [[nodiscard]] Result<std::vector<MailboxRow>> read_mailbox(const UnitId& unit,
                                                               std::optional<LogIndex> after,
                                                               std::size_t limit) const override;
    [[nodiscard]] Result<std::vector<IdentifierRow>> find_identifiers(
        std::span<const Uuid> ids) const override;
    [[nodiscard]] Result<std::uint32_t> read_state(LogIndex notice,
                                                   const UnitId& unit) const override;
    [[nodiscard]] Result<std::optional<ClockRecord>> read_clocks(
        LogIndex notice, const UnitId& unit) const override {
        if (damaged_ == notice) return Errc::storage_corrupt;
        return store_.read_clocks(notice, unit);
    }
    [[nodiscard]] Result<std::vector<LookRow>> read_looks(std::size_t limit) const override {
        if (looks_lost_) return Errc::storage_corrupt;
        return store_.read_looks(limit);
    }
    [[nodiscard]] Result<std::vector<OpenClock>> read_open_clocks(
        const OpenClockQuery& query) const override {
        return store_.read_open_clocks(query);
    }
    [[nodiscard]] Result<std::optional<Digest>> calendar() const override {
        return store_.calendar();
    }
    [[nodiscard]] Result<std::vector<LogIndex>> read_trail(LogIndex notice) const override;
    [[nodiscard]] Result<std::vector<LogIndex>> read_case(
        const CaseNumber& case_number) const override;
    [[nodiscard]] Result<std::optional<CaseNumber>> last_case_number(
        const CaseSeries& series) const override {
        return store_.last_case_number(series);
    }
    [[nodiscard]] Result<std::optional<CaseHead>> find_case(
        const CaseNumber& number) const override {
        return store_.find_case(number);
    }
    [[nodiscard]] Result<CasePart> case_part(const CaseNumber& number,
                                             const UnitId& unit) const override {
        return store_.case_part(number, unit);
    }
    [[nodiscard]] Result<std::vector<LedgerFact>> read_case_facts(
        const CaseNumber& number) const override {
        if (facts_lost_) return Errc::storage_corrupt;
        ++facts_read_;
        return store_.read_case_facts(number);
    }
    [[nodiscard]] Result<std::optional<DispatchRow>> find_dispatch(
        const DispatchPlace& place) const override {
        return store_.find_dispatch(place);
    }
    [[nodiscard]] Result<std::vector<DispatchRow>> read_dispatches(
        const DispatchQuery& query) const override {
        return store_.read_dispatches(query);
    }
    [[nodiscard]] Result<Naming> naming(const NamedFile& file) const override;
    [[nodiscard]] Result<std::vector<LogIndex>> read_register() const override;

private:
    HubStore& store_;
    std::uint64_t failing_;
    When when_;
    std::optional<LogIndex> damaged_;
    bool tiles_lost_{false};
    bool looks_lost_{false};
    bool facts_lost_{false};
    mutable std::atomic<std::uint64_t> facts_read_{0};
    mutable std::function<void()> meanwhile_;
    std::atomic<std::uint64_t> commits_{0};
    mutable std::mutex mutex_;
    mutable std::condition_variable committed_;
    std::uint64_t done_{0};
};

}  // namespace tongbao::storage
