#pragma once

#include "client/daemon/notice_archive.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"
#include "storage/daemon_store.hpp"

#include <optional>
#include <string>
#include <vector>

/// What the local API answers, as JSON.
namespace tongbao::client {

/// A notice or act that this unit sent, with what became of it.
[[nodiscard]] std::string write_sent(const storage::SentItem& item);
[[nodiscard]] std::string write_sent_list(const std::vector<storage::SentItem>& items);

/// An arrived notice; `since` is that of signed_since_compromise, `late` as in ArchivedNotice.
struct ListedNotice {
    storage::InboxRow row;
    std::optional<UtcTime> since{};
    std::vector<std::string> late{};
};
[[nodiscard]] std::string write_inbox(const std::vector<ListedNotice>& notices);

/// The case that a notice belongs to: that of its entry, as far as this daemon keeps it, else that
/// of its header. Empty: none.
[[nodiscard]] std::string case_of(const ArchivedNotice& archived);

/// A notice with its state, what others did to it, and what is wrong with it. `since` is that of
/// signed_since_compromise.
[[nodiscard]] std::string write_archived(const ArchivedNotice& archived,
                                         const std::vector<storage::ActRow>& acts,
                                         const Reasons& warnings,
                                         const std::optional<UtcTime>& since = std::nullopt);

/// What a person or program asks to be done to a notice.
struct ActRequest {
    ActKind kind{};
    std::optional<std::string> reason;
    std::optional<Dispatch> dispatch;
    std::optional<UnitId> unit;
};

/// Reads `{"act": …, "reason"?: …, "unit"?: …, "dispatch"?: …}`: any act but `delivered`, which is
/// the daemon's own. Errors: those of read_json; missing_member, unknown_member, wrong_type,
/// bad_value.
[[nodiscard]] Checked<ActRequest> read_act_request(BytesView text);

}  // namespace tongbao::client
