#include "client/daemon/restricted_leaves.hpp"

#include "client/daemon/notice_archive.hpp"

#include <algorithm>

namespace tongbao::client {
namespace {

/// So many answers to answers are followed to the notice that the first of them was about.
constexpr int kMostFollowed = 16;

}  // namespace

RestrictedLeaves::RestrictedLeaves(const Charter& charter, const storage::DaemonStore& store)
    : charter_(charter),
      store_(store),
      any_(std::any_of(charter.parts().kinds.begin(), charter.parts().kinds.end(),
                       [](const Kind& kind) { return kind.restricted(); })) {}

bool RestrictedLeaves::restricted(const KindId& kind) const {
    const Kind* const known = charter_.find_kind(kind);
    return known != nullptr && known->restricted();
}

Result<Restricted> RestrictedLeaves::restricted(const Notice& notice, int depth) const {
    if (restricted(notice.kind)) return Restricted::yes;
    if (!notice.in_reply_to || depth == 0) return Restricted::no;
    const Result<ArchivedNotice> asked = NoticeArchive(store_).find(notice.in_reply_to->value());
    if (asked) return restricted(asked->notice, depth - 1);
    const bool unknown = asked.error() == Errc::not_found || asked.error() == Errc::id_conflict;
    if (!unknown) return asked.error();
    return Restricted::unknown;
}

Result<Restricted> RestrictedLeaves::restricted_at(LogIndex index) const {
    const NoticeArchive archive(store_);
    const Result<storage::InboxRow> row = archive.row_at(index);
    // Of what arrived the row mostly says it.
    if (row && (restricted(row->kind) || !row->in_reply_to)) {
        return restricted(row->kind) ? Restricted::yes : Restricted::no;
    }
    if (!row && row.error() != Errc::not_found) return row.error();
    const Result<ArchivedNotice> notice = archive.find_at(index);
    if (notice) return restricted(notice->notice, kMostFollowed);
    if (notice.error() == Errc::not_found) return Restricted::unknown;
    return notice.error();
}

Result<Restricted> RestrictedLeaves::contains(const protocol::Leaf& leaf) const {
    if (!any_) return Restricted::no;
    if (const auto* const notice = std::get_if<Notice>(&leaf)) {
        return restricted(*notice, kMostFollowed);
    }
    const Act& act = std::get<Act>(leaf);
    if (act.notices.size() != 1) return Restricted::no;
    return restricted_at(act.notices.front().index);
}

}  // namespace tongbao::client
