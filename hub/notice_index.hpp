#pragma once

#include "domain/log_entry.hpp"
#include "domain/notice.hpp"
#include "domain/recipient_state.hpp"
#include "domain/result.hpp"
#include "storage/hub_store.hpp"

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace tongbao::hub {

/// Who may know what an entry says: all who read the log, or the parties alone.
enum class Readers : std::uint8_t { all, parties };

/// What the hub needs to know of a logged notice, again and again: whose business it is.
struct NoticeFacts {
    LogIndex index;
    Digest sha256;
    NoticeId id;
    KindId kind;
    UnitId from;
    std::vector<UnitId> to;
    std::vector<UnitId> cc;
    /// The case that it belongs to, by its entry.
    std::optional<CaseNumber> case_number;
    /// Only its parties may know of it: its entry is opaque.
    bool restricted{false};

    [[nodiscard]] bool recipient(const UnitId& unit) const;
    [[nodiscard]] bool copied(const UnitId& unit) const;
    /// How a unit to which it went was addressed.
    [[nodiscard]] Addressed addressed(const UnitId& unit) const {
        return recipient(unit) ? Addressed::to : Addressed::cc;
    }
    /// Sender, recipient or copied. Who may read a notice besides, Caller::may_read says.
    [[nodiscard]] bool party(const UnitId& unit) const;
};

/// Shared, since several look at them at once and they never change.
using SharedFacts = std::shared_ptr<const NoticeFacts>;

/// Of a notice that all may know of who read the log.
[[nodiscard]] NoticeFacts facts_of(const Notice& notice, const Digest& sha256, LogIndex index,
                                   std::optional<CaseNumber> case_number);

/// What an entry alone says of the notice that it logs.
struct LoggedKind {
    KindId kind;
    bool restricted{false};  ///< as NoticeFacts::restricted
};

/// A logged notice with all that proves where it came from.
struct LoggedNotice {
    Notice notice;
    storage::StoredBatch batch;
    std::size_t position{0};  ///< in batch.leaves
};

/// Logged notices by their index; the facts of those asked for lately stay in memory.
/// Thread-safe. `store` outlives the object.
class NoticeIndex {
public:
    explicit NoticeIndex(const storage::HubStore& store) : store_(store) {}

    /// Errors: Errc::no_such_notice if the entry at `index` is no notice's `logged` entry; those of
    /// the store.
    [[nodiscard]] Result<SharedFacts> find(LogIndex index) const;

    /// Its kind alone, for who looks at many old ones: not the notice is read, but its entry, and
    /// nothing is remembered. Errors: as find.
    [[nodiscard]] Result<LoggedKind> kind_at(LogIndex index) const;

    /// Who may know of the notice logged at `index`: neither it nor its entry is read. Errors:
    /// those of the store.
    [[nodiscard]] Result<Readers> readers_at(LogIndex index) const;

    /// The same notice, whole. Errors: as find.
    [[nodiscard]] Result<LoggedNotice> read(LogIndex index) const;

    /// Tells of notices that have just been logged.
    void remember(std::span<const SharedFacts> logged) const;

private:
    struct Logged {
        LoggedEvent event;
        bool restricted{false};
    };
    /// What the entry at `index` says, or its record. Errors: Errc::no_such_notice if it logs no
    /// notice.
    [[nodiscard]] Result<Logged> logged_at(LogIndex index) const;
    /// `mutex_` is held.
    void keep(const SharedFacts& facts) const;

    const storage::HubStore& store_;
    mutable std::mutex mutex_;
    mutable std::deque<LogIndex> order_;
    mutable std::unordered_map<std::uint64_t, SharedFacts> facts_;
};

}  // namespace tongbao::hub
