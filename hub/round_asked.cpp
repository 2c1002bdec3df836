#include "domain/answer_rules.hpp"
#include "domain/answered_act_rules.hpp"
#include "hub/round.hpp"

#include <algorithm>

// Which notice an answer points at.

namespace tongbao::hub {

Result<std::vector<Round::Asked>> Round::candidates(const Notice& answer) {
    const Uuid& id = answer.in_reply_to->value();
    std::vector<LogIndex> indexes;
    for (const Identifiers* const uses : {&identifiers_, &earlier_}) {
        for (auto each = uses->lower_bound({id, UnitId()});
             each != uses->end() && each->first.first == id; ++each) {
            indexes.push_back(each->second.index);
        }
    }
    std::vector<Asked> found;
    for (const LogIndex index : indexes) {
        const Result<SharedFacts> facts = facts_at(index);
        if (!facts) return facts.error();
        if (!*facts) continue;
        const Charter& charter = *deployment_.charter;
        const Kind* const kind = charter.find_kind((*facts)->kind);
        const bool may_know = (*facts)->party(answer.from) ||
                              (kind != nullptr && may_answer_for_office(charter, answer, *kind));
        if (!may_know) continue;
        Result<Notice> notice = notice_at(index);
        if (!notice) return notice.error();
        Reasons faults = check_answer(*deployment_.charter, answer, *notice);
        found.push_back({*facts, *std::move(notice), std::move(faults)});
    }
    return found;
}

bool Round::urges(const Notice& notice) const {
    const Kind* const kind = deployment_.charter->find_kind(notice.kind);
    const AnsweredRule* const rule = kind == nullptr ? nullptr : answered_act_of(*kind, notice);
    return rule != nullptr &&
           (rule->act == AnsweredAct::urge || rule->act == AnsweredAct::supervise);
}

Result<Round::Asked> Round::asked_by(const Notice& answer) {
    const auto nothing = [](const char* words) {
        return Asked{nullptr, {}, {{Errc::reply_to_nothing, "in_reply_to", words}}};
    };
    Result<std::vector<Asked>> found = candidates(answer);
    if (!found) return found.error();
    if (found->empty()) return nothing("no such notice for this unit");
    if (found->size() == 1) return std::move(found->front());
    // Identifiers are each sender's own: another unit may have used this one for a notice to this
    // unit, to get in the way. What can be answered so counts, then what goes back to who asked.
    std::erase_if(*found, [](const Asked& each) { return !each.faults.empty(); });
    if (found->size() > 1 && urges(answer)) {
        // About others' notices: who is urged could use the identifier too, but only after it was
        // used for what he owes.
        std::erase_if(*found, [&answer](const Asked& each) {
            return units_urged(answer, each.notice).empty();
        });
        const auto first = std::min_element(found->begin(), found->end(),
                                            [](const Asked& one, const Asked& other) {
                                                return one.facts->index < other.facts->index;
                                            });
        if (first != found->end()) return std::move(*first);
    }
    if (found->size() > 1) {
        std::erase_if(*found, [&answer](const Asked& each) {
            return !contains(answer.to, each.notice.from);
        });
    }
    if (found->size() == 1) return std::move(found->front());
    return nothing("several notices of this identifier, and none that is meant for certain");
}

}  // namespace tongbao::hub
