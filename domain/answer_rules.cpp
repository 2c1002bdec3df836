#include "domain/answer_rules.hpp"

#include "domain/answered_act_rules.hpp"

#include <algorithm>

namespace tongbao {
namespace {

bool names(const ReplyRule& reply, const KindId& kind) {
    const std::vector<KindId>& others = reply.satisfied_by;
    return reply.kind == kind || std::find(others.begin(), others.end(), kind) != others.end();
}

Reasons nothing(const char* place, const char* explanation) {
    return {Reason{Errc::reply_to_nothing, place, explanation}};
}

Reasons check_listed(const Kind& asked_kind, const Notice& answer, const Notice& asked) {
    bool asked_for = false;
    bool must_return = true;
    for (const ReplyRule& reply : asked_kind.replies) {
        if (!names(reply, answer.kind)) continue;
        asked_for = true;
        if (reply.role == ReplyRole::follow_up) must_return = false;
    }
    if (!asked_for) return nothing("in_reply_to", "the notice asks for no answer of this kind");
    if (!contains(asked.to, answer.from)) {
        return nothing("in_reply_to", "only a recipient of the notice answers it");
    }
    if (must_return && !contains(answer.to, asked.from)) {
        return nothing("to", "an answer goes back to who asked");
    }
    return {};
}

}  // namespace

bool may_answer_for_office(const Charter& charter, const Notice& answer, const Kind& asked_kind) {
    if (answer.from != charter.parts().office.unit || asked_kind.restricted()) {
        return false;
    }
    const Kind* const kind = charter.find_kind(answer.kind);
    return kind != nullptr && kind->answers == AnswersTo::any_open_clock &&
           std::any_of(kind->on_answered.begin(), kind->on_answered.end(),
                       [](const AnsweredRule& rule) { return presses(rule.act); });
}

Reasons check_answer(const Charter& charter, const Notice& answer, const Notice& asked) {
    const Kind* const kind = charter.find_kind(answer.kind);
    if (kind == nullptr) return {Reason{Errc::unknown_kind, "kind", "is not in the charter"}};
    const Kind* const asked_kind = charter.find_kind(asked.kind);
    if (asked_kind == nullptr) return nothing("in_reply_to", "is a notice of an unknown kind");

    switch (kind->answers) {
        case AnswersTo::listed:
            return check_listed(*asked_kind, answer, asked);
        case AnswersTo::any_open_clock:
            if (asked_kind->replies.empty()) {
                return nothing("in_reply_to", "the notice asks for no answer");
            }
            if (answer.from != asked.from && !contains(asked.to, answer.from) &&
                !may_answer_for_office(charter, answer, *asked_kind)) {
                return nothing("in_reply_to", "the sender is no party of the notice");
            }
            return {};
        case AnswersTo::own_notice:
            if (answer.from == asked.from) return {};
            return nothing("in_reply_to", "the notice is of another sender");
    }
    return {};
}

Reasons check_among_parties(const Notice& answer, const Notice& asked) {
    Reasons reasons;
    const auto check = [&](const std::vector<UnitId>& units, const char* list) {
        for (std::size_t index = 0; index < units.size(); ++index) {
            const UnitId& unit = units[index];
            if (unit == asked.from || contains(asked.to, unit) || contains(asked.cc, unit))
                continue;
            reasons.push_back({Errc::recipient_not_allowed,
                               std::string(list) + '[' + std::to_string(index) + ']',
                               "only the parties may know of what it answers"});
        }
    };
    check(answer.to, "to");
    check(answer.cc, "cc");
    return reasons;
}

std::optional<std::size_t> meant_by(const Charter& charter, const Notice& answer,
                                    std::span<const Notice* const> asked) {
    if (asked.size() == 1) return 0;
    const Kind* const kind = charter.find_kind(answer.kind);
    const AnsweredRule* const rule = kind == nullptr ? nullptr : answered_act_of(*kind, answer);
    const bool pressing = rule != nullptr && presses(rule->act);
    std::optional<std::size_t> one;
    for (std::size_t at = 0; at < asked.size(); ++at) {
        const Notice& each = *asked[at];
        const bool fits =
            pressing ? !units_urged(answer, each).empty() : contains(answer.to, each.from);
        if (!fits) continue;
        if (pressing) return at;
        if (one) return std::nullopt;
        one = at;
    }
    return one;
}

bool satisfies(const ReplyRule& reply, const Notice& asked, const Notice& answer) {
    if (!names(reply, answer.kind)) return false;
    if (reply.when && !reply.when->holds(fields_of(asked))) return false;
    const bool judged = reply.kind == answer.kind && reply.satisfied_when.has_value();
    return !judged || reply.satisfied_when->holds(fields_of_answer(answer, asked));
}

const ReplyRule* satisfied_reply(const Charter& charter, const Notice& asked,
                                 const Notice& answer) {
    const Kind* const asked_kind = charter.find_kind(asked.kind);
    if (asked_kind == nullptr || !contains(asked.to, answer.from)) return nullptr;
    for (const ReplyRule& reply : asked_kind->replies) {
        if (satisfies(reply, asked, answer)) return &reply;
    }
    return nullptr;
}

}  // namespace tongbao
