#include "domain/step_addressees.hpp"

#include <algorithm>

namespace tongbao {
namespace {

bool has_post(const Charter& charter, const UnitId& unit, const PostId& id) {
    const Post* const post = charter.find_post(id);
    if (post == nullptr) return false;
    const std::vector<UnitId> units = charter.units_of(post->unit_or_group);
    return std::find(units.begin(), units.end(), unit) != units.end();
}

/// The one that is meant where none has the post comes first.
std::vector<UnitId> units_addressed(const Charter& charter, EscalationSide side,
                                    const UnitId& sender, const UnitId& recipient) {
    switch (side) {
        case EscalationSide::recipient:
            return {recipient};
        case EscalationSide::sender:
            return {sender};
        case EscalationSide::office:
            break;
    }
    return {charter.parts().office.unit, charter.parts().office.host};
}

void add_once(std::vector<StepAddressee>& found, StepAddressee addressee) {
    if (std::find(found.begin(), found.end(), addressee) != found.end()) return;
    found.push_back(std::move(addressee));
}

}  // namespace

const EscalationStep* find_step(const Charter& charter, const KindId& kind, std::size_t step,
                                EscalationDeed deed) {
    const Kind* const known = charter.find_kind(kind);
    if (known == nullptr) return nullptr;
    const auto& all = charter.parts().escalations;
    const auto escalation = all.find(known->escalation);
    if (escalation == all.end()) return nullptr;
    const std::vector<EscalationStep>& steps = escalation->second.steps;
    if (step < steps.size() && steps[step].deed == deed) return &steps[step];
    const auto first = std::find_if(steps.begin(), steps.end(), [deed](const EscalationStep& each) {
        return each.deed == deed;
    });
    return first == steps.end() ? nullptr : &*first;
}

std::vector<StepAddressee> step_addressees(const Charter& charter, const EscalationStep& step,
                                           const UnitId& sender, const UnitId& recipient) {
    std::vector<StepAddressee> found;
    for (const EscalationTarget& target : step.to) {
        const std::vector<UnitId> units = units_addressed(charter, target.of, sender, recipient);
        bool held = false;
        for (const UnitId& unit : units) {
            if (!has_post(charter, unit, target.post)) continue;
            add_once(found, {unit, target.post});
            held = true;
        }
        if (!held) add_once(found, {units.front(), std::nullopt});
    }
    return found;
}

}  // namespace tongbao
