#include "protocol/notice_json.hpp"

#include "protocol/json_writer.hpp"
#include "protocol/limits.hpp"
#include "protocol/object_reader.hpp"

#include <algorithm>
#include <limits>

namespace tongbao::protocol {
namespace {

/// Room for many a notice.
constexpr std::size_t kUsualNoticeBytes = 2048;
constexpr std::int64_t kMaxSize = static_cast<std::int64_t>(kMaxAttachmentBytes);

/// The place of a fault is the caller's to name: it is made only where there is one.
Checked<Scalar> scalar_from(const JsonValue& value) {
    if (const auto* const flag = std::get_if<bool>(&value.value)) return Scalar(*flag);
    if (const auto* const number = std::get_if<std::int64_t>(&value.value)) return Scalar(*number);
    if (const auto* const text = std::get_if<std::string_view>(&value.value)) {
        if (text->empty()) return Reason{Errc::bad_value, {}, "may not be empty"};
        return Scalar(std::string(*text));
    }
    return Reason{Errc::wrong_type, {}, "a text, an integer, true or false stands here"};
}

Checked<Row> row_from(const JsonValue& value, const std::string& place) {
    const auto* const members = std::get_if<JsonValue::Object>(&value.value);
    if (members == nullptr) return Reason{Errc::wrong_type, place, "a row is an object"};
    if (members->empty()) return Reason{Errc::bad_value, place, "a row may not be empty"};
    Row row;
    row.cells.reserve(members->size());
    for (const JsonMember& member : *members) {
        Checked<Scalar> cell = scalar_from(member.value);
        if (!cell) {
            Reason fault = cell.error();
            (fault.place = place + '.') += member.name;
            return fault;
        }
        row.cells.emplace_back(std::string(member.name), *std::move(cell));
    }
    return row;
}

Checked<Table> table_from(const JsonValue::Array& items, const std::string& place) {
    if (items.empty()) return Reason{Errc::bad_value, place, "a table may not be empty"};
    Table table;
    table.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        Checked<Row> row = row_from(items[i], place + '[' + std::to_string(i) + ']');
        if (!row) return row.error();
        table.push_back(*std::move(row));
    }
    return table;
}

Checked<AttachmentItem> attachment_from(const JsonValue& value, const std::string& place) {
    ObjectReader reader(value, place);
    const std::string kind = reader.text("kind");
    if (reader.has("none")) {
        if (!reader.boolean("none")) reader.fail(Errc::bad_value, "none", "is true or left out");
        if (auto fault = reader.finish()) return *std::move(fault);
        return AttachmentItem(NoAttachment{kind});
    }
    Attachment attachment;
    attachment.kind = kind;
    attachment.name = reader.text("name");
    attachment.media_type = reader.text("media_type");
    attachment.size = static_cast<std::uint64_t>(reader.integer("size", 0, kMaxSize));
    attachment.sha256 = reader.digest_hex("sha256");
    if (auto fault = reader.finish()) return *std::move(fault);
    return AttachmentItem(std::move(attachment));
}

void read_recipients(ObjectReader& reader, Notice& notice) {
    notice.to = units_from(reader, "to");
    if (notice.to.empty()) reader.fail(Errc::bad_value, "to", "at least one unit");
    if (reader.has("cc")) notice.cc = units_from(reader, "cc");
    if (notice.to.size() + notice.cc.size() > kMaxRecipients) {
        reader.fail(Errc::bad_value, notice.to.size() > kMaxRecipients ? "to" : "cc",
                    "at most " + std::to_string(kMaxRecipients) + " recipients in all");
    }
}

void read_fields(ObjectReader& reader, Notice& notice) {
    for (const JsonMember& member : reader.object("fields")) {
        Checked<FieldValue> value =
            field_value_from(member.value, "fields." + std::string(member.name));
        if (!value) {
            Reason fault = value.error();
            reader.fail(fault.code, fault.place, std::move(fault.explanation));
            return;
        }
        notice.fields.push_back(Field{std::string(member.name), *std::move(value)});
    }
}

void read_attachments(ObjectReader& reader, Notice& notice) {
    const JsonValue::Array& items = reader.array("attachments");
    if (items.size() > kMaxAttachments) {
        reader.fail(Errc::bad_value, "attachments", "at most " + std::to_string(kMaxAttachments));
        return;
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        Checked<AttachmentItem> item =
            attachment_from(items[i], "attachments[" + std::to_string(i) + ']');
        if (!item) {
            Reason fault = item.error();
            reader.fail(fault.code, fault.place, std::move(fault.explanation));
            return;
        }
        notice.attachments.push_back(*std::move(item));
    }
}

void read_charter(ObjectReader& reader, Notice& notice) {
    const JsonValue* const value = reader.value("charter");
    if (value == nullptr) return;
    ObjectReader charter(*value, "charter");
    notice.charter = CharterId(charter.text("id"));
    notice.charter_version = CharterVersion(static_cast<std::uint32_t>(
        charter.integer("version", 1, std::numeric_limits<std::uint32_t>::max())));
    if (auto fault = charter.finish()) {
        reader.fail(fault->code, fault->place, std::move(fault->explanation));
    }
}

void write_scalar(JsonWriter& writer, const Scalar& scalar) {
    if (const auto* const flag = std::get_if<bool>(&scalar)) {
        writer.boolean(*flag);
    } else if (const auto* const number = std::get_if<std::int64_t>(&scalar)) {
        writer.number(*number);
    } else {
        writer.text(std::get<std::string>(scalar));
    }
}

void write_table(JsonWriter& writer, const Table& table) {
    writer.begin_array();
    for (const Row& row : table) {
        writer.begin_object();
        for (const auto& [name, cell] : row.cells) {
            writer.key(name);
            write_scalar(writer, cell);
        }
        writer.end_object();
    }
    writer.end_array();
}

void write_value(JsonWriter& writer, const FieldValue& value) {
    if (const auto* const flag = std::get_if<bool>(&value)) {
        writer.boolean(*flag);
    } else if (const auto* const number = std::get_if<std::int64_t>(&value)) {
        writer.number(*number);
    } else if (const auto* const text = std::get_if<std::string>(&value)) {
        writer.text(*text);
    } else if (const auto* const table = std::get_if<Table>(&value)) {
        write_table(writer, *table);
    } else {
        writer.begin_object().member("sha256", std::get<DetachedTable>(value).sha256).end_object();
    }
}

void write_attachment(JsonWriter& writer, const AttachmentItem& item) {
    writer.begin_object();
    if (const auto* const none = std::get_if<NoAttachment>(&item)) {
        writer.member("kind", none->kind).key("none").boolean(true);
    } else {
        const Attachment& attachment = std::get<Attachment>(item);
        writer.member("kind", attachment.kind)
            .member("name", attachment.name)
            .member("media_type", attachment.media_type)
            .key("size")
            .number(attachment.size)
            .member("sha256", attachment.sha256);
    }
    writer.end_object();
}

}  // namespace

