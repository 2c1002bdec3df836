#pragma once

#include "domain/charter.hpp"
#include "domain/ids.hpp"
#include "domain/log_position.hpp"
#include "domain/notice.hpp"
#include "domain/result.hpp"
#include "domain/uuid.hpp"
#include "storage/daemon_store.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace tongbao::client {

/// A notice of this unit of a kind that escalations lay drafts of.
struct SentDraft {
    Uuid id;
    KindId kind;
    std::vector<UnitId> to;
    std::optional<NoticeId> in_reply_to;
    std::optional<CaseNumber> case_number;
    /// Its place in the log; none while it waits to be sent or to be endorsed.
    std::optional<LogIndex> index;
};

/// The kinds of drafts that the charter's escalations name.
[[nodiscard]] std::set<KindId> draft_kinds(const Charter& charter);

/// Those that this unit sent or is about to send, refused ones left out. What is settled is read
/// once and kept: an office sends few of them among many other notices. One thread at a time.
class SentDrafts {
public:
    enum class More : std::uint8_t { none, some };

    /// Reads on in what was settled, one piece of it; whether there may be more. Blocks.
    /// Errors: those of the store.
    [[nodiscard]] Result<More> read_on(const storage::DaemonStore& store,
                                       const std::set<KindId>& kinds);

    /// All, once read_on has said that there is no more: what is kept, the newest of what was sent,
    /// and what waits for endorsements. Blocks. Errors: those of the store.
    [[nodiscard]] Result<std::vector<SentDraft>> all(const storage::DaemonStore& store,
                                                     const std::set<KindId>& kinds) const;

private:
    std::uint64_t read_through_{0};
    std::vector<SentDraft> settled_;
};

}  // namespace tongbao::client
