#include "client/ledger/known_notices.hpp"

#include "domain/answer_rules.hpp"
#include "domain/lifecycle.hpp"
#include "protocol/notice_json.hpp"

#include <algorithm>
#include <utility>

namespace tongbao::client {
namespace {

bool takes_back(const Kind* kind) {
    return kind != nullptr &&
           std::any_of(kind->effects.begin(), kind->effects.end(),
                       [](const Effect& each) { return each.reverses_answered; });
}

bool is_recipient(const Notice& notice, const UnitId& unit) {
    return contains(notice.to, unit) || contains(notice.cc, unit);
}

}  // namespace

Result<KnownNotice> KnownNotices::read(storage::LedgerNotice row) {
    Checked<Notice> notice = protocol::read_notice(row.bytes);
    if (!notice) return Errc::storage_corrupt;
    return KnownNotice{*std::move(notice), std::move(row), std::nullopt};
}

Result<std::optional<KnownNotice>> KnownNotices::at(LogIndex index) const {
    Result<std::optional<storage::LedgerNotice>> row = piece_.find_notice(index);
    if (!row) return row.error();
    if (!*row) return std::optional<KnownNotice>();
    Result<KnownNotice> known = read(**std::move(row));
    if (!known) return known.error();
    // Who answers nothing, or takes nothing back, need not know what it points at.
    if (takes_back(charter_.find_kind(known->notice.kind))) {
        const Result<std::optional<KnownNotice>> asked = asked_by(known->notice, index);
        if (!asked) return asked.error();
        if (*asked) known->answered = AnsweredInCase{(*asked)->row.ref, (*asked)->row.case_number};
    }
    return std::optional(*std::move(known));
}

Result<std::optional<KnownNotice>> KnownNotices::asked_by(const Notice& answer, LogIndex index,
                                                          std::optional<LogIndex> but) const {
    if (!answer.in_reply_to) return std::optional<KnownNotice>();
    Result<std::vector<storage::LedgerNotice>> rows = piece_.notices_with_id(*answer.in_reply_to);
    if (!rows) return rows.error();
    std::vector<KnownNotice> found;
    std::vector<KnownNotice> without_case;
    for (storage::LedgerNotice& row : *rows) {
        if (row.ref.index >= index || row.ref.index == but) continue;
        if (!row.case_number) {
            without_case.push_back({{}, std::move(row), std::nullopt});
            continue;
        }
        Result<KnownNotice> known = read(std::move(row));
        if (!known) return known.error();
        const Notice& asked = known->notice;
        const Kind* const kind = charter_.find_kind(asked.kind);
        const bool may_know = asked.from == answer.from || is_recipient(asked, answer.from) ||
                              (kind != nullptr && may_answer_for_office(charter_, answer, *kind));
        if (may_know && check_answer(charter_, answer, asked).empty()) {
            found.push_back(*std::move(known));
        }
    }
    std::vector<const Notice*> asked;
    asked.reserve(found.size());
    for (const KnownNotice& each : found) asked.push_back(&each.notice);
    const std::optional<std::size_t> meant = meant_by(charter_, answer, asked);
    if (meant) return std::optional(std::move(found[*meant]));
    // A follower's would not be the same in another order of what it reads; nor does it judge.
    const bool told = found.empty() && without_case.size() == 1 && role_ == LedgerRole::keeper;
    if (told) return std::optional(std::move(without_case.front()));
    return std::optional<KnownNotice>();
}

Result<RecipientState> KnownNotices::state_at(const KnownNotice& known,
                                              const std::vector<storage::LedgerDeed>& deeds,
                                              const UnitId& unit, LogIndex entry) const {
    RecipientState state;
    for (const storage::LedgerDeed& deed : deeds) {
        if (deed.unit != unit || entry <= deed.cause.index) continue;
        const Result<RecipientState> then = after(known, deed, state);
        if (!then) return then.error();
        state = *then;
    }
    return state;
}

Result<RecipientState> KnownNotices::after(const KnownNotice& known,
                                           const storage::LedgerDeed& deed,
                                           RecipientState before) const {
    const Kind& kind = *charter_.find_kind(known.notice.kind);
    // The hub refuses what names other bytes, or is done by who is no recipient.
    const bool fits =
        deed.notice.sha256 == known.row.ref.sha256 && is_recipient(known.notice, deed.unit);
    if (!fits) return before;
    if (deed.act) {
        const Addressed addressed =
            contains(known.notice.to, deed.unit) ? Addressed::to : Addressed::cc;
        const Result<RecipientState> then =
            apply(before, *deed.act, kind, addressed, deed.has_reason);
        return then ? *then : before;
    }
    const Result<std::optional<KnownNotice>> answer = at(deed.cause.index);
    if (!answer) return answer.error();
    if (!*answer) return Errc::storage_corrupt;
    const bool satisfies = satisfied_reply(charter_, known.notice, (*answer)->notice) != nullptr;
    return satisfies ? after_answer(before, kind) : before;
}

}  // namespace tongbao::client
