#pragma once

#include "domain/charter.hpp"
#include "domain/charter_kind.hpp"
#include "domain/errc.hpp"
#include "domain/ids.hpp"
#include "domain/log_entry.hpp"
#include "domain/log_position.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace tongbao::client {

/// Which entries of the log: those that fit everything that is given. What an entry speaks of are
/// the notice that it logs, or those that it names.
struct EntryQuestion {
    /// Words of events (protocol::event_word); empty: all.
    std::set<std::string, std::less<>> events;
    /// Who sent, acted or answered, or whose clock it is.
    std::optional<UnitId> by;
    /// A notice to this unit, or with a copy for it.
    std::optional<UnitId> to;
    /// It speaks of a notice of this kind, case or index.
    std::optional<KindId> kind;
    std::optional<CaseNumber> case_number;
    std::optional<LogIndex> notice;
    /// Of a kind of this class, by the charter.
    std::optional<SecurityClass> security_class;
    /// Of a kind with a field or column that the charter masks.
    bool personal{false};
    /// A notice sent after a limit of its sending.
    bool late{false};
    /// Refused for this reason, perhaps among others.
    std::optional<Errc> reason;
    /// Logged not before, and before.
    std::optional<UtcTime> from;
    std::optional<UtcTime> until;
};

/// An entry that fits.
struct FoundEntry {
    LogIndex index;
    LogEntry entry;
    /// Of the first notice that it speaks of.
    std::optional<KindId> kind;
    std::optional<CaseNumber> case_number;
};

/// The notices that the entry at `index` speaks of: itself, if it logs one, or those that it names.
[[nodiscard]] std::vector<LogIndex> notices_of(LogIndex index, const LogEvent& event);

/// Who did what the entry says, or whose clock it is; nullptr for the register's.
[[nodiscard]] const UnitId* doer_of(const LogEvent& event);

/// Looks for entries while a log goes by: the observer of a verification
/// (client/auditor/verifier.hpp). Remembers kind and case of every notice, some fifty bytes each.
/// For one thread.
class EntrySearch {
public:
    /// `charter` may be nullptr where neither a class nor personal data is asked for: by it no kind
    /// has either.
    EntrySearch(EntryQuestion question, std::shared_ptr<const Charter> charter);

    /// The entry, if it fits. All entries in the log's order, from the first on: what a notice is,
    /// only its own says.
    [[nodiscard]] std::optional<FoundEntry> take(LogIndex index, const LogEntry& entry);

private:
    struct KnownNotice {
        std::uint32_t kind{0};
        /// 0: in none.
        std::uint32_t case_number{0};
    };
    /// What a kind is by the charter.
    struct KnownKind {
        KindId id;
        std::optional<SecurityClass> security_class;
        bool personal{false};
    };

    void learn(LogIndex index, const LoggedEvent& event);
    [[nodiscard]] std::uint32_t number_of(const KindId& kind);
    [[nodiscard]] bool fits(LogIndex index, const LogEntry& entry);
    [[nodiscard]] bool fits_by_kind(const KnownKind& kind) const;
    [[nodiscard]] bool fits_by_notice(LogIndex notice) const;

    EntryQuestion question_;
    std::shared_ptr<const Charter> charter_;
    std::vector<KnownKind> kinds_;
    std::map<KindId, std::uint32_t> kind_numbers_;
    std::vector<CaseNumber> cases_;
    std::unordered_map<std::string, std::uint32_t> case_numbers_;
    std::unordered_map<std::uint64_t, KnownNotice> notices_;
};

}  // namespace tongbao::client