std::vector<UnitId> units_from(ObjectReader& reader, std::string_view name) {
    std::vector<UnitId> units;
    const JsonValue::Array& items = reader.array(name);
    for (const JsonValue& item : items) {
        const auto* const text = std::get_if<std::string_view>(&item.value);
        if (text == nullptr) {
            reader.fail(Errc::wrong_type, name, "each is the id of a unit");
            return units;
        }
        Result<UnitId> unit = parse_unit_id(*text);
        if (!unit) {
            reader.fail(Errc::bad_value, name, "each is the id of a unit");
            return units;
        }
        units.push_back(*std::move(unit));
    }
    return units;
}

void write_units(JsonWriter& writer, std::string_view name, const std::vector<UnitId>& units) {
    writer.key(name).begin_array();
    for (const UnitId& unit : units) writer.text(unit.value());
    writer.end_array();
}

Checked<Table> read_table(BytesView text, const std::string& place) {
    const Checked<JsonDocument> value = read_json(text, kMaxDetachedTableBytes);
    if (!value) {
        Reason fault = value.error();
        fault.place =
            place + (fault.place.empty() || fault.place.front() == '[' ? "" : ".") + fault.place;
        return fault;
    }
    const auto* const items = std::get_if<JsonValue::Array>(&value->root().value);
    if (items == nullptr) return Reason{Errc::wrong_type, place, "a table is an array of rows"};
    return table_from(*items, place);
}

