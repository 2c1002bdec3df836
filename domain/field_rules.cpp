#include "domain/notice_check.hpp"
#include "domain/time.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <type_traits>

namespace tongbao::checking {
namespace {

/// Where a value stands: in the field `field` of the notice, perhaps `inside` it: `[2].uscc`.
struct Spot {
    std::string field;
    std::string inside;

    [[nodiscard]] std::string text() const { return "fields." + field + inside; }
};

void fault_at(NoticeCheck& check, const Spot& spot, Errc code, std::string explanation) {
    check.field_fault(code, spot.field, spot.inside, std::move(explanation));
}

std::string choices(const std::vector<EnumValue>& values) {
    std::string out;
    for (const EnumValue& value : values) out += (out.empty() ? "" : ", ") + value.id;
    return out;
}

/// What the charter says of a text that has the form of its type; empty if it may stand there.
std::string objection(const Charter& charter, const FieldRule& rule, const std::string& text) {
    if (const auto* const id = std::get_if<std::string>(&rule.values)) {
        const EnumType* const type = charter.find_enum(*id);
        if (type == nullptr || type->has(text)) return {};
        return "expected one of: " + choices(type->values);
    }
    if (rule.type == FieldType::post) {
        const PostId post(text);
        const auto* const some = std::get_if<std::vector<PostId>>(&rule.values);
        const bool listed =
            some == nullptr || std::find(some->begin(), some->end(), post) != some->end();
        if (!listed || charter.find_post(post) == nullptr) return "expected one of the posts";
    }
    if (rule.type == FieldType::unit && !charter.knows(UnitId(text))) {
        return "expected a unit of the charter";
    }
    return {};
}

void check_scalar(NoticeCheck& check, const FieldRule& rule, const Scalar& value,
                  const FieldLookup& lookup, const Spot& spot) {
    const auto* const text = std::get_if<std::string>(&value);
    if (text != nullptr) check.refuse_marks(*text, spot.text());
    if (rule.checked_if && !rule.checked_if->holds(lookup)) {
        if (check_unchecked_form(value)) return;
        return fault_at(check, spot, Errc::malformed_field,
                        "expected one line of 1 to 64 characters");
    }
    if (!check_form(rule.type, value)) {
        return fault_at(check, spot, Errc::malformed_field, explain_form(rule.type));
    }
    if (text == nullptr) return;
    std::string said = objection(check.charter, rule, *text);
    if (!said.empty()) fault_at(check, spot, Errc::malformed_field, std::move(said));
}

void check_row(NoticeCheck& check, const FieldRule& rule, const TableType& type, const Row& row,
               const Spot& spot) {
    const FieldLookup lookup = cells_of(row);
    for (const auto& [name, value] : row.cells) {
        const Spot cell{spot.field, spot.inside + '.' + name};
        if (const FieldRule* const column = find_field(type.columns, name)) {
            check_scalar(check, *column, value, lookup, cell);
        } else {
            fault_at(check, cell, Errc::unknown_field, "the table has no such column");
        }
    }
    for (const FieldRule& column : type.columns) {
        if (row.find(column.name) != nullptr || !is_required(column, lookup)) continue;
        fault_at(check, Spot{spot.field, spot.inside + '.' + column.name}, Errc::missing_field,
                 "must be there");
    }
    if (rule.each && !rule.each->holds(lookup)) {
        fault_at(check, spot, Errc::check_failed, "each row must fulfil: " + rule.each->text);
    }
}

void check_key(NoticeCheck& check, const TableType& type, const Table& table, const Spot& spot) {
    if (!type.key) return;
    std::set<Scalar> seen;
    for (std::size_t index = 0; index < table.size(); ++index) {
        const Scalar* const key = table[index].find(*type.key);
        if (key == nullptr || seen.insert(*key).second) continue;
        fault_at(check, Spot{spot.field, '[' + std::to_string(index) + "]." + *type.key},
                 Errc::malformed_field, "stands in an earlier row");
    }
}

/// Whether clocks or effects of `kind` read the rows of the table field `name`.
bool rows_are_read(const Kind& kind, const std::string& name) {
    const auto reads = [&](const auto& rule) { return rule.rows == name; };
    return std::any_of(kind.replies.begin(), kind.replies.end(), reads) ||
           std::any_of(kind.effects.begin(), kind.effects.end(), reads);
}

/// A value that is no table. A condition for its form that names what may not be read is left to
/// those who may: its marks are looked for all the same.
template <typename T>
void check_single(NoticeCheck& check, const Kind& kind, const FieldRule& rule, const T& value,
                  const FieldLookup& lookup) {
    const Spot spot{rule.name, {}};
    if (!rule.checked_if || check.may_evaluate(kind, *rule.checked_if)) {
        return check_scalar(check, rule, value, lookup, spot);
    }
    if constexpr (std::is_same_v<T, std::string>) check.refuse_marks(value, spot.text());
}

void check_value(NoticeCheck& check, const Kind& kind, const FieldRule& rule,
                 const FieldValue& value, const FieldLookup& lookup) {
    const Spot spot{rule.name, {}};
    const auto* const table = std::get_if<Table>(&value);
    const bool detached = std::holds_alternative<DetachedTable>(value);
    const bool tabular = table != nullptr || detached;
    if (tabular != (rule.type == FieldType::table)) {
        return fault_at(check, spot, Errc::malformed_field, explain_form(rule.type));
    }
    if (table != nullptr) return check_rows(check, rule, *table);
    if (detached) {
        // That its attachment is there, check_attachments says; of its rows, check_detached_rows.
        if (!rows_are_read(kind, rule.name)) return;
        return fault_at(check, spot, Errc::malformed_field, "this table stays in the notice");
    }
    if (const auto* const truth = std::get_if<bool>(&value)) {
        check_single(check, kind, rule, *truth, lookup);
    } else if (const auto* const number = std::get_if<std::int64_t>(&value)) {
        check_single(check, kind, rule, *number, lookup);
    } else {
        check_single(check, kind, rule, std::get<std::string>(value), lookup);
    }
}

/// The moment of a date or time in `notice`, to compare two of one type; none if absent or
/// malformed.
std::optional<UtcTime> moment_of(const Notice& notice, const std::string& name) {
    const FieldValue* const value = notice.find(name);
    const auto* const text = value == nullptr ? nullptr : std::get_if<std::string>(value);
    if (text == nullptr) return std::nullopt;
    if (const auto date = parse_date(*text)) return UtcTime(std::chrono::sys_days(*date));
    if (const auto time = parse_date_time(*text)) return *time;
    return std::nullopt;
}

void check_must(NoticeCheck& check, const Kind& kind, const MustCheck& rule) {
    if (!check.may_evaluate(kind, rule.must)) return;
    const std::vector<ExpressionName>& names = rule.must.names();
    const bool known = std::any_of(names.begin(), names.end(), [&](const ExpressionName& name) {
        return check.faulty(name.name);
    });
    if (known || rule.must.holds(fields_of(check.notice)) || names.empty()) return;
    check.fault(Errc::check_failed, "fields." + names.front().name,
                rule.title_zh + " / " + rule.title_en);
}

void check_order(NoticeCheck& check, const Kind& kind, const OrderCheck& rule) {
    const FieldRule* const from = find_field(kind.fields, rule.from);
    const FieldRule* const to = find_field(kind.fields, rule.to);
    if (from == nullptr || to == nullptr || !check.may_read(*from) || !check.may_read(*to)) return;
    const std::optional<UtcTime> begin = moment_of(check.notice, rule.from);
    const std::optional<UtcTime> end = moment_of(check.notice, rule.to);
    if (begin && end && *end < *begin) {
        check.fault(Errc::check_failed, "fields." + rule.to, "lies before " + rule.from);
    }
}

}  // namespace

void check_rows(NoticeCheck& check, const FieldRule& rule, const Table& rows) {
    const TableType* const type = rule.table ? check.charter.find_table(*rule.table) : nullptr;
    if (type == nullptr) return;
    const Spot spot{rule.name, {}};
    if (rows.size() < type->min_rows || rows.size() > type->max_rows) {
        fault_at(check, spot, Errc::malformed_field,
                 "expected " + std::to_string(type->min_rows) + " to " +
                     std::to_string(type->max_rows) + " rows");
    }
    for (std::size_t index = 0; index < rows.size() && !check.full(); ++index) {
        check_row(check, rule, *type, rows[index],
                  Spot{spot.field, '[' + std::to_string(index) + ']'});
    }
    check_key(check, *type, rows, spot);
}

void check_fields(NoticeCheck& check, const Kind& kind) {
    const FieldLookup lookup = fields_of(check.notice);
    for (const Field& field : check.notice.fields) {
        const FieldRule* const rule = find_field(kind.fields, field.name);
        if (rule == nullptr) {
            check.field_fault(Errc::unknown_field, field.name, "", "this kind has no such field");
        } else if (check.may_read(*rule)) {
            check_value(check, kind, *rule, field.value, lookup);
        }
    }
    for (const FieldRule& rule : kind.fields) {
        if (!check.may_read(rule) || check.notice.find(rule.name) != nullptr) continue;
        const bool must =
            rule.required || (rule.required_if && check.may_evaluate(kind, *rule.required_if) &&
                              rule.required_if->holds(lookup));
        if (must) check.field_fault(Errc::missing_field, rule.name, "", "must be there");
    }
}

void check_checks(NoticeCheck& check, const Kind& kind) {
    for (const Check& rule : kind.checks) {
        if (const auto* const must = std::get_if<MustCheck>(&rule)) {
            check_must(check, kind, *must);
        } else {
            check_order(check, kind, std::get<OrderCheck>(rule));
        }
    }
}

}  // namespace tongbao::checking
