#include "domain/charter_findings.hpp"

#include <algorithm>

namespace tongbao::checking {
namespace {

bool includes(const std::vector<UnitAddress>& addresses, const UnitId& unit) {
    return any_covers(addresses, unit);
}

void expect_addresses(Findings& findings, const std::vector<UnitAddress>& addresses,
                      const std::string& place) {
    for (std::size_t at = 0; at < addresses.size(); ++at) {
        findings.expect_address(indexed(place, at), addresses[at]);
    }
}

/// Whether each of `addresses` has the post.
void check_post(Findings& findings, const std::optional<PostId>& id,
                const std::vector<UnitAddress>& addresses, const std::string& place) {
    if (!id) return;
    findings.expect_post(place, *id);
    const Post* const post = findings.charter.find_post(*id);
    if (post == nullptr) return;
    const std::vector<UnitId> holders = findings.charter.units_of(post->unit_or_group);
    for (const UnitAddress& address : addresses) {
        const UnitId unit(address.value());
        if (std::find(holders.begin(), holders.end(), unit) == holders.end()) {
            findings.broken(place, address.value() + " has no such post");
        }
    }
}

void check_stamp(Findings& findings, const Kind& kind, const std::string& place) {
    const CharterParts& parts = findings.charter.parts();
    if (kind.stamp != StampUse::none && kind.approver == Approver::none) {
        findings.broken(place + ".approver", "a stamped paper is issued by another person");
    }
    const bool from_office = includes(kind.from, parts.office.unit);
    if (kind.stamp == StampUse::on_behalf && !from_office) {
        findings.broken(place + ".stamp", "on_behalf is for what the office sends");
    }
    if (kind.stamp == StampUse::own && from_office && parts.stamp.own_stamp == false) {
        findings.broken(place + ".stamp", "the office has no stamp of its own");
    }
}

void check_register(Findings& findings, const Kind& kind, const std::string& place) {
    const bool all_external = std::all_of(
        kind.to.begin(), kind.to.end(),
        [&](const UnitAddress& address) { return is_external(findings.charter, address); });
    if (kind.register_only != all_external) {
        findings.broken(place + ".register_only",
                        "is true exactly when every recipient is external");
    }
    if (kind.register_only && (kind.receipt.required || kind.accept.required)) {
        findings.broken(place + ".register_only", "what is only registered nobody signs for");
    }
    if (kind.receipt.required != kind.receipt.within.has_value()) {
        findings.broken(place + ".receipt.within", "exactly a required receipt has a limit");
    }
    if (kind.security_class == SecurityClass::l4 && !kind.register_only) {
        findings.broken(place + ".class", "L4 is for what is only registered");
    }
}

/// The class, the urgency, the escalation and the cycle that a kind names.
void check_names(Findings& findings, const Kind& kind, const std::string& place) {
    const CharterParts& parts = findings.charter.parts();
    if (findings.charter.find_class(kind.security_class) == nullptr) {
        findings.unresolved(place + ".class", "classification of", "its class");
    }
    if (!parts.retention.content_years.contains(kind.security_class)) {
        findings.unresolved(place + ".class", "retention of", "its class");
    }
    const EnumType* const urgencies = findings.charter.find_enum(parts.header.urgency);
    if (urgencies != nullptr && !urgencies->has(kind.urgency)) {
        findings.unresolved(place + ".urgency", "urgency mark", kind.urgency);
    }
    if (!parts.escalations.contains(kind.escalation)) {
        findings.unresolved(place + ".escalation", "escalation", kind.escalation);
    }
    if (!kind.cycle) return;
    const bool serves = std::any_of(parts.reporting_cycles.begin(), parts.reporting_cycles.end(),
                                    [&](const ReportingCycle& cycle) {
                                        return cycle.id == *kind.cycle && cycle.kind == kind.id;
                                    });
    if (!serves)
        findings.unresolved(place + ".cycle", "reporting cycle of this kind,", *kind.cycle);
}

/// What `reply`, `answers` and `case` say of each other and of the effects.
void check_links(Findings& findings, const Kind& kind, const std::string& place) {
    if (kind.answers != AnswersTo::listed && kind.reply != ReplyUse::required) {
        findings.broken(place + ".answers", "what may point at any notice must point at one");
    }
    const auto has_step = [&](CaseStep step) {
        return std::any_of(kind.effects.begin(), kind.effects.end(),
                           [&](const Effect& effect) { return effect.case_step == step; });
    };
    if ((kind.case_use == CaseUse::may_open) != has_step(CaseStep::open)) {
        findings.broken(place + ".case", "may_open goes with an effect that opens a case");
    }
    if ((kind.case_use == CaseUse::none) != kind.effects.empty()) {
        findings.broken(place + ".case",
                        "exactly kinds without effects have nothing to do with cases");
    }
}

void check_attachments(Findings& findings, const Kind& kind, const std::string& place) {
    std::vector<std::string> kinds;
    for (const AttachmentRule& attachment : kind.attachments) {
        const std::string where = place + ".attachments." + attachment.kind;
        kinds.push_back(attachment.kind);
        if (attachment.required && attachment.required_if) {
            findings.broken(where + ".required_if", "the attachment is required anyway");
        }
        if (attachment.none_declaration && !attachment.required && !attachment.required_if) {
            findings.broken(where + ".none_declaration", "nothing has to be declared");
        }
        // A table too large for the notice travels as an attachment of its field's name.
        const FieldRule* const field = find_field(kind.fields, attachment.kind);
        if (field != nullptr && field->type == FieldType::table) {
            findings.broken(where + ".kind", "is the name of a table field");
        }
    }
    findings.expect_unique(place + ".attachments.", kinds);
}

bool is_temporal(FieldType type) {
    return type == FieldType::date || type == FieldType::datetime;
}

void expect_temporal(Findings& findings, const std::string& place, const Kind& kind,
                     const std::string& name) {
    const FieldRule* const field = findings.expect_field(place, kind, name);
    if (field != nullptr && !is_temporal(field->type)) {
        findings.broken(place, name + " is neither a date nor a time");
    }
}

void check_order(Findings& findings, const Kind& kind, const OrderCheck& check,
                 const std::string& place) {
    expect_temporal(findings, place + ".from", kind, check.from);
    expect_temporal(findings, place + ".to", kind, check.to);
    const FieldRule* const from = find_field(kind.fields, check.from);
    const FieldRule* const to = find_field(kind.fields, check.to);
    if (from != nullptr && to != nullptr && from->type != to->type) {
        findings.broken(place + ".to", "is of another type than from");
    }
    if (!check.deadline) return;
    const Deadline* const deadline = findings.charter.find_deadline(*check.deadline);
    if (deadline == nullptr) {
        findings.unresolved(place + ".deadline", "deadline", *check.deadline);
    } else if (deadline->from.field != check.from) {
        findings.broken(place + ".deadline", "does not start at the field from");
    }
}

using StartEvent = DeadlineStart::Event;

/// Whether a deadline of `kind` may start at `start`: at one of `events`, and at what `kind` has.
void check_start(Findings& findings, const std::string& place, const Kind& kind,
                 const std::string& id, std::initializer_list<StartEvent> events) {
    const Deadline* const deadline = findings.charter.find_deadline(id);
    if (deadline == nullptr) return findings.unresolved(place, "deadline", id);
    const DeadlineStart& start = deadline->from;
    if (std::find(events.begin(), events.end(), start.event) == events.end()) {
        return findings.broken(place, id + " starts at an event that does not fit here");
    }
    if (start.event == StartEvent::field) expect_temporal(findings, place, kind, start.field);
    if (start.event == StartEvent::answered_notice && !kind.is_answer()) {
        findings.broken(place, id + " starts at the notice answered, and this kind answers none");
    }
    if (start.event == StartEvent::period_end || start.event == StartEvent::year_start) {
        const FieldRule* const period = find_field(kind.fields, kPeriodField);
        if (period == nullptr || period->type != FieldType::period) {
            findings.unresolved(place, "field of type period named", kPeriodField);
        }
    }
}

/// The limit of an answer that stands in a field or a column.
void check_within(Findings& findings, const Kind& kind, const ReplyRule& reply,
                  const std::string& place) {
    const std::string& name = reply.within.name;
    if (reply.within.source == Within::Source::field) {
        expect_temporal(findings, place + ".within", kind, name);
    } else {
        const FieldRule* const rows = reply.rows ? find_field(kind.fields, *reply.rows) : nullptr;
        const TableType* const table =
            rows != nullptr && rows->table ? findings.charter.find_table(*rows->table) : nullptr;
        const FieldRule* const column = table ? find_field(table->columns, name) : nullptr;
        if (column == nullptr) {
            findings.unresolved(place + ".within", "column of the rows", name);
        } else if (!is_temporal(column->type)) {
            findings.broken(place + ".within", name + " is neither a date nor a time");
        }
    }
    if (!reply.fallback) findings.broken(place + ".fallback", "is needed where the date is absent");
}

}  // namespace

void check_kind(Findings& findings, const Kind& kind, const std::string& place) {
    expect_addresses(findings, kind.from, place + ".from");
    expect_addresses(findings, kind.to, place + ".to");
    expect_addresses(findings, kind.cc, place + ".cc");
    std::vector<std::string> fields;
    for (const FieldRule& field : kind.fields) fields.push_back(field.name);
    findings.expect_unique(place + ".fields.", fields);
    check_names(findings, kind, place);
    check_post(findings, kind.from_post, kind.from, place + ".from_post");
    check_post(findings, kind.to_post, kind.to, place + ".to_post");
    check_stamp(findings, kind, place);
    check_register(findings, kind, place);
    check_links(findings, kind, place);
    check_attachments(findings, kind, place);
    for (std::size_t at = 0; at < kind.checks.size(); ++at) {
        if (const auto* const order = std::get_if<OrderCheck>(&kind.checks[at])) {
            check_order(findings, kind, *order, indexed(place + ".checks", at));
        }
    }
}

void check_deadlines(Findings& findings, const Kind& kind, const std::string& place) {
    if (kind.send_within) {
        check_start(findings, place + ".send_within", kind, *kind.send_within,
                    {StartEvent::field, StartEvent::answered_notice, StartEvent::period_end,
                     StartEvent::year_start});
    }
    if (kind.receipt.within) {
        check_start(findings, place + ".receipt.within", kind, *kind.receipt.within,
                    {StartEvent::logged, StartEvent::delivered});
    }
    for (std::size_t at = 0; at < kind.replies.size(); ++at) {
        const ReplyRule& reply = kind.replies[at];
        const std::string where = indexed(place + ".replies", at);
        const bool by_deadline = reply.within.source == Within::Source::deadline;
        const auto check = [&](const std::string& at_place, const std::string& id) {
            check_start(findings, at_place, kind, id,
                        {StartEvent::logged, StartEvent::delivered, StartEvent::signed_for,
                         StartEvent::field, StartEvent::period_end, StartEvent::year_start});
        };
        if (by_deadline) check(where + ".within", reply.within.name);
        if (!by_deadline) check_within(findings, kind, reply, where);
        if (!reply.fallback) continue;
        check(where + ".fallback", *reply.fallback);
        if (by_deadline) findings.broken(where + ".fallback", "the limit is never absent");
    }
}

}  // namespace tongbao::checking