Checked<FieldValue> field_value_from(const JsonValue& value, const std::string& place) {
    if (const auto* const items = std::get_if<JsonValue::Array>(&value.value)) {
        Checked<Table> table = table_from(*items, place);
        if (!table) return table.error();
        return FieldValue(*std::move(table));
    }
    if (std::holds_alternative<JsonValue::Object>(value.value)) {
        ObjectReader reader(value, place);
        const Digest sha256 = reader.digest_hex("sha256");
        if (auto fault = reader.finish()) return *std::move(fault);
        return FieldValue(DetachedTable{sha256});
    }
    Checked<Scalar> scalar = scalar_from(value);
    if (!scalar) {
        Reason fault = scalar.error();
        fault.place = place;
        return fault;
    }
    return std::visit([](auto& each) { return Checked<FieldValue>(FieldValue(std::move(each))); },
                      *scalar);
}

Checked<Notice> notice_from(const JsonValue& value) {
    ObjectReader reader(value, "");
    reader.literal("format", kNoticeFormat, Errc::unknown_format);
    Notice notice;
    notice.id = NoticeId(reader.uuid("id"));
    const Bytes nonce = reader.base64("nonce", notice.nonce.size());
    std::copy(nonce.begin(), nonce.end(), notice.nonce.begin());
    read_charter(reader, notice);
    notice.kind = KindId(reader.text("kind"));
    const Result<UnitId> from = parse_unit_id(reader.text("from"));
    if (!from) reader.fail(Errc::bad_value, "from", "the id of a unit");
    if (from) notice.from = *from;
    read_recipients(reader, notice);
    if (reader.has("case")) notice.case_number = CaseNumber(reader.text("case"));
    if (reader.has("in_reply_to")) notice.in_reply_to = NoticeId(reader.uuid("in_reply_to"));
    notice.issued_at = reader.utc_time("issued_at");
    notice.title = reader.text("title");
    notice.doc_no = reader.optional_text("doc_no");
    notice.secrecy = reader.text("secrecy");
    notice.urgency = reader.text("urgency");
    read_fields(reader, notice);
    read_attachments(reader, notice);
    if (auto fault = reader.finish()) return *std::move(fault);
    return notice;
}

Checked<Notice> read_notice(BytesView text) {
    const Checked<JsonDocument> value = read_json(text, kMaxNoticeBytes);
    if (!value) return value.error();
    return notice_from(*value);
}

std::string write_notice(const Notice& notice) {
    JsonWriter writer(kUsualNoticeBytes);
    writer.begin_object()
        .member("format", kNoticeFormat)
        .member("id", notice.id.value().text())
        .member("nonce", to_base64(notice.nonce));
    writer.key("charter")
        .begin_object()
        .member("id", notice.charter.value())
        .key("version")
        .number(std::uint64_t{notice.charter_version.value()})
        .end_object();
    writer.member("kind", notice.kind.value()).member("from", notice.from.value());
    write_units(writer, "to", notice.to);
    if (!notice.cc.empty()) write_units(writer, "cc", notice.cc);
    if (notice.case_number) writer.member("case", notice.case_number->value());
    if (notice.in_reply_to) writer.member("in_reply_to", notice.in_reply_to->value().text());
    writer.member("issued_at", format_utc(notice.issued_at)).member("title", notice.title);
    if (notice.doc_no) writer.member("doc_no", *notice.doc_no);
    writer.member("secrecy", notice.secrecy).member("urgency", notice.urgency);
    writer.key("fields").begin_object();
    for (const Field& field : notice.fields) {
        writer.key(field.name);
        write_value(writer, field.value);
    }
    writer.end_object().key("attachments").begin_array();
    for (const AttachmentItem& item : notice.attachments) write_attachment(writer, item);
    writer.end_array().end_object();
    return writer.take();
}

std::string write_field_value(const FieldValue& value) {
    JsonWriter writer;
    write_value(writer, value);
    return writer.take();
}

}  // namespace tongbao::protocol
