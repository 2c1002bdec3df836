#include "storage/sqlite_ledger_refused.hpp"

#include "domain/case_file.hpp"
#include "storage/ledger_records.hpp"
#include "storage/sqlite_ledger_piece.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace tongbao::storage {
namespace {

Result<std::vector<RefusedEffects>> read_refused(SqliteDb& database) {
    Result<Query> query = database.query(
        "SELECT case_no, body, refused FROM events WHERE refused IS NOT NULL ORDER BY entry, "
        "place");
    if (!query) return query.error();
    std::vector<RefusedEffects> refused;
    for (;;) {
        const Result<RowStep> stepped = query->step();
        if (!stepped) return stepped.error();
        if (*stepped == RowStep::end) return refused;
        const CaseNumber number(query->text(0));
        Result<LedgerPlan> plan = decode_plan(number, query->bytes(1));
        if (!plan) return plan.error();
        Result<Reasons> reasons = decode_reasons(query->bytes(2));
        if (!reasons) return reasons.error();
        refused.push_back({number, std::move(plan->source), *std::move(reasons)});
    }
}

}  // namespace

Result<std::vector<RefusedEffects>> refused_effects(SqliteDb& database, std::size_t limit) {
    Result<std::vector<RefusedEffects>> refused = read_refused(database);
    if (!refused) return refused;
    std::map<CaseNumber, std::optional<CaseHistory>> histories;
    for (RefusedEffects& each : *refused) {
        const auto [found, is_new] = histories.try_emplace(each.case_number);
        if (is_new) {
            Result<std::optional<CaseHistory>> read = read_history(database, each.case_number);
            if (!read) return read.error();
            found->second = *std::move(read);
        }
        if (found->second) each.settled = settling_of(*found->second, each.source);
    }
    std::stable_partition(refused->begin(), refused->end(),
                          [](const RefusedEffects& each) { return !each.settled; });
    if (refused->size() > limit) refused->resize(limit);
    return refused;
}

}  // namespace tongbao::storage
