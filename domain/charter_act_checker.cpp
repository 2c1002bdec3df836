#include "domain/charter_findings.hpp"

#include <algorithm>
#include <initializer_list>

namespace tongbao::checking {
namespace {

void expect_typed(Findings& findings, const Kind& kind, const std::optional<std::string>& name,
                  std::initializer_list<FieldType> types, const std::string& place) {
    if (!name) return;
    const FieldRule* const field = findings.expect_field(place, kind, *name);
    if (field == nullptr) return;
    if (std::find(types.begin(), types.end(), field->type) != types.end()) return;
    findings.broken(place, *name + " is of a type that does not fit here");
}

/// Whether each kind that asks for `kind` may itself point at any notice with an open clock.
bool decides_requests(const Charter& charter, const Kind& kind) {
    const std::vector<Kind>& kinds = charter.parts().kinds;
    return kind.answers == AnswersTo::listed &&
           std::all_of(kinds.begin(), kinds.end(), [&kind](const Kind& asking) {
               const bool asks =
                   std::any_of(asking.replies.begin(), asking.replies.end(),
                               [&kind](const ReplyRule& reply) { return reply.kind == kind.id; });
               return !asks || asking.answers == AnswersTo::any_open_clock;
           });
}

/// Whether what the act is done to is what the kind points at.
void check_target(Findings& findings, const Kind& kind, AnsweredAct act, const std::string& place) {
    switch (act) {
        case AnsweredAct::correct:
        case AnsweredAct::withdraw:
            if (kind.answers == AnswersTo::own_notice) return;
            return findings.broken(place, "only a unit's own notice can be taken back");
        case AnsweredAct::extend:
            if (decides_requests(findings.charter, kind)) return;
            return findings.broken(place,
                                   "a limit is moved by the answer to a request that itself points "
                                   "at any open clock");
        case AnsweredAct::urge:
        case AnsweredAct::supervise:
            if (kind.answers != AnswersTo::any_open_clock) {
                findings.broken(place, "it is done to any notice with an open clock");
            }
            break;
    }
    const Office& office = findings.charter.parts().office;
    const bool by_office =
        std::all_of(kind.from.begin(), kind.from.end(), [&office](const UnitAddress& address) {
            return address.value() == office.unit.value() || address.value() == office.host.value();
        });
    if (!by_office) findings.broken(place, "only the office and its host may do it");
}

/// That no two of the acts can be seen to hold at once.
void check_alternatives(Findings& findings, const Kind& kind, const std::string& place) {
    const std::vector<AnsweredRule>& rules = kind.on_answered;
    if (rules.size() < 2) return;
    for (std::size_t at = 0; at < rules.size(); ++at) {
        const std::string where = indexed(place, at) + ".when";
        if (!rules[at].when) {
            findings.broken(where, "is needed where there are several acts");
            continue;
        }
        const bool twice =
            std::any_of(rules.begin(), rules.begin() + static_cast<std::ptrdiff_t>(at),
                        [&](const AnsweredRule& other) {
                            return other.when && other.when->text == rules[at].when->text;
                        });
        if (twice) findings.broken(where, "holds together with another act's");
    }
}

/// What takes a notice back takes back what it wrote into the ledger, and nothing else does.
void check_reversal(Findings& findings, const Kind& kind, const std::string& place) {
    const auto rule = std::find_if(kind.on_answered.begin(), kind.on_answered.end(),
                                   [](const AnsweredRule& each) { return reverses(each.act); });
    const auto effect = std::find_if(kind.effects.begin(), kind.effects.end(),
                                     [](const Effect& each) { return each.reverses_answered; });
    const bool takes_back = rule != kind.on_answered.end();
    const bool reversed = effect != kind.effects.end();
    if (takes_back == reversed) return;
    if (takes_back) {
        const auto at = static_cast<std::size_t>(rule - kind.on_answered.begin());
        return findings.broken(indexed(place + ".on_answered", at) + ".act",
                               "needs an effect that reverses what the notice wrote");
    }
    const auto at = static_cast<std::size_t>(effect - kind.effects.begin());
    findings.broken(indexed(place + ".effects", at) + ".reverse",
                    "needs an act that corrects or withdraws the notice");
}

}  // namespace

void check_acts(Findings& findings, const Kind& kind, const std::string& place) {
    for (std::size_t at = 0; at < kind.on_answered.size(); ++at) {
        const AnsweredRule& rule = kind.on_answered[at];
        const std::string where = indexed(place + ".on_answered", at);
        check_target(findings, kind, rule.act, where + ".act");
        expect_typed(findings, kind, rule.replaced_by, {FieldType::notice_ref},
                     where + ".replaced_by");
        expect_typed(findings, kind, rule.new_due, {FieldType::date, FieldType::datetime},
                     where + ".new_due");
        expect_typed(findings, kind, rule.basis, {FieldType::text, FieldType::doc_no},
                     where + ".basis");
    }
    check_alternatives(findings, kind, place + ".on_answered");
    check_reversal(findings, kind, place);
}

}  // namespace tongbao::checking
