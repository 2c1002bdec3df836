#pragma once

#include "domain/notice.hpp"
#include "domain/result.hpp"
#include "storage/hub_store.hpp"

#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace tongbao::hub {

/// What the hub needs to know of a logged notice, again and again: whose business it is.
struct NoticeFacts {
    LogIndex index;
    Digest sha256;
    NoticeId id;
    KindId kind;
    UnitId from;
    std::vector<UnitId> to;
    std::vector<UnitId> cc;

    [[nodiscard]] bool recipient(const UnitId& unit) const;
    [[nodiscard]] bool copied(const UnitId& unit) const;
    /// Sender, recipient or copied: the one rule that says who may read a notice.
    [[nodiscard]] bool party(const UnitId& unit) const;
};

[[nodiscard]] NoticeFacts facts_of(const Notice& notice, const Digest& sha256, LogIndex index);

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
    [[nodiscard]] Result<std::shared_ptr<const NoticeFacts>> find(LogIndex index) const;

    /// The same notice, whole. Errors: as find.
    [[nodiscard]] Result<LoggedNotice> read(LogIndex index) const;

    /// Tells of a notice that has just been logged.
    void remember(NoticeFacts facts) const;

private:
    using Facts = std::shared_ptr<const NoticeFacts>;
    void keep(Facts facts) const;

    const storage::HubStore& store_;
    mutable std::mutex mutex_;
    mutable std::list<LogIndex> order_;
    mutable std::unordered_map<std::uint64_t, Facts> facts_;
};

}  // namespace tongbao::hub
