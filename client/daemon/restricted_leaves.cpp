#include "client/daemon/restricted_leaves.hpp"

#include "client/daemon/notice_archive.hpp"
#include "protocol/notice_json.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace tongbao::client {
namespace {

/// So many answers to answers are followed to the notice that the first of them was about.
constexpr int kMostFollowed = 16;

}  // namespace

RestrictedLeaves::Asking RestrictedLeaves::asking_of(const Notice& notice) {
    Asking asking{notice.kind, std::nullopt};
    if (notice.in_reply_to) asking.in_reply_to = notice.in_reply_to->value();
    return asking;
}

Result<std::optional<RestrictedLeaves::Asking>> RestrictedLeaves::asking_of(BytesView bytes) {
    const Checked<Notice> notice = protocol::read_notice(bytes);
    if (!notice) return Errc::storage_corrupt;
    return std::optional(asking_of(*notice));
}

RestrictedLeaves::RestrictedLeaves(const Charter& charter, const storage::DaemonStore& store)
    : charter_(charter),
      store_(store),
      any_(std::any_of(charter.parts().kinds.begin(), charter.parts().kinds.end(),
                       [](const Kind& kind) { return kind.restricted(); })) {}

bool RestrictedLeaves::restricted(const KindId& kind) const {
    const Kind* const known = charter_.find_kind(kind);
    return known != nullptr && known->restricted();
}

Result<std::optional<RestrictedLeaves::Asking>> RestrictedLeaves::find(const Uuid& id) const {
    const Result<storage::SentItem> sent = store_.find_sent(id);
    if (sent && !sent->is_act) return asking_of(sent->bytes);
    if (!sent && sent.error() != Errc::not_found) return sent.error();
    const Result<storage::HeldNotice> held = store_.find_held(id);
    if (held) return asking_of(held->bytes);
    if (held.error() != Errc::not_found) return held.error();
    // Of what arrived the row says it: its delivery, with all that came beside it, is not read.
    const Result<std::vector<storage::InboxRow>> rows = store_.find_received(id);
    if (!rows) return rows.error();
    if (rows->size() != 1) return std::optional<Asking>();
    return std::optional(Asking{rows->front().kind, rows->front().in_reply_to});
}

Result<Restricted> RestrictedLeaves::is_restricted(Asking notice) const {
    for (int followed = 0; followed < kMostFollowed; ++followed) {
        if (restricted(notice.kind)) return Restricted::yes;
        if (!notice.in_reply_to) return Restricted::no;
        Result<std::optional<Asking>> asked = find(*notice.in_reply_to);
        if (!asked) return asked.error();
        if (!*asked) return Restricted::unknown;
        notice = **std::move(asked);
    }
    return Restricted::no;
}

Result<Restricted> RestrictedLeaves::restricted_at(LogIndex index) const {
    const Result<storage::InboxRow> row = NoticeArchive(store_).row_at(index);
    if (row) return is_restricted({row->kind, row->in_reply_to});
    if (row.error() != Errc::not_found) return row.error();
    const Result<storage::SentItem> sent = store_.find_sent_at(index);
    if (!sent && sent.error() == Errc::not_found) return Restricted::unknown;
    if (!sent) return sent.error();
    const Result<std::optional<Asking>> notice = asking_of(sent->bytes);
    if (!notice) return notice.error();
    return is_restricted(**notice);
}

Result<Restricted> RestrictedLeaves::contains(const protocol::Leaf& leaf) const {
    if (!any_) return Restricted::no;
    if (const auto* const notice = std::get_if<Notice>(&leaf)) {
        return is_restricted(asking_of(*notice));
    }
    const Act& act = std::get<Act>(leaf);
    if (act.notices.size() != 1) return Restricted::no;
    return restricted_at(act.notices.front().index);
}

}  // namespace tongbao::client
