#include "client/daemon/own_state.hpp"

#include "client/daemon/notice_archive.hpp"
#include "client/daemon/store_write.hpp"
#include "domain/answer_rules.hpp"
#include "domain/lifecycle.hpp"

namespace tongbao::client {
namespace {

Result<void> add_state(const Services& services, const storage::InboxRow& row,
                       RecipientState state) {
    if (state == RecipientState(row.state)) return {};
    return written(services, services.store.add_state({row.index, state.bits()}));
}

Result<void> mark_act(const Services& services, const Act& act) {
    if (act.kind == ActKind::delivered) return {};  // it was when it was stored
    const NoticeArchive archive(services.store);
    for (const NoticeRef& notice : act.notices) {
        const Result<storage::InboxRow> row = archive.row_at(notice.index);
        if (!row && row.error() == Errc::not_found) continue;
        if (!row) return row.error();
        const Kind* const kind = services.charter->find_kind(row->kind);
        if (kind == nullptr) continue;
        const Addressed addressed = row->copy ? Addressed::cc : Addressed::to;
        const Result<RecipientState> next =
            apply(RecipientState(row->state), act.kind, *kind, addressed, act.reason.has_value());
        if (!next) continue;
        const Result<void> marked = add_state(services, *row, *next);
        if (!marked) return marked.error();
    }
    return {};
}

Result<void> mark_answer(const Services& services, const Notice& answer) {
    if (!answer.in_reply_to) return {};
    const Result<ArchivedNotice> asked =
        NoticeArchive(services.store).find(answer.in_reply_to->value());
    if (!asked && (asked.error() == Errc::not_found || asked.error() == Errc::id_conflict))
        return {};
    if (!asked) return asked.error();
    if (!asked->inbox) return {};
    const Kind* const asking = services.charter->find_kind(asked->notice.kind);
    if (asking == nullptr) return {};
    if (satisfied_reply(*services.charter, asked->notice, answer) == nullptr) return {};
    return add_state(services, *asked->inbox,
                     after_answer(RecipientState(asked->inbox->state), *asking));
}

}  // namespace

Result<void> mark_done(const Services& services, const protocol::Leaf& accepted) {
    if (const auto* const act = std::get_if<Act>(&accepted)) return mark_act(services, *act);
    return mark_answer(services, std::get<Notice>(accepted));
}

}  // namespace tongbao::client
