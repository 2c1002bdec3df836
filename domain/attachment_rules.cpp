#include "domain/field_type.hpp"
#include "domain/notice_check.hpp"

#include <algorithm>

namespace tongbao::checking {
namespace {

constexpr std::size_t kMaxName = 255;
constexpr std::string_view kTableMediaType = "application/json";

std::string_view media_type(DocumentFormat format) {
    return format == DocumentFormat::ofd ? "application/ofd" : "application/pdf";
}

struct Brought {
    std::size_t files{0};
    std::size_t declarations{0};
};

Brought brought_of(const Notice& notice, const std::string& kind) {
    Brought out;
    for (const AttachmentItem& item : notice.attachments) {
        if (const auto* const file = std::get_if<Attachment>(&item)) {
            if (file->kind == kind) ++out.files;
        } else if (std::get<NoAttachment>(item).kind == kind) {
            ++out.declarations;
        }
    }
    return out;
}

/// The table field of that name, of which the attachment may be the rows; or nullptr.
const FieldRule* table_field(const Kind& kind, const std::string& name) {
    const FieldRule* const field = find_field(kind.fields, name);
    return field != nullptr && field->type == FieldType::table ? field : nullptr;
}

void check_table_file(NoticeCheck& check, const FieldRule& field, const Attachment& file,
                      const std::string& place) {
    if (file.media_type != kTableMediaType) {
        check.fault(Errc::wrong_attachment_format, place, "expected application/json");
    }
    if (!check.may_read(field)) return;
    const FieldValue* const value = check.notice.find(field.name);
    const auto* const detached = value == nullptr ? nullptr : std::get_if<DetachedTable>(value);
    if (detached == nullptr || detached->sha256 != file.sha256) {
        check.fault(Errc::unknown_attachment, place, "no field holds its digest");
    }
}

void check_file(NoticeCheck& check, const Kind& kind, const Attachment& file) {
    const std::string place = "attachments." + file.kind;
    check.refuse_marks(file.name, place + ".name");
    if (!check_plain_text(file.name, kMaxName, Newlines::refused)) {
        check.fault(Errc::malformed_field, place + ".name",
                    "expected one line of 1 to 255 characters, no control characters");
    }
    const AttachmentRule* const rule = find_attachment(kind, file.kind);
    if (rule == nullptr) {
        if (const FieldRule* const field = table_field(kind, file.kind)) {
            return check_table_file(check, *field, file, place);
        }
        return check.fault(Errc::unknown_attachment, place, "this kind has no such attachment");
    }
    const bool fits =
        rule->formats.empty() ||
        std::any_of(rule->formats.begin(), rule->formats.end(),
                    [&](DocumentFormat format) { return file.media_type == media_type(format); });
    if (fits) return;
    std::string expected;
    for (const DocumentFormat format : rule->formats) {
        expected += (expected.empty() ? "" : " or ") + std::string(media_type(format));
    }
    check.fault(Errc::wrong_attachment_format, place, "expected " + expected);
}

void check_declaration(NoticeCheck& check, const Kind& kind, const NoAttachment& declared) {
    const std::string place = "attachments." + declared.kind;
    const AttachmentRule* const rule = find_attachment(kind, declared.kind);
    if (rule == nullptr) {
        check.fault(Errc::unknown_attachment, place, "this kind has no such attachment");
    } else if (!rule->none_declaration && !rule->required) {
        check.fault(Errc::unknown_attachment, place, "that there is none is not declared here");
    }
}

/// Whether enough of `rule` was brought, and not too much.
void check_count(NoticeCheck& check, const Kind& kind, const AttachmentRule& rule) {
    const std::string place = "attachments." + rule.kind;
    const Brought brought = brought_of(check.notice, rule.kind);
    const std::size_t all = brought.files + brought.declarations;
    if ((brought.files > 1 && !rule.many) || (brought.declarations > 0 && all > 1)) {
        check.fault(Errc::too_many_attachments, place,
                    rule.many ? "there are some, or there is none" : "expected one");
    }
    const bool must =
        rule.required || (rule.required_if && check.may_evaluate(kind, *rule.required_if) &&
                          rule.required_if->holds(fields_of(check.notice)));
    const bool declared = rule.none_declaration && brought.declarations > 0;
    if (!must || brought.files > 0 || declared) return;
    check.fault(
        Errc::missing_attachment, place,
        rule.none_declaration ? "bring it, or declare that there is none" : "must be there");
}

/// Each table that was taken out of the notice must come with it.
void check_detached(NoticeCheck& check, const FieldRule& field) {
    const FieldValue* const value = check.notice.find(field.name);
    const auto* const detached = value == nullptr ? nullptr : std::get_if<DetachedTable>(value);
    if (detached == nullptr || !check.may_read(field)) return;
    const std::string place = "attachments." + field.name;
    const Brought brought = brought_of(check.notice, field.name);
    if (brought.files > 1) check.fault(Errc::too_many_attachments, place, "expected one");
    if (brought.files == 0)
        check.fault(Errc::missing_attachment, place, "the field holds its digest");
}

}  // namespace

void check_attachments(NoticeCheck& check, const Kind& kind) {
    for (const AttachmentItem& item : check.notice.attachments) {
        if (const auto* const file = std::get_if<Attachment>(&item)) {
            check_file(check, kind, *file);
        } else {
            check_declaration(check, kind, std::get<NoAttachment>(item));
        }
    }
    for (const AttachmentRule& rule : kind.attachments) check_count(check, kind, rule);
    for (const FieldRule& field : kind.fields) {
        if (field.type == FieldType::table) check_detached(check, field);
    }
}

}  // namespace tongbao::checking
