#include "domain/answer_rules.hpp"
#include "hub/round.hpp"

#include <algorithm>

// Which notice an answer points at.

namespace tongbao::hub {

void Round::add_uses(const Identifiers& uses, const Uuid& id, std::vector<LogIndex>& indexes) {
    for (auto each = uses.lower_bound({id, UnitId()});
         each != uses.end() && each->first.first == id; ++each) {
        indexes.push_back(each->second.index);
    }
}

Result<std::vector<Round::Asked>> Round::candidates(const Notice& answer) {
    const Uuid& id = answer.in_reply_to->value();
    std::vector<LogIndex> indexes;
    for (const Identifiers* const uses : {&identifiers_, &earlier_}) add_uses(*uses, id, indexes);
    std::vector<Asked> found;
    for (const LogIndex index : indexes) {
        const Result<SharedFacts> facts = facts_at(index);
        if (!facts) return facts.error();
        if (!*facts) continue;
        const Charter& charter = *deployment_.charter;
        const Kind* const kind = charter.find_kind((*facts)->kind);
        const bool may_know =
            (*facts)->party(answer.from) || (kind != nullptr && !(*facts)->restricted &&
                                             may_answer_for_office(charter, answer, *kind));
        if (!may_know) continue;
        Result<Notice> notice = notice_at(index);
        if (!notice) return notice.error();
        Reasons faults = check_answer(*deployment_.charter, answer, *notice);
        found.push_back({*facts, *std::move(notice), std::move(faults)});
    }
    return found;
}

Result<Round::Asked> Round::asked_by(const Notice& answer) {
    const auto nothing = [](const char* words) {
        return Asked{nullptr, {}, {{Errc::reply_to_nothing, "in_reply_to", words}}};
    };
    Result<std::vector<Asked>> found = candidates(answer);
    if (!found) return found.error();
    if (found->empty()) return nothing("no such notice for this unit");
    if (found->size() == 1) return std::move(found->front());
    std::erase_if(*found, [](const Asked& each) { return !each.faults.empty(); });
    std::sort(found->begin(), found->end(), [](const Asked& one, const Asked& other) {
        return one.facts->index < other.facts->index;
    });
    std::vector<const Notice*> asked;
    asked.reserve(found->size());
    for (const Asked& each : *found) asked.push_back(&each.notice);
    const std::optional<std::size_t> meant = meant_by(*deployment_.charter, answer, asked);
    if (meant) return std::move((*found)[*meant]);
    return nothing("several notices of this identifier, and none that is meant for certain");
}

}  // namespace tongbao::hub
