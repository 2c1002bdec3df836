#include "client/daemon/sent_drafts.hpp"

#include "protocol/notice_json.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace tongbao::client {
namespace {

constexpr std::size_t kSettledAtOnce = 256;
/// What is queued, or was settled before something older was.
constexpr std::size_t kNewestSent = 4096;
constexpr std::size_t kMostHeld = 1000;

/// None for an act and a notice of another kind. Most are: their bytes do not name the kind.
std::optional<SentDraft> sent_draft_of(const Bytes& bytes, const std::set<KindId>& kinds) {
    const std::string_view text = as_text(bytes);
    const bool named = std::any_of(kinds.begin(), kinds.end(), [text](const KindId& kind) {
        return text.find(kind.value()) != std::string_view::npos;
    });
    if (!named) return std::nullopt;
    Checked<Notice> notice = protocol::read_notice(bytes);
    if (!notice || !kinds.contains(notice->kind)) return std::nullopt;
    return SentDraft{notice->id.value(),  std::move(notice->kind), std::move(notice->to),
                     notice->in_reply_to, notice->case_number,     std::nullopt};
}

std::optional<SentDraft> sent_draft_of(const storage::SentItem& item,
                                       const std::set<KindId>& kinds) {
    if (item.is_act || item.state == storage::SentState::refused) return std::nullopt;
    std::optional<SentDraft> draft = sent_draft_of(item.bytes, kinds);
    if (draft) draft->index = item.index;
    return draft;
}

}  // namespace

std::set<KindId> draft_kinds(const Charter& charter) {
    std::set<KindId> kinds;
    for (const auto& [name, escalation] : charter.parts().escalations) {
        for (const EscalationStep& step : escalation.steps) {
            if (step.draft) kinds.insert(*step.draft);
        }
    }
    return kinds;
}

Result<SentDrafts::More> SentDrafts::read_on(const storage::DaemonStore& store,
                                             const std::set<KindId>& kinds) {
    const Result<std::vector<storage::SentItem>> items =
        store.read_settled(read_through_, kSettledAtOnce);
    if (!items) return items.error();
    for (const storage::SentItem& item : *items) {
        read_through_ = item.sequence;
        std::optional<SentDraft> draft = sent_draft_of(item, kinds);
        if (draft) settled_.push_back(*std::move(draft));
    }
    return items->size() < kSettledAtOnce ? More::none : More::some;
}

Result<std::vector<SentDraft>> SentDrafts::all(const storage::DaemonStore& store,
                                               const std::set<KindId>& kinds) const {
    std::vector<SentDraft> found = settled_;
    if (store.outbox_size() != 0) {
        const Result<std::vector<storage::SentItem>> newest = store.list_sent(kNewestSent);
        if (!newest) return newest.error();
        for (const storage::SentItem& item : *newest) {
            std::optional<SentDraft> draft = sent_draft_of(item, kinds);
            if (draft) found.push_back(*std::move(draft));
        }
    }
    const Result<std::vector<storage::HeldNotice>> held = store.list_held(kMostHeld);
    if (!held) return held.error();
    for (const storage::HeldNotice& notice : *held) {
        std::optional<SentDraft> draft = sent_draft_of(notice.bytes, kinds);
        if (draft) found.push_back(*std::move(draft));
    }
    return found;
}

}  // namespace tongbao::client
