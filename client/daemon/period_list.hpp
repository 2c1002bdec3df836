#pragma once

#include "client/daemon/charter_limits.hpp"
#include "domain/charter.hpp"
#include "domain/ids.hpp"
#include "domain/reason.hpp"
#include "domain/reporting_cycles.hpp"
#include "storage/daemon_store.hpp"
#include "storage/ledger_database.hpp"
#include "transport/http_message.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {

/// What is owed of periods, as far as the unit may ask.
struct PeriodList {
    /// When the log's first charter was adopted; none while this daemon does not know of it, and
    /// then nothing is owed yet.
    std::optional<UtcTime> adopted;
    std::vector<PeriodDuty> duties;
    /// Whether the ledger has read all that the daemon holds.
    bool complete{true};
};

/// Reads the query of `GET /v1/cycles`: `period`, at most once.
///
/// Errors: Errc::bad_value for what is no period; Errc::unknown_member, Errc::duplicate_member.
[[nodiscard]] Checked<std::optional<std::string>> period_question(const transport::Fields& query);

/// When the first charter was adopted in this log, by the copy of the register; none if there is no
/// such entry in it yet.
///
/// Errors: those of DaemonStore::read_register; Errc::storage_corrupt for a row that is no entry.
[[nodiscard]] Result<std::optional<UtcTime>> first_adoption(const storage::DaemonStore& store);

/// The duties of all cycles, in the charter's order, of each by period and unit. `viewer` is the
/// daemon's unit; `adopted` as in PeriodList.
///
/// Errors: those of LedgerDatabase::hand_ins.
[[nodiscard]] Result<std::vector<PeriodDuty>> list_duties(
    const storage::LedgerDatabase& ledger, const Charter& charter, const CharterLimits& limits,
    const UnitId& viewer, UtcTime adopted, UtcTime now, const std::optional<std::string>& period);

/// As GET /v1/cycles gives them.
[[nodiscard]] std::string write_period_list(const PeriodList& list);

}  // namespace tongbao::client
