#include "domain/charter_findings.hpp"

#include <algorithm>

namespace tongbao::checking {
namespace {

using Names = std::set<std::string>;

void add_condition(Names& names, const std::optional<Condition>& condition, bool of_reply) {
    if (!condition) return;
    for (const ExpressionName& name : condition->names()) {
        if (name.of_reply == of_reply) names.insert(name.name);
    }
}

void add_deadline(Names& names, const Charter& charter, const std::optional<std::string>& id) {
    const Deadline* const deadline = id ? charter.find_deadline(*id) : nullptr;
    if (deadline == nullptr) return;
    using Event = DeadlineStart::Event;
    if (deadline->from.event == Event::field) names.insert(deadline->from.field);
    if (deadline->from.event == Event::period_end || deadline->from.event == Event::year_start) {
        names.emplace(kPeriodField);
    }
}

void add_checks(Names& names, const Kind& kind) {
    for (const Check& check : kind.checks) {
        if (const auto* const order = std::get_if<OrderCheck>(&check)) {
            if (!order->deadline && !kind.is_answer()) continue;
            names.insert(order->from);
            names.insert(order->to);
        } else if (kind.is_answer()) {
            for (const ExpressionName& name : std::get<MustCheck>(check).must.names()) {
                names.insert(name.name);
            }
        }
    }
}

/// What the clocks of the answers that `kind` asks for need of it.
void add_own_replies(Names& names, const Charter& charter, const Kind& kind) {
    for (const ReplyRule& reply : kind.replies) {
        if (reply.within.source == Within::Source::deadline) {
            add_deadline(names, charter, reply.within.name);
        } else if (reply.within.source == Within::Source::field) {
            names.insert(reply.within.name);
        }
        add_deadline(names, charter, reply.fallback);
        add_condition(names, reply.when, false);
        add_condition(names, reply.satisfied_when, false);
        if (reply.rows) names.insert(*reply.rows);
    }
}

/// What the clocks of the notices that `kind` may answer need of it.
void add_answered(Names& names, const Charter& charter, const Kind& kind) {
    for (const Kind& asking : charter.parts().kinds) {
        for (const ReplyRule& reply : asking.replies) {
            if (reply.kind != kind.id) continue;
            add_condition(names, reply.satisfied_when, true);
            if (reply.row_key) names.insert(*reply.row_key);
        }
    }
}

void add_effects(Names& names, const Kind& kind) {
    for (const Effect& effect : kind.effects) {
        add_condition(names, effect.when, false);
        if (effect.rows) names.insert(*effect.rows);
        if (effect.track && effect.track->source == TrackTarget::Source::field) {
            names.insert(effect.track->name);
        }
        if (effect.state && effect.state->from_field) names.insert(effect.state->name);
    }
}

void add_acts(Names& names, const Kind& kind) {
    for (const AnsweredRule& rule : kind.on_answered) {
        add_condition(names, rule.when, false);
        for (const auto* const field : {&rule.replaced_by, &rule.new_due, &rule.basis}) {
            if (*field) names.insert(**field);
        }
    }
}

bool all_clear(SecurityClass security_class) {
    return security_class == SecurityClass::l1 || security_class == SecurityClass::l2;
}

/// The fields of `kind` that the hub evaluates.
Names evaluated_by_hub(const Charter& charter, const Kind& kind) {
    Names names;
    add_deadline(names, charter, kind.send_within);
    add_deadline(names, charter, kind.receipt.within);
    add_checks(names, kind);
    add_own_replies(names, charter, kind);
    add_answered(names, charter, kind);
    add_effects(names, kind);
    add_acts(names, kind);
    return names;
}

}  // namespace

void check_clear(Findings& findings, const Kind& kind, const std::string& place) {
    const bool everything = all_clear(kind.security_class);
    const Names needed = evaluated_by_hub(findings.charter, kind);
    for (const FieldRule& field : kind.fields) {
        const std::string where = place + ".fields." + field.name + ".clear";
        const bool should = everything || needed.contains(field.name);
        if (field.clear == should) continue;
        findings.broken(
            where, should ? "the hub must be able to read it" : "the hub has no reason to read it");
    }
    for (const AttachmentRule& attachment : kind.attachments) {
        if (attachment.clear == everything) continue;
        findings.broken(place + ".attachments." + attachment.kind + ".clear",
                        everything ? "nothing is encrypted in this class"
                                   : "attachments are encrypted in this class");
    }
}

}  // namespace tongbao::checking
