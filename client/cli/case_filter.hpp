#pragma once

#include "client/cli/daemon_list.hpp"
#include "client/cli/failure.hpp"
#include "domain/charter.hpp"
#include "domain/money.hpp"
#include "domain/time.hpp"
#include "domain/time_zone.hpp"

#include <optional>
#include <string>

namespace tongbao::client {

/// Which cases were asked for, as it was given; what was not given is empty.
struct CaseFilter {
    std::string state;
    std::string track;
    std::string unit;
    std::string opened_by;
    std::string division;
    bool major{false};
    bool supervised{false};

    // Questions; at most one.
    bool one_track{false};
    bool fine_without_transfer{false};
    bool repeat{false};
    bool exposure_ready{false};

    // What fine_without_transfer asks for besides.
    std::string transfer_track;
    std::string threshold;
};

/// Which amounts were asked for, as it was given; what was not given is empty.
struct TotalsFilter {
    /// Dates, `2026-07-01`.
    std::string from;
    std::string until;
    /// `2026-Q3`
    std::string quarter;
    std::string unit;
    std::string division;
};

/// The days that TotalsFilter names, both included; each perhaps without end.
struct TotalsDays {
    std::optional<LocalDay> first;
    std::optional<LocalDay> last;
};

/// An amount: fen, or `3.5元`, or `30万元`, without signs and separators, from 0 to kMaxFen.
///
/// Fails with ExitCode::usage and says, behind `option`, what may stand there.
[[nodiscard]] Attempt<Fen> parse_amount(const std::string& option, const std::string& text);

/// GET /v1/cases with the filter's parameters.
///
/// Fails with ExitCode::usage for what `charter` does not know, for two questions at once, and for
/// one that lacks what it needs or has what belongs to another.
[[nodiscard]] Attempt<Target> cases_target(const CaseFilter& filter, const Charter& charter);

/// Fails with ExitCode::usage for what is no date or quarter, for both at once, and for a first day
/// behind the last.
[[nodiscard]] Attempt<TotalsDays> totals_days(const TotalsFilter& filter);

/// GET /v1/ledger/totals with the filter's parameters: from 00:00 of the first day to 24:00 of the
/// last one in `zone`.
///
/// Fails as totals_days, and with ExitCode::usage for a unit that `charter` does not know and what
/// is no division.
[[nodiscard]] Attempt<Target> totals_target(const TotalsFilter& filter, const Charter& charter,
                                            const TimeZone& zone);

}  // namespace tongbao::client
