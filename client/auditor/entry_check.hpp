#pragma once

#include "client/auditor/audit_report.hpp"
#include "client/auditor/audit_trust.hpp"
#include "client/auditor/case_entry_check.hpp"
#include "client/auditor/clock_entry_check.hpp"
#include "client/auditor/log_source.hpp"
#include "client/auditor/statement_check.hpp"
#include "crypto/key_register.hpp"
#include "domain/log_entry.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tongbao::client {

/// Replays the log entry by entry and checks that each may stand where it stands: its form, its
/// time, the register's chain, signatures, what acts, replies and steps point at, the numbers of
/// cases, and the contents of notices that the caller may read.
///
/// Keeps about 120 bytes of each notice and act, nothing else that grows but the register.
class EntryCheck {
public:
    /// `caller` is the unit that asks, if one does. All outlive this.
    EntryCheck(LogSource& source, const AuditTrust& trust, const std::optional<UnitId>& caller,
               AuditReport& report)
        : source_(source),
          trust_(trust),
          caller_(caller),
          report_(report),
          statements_(source, trust, keys_, report),
          clocks_(report),
          cases_(report) {}

    /// Takes the next entry, whose bytes hashed to `leaf`; what it says, if it can be read.
    ///
    /// Errors: those of the source which are not answer_lacking().
    [[nodiscard]] Result<std::optional<LogEntry>> add(LogIndex index, BytesView bytes,
                                                      const Digest& leaf);

    /// When all entries were added: compares the register that the hub shows to units with the
    /// log's, and the log's charter with the auditor's.
    ///
    /// Errors: as add.
    [[nodiscard]] Result<void> finish(TreeSize size);

    /// When the rest of the entries can't be had.
    void give_up() { statements_.finish(); }

private:
    /// What acts and replies point at.
    struct LoggedNotice {
        LogIndex index;
        Digest sha256;
        /// Place in parties_.
        std::size_t parties;
        /// How many of those are recipients; the copies stand behind them.
        std::size_t addressed;
    };
    /// A sender and those who were sent to, copies among them.
    using Parties = std::pair<UnitId, std::vector<UnitId>>;

    [[nodiscard]] Result<void> check(LogIndex index, const LogEntry& entry, const Digest& leaf);
    [[nodiscard]] Result<void> check_logged(LogIndex index, UtcTime time, const LoggedEvent& event);
    [[nodiscard]] Result<void> check_act(LogIndex index, UtcTime time, const ActEvent& event);
    [[nodiscard]] Result<void> check_replied(LogIndex index, const RepliedEvent& event);
    [[nodiscard]] Result<void> check_answered_act(LogIndex index, const AnsweredActEvent& event);
    void check_register(LogIndex index, UtcTime time, const RegisterEvent& event,
                        const Digest& leaf);
    void check_enrolled(LogIndex index, UtcTime time, const KeyEnrolled& event);
    [[nodiscard]] Result<void> check_contents(LogIndex index, const LoggedEvent& event);
    /// The notice's kind; nullptr if the rules of its charter are not at hand.
    [[nodiscard]] const Kind* kind_under(const LoggedEvent& event) const;
    [[nodiscard]] bool may_not_be_withheld(const LoggedEvent& event) const;
    [[nodiscard]] bool is_ours(const CharterAdopted& charter) const;
    void check_time(LogIndex index, UtcTime time);
    void check_head(LogIndex index, const Digest& register_head);
    void check_new(LogIndex index, const SignedLeaf& leaf);
    void remember(LogIndex index, const LoggedEvent& event);
    /// Names the entries that a key signed of which a later entry says that others had it then.
    void flag_compromised();
    [[nodiscard]] const LoggedNotice* find(const NoticeRef& ref) const;
    /// The recipients of a notice that was logged; none of one that was not.
    [[nodiscard]] std::optional<std::span<const UnitId>> addressed(const NoticeRef& ref) const;
    void compare_register(const std::vector<RegisterRow>& rows, TreeSize size);

    LogSource& source_;
    const AuditTrust& trust_;
    const std::optional<UnitId>& caller_;
    AuditReport& report_;
    crypto::KeyRegister keys_;
    StatementCheck statements_;
    ClockEntryCheck clocks_;
    CaseEntryCheck cases_;
    /// The register entries as they came, good or not, with their hashes.
    std::vector<std::pair<LogIndex, Digest>> register_;
    std::optional<LogIndex> charter_index_;
    std::vector<LoggedNotice> notices_;
    std::map<Parties, std::size_t> parties_places_;
    std::vector<Parties> parties_;
    /// What each certificate signed, in log order.
    std::unordered_map<Digest, std::vector<std::pair<LogIndex, UtcTime>>> signed_;
    /// The leaves that were accepted: each once.
    std::unordered_set<Digest> accepted_;
    /// Notices that were corrected or withdrawn.
    std::set<LogIndex> taken_back_;
};

}  // namespace tongbao::client
