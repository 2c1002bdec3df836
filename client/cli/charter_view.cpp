#include "client/cli/charter_view.hpp"

#include "client/cli/kind_words.hpp"
#include "client/cli/table.hpp"
#include "client/cli/terminal_text.hpp"
#include "domain/field_type.hpp"
#include "protocol/json_writer.hpp"

#include <ostream>

namespace tongbao::client {
namespace {

using protocol::JsonWriter;

constexpr std::string_view kIndent = "  ";

std::string answers_text(const Kind& kind) {
    std::string text;
    for (const ReplyRule& reply : kind.replies) {
        text +=
            (text.empty() ? "" : ", ") + reply.kind.value() + " in " + within_text(reply.within);
    }
    return text;
}

void print_units(std::ostream& out, const Charter& charter) {
    out << "\nUnits\n";
    TextTable table({"id", "is a", "name", "in English"});
    for (const Unit& unit : charter.parts().units) {
        const std::string leads = unit.leads ? ", leads" : "";
        table.add(
            {unit.id.value(), std::string(word(unit.kind)) + leads, unit.name_zh, unit.name_en});
    }
    for (const LocalSystem& local : charter.parts().local_systems) {
        table.add({local.address.value(), "local units", local.name_zh, local.name_en});
    }
    table.print(out, kIndent);
}

void print_kinds(std::ostream& out, const Charter& charter) {
    out << "\nKinds of notices\n";
    for (const Kind& kind : charter.parts().kinds) {
        out << kIndent << kind.id.value() << "  " << printable(kind.title_zh) << " / "
            << printable(kind.title_en) << "\n      " << addresses(kind.from) << " → "
            << addresses(kind.to);
        if (!kind.cc.empty()) out << "; copy to " << addresses(kind.cc);
        const std::string answers = answers_text(kind);
        if (!answers.empty()) out << "\n      answered by " << answers;
        out << '\n';
    }
    out << "\n`tongbao charter show --kind KIND` shows what one of them holds.\n";
}

void print_fields(std::ostream& out, std::string_view heading, const Charter& charter,
                  const std::vector<FieldRule>& fields) {
    if (fields.empty()) return;
    out << '\n' << heading << '\n';
    TextTable table({"name", "type", "required", "hub reads", "title", "values"});
    for (const FieldRule& field : fields) {
        table.add({field.name, std::string(word(field.type)),
                   need_text(field.required, field.required_if), field.clear ? "yes" : "no",
                   field.title_zh + " / " + field.title_en, values_text(charter, field)});
    }
    table.print(out, kIndent);
}

void print_tables(std::ostream& out, const Charter& charter, const Kind& kind) {
    for (const FieldRule& field : kind.fields) {
        const TableType* const type = field.table ? charter.find_table(*field.table) : nullptr;
        if (type == nullptr) continue;
        print_fields(out, "Columns of " + printable(field.name), charter, type->columns);
    }
}

void print_attachments(std::ostream& out, const Kind& kind) {
    if (kind.attachments.empty()) return;
    out << "\nAttachments\n";
    TextTable table({"kind", "required", "several", "may be declared absent", "title"});
    for (const AttachmentRule& rule : kind.attachments) {
        table.add({rule.kind, need_text(rule.required, rule.required_if), rule.many ? "yes" : "no",
                   rule.none_declaration ? "yes" : "no", rule.title_zh});
    }
    table.print(out, kIndent);
}

void print_checks(std::ostream& out, const Kind& kind) {
    if (kind.checks.empty()) return;
    out << "\nChecks\n";
    TextTable table({"must hold", "meaning"});
    for (const Check& check : kind.checks) table.add({check_text(check), check_title(check)});
    table.print(out, kIndent);
}

void print_answers(std::ostream& out, const Kind& kind) {
    if (kind.replies.empty()) return;
    out << "\nAnswered by\n";
    TextTable table({"kind", "as", "within", "only when"});
    for (const ReplyRule& reply : kind.replies) {
        table.add({reply.kind.value(), std::string(word(reply.role)), within_text(reply.within),
                   reply.when ? reply.when->text : ""});
    }
    table.print(out, kIndent);
}

void write_addresses(JsonWriter& json, std::string_view name,
                     const std::vector<UnitAddress>& addresses) {
    json.key(name).begin_array();
    for (const UnitAddress& each : addresses) json.text(each.value());
    json.end_array();
}

void write_condition(JsonWriter& json, std::string_view name,
                     const std::optional<Condition>& condition) {
    if (condition) json.member(name, condition->text);
}

void write_replies(JsonWriter& json, const Kind& kind) {
    json.key("replies").begin_array();
    for (const ReplyRule& reply : kind.replies) {
        json.begin_object()
            .member("kind", reply.kind.value())
            .member("as", word(reply.role))
            .member("within", within_text(reply.within));
        write_condition(json, "when", reply.when);
        json.end_object();
    }
    json.end_array();
}

/// The members that the overview of all kinds has too.
void write_kind_head(JsonWriter& json, const Kind& kind) {
    json.member("id", kind.id.value())
        .member("title_zh", kind.title_zh)
        .member("title_en", kind.title_en);
    write_addresses(json, "from", kind.from);
    write_addresses(json, "to", kind.to);
    write_addresses(json, "cc", kind.cc);
    json.member("mode", word(kind.mode))
        .member("reply", word(kind.reply))
        .member("case", word(kind.case_use))
        .member("class", word(kind.security_class));
    write_replies(json, kind);
}

void write_fields(JsonWriter& json, std::string_view name, const Charter& charter,
                  const std::vector<FieldRule>& fields) {
    json.key(name).begin_array();
    for (const FieldRule& field : fields) {
        json.begin_object()
            .member("name", field.name)
            .member("type", word(field.type))
            .member("title_zh", field.title_zh)
            .member("title_en", field.title_en);
        json.key("required").boolean(field.required).key("clear").boolean(field.clear);
        write_condition(json, "required_if", field.required_if);
        const TableType* const type = field.table ? charter.find_table(*field.table) : nullptr;
        if (type != nullptr) {
            json.member("table", *field.table);
            write_fields(json, "columns", charter, type->columns);
        } else {
            json.key("values").begin_array();
            for (const std::string& value : values_of(charter, field)) json.text(value);
            json.end_array();
        }
        json.end_object();
    }
    json.end_array();
}

void write_attachments(JsonWriter& json, const Kind& kind) {
    json.key("attachments").begin_array();
    for (const AttachmentRule& rule : kind.attachments) {
        json.begin_object().member("kind", rule.kind).member("title_zh", rule.title_zh);
        json.key("required").boolean(rule.required).key("many").boolean(rule.many);
        json.key("none_declaration").boolean(rule.none_declaration);
        write_condition(json, "required_if", rule.required_if);
        json.end_object();
    }
    json.end_array();
}

}  // namespace

void print_charter(std::ostream& out, const Charter& charter) {
    const CharterParts& parts = charter.parts();
    out << printable(parts.title_zh) << '\n'
        << printable(parts.title_en) << '\n'
        << "\ncharter       " << parts.id.value() << " version " << parts.version.value()
        << "\nsource        " << printable(parts.source_document) << "\ndivision      "
        << parts.division << "\ntrust domain  " << parts.trust_domain << '\n';
    print_units(out, charter);
    print_kinds(out, charter);
}

void print_kind(std::ostream& out, const Charter& charter, const Kind& kind) {
    out << kind.id.value() << "  " << printable(kind.title_zh) << " / " << printable(kind.title_en)
        << "\n\nfrom      " << addresses(kind.from) << "\nto        " << addresses(kind.to)
        << "\ncopy      " << addresses(kind.cc) << "\nsent      " << word(kind.mode) << ": "
        << printable(kind.trigger_zh) << "\nclass     " << word(kind.security_class)
        << "\nreply to  " << word(kind.reply) << "\ncase      " << word(kind.case_use) << '\n';
    if (kind.from_post) out << "signed by " << kind.from_post->value() << '\n';
    print_fields(out, "Fields", charter, kind.fields);
    print_tables(out, charter, kind);
    print_attachments(out, kind);
    print_checks(out, kind);
    print_answers(out, kind);
}

std::string charter_json(const Charter& charter) {
    const CharterParts& parts = charter.parts();
    JsonWriter json;
    json.begin_object()
        .member("id", parts.id.value())
        .key("version")
        .number(std::uint64_t{parts.version.value()})
        .member("title_zh", parts.title_zh)
        .member("title_en", parts.title_en)
        .member("division", parts.division)
        .member("trust_domain", parts.trust_domain);
    json.key("units").begin_array();
    for (const Unit& unit : parts.units) {
        json.begin_object()
            .member("id", unit.id.value())
            .member("kind", word(unit.kind))
            .member("name_zh", unit.name_zh)
            .member("name_en", unit.name_en)
            .key("online")
            .boolean(charter.online(unit.id))
            .end_object();
    }
    json.end_array().key("kinds").begin_array();
    for (const Kind& kind : parts.kinds) {
        json.begin_object();
        write_kind_head(json, kind);
        json.end_object();
    }
    json.end_array().end_object();
    return json.take();
}

std::string kind_json(const Charter& charter, const Kind& kind) {
    JsonWriter json;
    json.begin_object();
    write_kind_head(json, kind);
    write_fields(json, "fields", charter, kind.fields);
    write_attachments(json, kind);
    json.key("checks").begin_array();
    for (const Check& check : kind.checks) json.text(check_text(check));
    json.end_array().end_object();
    return json.take();
}

}  // namespace tongbao::client
