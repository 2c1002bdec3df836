#pragma once

#include "client/auditor/audit_report.hpp"
#include "domain/case_number.hpp"
#include "domain/log_entry.hpp"

#include <cstdint>
#include <map>

namespace tongbao::client {

/// Checks the numbers of cases in `logged` entries, as they come: the hub gives those of each
/// division and year from 1 on without a gap, and a notice is logged in a case that is there. That
/// an answer is in the case of what it answers, only who may read both can check.
///
/// Keeps a number for each division and year.
class CaseEntryCheck {
public:
    explicit CaseEntryCheck(AuditReport& report) : report_(report) {}

    /// Findings: Errc::case_number_out_of_order for a number that does not follow the last one
    /// given in its division and year; Errc::no_such_case for a case that no earlier entry opened.
    void check(LogIndex index, const LoggedEvent& event);

private:
    AuditReport& report_;
    /// The last serial that was given.
    std::map<CaseSeries, std::uint32_t> last_;
};

}  // namespace tongbao::client
