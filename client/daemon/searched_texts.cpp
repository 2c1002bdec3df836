#include "client/daemon/searched_texts.hpp"

#include "domain/charter_kind.hpp"

#include <set>
#include <utility>

namespace tongbao::client {
namespace {

constexpr std::string_view kFieldPrefix = "fields.";

bool is_searched(const FieldRule* rule) {
    if (rule == nullptr) return true;
    switch (rule->type) {
        case FieldType::text:
        case FieldType::person_name:
        case FieldType::case_no:
        case FieldType::doc_no:
        case FieldType::uscc:
        case FieldType::cn_id:
        case FieldType::medins_code:
        case FieldType::division:
        case FieldType::notice_ref:
            return true;
        case FieldType::date:
        case FieldType::datetime:
        case FieldType::boolean:
        case FieldType::count:
        case FieldType::fen:
        case FieldType::enumeration:
        case FieldType::table:
        case FieldType::period:
        case FieldType::post:
        case FieldType::unit:
            break;
    }
    return false;
}

const TableType* table_of_rule(const Charter& charter, const FieldRule* rule) {
    return rule == nullptr || !rule->table ? nullptr : charter.find_table(*rule->table);
}

/// Texts in their order, each once under its name.
class SearchedTexts {
public:
    void add(std::string name, const std::string& text) {
        if (full() || text.empty() || !seen_.emplace(name, text).second) return;
        bytes_ += name.size() + text.size();
        texts_.push_back({std::move(name), text});
    }
    [[nodiscard]] bool full() const noexcept { return bytes_ >= kMostSearchedBytes; }

    void add(const std::string& name, const FieldRule* rule, const Scalar& value) {
        const auto* const text = std::get_if<std::string>(&value);
        if (text != nullptr && is_searched(rule)) add(name, *text);
    }

    void add(const std::string& name, const TableType* type, const Table& rows) {
        for (const Row& row : rows) {
            if (full()) return;
            for (const auto& [column, value] : row.cells) {
                const FieldRule* const rule =
                    type == nullptr ? nullptr : find_field(type->columns, column);
                std::string place = name;
                place += '.';
                place += column;
                add(place, rule, value);
            }
        }
    }

    [[nodiscard]] std::vector<storage::SearchText> take() { return std::move(texts_); }

private:
    std::set<std::pair<std::string, std::string>> seen_;
    std::vector<storage::SearchText> texts_;
    std::size_t bytes_{0};
};

}  // namespace

Result<std::vector<storage::SearchText>> searched_texts(const Charter& charter,
                                                        const Notice& notice,
                                                        const std::string& case_number,
                                                        const ReadTable& read_table,
                                                        SearchedPart part) {
    SearchedTexts texts;
    texts.add("title", notice.title);
    if (notice.doc_no) texts.add("doc_no", *notice.doc_no);
    texts.add("case", case_number);
    if (part == SearchedPart::header) return texts.take();
    const Kind* const kind = charter.find_kind(notice.kind);
    for (const Field& field : notice.fields) {
        const std::string name = std::string(kFieldPrefix) + field.name;
        const FieldRule* const rule =
            kind == nullptr ? nullptr : find_field(kind->fields, field.name);
        if (const auto* const text = std::get_if<std::string>(&field.value)) {
            texts.add(name, rule, Scalar(*text));
        } else if (const auto* const rows = std::get_if<Table>(&field.value)) {
            texts.add(name, table_of_rule(charter, rule), *rows);
        } else if (const auto* const detached = std::get_if<DetachedTable>(&field.value)) {
            if (texts.full()) continue;
            const Result<std::optional<Table>> read = read_table(detached->sha256);
            if (!read) return read.error();
            if (*read) texts.add(name, table_of_rule(charter, rule), **read);
        }
    }
    for (const AttachmentItem& item : notice.attachments) {
        const auto* const file = std::get_if<Attachment>(&item);
        if (file != nullptr) texts.add("attachments." + file->kind, file->name);
    }
    return texts.take();
}

bool is_masked(const Charter& charter, const KindId& kind, std::string_view name) {
    if (!name.starts_with(kFieldPrefix)) return false;
    name.remove_prefix(kFieldPrefix.size());
    const Kind* const known = charter.find_kind(kind);
    if (known == nullptr) return true;
    const std::size_t dot = name.find('.');
    const FieldRule* const rule = find_field(known->fields, name.substr(0, dot));
    if (rule == nullptr || dot == std::string_view::npos) return rule == nullptr || rule->masked;
    const TableType* const table = table_of_rule(charter, rule);
    const FieldRule* const column =
        table == nullptr ? nullptr : find_field(table->columns, name.substr(dot + 1));
    return column == nullptr || column->masked || rule->masked;
}

}  // namespace tongbao::client
