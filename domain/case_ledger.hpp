#pragma once

#include "domain/case_file.hpp"
#include "domain/case_rules.hpp"
#include "domain/ledger_effects.hpp"
#include "domain/reason.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace tongbao {

/// A notice or act whose effects were not written, with every reason. Nothing is dropped unseen.
struct RefusedEffects {
    CaseNumber case_number;
    LedgerSource source;
    Reasons reasons;
    /// What has settled it since, where that was asked for: its notice was corrected or withdrawn.
    std::optional<Settling> settled{};

    friend bool operator==(const RefusedEffects&, const RefusedEffects&) = default;
};

/// keeper: holds every notice of every case, so it judges each and writes no part of one that the
/// rules refuse. follower: holds some of them, so it writes what the log has let pass.
enum class LedgerRole : std::uint8_t { keeper, follower };

/// All cases: a history each, written from events in the log's order and in no other way. What is
/// written depends on the event and on its case alone, so a ledger rebuilt from the same events is
/// the same one, and no case knows of another. Not to be shared by threads while it is written.
class CaseLedger {
public:
    explicit CaseLedger(LedgerRole role) : role_(role) {}

    /// Writes what the event of `plan` changes, all of it or, where the keeper finds a reason,
    /// nothing of it but that a case was opened (opening_of); then it is among refused(). A plan
    /// without changes does nothing else: of one whose reasons a follower does not judge, nothing
    /// is left.
    ///
    /// Errors: Errc::bad_argument if its entry lies before the last one written;
    /// Errc::already_exists if this event was written or refused before. Then nothing changes.
    [[nodiscard]] Result<void> record(const LedgerPlan& plan);

    /// nullptr if there is no such case.
    [[nodiscard]] const CaseHistory* find(const CaseNumber& number) const;

    [[nodiscard]] const std::map<CaseNumber, CaseHistory>& cases() const noexcept { return cases_; }
    /// In the log's order.
    [[nodiscard]] const std::vector<RefusedEffects>& refused() const noexcept { return refused_; }

    friend bool operator==(const CaseLedger&, const CaseLedger&) = default;

private:
    [[nodiscard]] Result<void> write(const LedgerPlan& plan);

    LedgerRole role_;
    /// The last entry that wrote or refused something.
    LogIndex last_;
    std::map<CaseNumber, CaseHistory> cases_;
    std::vector<RefusedEffects> refused_;
};

}  // namespace tongbao
