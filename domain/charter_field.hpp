#pragma once

#include "domain/bound_expression.hpp"
#include "domain/field_type.hpp"
#include "domain/ids.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tongbao {

/// A condition of a charter: as it is written, and, once bind_conditions has found it good, what it
/// means.
struct Condition {
    std::string text;
    std::optional<BoundExpression> bound;

    /// Whether it holds. Never, while it is unbound.
    [[nodiscard]] bool holds(const FieldLookup& lookup) const;
    /// Every field it names. None, while it is unbound.
    [[nodiscard]] const std::vector<ExpressionName>& names() const;
};

/// What a field may hold: any value of an enum by its id, or some of the charter's posts, or
/// whatever its type allows.
using FieldValues = std::variant<std::monostate, std::string, std::vector<PostId>>;

/// A field of a kind, or a column of a table type. Columns have neither `table` nor `each`, and are
/// clear where the field that holds the table is.
struct FieldRule {
    std::string name;
    std::string title_zh;
    std::string title_en;
    FieldType type{};
    bool required{false};
    /// Whether the hub may read it.
    bool clear{false};
    FieldValues values;
    std::optional<Condition> required_if;
    /// The form of the type is checked only where this holds.
    std::optional<Condition> checked_if;
    /// Shown with its first six and last four characters only.
    bool masked{false};
    /// The id of the table type, for type table.
    std::optional<std::string> table;
    /// Holds for each row of the table.
    std::optional<Condition> each;
};

/// Whether the field or column must be there, in a notice or row that `lookup` looks into.
[[nodiscard]] bool is_required(const FieldRule& rule, const FieldLookup& lookup);

/// The rule of the field or column `name`, or nullptr. Linear.
[[nodiscard]] const FieldRule* find_field(const std::vector<FieldRule>& fields,
                                          std::string_view name) noexcept;

/// The field with the period that a notice tells of.
inline constexpr std::string_view kPeriodField = "period";
/// The column with the unit that a row concerns.
inline constexpr std::string_view kUnitColumn = "unit";

struct TableType {
    std::string title_zh;
    std::string title_en;
    std::uint32_t min_rows{0};
    std::uint32_t max_rows{0};
    std::vector<FieldRule> columns;
    /// The column whose values are unique among the rows.
    std::optional<std::string> key;
};

struct EnumValue {
    std::string id;
    std::string zh;
    std::string en;
};

struct EnumType {
    std::vector<EnumValue> values;
    /// Named subsets of the values.
    std::map<std::string, std::vector<std::string>, std::less<>> sets;

    [[nodiscard]] bool has(std::string_view value) const noexcept;
};

}  // namespace tongbao
