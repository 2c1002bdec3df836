#pragma once

#include "domain/case_events.hpp"
#include "domain/case_number.hpp"
#include "domain/ledger_effects.hpp"
#include "domain/notice.hpp"
#include "domain/reason.hpp"
#include "hub/deployment.hpp"
#include "storage/hub_store.hpp"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace tongbao::hub {

/// Where a notice belongs, before it is logged.
struct NoticeCase {
    std::optional<CaseNumber> number;
    /// The number is given for it.
    bool opened{false};
    /// Why it can't be logged in a case so.
    Reasons reasons;
};

/// What the leaf that is judged would write, as far as it was judged.
using CasePlans = std::vector<LedgerPlan>;

/// What one commit does to cases: numbers that it gives, who has a part in what, what is written.
/// All of it is durable with the entries that say so, or nothing is: a commit that is thrown away
/// has given no number. Used once, by the sequencer's thread.
///
/// Costs, for the one writer: a look at the disk for each case that a header names and for each
/// that something is written of, once a commit. What was written of a case before is read only if a
/// notice ever closed it or is to close it now, and something moves: then once a commit, linear in
/// the commits that wrote of it. Judging such a move is n log n in the moves, closings and
/// reversals of the case alone; its links and flags cost nothing.
class RoundCases {
public:
    /// Both outlive the object. `time` is that of every entry.
    RoundCases(const Deployment& deployment, const storage::HubStore& store, UtcTime time)
        : deployment_(deployment), store_(store), time_(time) {}

    /// The case that `notice`, of `kind` and by the unit that hands it in, is to be logged in;
    /// `asked` is the case of the notice it answers. Nothing is given yet.
    ///
    /// Reasons: Errc::no_such_case at `case` if the header names a case that is not there or in
    /// which the sender has no part: the two look alike; Errc::case_numbers_exhausted at `case`.
    ///
    /// Errors: those of the store.
    [[nodiscard]] Result<NoticeCase> place(const Notice& notice, const Kind& kind,
                                           const std::optional<CaseNumber>& asked);

    /// Judges the events, each after those before it and after `plans`, to which it adds what may
    /// be written. What delivery brings about is never refused, but not written either if something
    /// speaks against it: a daemon's receipt says what is.
    ///
    /// Reasons: those of plan_effects and check_plan from the hub's viewpoint.
    ///
    /// Errors: those of the store.
    [[nodiscard]] Result<Reasons> judge(std::span<const CaseEvent> events, CasePlans& plans);

    /// The notice is logged at `index` in a case: `in_case` is what place gave, without reasons.
    void logged(const Notice& notice, LogIndex index, const NoticeCase& in_case);

    /// Writes what judge let pass.
    void write(const CasePlans& plans);

    /// Puts all rows among those of the commit.
    void put(storage::Commit& commit);

private:
    struct Held {
        /// None: there is no such case.
        std::optional<storage::CaseHead> head;
        bool changed{false};
        /// What this commit writes.
        std::vector<LedgerFact> fresh;
        /// All that rules look at, once it was read.
        std::optional<CaseHistory> judged;
    };

    [[nodiscard]] Result<Held*> open(const CaseNumber& number);
    [[nodiscard]] Result<storage::CasePart> part(const CaseNumber& number, const UnitId& unit);
    [[nodiscard]] Result<NoticeCase> next_number(const UnitId& sender);
    /// What was written of the case, as far as `plan` can be judged by it; with what `plans` write
    /// of it besides. None: there is no such case.
    [[nodiscard]] Result<std::optional<CaseHistory>> history_for(const LedgerPlan& plan,
                                                                 const CasePlans& plans);
    void add_party(const CaseNumber& number, const UnitId& unit);

    const Deployment& deployment_;
    const storage::HubStore& store_;
    UtcTime time_;
    std::map<CaseNumber, Held> held_;
    /// Of those that the store was asked for.
    std::map<CaseSeries, std::optional<CaseNumber>> last_numbers_;
    std::set<storage::CasePartyRow> parties_;
    std::vector<storage::CaseRow> notices_;
    std::vector<CaseNumber> given_;
};

}  // namespace tongbao::hub
