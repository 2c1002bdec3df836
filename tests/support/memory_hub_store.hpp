#pragma once

#include "storage/hub_store.hpp"

#include <map>
#include <mutex>
#include <set>
#include <utility>

namespace tongbao::storage {

/// A HubStore in memory, for tests of what stands above it: keeps every promise of the interface
/// but durability. Thread-safe.
class MemoryHubStore final : public HubStore {
public:
    [[nodiscard]] TreeSize size() const override;
    [[nodiscard]] Result<std::string> checkpoint() const override;
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
                                                   const UnitId& unit) const override;
    [[nodiscard]] Result<std::optional<ClockRecord>> read_clocks(LogIndex notice,
                                                                 const UnitId& unit) const override;
    [[nodiscard]] Result<std::vector<LookRow>> read_looks(std::size_t limit) const override;
    [[nodiscard]] Result<std::vector<OpenClock>> read_open_clocks(
        const OpenClockQuery& query) const override;
    [[nodiscard]] Result<std::optional<Digest>> calendar() const override;
    [[nodiscard]] Result<std::vector<LogIndex>> read_trail(LogIndex notice) const override;
    [[nodiscard]] Result<std::vector<LogIndex>> read_case(
        const CaseNumber& case_number) const override;
    [[nodiscard]] Result<std::optional<CaseNumber>> last_case_number(
        const CaseSeries& series) const override;
    [[nodiscard]] Result<std::optional<CaseHead>> find_case(
        const CaseNumber& number) const override;
    [[nodiscard]] Result<CasePart> case_part(const CaseNumber& number,
                                             const UnitId& unit) const override;
    [[nodiscard]] Result<std::vector<LedgerFact>> read_case_facts(
        const CaseNumber& number) const override;
    [[nodiscard]] Result<std::optional<DispatchRow>> find_dispatch(
        const DispatchPlace& place) const override;
    [[nodiscard]] Result<std::vector<DispatchRow>> read_dispatches(
        const DispatchQuery& query) const override;
    [[nodiscard]] Result<Naming> naming(const NamedFile& file) const override;
    [[nodiscard]] Result<std::vector<LogIndex>> read_register() const override;

private:
    mutable std::mutex mutex_;
    std::string checkpoint_;
    std::vector<Bytes> entries_;
    std::map<LogIndex, Bytes> records_;
    std::map<std::pair<std::uint8_t, std::uint64_t>, Bytes> tiles_;
    std::map<LogIndex, StoredBatch> batches_;
    std::map<std::pair<UnitId, LogIndex>, MailboxRow> mail_;
    std::map<std::pair<Uuid, UnitId>, IdentifierRow> identifiers_;
    std::map<std::pair<LogIndex, UnitId>, std::uint32_t> states_;
    std::map<std::pair<LogIndex, UnitId>, std::shared_ptr<const ClockRecord>> clocks_;
    std::optional<Digest> calendar_;
    std::map<std::pair<LogIndex, LogIndex>, TrailRow> trails_;
    std::map<std::pair<CaseNumber, LogIndex>, CaseRow> cases_;
    std::map<CaseSeries, CaseNumber> case_numbers_;
    std::map<CaseNumber, CaseHead> case_heads_;
    std::set<CasePartyRow> case_parties_;
    std::map<CaseNumber, std::vector<LedgerFact>> case_facts_;
    std::map<Bytes, DispatchRow> dispatches_;  ///< by their keys, which sort them
    std::set<NamedFile> files_;
    std::map<LogIndex, LogIndex> register_;
};

}  // namespace tongbao::storage
