#include "protocol/charter_json_parts.hpp"

namespace tongbao::protocol::reading {
namespace {

Check check(const Cell& cell) {
    if (cell.value.is_object() && cell.value.contains("must")) return record<MustCheck>(cell);
    return record<OrderCheck>(cell);
}

SecurityClass security_class(const Cell& cell) {
    return one_of<SecurityClass>({{"L1", SecurityClass::l1},
                                  {"L2", SecurityClass::l2},
                                  {"L3", SecurityClass::l3},
                                  {"L4", SecurityClass::l4}})(cell);
}

auto addresses(std::size_t least) {
    return list_of(address, {.least = least, .unique = true});
}

void read_parties(Members& in, Kind& out) {
    in.required("from", out.from, addresses(1));
    in.required("to", out.to, addresses(1));
    in.required("cc", out.cc, addresses(0));
    in.optional("from_post", out.from_post, identifier_as<PostId>);
    in.optional("to_post", out.to_post, identifier_as<PostId>);
}

void read_header_rules(Members& in, Kind& out) {
    in.required("reply", out.reply,
                one_of<ReplyUse>({{"required", ReplyUse::required},
                                  {"optional", ReplyUse::optional},
                                  {"none", ReplyUse::none}}));
    in.required("answers", out.answers,
                one_of<AnswersTo>({{"listed", AnswersTo::listed},
                                   {"any_open_clock", AnswersTo::any_open_clock},
                                   {"own_notice", AnswersTo::own_notice}}));
    in.required("case", out.case_use,
                one_of<CaseUse>({{"required", CaseUse::required},
                                 {"optional", CaseUse::optional},
                                 {"may_open", CaseUse::may_open},
                                 {"none", CaseUse::none}}));
    in.required("class", out.security_class, security_class);
    in.required("urgency", out.urgency, text);
}

void read_who_may_see(Members& in, Kind& out) {
    in.required(
        "office_sees", out.office_sees,
        one_of<OfficeSees>(
            {{"all", OfficeSees::all}, {"clear", OfficeSees::clear}, {"none", OfficeSees::none}}));
    in.required(
        "visibility", out.visibility,
        one_of<Visibility>({{"parties", Visibility::parties}, {"members", Visibility::members}}));
    in.required("auditors", out.auditors,
                one_of<AuditorScope>({{"all", AuditorScope::all}, {"named", AuditorScope::named}}));
    in.required("stamp", out.stamp,
                one_of<StampUse>({{"own", StampUse::own},
                                  {"on_behalf", StampUse::on_behalf},
                                  {"none", StampUse::none}}));
    in.required("approver", out.approver,
                one_of<Approver>(
                    {{"none", Approver::none}, {"one", Approver::one}, {"two", Approver::two}}));
    in.required("register_only", out.register_only, flag);
}

}  // namespace

void read(Members& in, ReceiptRule& out) {
    in.required("required", out.required, flag);
    in.optional("within", out.within, identifier);
}

void read(Members& in, AcceptRule& out) {
    in.required("required", out.required, flag);
    if (!out.required) return;
    in.required("decline", out.decline,
                one_of<DeclineRule>({{"with_reason", DeclineRule::with_reason},
                                     {"not_allowed", DeclineRule::not_allowed}}));
    in.optional("meaning_zh", out.meaning_zh, text);
    in.optional("not_a_reason_zh", out.not_a_reason_zh, list_of(text, {.least = 1}));
}

void read(Members& in, Kind& out) {
    in.required("id", out.id, identifier_as<KindId>);
    in.required("title_zh", out.title_zh, text);
    in.required("title_en", out.title_en, text);
    in.required("flow", out.flow, matching("(?:[FL][0-9]{2}[RU]?|F-R|SYS)"));
    read_parties(in, out);
    in.required("mode", out.mode,
                one_of<Obligation>({{"must", Obligation::must}, {"may", Obligation::may}}));
    in.required("trigger_zh", out.trigger_zh, text_or_empty);
    read_header_rules(in, out);
    read_who_may_see(in, out);
    in.required("fields", out.fields, list_of(field_rule, {.least = 1, .named_by = "name"}));
    in.required("attachments", out.attachments,
                list_of(record<AttachmentRule>, {.named_by = "kind"}));
    in.required("checks", out.checks, list_of(check));
    in.required("send_within", out.send_within, or_null(identifier));
    in.required("receipt", out.receipt, record<ReceiptRule>);
    in.required("accept", out.accept, record<AcceptRule>);
    in.required("replies", out.replies, list_of(record<ReplyRule>));
    in.required("escalation", out.escalation, identifier);
    in.required("effects", out.effects, list_of(record<Effect>));
    in.optional("on_answered", out.on_answered, list_of(record<AnsweredRule>, {.least = 1}));
    in.required("sources", out.sources, quotations);
    in.required("law", out.law, list_of(text));
    in.required(
        "origin", out.origin,
        one_of<Origin>(
            {{"regime", Origin::regime}, {"law", Origin::law}, {"product", Origin::product}}));
    in.optional("cycle", out.cycle, identifier);
    in.optional("note", out.note, text);
}

}  // namespace tongbao::protocol::reading
