#include "domain/charter_findings.hpp"

#include <algorithm>

namespace tongbao::checking {
namespace {

/// Whether an enum field of `kind` may hold `value`.
bool some_field_may_hold(const Charter& charter, const Kind& kind, const std::string& value) {
    return std::any_of(kind.fields.begin(), kind.fields.end(), [&](const FieldRule& field) {
        const auto* const id = std::get_if<std::string>(&field.values);
        const EnumType* const type = id == nullptr ? nullptr : charter.find_enum(*id);
        return type != nullptr && type->has(value);
    });
}

bool asks_for(const Kind& kind, const KindId& answer) {
    return std::any_of(kind.replies.begin(), kind.replies.end(),
                       [&](const ReplyRule& reply) { return reply.kind == answer; });
}

void check_agenda(Findings& findings, const MeetingAgenda& agenda) {
    const std::string place = "meetings.agenda";
    findings.expect_unit(place + ".collected_by", agenda.collected_by);
    findings.expect_kind(place + ".request_kind", agenda.request_kind);
    findings.expect_kind(place + ".decision_kind", agenda.decision_kind);
    findings.expect_post(place + ".approved_by_post", agenda.approved_by_post);

    const Kind* const request = findings.charter.find_kind(agenda.request_kind);
    const Kind* const decision = findings.charter.find_kind(agenda.decision_kind);
    if (request == nullptr || decision == nullptr) return;
    if (!any_covers(request->from, agenda.collected_by)) {
        findings.broken(place + ".collected_by", "may not send the request");
    }
    if (!asks_for(*request, agenda.decision_kind)) {
        findings.broken(place + ".decision_kind", "is no answer to the request");
    }
    if (decision->from_post != agenda.approved_by_post) {
        findings.broken(place + ".approved_by_post", "does not sign the decision");
    }
    for (const std::string& field : agenda.convener_also_sets) {
        findings.expect_field(place + ".convener_also_sets", *decision, field);
    }
}

void check_record(Findings& findings, const Meetings& meetings) {
    const std::string place = "meetings.record";
    const MeetingRecord& record = meetings.record;
    findings.expect_kind(place + ".kind", record.kind);
    findings.expect_kind(place + ".progress_kind", record.progress_kind);
    const Kind* const kind = findings.charter.find_kind(record.kind);
    if (kind == nullptr) return;

    const FieldRule* const resolutions =
        findings.expect_field(place + ".resolutions", *kind, record.resolutions);
    if (resolutions != nullptr && resolutions->type != FieldType::table) {
        findings.broken(place + ".resolutions", "is no table");
    }
    const bool reported =
        std::any_of(kind->replies.begin(), kind->replies.end(), [&](const ReplyRule& reply) {
            return reply.kind == record.progress_kind && reply.rows == record.resolutions;
        });
    if (!reported) {
        findings.broken(place + ".progress_kind", "is not asked for each row of the resolutions");
    }
    for (const std::string& meeting : meetings.extraordinary) {
        if (!some_field_may_hold(findings.charter, *kind, meeting)) {
            findings.unresolved("meetings.extraordinary", "kind of meeting", meeting);
        }
    }
}

void check_meetings(Findings& findings) {
    const Meetings& meetings = findings.charter.parts().meetings;
    for (const PostId& post : meetings.chair_posts) {
        findings.expect_post("meetings.chair_posts", post);
    }
    const RegularMeetings& regular = meetings.regular;
    if (regular.max_per_year && *regular.max_per_year < regular.min_per_year) {
        findings.broken("meetings.regular.max_per_year", "is less than min_per_year");
    }
    check_agenda(findings, meetings.agenda);
    check_record(findings, meetings);
}

/// Whether each unit behind `parties` is covered by `addresses`.
bool all_covered(const Charter& charter, const std::vector<std::string>& parties,
                 const std::vector<UnitAddress>& addresses) {
    return std::all_of(parties.begin(), parties.end(), [&](const std::string& party) {
        const std::vector<UnitId> units = charter.units_of(party);
        return std::all_of(units.begin(), units.end(),
                           [&](const UnitId& unit) { return any_covers(addresses, unit); });
    });
}

void check_cycle(Findings& findings, const ReportingCycle& cycle) {
    const std::string place = "reporting_cycles." + cycle.id;
    findings.expect_kind(place + ".kind", cycle.kind);
    for (const std::string& party : cycle.from) {
        findings.expect_unit_or_group(place + ".from", party);
    }
    for (const std::string& party : cycle.to) findings.expect_unit_or_group(place + ".to", party);
    const Deadline* const due = findings.charter.find_deadline(cycle.due);
    if (due == nullptr) findings.unresolved(place + ".due", "deadline", cycle.due);

    const Kind* const kind = findings.charter.find_kind(cycle.kind);
    if (kind == nullptr) return;
    if (kind->cycle != cycle.id) findings.broken(place + ".kind", "does not name this cycle");
    if (!all_covered(findings.charter, cycle.from, kind->from)) {
        findings.broken(place + ".from", "the kind may not be sent by all of them");
    }
    if (!all_covered(findings.charter, cycle.to, kind->to)) {
        findings.broken(place + ".to", "the kind may not be sent to all of them");
    }
    const bool has_period =
        std::any_of(kind->fields.begin(), kind->fields.end(),
                    [](const FieldRule& field) { return field.type == FieldType::period; });
    if (!has_period) findings.broken(place + ".kind", "has no field of type period");
    if (due != nullptr && due->from.event != DeadlineStart::Event::period_end &&
        due->from.event != DeadlineStart::Event::year_start) {
        findings.broken(place + ".due", "does not start at a period's end or a year's start");
    }
}

void check_member_change(Findings& findings) {
    const MemberChange& change = findings.charter.parts().member_change;
    const std::string place = "member_change";
    for (const PostId& post : change.posts) findings.expect_post(place + ".posts", post);
    findings.expect_kind(place + ".request_kind", change.request_kind);
    findings.expect_kind(place + ".decision_kind", change.decision_kind);
    const Kind* const request = findings.charter.find_kind(change.request_kind);
    const Kind* const decision = findings.charter.find_kind(change.decision_kind);
    if (request == nullptr || decision == nullptr) return;
    if (!asks_for(*request, change.decision_kind)) {
        findings.broken(place + ".decision_kind", "is no answer to the request");
    }
    if (!some_field_may_hold(findings.charter, *decision, change.decided_by)) {
        findings.unresolved(place + ".decided_by", "decider", change.decided_by);
    }
    findings.expect_field(place + ".record_field", *decision, change.record_field);
    if (find_field(decision->fields, change.effective_field) == nullptr) {
        findings.expect_field(place + ".effective_field", *request, change.effective_field);
    }
}

void check_escalations(Findings& findings) {
    for (const auto& [id, escalation] : findings.charter.parts().escalations) {
        for (std::size_t at = 0; at < escalation.steps.size(); ++at) {
            const std::string place = indexed("escalations." + id + ".steps", at);
            for (const EscalationTarget& target : escalation.steps[at].to) {
                findings.expect_post(place + ".to", target.post);
            }
            const std::optional<KindId>& draft = escalation.steps[at].draft;
            if (draft) findings.expect_kind(place + ".draft", *draft);
        }
    }
}

}  // namespace

void check_office(Findings& findings) {
    const CharterParts& parts = findings.charter.parts();
    findings.expect_enum("header.secrecy", parts.header.secrecy);
    findings.expect_enum("header.urgency", parts.header.urgency);
    const Unit* const office = findings.charter.find_unit(parts.office.unit);
    if (office == nullptr) {
        findings.unresolved("office.unit", "unit", parts.office.unit.value());
    } else if (office->kind != UnitKind::office) {
        findings.broken("office.unit", "is not the unit of kind office");
    }
    findings.expect_member("office.host", parts.office.host);
    findings.expect_member("stamp.on_behalf", parts.stamp.on_behalf);
    for (const auto& [security_class, rules] : parts.classification) {
        const EnumType* const marks = findings.charter.find_enum(parts.header.secrecy);
        for (const std::string& mark : rules.secrecy) {
            if (marks != nullptr && !marks->has(mark)) {
                findings.unresolved("classification", "secrecy mark", mark);
            }
        }
    }
    check_escalations(findings);
    check_meetings(findings);
    for (const ReportingCycle& cycle : parts.reporting_cycles) check_cycle(findings, cycle);
    check_member_change(findings);
}

}  // namespace tongbao::checking
