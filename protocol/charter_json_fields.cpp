#include "domain/bytes.hpp"
#include "protocol/charter_json_parts.hpp"

namespace tongbao::protocol::reading {
namespace {

constexpr std::size_t kMaxCondition = 256;

std::string enum_value_id(const Cell& cell) {
    std::string written = text(cell);
    if (written.empty() || parse_enum_value(written)) return written;
    cell.fault(Errc::bad_value, "expected an identifier, or 1 to 8 Chinese characters");
    return {};
}

FieldType field_type(const Cell& cell) {
    const std::string written = text(cell);
    if (written.empty()) return {};
    if (const auto type = field_type_from_word(written)) return *type;
    cell.fault(Errc::bad_value, "expected the name of a field type");
    return {};
}

FieldType column_type(const Cell& cell) {
    const FieldType type = field_type(cell);
    if (type == FieldType::table) cell.fault(Errc::bad_value, "a column holds no table");
    return type;
}

/// Only that it is a text; the grammar is bind_conditions' matter.
Condition condition(const Cell& cell) {
    Condition out{text(cell), std::nullopt};
    if (count_code_points(out.text) > kMaxCondition) {
        cell.fault(Errc::bad_value, "expected at most 256 characters");
    }
    return out;
}

FieldValues enum_or_posts(const Cell& cell) {
    if (!cell.value.is_array()) return identifier(cell);
    return list_of(identifier_as<PostId>, {.least = 1, .unique = true})(cell);
}

/// The members that fields and columns share.
void read_common(Members& in, FieldRule& out) {
    in.required("name", out.name, identifier);
    in.required("title_zh", out.title_zh, text);
    in.required("title_en", out.title_en, text);
    in.required("required", out.required, flag);
    in.optional("required_if", out.required_if, condition);
    in.optional("checked_if", out.checked_if, condition);
    std::string mask;
    in.optional("mask", mask, exactly("6+4"));
    out.masked = !mask.empty();
}

}  // namespace

FieldRule field_rule(const Cell& cell) {
    FieldRule out;
    Members in(cell);
    read_common(in, out);
    in.required("type", out.type, field_type);
    in.required("clear", out.clear, flag);
    in.optional("values", out.values, enum_or_posts);
    in.optional("table", out.table, identifier);
    in.optional("each", out.each, condition);
    in.finish();
    return out;
}

FieldRule column_rule(const Cell& cell) {
    FieldRule out;
    Members in(cell);
    read_common(in, out);
    in.required("type", out.type, column_type);
    in.optional("values", out.values, identifier);
    in.finish();
    return out;
}

void read(Members& in, EnumValue& out) {
    in.required("id", out.id, enum_value_id);
    in.required("zh", out.zh, text);
    in.required("en", out.en, text);
}

void read(Members& in, EnumType& out) {
    in.required("values", out.values, list_of(record<EnumValue>, {.least = 1, .named_by = "id"}));
    in.optional("sets", out.sets, map_of(list_of(identifier, {.least = 1, .unique = true})));
}

void read(Members& in, TableType& out) {
    in.required("title_zh", out.title_zh, text);
    in.required("title_en", out.title_en, text);
    in.required("min_rows", out.min_rows, integer(0));
    in.required("max_rows", out.max_rows, integer(1));
    in.required("columns", out.columns, list_of(column_rule, {.least = 1, .named_by = "name"}));
    in.optional("key", out.key, identifier);
}

void read(Members& in, AttachmentRule& out) {
    in.required("kind", out.kind, identifier);
    in.required("title_zh", out.title_zh, text);
    in.required("required", out.required, flag);
    in.required("clear", out.clear, flag);
    in.optional("required_if", out.required_if, condition);
    in.optional("many", out.many, flag);
    in.optional("none_declaration", out.none_declaration, flag);
    in.optional("formats", out.formats,
                list_of(one_of<DocumentFormat>(
                            {{"ofd", DocumentFormat::ofd}, {"pdf", DocumentFormat::pdf}}),
                        {.least = 1, .unique = true}));
}

void read(Members& in, MustCheck& out) {
    in.required("must", out.must, condition);
    in.required("title_zh", out.title_zh, text);
    in.required("title_en", out.title_en, text);
}

void read(Members& in, OrderCheck& out) {
    in.required("from", out.from, identifier);
    in.required("to", out.to, identifier);
    in.optional("deadline", out.deadline, identifier);
}

void read(Members& in, ReplyRule& out) {
    in.required("kind", out.kind, identifier_as<KindId>);
    in.required(
        "as", out.role,
        one_of<ReplyRole>({{"reply", ReplyRole::reply}, {"follow_up", ReplyRole::follow_up}}));
    in.required("within", out.within, parsed_by(parse_within, "a deadline, field:x or row:x"));
    in.required("optional", out.optional, flag);
    in.optional("fallback", out.fallback, identifier);
    in.optional("when", out.when, condition);
    in.optional("satisfied_when", out.satisfied_when, condition);
    in.optional("satisfied_by", out.satisfied_by,
                list_of(identifier_as<KindId>, {.least = 1, .unique = true}));
    in.optional("owed_by", out.owed_by, [](const Cell& cell) -> OwedBy {
        if (cell.value == "row:unit") return OwedByRowUnit{};
        return identifier(cell);
    });
    in.optional("rows", out.rows, identifier);
    in.optional("row_key", out.row_key, identifier);
}

namespace {

StateTarget state_target(const Cell& cell) {
    constexpr std::string_view kField = "field:";
    const std::string written = text(cell);
    if (written.empty()) return {};
    const bool from_field = written.starts_with(kField);
    const std::string name = from_field ? written.substr(kField.size()) : written;
    if (parse_identifier(name)) return StateTarget{from_field, name};
    cell.fault(Errc::bad_value, "expected a state, or field: and a name");
    return {};
}

TrackTarget track_target(const Cell& cell) {
    using Source = TrackTarget::Source;
    const std::string written = text(cell);
    if (written.empty()) return {};
    if (written == "of:sender") return TrackTarget{Source::of_sender, {}};
    if (written == "of:recipient") return TrackTarget{Source::of_recipient, {}};
    const auto colon = written.find(':');
    const std::string prefix = colon == std::string::npos ? "" : written.substr(0, colon);
    const std::string name = colon == std::string::npos ? written : written.substr(colon + 1);
    const bool known = prefix.empty() == (colon == std::string::npos) &&
                       (prefix.empty() || prefix == "field" || prefix == "row");
    if (!known || !parse_identifier(name)) {
        cell.fault(Errc::bad_value,
                   "expected a track, of:sender, of:recipient, or field: or row: and a name");
        return {};
    }
    if (prefix == "field") return TrackTarget{Source::field, name};
    return TrackTarget{prefix == "row" ? Source::row : Source::track, name};
}

/// An object of ledger attributes, each with the field it comes from.
auto attributes(std::initializer_list<std::string_view> names) {
    return [known = std::vector<std::string_view>(names)](const Cell& cell) {
        std::vector<LedgerAttribute> out;
        Members in(cell);
        for (const std::string_view name : known) {
            if (!in.has(name)) continue;
            LedgerAttribute attribute{std::string(name), {}};
            in.required(name, attribute.field, identifier);
            out.push_back(std::move(attribute));
        }
        in.finish();
        if (cell.value.is_object() && cell.value.empty()) {
            cell.fault(Errc::bad_value, "expected at least 1");
        }
        return out;
    };
}

LedgerAttribute money_entry(const Cell& cell) {
    LedgerAttribute out;
    Members in(cell);
    in.required("kind", out.attribute, identifier);
    in.required("field", out.field, identifier);
    in.finish();
    return out;
}

}  // namespace

void read(Members& in, Effect& out) {
    in.required("on", out.on,
                one_of<EffectEvent>({{"logged", EffectEvent::logged},
                                     {"delivered", EffectEvent::delivered},
                                     {"signed_for", EffectEvent::signed_for},
                                     {"taken_up", EffectEvent::taken_up},
                                     {"declined", EffectEvent::declined},
                                     {"replied", EffectEvent::replied},
                                     {"closed", EffectEvent::closed}}));
    in.optional("when", out.when, condition);
    in.optional(
        "case", out.case_step,
        one_of<CaseStep>(
            {{"open", CaseStep::open}, {"link", CaseStep::link}, {"close", CaseStep::close}}));
    in.optional("facts", out.facts,
                attributes({"title", "subjects", "source", "found_at", "supervised_due",
                            "supervised_resolution_no"}));
    in.optional(
        "flag", out.flag,
        one_of<CaseFlag>({{"supervised", CaseFlag::supervised}, {"major", CaseFlag::major}}));
    in.optional("track", out.track, track_target);
    in.optional("state", out.state, state_target);
    in.optional("rows", out.rows, identifier);
    in.optional("decision", out.decision,
                attributes({"kind", "outcome", "doc_no", "date", "measures"}));
    in.optional("money", out.money, list_of(money_entry, {.least = 1}));
    std::string reversed;
    in.optional("reverse", reversed, exactly("answered_notice"));
    out.reverses_answered = !reversed.empty();
}

void read(Members& in, AnsweredRule& out) {
    in.required("act", out.act,
                one_of<AnsweredAct>({{word(AnsweredAct::correct), AnsweredAct::correct},
                                     {word(AnsweredAct::withdraw), AnsweredAct::withdraw},
                                     {word(AnsweredAct::extend), AnsweredAct::extend},
                                     {word(AnsweredAct::urge), AnsweredAct::urge},
                                     {word(AnsweredAct::supervise), AnsweredAct::supervise}}));
    in.optional("when", out.when, condition);
    if (out.act == AnsweredAct::correct) {
        in.required("replaced_by", out.replaced_by, identifier);
    } else if (out.act == AnsweredAct::extend) {
        in.required("new_due", out.new_due, identifier);
        in.optional("basis", out.basis, identifier);
    }
}

}  // namespace tongbao::protocol::reading
