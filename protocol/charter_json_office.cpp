#include "domain/time.hpp"
#include "protocol/charter_json_parts.hpp"

namespace tongbao::protocol::reading {
namespace {

std::string date(const Cell& cell) {
    std::string written = text(cell);
    if (written.empty() || parse_date(written)) return written;
    cell.fault(Errc::bad_value, "expected a date such as 2020-10-13");
    return {};
}

constexpr const char* kCaseNumberForm = "<division><yyyy><5 digits>";

}  // namespace

void read(Members& in, FoundingDocument& out) {
    in.required("number", out.number, or_null(text));
    in.required("adopted", out.adopted, or_null(date));
    in.required("issued", out.issued, or_null(date));
    in.optional("issuers", out.issuers, list_of(identifier_as<UnitId>));
    in.optional("addressees_zh", out.addressees_zh, text);
    in.optional("cc", out.cc, list_of(identifier_as<UnitId>));
    in.optional("openness_zh", out.openness_zh, text);
    in.optional("note", out.note, text);
    in.optional("based_on", out.based_on, list_of(text));
}

void read(Members& in, HeaderRules& out) {
    in.required("secrecy", out.secrecy, identifier);
    in.required("urgency", out.urgency, identifier);
    in.required("refused_marks_zh", out.refused_marks_zh, list_of(text, {.least = 1}));
    in.optional("note", out.note, text);
}

void read(Members& in, Office& out) {
    in.required("unit", out.unit, identifier_as<UnitId>);
    in.required("host", out.host, identifier_as<UnitId>);
    in.required("host_dept_zh", out.host_dept_zh, text);
    in.required("duties_zh", out.duties_zh, text);
    in.required("sources", out.sources, quotations);
}

void read(Members& in, SupervisedSubjects& out) {
    in.required("values_zh", out.values_zh, list_of(text, {.least = 1}));
    in.required("sources", out.sources, quotations);
}

void read(Members& in, RegularMeetings& out) {
    in.required("every_months", out.every_months, integer(1));
    in.required("min_per_year", out.min_per_year, integer(1));
    in.required("max_per_year", out.max_per_year, or_null(integer(1)));
    in.required("warn_before", out.warn_before,
                [](const Cell& cell) { return duration(cell, DurationUnits::days); });
    in.required("strength_zh", out.strength_zh, text);
    in.required("sources", out.sources, quotations);
}

void read(Members& in, MeetingAgenda& out) {
    in.required("collected_by", out.collected_by, identifier_as<UnitId>);
    in.required("request_kind", out.request_kind, identifier_as<KindId>);
    in.required("decision_kind", out.decision_kind, identifier_as<KindId>);
    in.required("approved_by_post", out.approved_by_post, identifier_as<PostId>);
    in.required("convener_also_sets", out.convener_also_sets, list_of(identifier));
    in.required("sources", out.sources, quotations);
    in.optional("note", out.note, text);
}

void read(Members& in, MeetingRecord& out) {
    in.required("kind", out.kind, identifier_as<KindId>);
    in.required("resolutions", out.resolutions, identifier);
    in.required("progress_kind", out.progress_kind, identifier_as<KindId>);
    in.required("sources", out.sources, quotations);
}

void read(Members& in, Meetings& out) {
    in.required("regular", out.regular, record<RegularMeetings>);
    in.required("extraordinary", out.extraordinary, list_of(identifier));
    in.required("may_invite_non_members", out.may_invite_non_members, flag);
    in.required("chair_posts", out.chair_posts, list_of(identifier_as<PostId>, {.least = 1}));
    in.required("agenda", out.agenda, record<MeetingAgenda>);
    in.required("record", out.record, record<MeetingRecord>);
}

void read(Members& in, ReportingCycle& out) {
    in.required("id", out.id, identifier);
    in.required("kind", out.kind, identifier_as<KindId>);
    in.required("from", out.from, list_of(identifier, {.least = 1}));
    in.required("to", out.to, list_of(identifier, {.least = 1}));
    in.required("every", out.every,
                one_of<Period>({{"month", Period::month},
                                {"quarter", Period::quarter},
                                {"half_year", Period::half_year},
                                {"year", Period::year}}));
    in.required("due", out.due, identifier);
    in.required("strength", out.strength, strength);
    in.optional("note", out.note, text);
}

void read(Members& in, MemberChange& out) {
    in.demand("proposed_by", exactly("own_unit"));
    in.required("posts", out.posts, list_of(identifier_as<PostId>, {.least = 1}));
    in.required("request_kind", out.request_kind, identifier_as<KindId>);
    in.required("decision_kind", out.decision_kind, identifier_as<KindId>);
    in.required("decided_by", out.decided_by, identifier);
    in.required("record_field", out.record_field, identifier);
    in.required("effective_field", out.effective_field, identifier);
    in.required("sources", out.sources, quotations);
}

void read(Members& in, StampRules& out) {
    in.required("own_stamp", out.own_stamp, or_null(flag));
    in.required("on_behalf", out.on_behalf, identifier_as<UnitId>);
    in.required("formal_documents", out.formal_documents, flag);
    in.required("sources", out.sources, quotations);
}

void read(Members& in, MeetingStatus& out) {
    in.required("provincial_coordination_body", out.provincial_coordination_body, or_null(flag));
    in.required("sources", out.sources, quotations);
}

void read(Members& in, LedgerTrack& out) {
    in.required("id", out.id, identifier);
    in.required("unit", out.unit, identifier_as<UnitId>);
    in.required("main", out.main, flag);
    in.required("holds_case_open", out.holds_case_open, flag);
}

void read(Members& in, LedgerMoney& out) {
    in.required("kind", out.kind, identifier);
    in.required("total", out.total,
                one_of<MoneyTotal>({{"sum", MoneyTotal::sum}, {"latest", MoneyTotal::latest}}));
}

void read(Members& in, LedgerRules& out) {
    in.required("kept_by", out.kept_by, identifier_as<UnitId>);
    in.demand("case_no", exactly(kCaseNumberForm));
    in.required("closed_by", out.closed_by, list_of(identifier_as<UnitId>, {.least = 1}));
    in.required("tracks", out.tracks, list_of(record<LedgerTrack>, {.least = 1, .named_by = "id"}));
    in.required("finished_states", out.finished_states, list_of(identifier, {.least = 1}));
    in.required("money", out.money, list_of(record<LedgerMoney>, {.named_by = "kind"}));
    in.demand("money_unit", exactly("fen"));
    in.required("sources", out.sources, quotations);
}

void read(Members& in, ClassRules& out) {
    in.required("title_zh", out.title_zh, text);
    in.required("title_en", out.title_en, text);
    in.required("secrecy", out.secrecy, list_of(text, {.least = 1, .unique = true}));
    in.required("free_title", out.free_title, flag);
    in.required("encrypted", out.encrypted,
                one_of<Encryption>({{"nothing", Encryption::nothing},
                                    {"fields_not_clear_and_attachments",
                                     Encryption::fields_not_clear_and_attachments},
                                    {"everything", Encryption::everything}}));
}

void read(Members& in, UncoveredDuty& out) {
    in.required("quote", out.quote, record<Quotation>);
    in.required("why", out.why, text);
}

}  // namespace tongbao::protocol::reading
