#include "client/cli/notice_view.hpp"

#include "client/cli/field_view.hpp"
#include "client/cli/rows_view.hpp"
#include "client/cli/table.hpp"
#include "client/cli/terminal_text.hpp"
#include "domain/time.hpp"

#include <ostream>
#include <type_traits>
#include <vector>

namespace tongbao::client {
namespace {

/// Labels stand in a column of so many characters.
constexpr std::size_t kLabelWidth = 12;

void print_line(std::ostream& out, std::string_view label, const std::string& value) {
    if (value.empty()) return;
    out << label << std::string(kLabelWidth - label.size(), ' ') << printable(value) << '\n';
}

std::string titles(const std::string& id, const std::string& zh, const std::string& en) {
    return id + "  " + zh + " / " + en;
}

std::string unit_list(const FieldView& view, const std::vector<UnitId>& units) {
    std::string list;
    for (const UnitId& unit : units) list += (list.empty() ? "" : ", ") + view.unit(unit);
    return list;
}

void print_header(std::ostream& out, const Notice& notice, const Kind* kind,
                  const FieldView& view) {
    print_line(out, "kind",
               kind == nullptr ? notice.kind.value()
                               : titles(notice.kind.value(), kind->title_zh, kind->title_en));
    print_line(out, "title", notice.title);
    print_line(out, "from", view.unit(notice.from));
    print_line(out, "to", unit_list(view, notice.to));
    print_line(out, "cc", unit_list(view, notice.cc));
    if (notice.case_number) print_line(out, "case", notice.case_number->value());
    if (notice.in_reply_to) print_line(out, "in reply to", notice.in_reply_to->value().text());
    print_line(out, "doc no", notice.doc_no.value_or(""));
    print_line(out, "secrecy", notice.secrecy);
    print_line(out, "urgency", notice.urgency);
    print_line(out, "issued at", format_utc(notice.issued_at));
    print_line(
        out, "charter",
        notice.charter.value() + " version " + std::to_string(notice.charter_version.value()));
}

void print_field(std::ostream& out, const Field& field, const Kind* kind, FieldView& view) {
    constexpr std::string_view kValueIndent = "    ";
    const FieldRule* const rule = kind == nullptr ? nullptr : find_field(kind->fields, field.name);
    out << "  "
        << printable(rule == nullptr ? field.name
                                     : titles(field.name, rule->title_zh, rule->title_en))
        << '\n';
    if (const auto* const table = std::get_if<Table>(&field.value)) {
        print_rows(out, *table, view.table_of(rule), view, kValueIndent);
    } else if (const auto* const detached = std::get_if<DetachedTable>(&field.value)) {
        out << kValueIndent << "in the attachment " << detached->sha256.hex() << '\n';
    } else {
        const Scalar value = std::visit(
            [](const auto& held) -> Scalar {
                if constexpr (std::is_convertible_v<decltype(held), Scalar>) return held;
                return Scalar();
            },
            field.value);
        out << kValueIndent << printable_lines(view.text(rule, value), kValueIndent) << '\n';
    }
}

void print_attachments(std::ostream& out, const Notice& notice, const Kind* kind) {
    if (notice.attachments.empty()) return;
    TextTable table({"kind", "title", "name", "media type", "bytes", "sha256"});
    for (const AttachmentItem& item : notice.attachments) {
        const auto* const file = std::get_if<Attachment>(&item);
        const std::string& id = file != nullptr ? file->kind : std::get<NoAttachment>(item).kind;
        const AttachmentRule* const rule = kind == nullptr ? nullptr : find_attachment(*kind, id);
        const std::string title = rule == nullptr ? "" : rule->title_zh;
        if (file == nullptr) {
            table.add({id, title, "(declared: none)"});
        } else {
            table.add({id, title, file->name, file->media_type, std::to_string(file->size),
                       file->sha256.hex()});
        }
    }
    out << "\nattachments\n";
    table.print(out, "  ");
}

/// The rules that the notice was sent late for; the limit of sending by its title.
std::string late_words(const JsonView& answer, const Charter& charter) {
    const Kind* const kind =
        charter.find_kind(KindId(JsonView(answer.member("notice")).text("kind")));
    const Deadline* const limit =
        kind == nullptr || !kind->send_within ? nullptr : charter.find_deadline(*kind->send_within);
    std::string words;
    for (const protocol::JsonValue& each : answer.array("late")) {
        const auto* const rule = std::get_if<std::string_view>(&each.value);
        if (rule == nullptr) continue;
        words += (words.empty() ? "" : ", ") + std::string(*rule);
        if (limit != nullptr && *rule == "send_within") words += ' ' + limit->title_zh;
    }
    return words;
}

}  // namespace

MaskingDone print_notice(std::ostream& out, const Notice& notice, const Charter& charter,
                         Masking masking) {
    const Kind* const kind = charter.find_kind(notice.kind);
    FieldView view(charter, masking);
    print_header(out, notice, kind, view);
    if (!notice.fields.empty()) out << "\nfields\n";
    for (const Field& field : notice.fields) print_field(out, field, kind, view);
    print_attachments(out, notice, kind);
    return view.masking_done();
}

void print_notice_place(std::ostream& out, const JsonView& answer, const Charter& charter) {
    const JsonView notice(answer.member("notice"));
    print_line(out, "id", notice.text("id"));
    print_line(out, "index", answer.integer_text("index"));
    print_line(out, "box", answer.text("box"));
    print_line(out, "state", answer.texts("state"));
    print_line(out, "sent late", late_words(answer, charter));
    print_line(out, "sha256", answer.text("sha256"));
    const std::string since = answer.text("signed_since_compromise");
    if (since.empty()) return;
    out << "\nSIGNED SINCE A COMPROMISE: since " << printable(since)
        << " somebody else may have had the sender's key.\nThe notice is valid by the order of the "
           "log. Ask the sender by another way whether it is his.\n\n";
}

void print_notice_acts(std::ostream& out, const JsonView& answer) {
    TextTable endorsements({"endorsed as", "by"});
    for (const protocol::JsonValue& item : answer.array("endorsements")) {
        const JsonView each(item);
        endorsements.add({each.text("role"), each.text("signer")});
    }
    if (!endorsements.empty()) {
        out << "\nendorsements\n";
        endorsements.print(out, "  ");
    }
    TextTable acts({"index", "time", "act", "unit", "reason"});
    for (const protocol::JsonValue& item : answer.array("acts")) {
        const JsonView act(item);
        acts.add({act.integer_text("index"), act.text("time"), act.text("act"), act.text("unit"),
                  act.text("reason")});
    }
    if (!acts.empty()) {
        out << "\nacts\n";
        acts.print(out, "  ");
    }
    TextTable warnings({"warning", "place", "explanation"});
    for (const protocol::JsonValue& item : answer.array("warnings")) {
        const JsonView warning(item);
        const std::string explanation = warning.text("explanation");
        warnings.add({warning.text("code"), warning.text("place"),
                      explanation.empty() ? warning.text("title") : explanation});
    }
    if (!warnings.empty()) {
        out << "\nwarnings\n";
        warnings.print(out, "  ");
    }
}

}  // namespace tongbao::client
