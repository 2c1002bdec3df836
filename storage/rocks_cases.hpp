#pragma once

#include "domain/case_number.hpp"
#include "domain/result.hpp"
#include "storage/hub_store.hpp"
#include "storage/rocks_db.hpp"

#include <optional>
#include <vector>

namespace tongbao::storage {

/// The families that hold the hub's cases.
struct CaseFamilies {
    Family notices;
    Family serials;
    Family heads;
    Family parties;
    Family facts;
};

/// Cases: their numbers, who has a part in them, what was written of them. Reads from a view and
/// puts what a commit has of them among the changes of its caller's write. Thread-safe.
class RocksCases {
public:
    RocksCases(const RocksDb& database, const CaseFamilies& families)
        : database_(database), families_(families) {}

    void put(Writes& writes, const Commit& commit) const;

    // As HubStore has them.

    [[nodiscard]] Result<std::vector<LogIndex>> read_notices(const View& view,
                                                             const CaseNumber& number) const;
    [[nodiscard]] Result<std::optional<CaseNumber>> last_number(const View& view,
                                                                const CaseSeries& series) const;
    [[nodiscard]] Result<std::optional<CaseHead>> find(const View& view,
                                                       const CaseNumber& number) const;
    [[nodiscard]] Result<CasePart> part(const View& view, const CaseNumber& number,
                                        const UnitId& unit) const;
    [[nodiscard]] Result<std::vector<LedgerFact>> read_facts(const View& view,
                                                             const CaseNumber& number) const;

private:
    const RocksDb& database_;
    CaseFamilies families_;
};

}  // namespace tongbao::storage
