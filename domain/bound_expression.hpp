#pragma once

#include "domain/expression.hpp"
#include "domain/field_type.hpp"
#include "domain/notice.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tongbao {

/// What the names in a condition stand for; a charter answers, for one kind or one table.
class ExpressionScope {
public:
    virtual ~ExpressionScope() = default;

    /// The type of the field; none if the condition may name no such field. A scope without an
    /// answer has none for every name of_reply.
    [[nodiscard]] virtual std::optional<FieldType> type_of(const ExpressionName& name) const = 0;
    /// The id of the enum whose values the field has. Asked only for fields of type enumeration.
    [[nodiscard]] virtual std::string enum_of(const ExpressionName& name) const = 0;
    /// Whether `value` is a value of the enum `enumeration`.
    [[nodiscard]] virtual bool has_value(std::string_view enumeration,
                                         std::string_view value) const = 0;
    /// The members of the set `set` of the enum `enumeration`; none if the enum has no such set.
    [[nodiscard]] virtual std::optional<std::vector<std::string>> members_of(
        std::string_view enumeration, std::string_view set) const = 0;
};

/// Present, but nothing that could be compared.
struct PresentTable {};
/// What a notice or row has in one place, without a copy; monostate = absent.
using FieldView = std::variant<std::monostate, PresentTable, bool, std::int64_t, std::string_view>;

/// What a field holds; a nullptr is an absent one. The view lives no longer than what it views.
[[nodiscard]] FieldView view_of(const FieldValue* value) noexcept;
[[nodiscard]] FieldView view_of(const Scalar* value) noexcept;
/// What is there as text, whatever its JSON type; none if it is absent or a table.
[[nodiscard]] std::optional<std::string> text_of(const FieldView& view);

using FieldLookup = std::function<FieldView(const ExpressionName&)>;

/// Looks names up in the fields of `notice`, which must outlive the lookup; nothing of_reply.
[[nodiscard]] FieldLookup fields_of(const Notice& notice);
/// Looks names up in the cells of `row`, which must outlive the lookup; nothing of_reply.
[[nodiscard]] FieldLookup cells_of(const Row& row);
/// Looks `reply.x` up in `answer` and `x` in `asked`; both must outlive the lookup.
[[nodiscard]] FieldLookup fields_of_answer(const Notice& answer, const Notice& asked);

/// A condition whose names, types, literals and sets have been checked; sets are resolved.
/// Immutable, so threads may share it.
class BoundExpression {
public:
    /// Whether the condition holds. Absent is false: every test but present() on an absent field
    /// fails, whatever its operator, and so does one whose field is of another JSON type than its
    /// own, which the check of the form refuses elsewhere. Linear in the length of the condition.
    [[nodiscard]] bool holds(const FieldLookup& lookup) const;

    [[nodiscard]] const Expression& expression() const noexcept { return expression_; }

private:
    friend std::variant<BoundExpression, std::vector<ExpressionFault>> bind(
        const Expression& expression, const ExpressionScope& scope);
    explicit BoundExpression(Expression expression) : expression_(std::move(expression)) {}

    Expression expression_;
    /// For each step of the expression the members of the set it names; empty for other steps.
    std::vector<std::vector<std::string>> members_;
};

using BoundOrFaults = std::variant<BoundExpression, std::vector<ExpressionFault>>;

/// Checks `expression` against the types of its names and resolves its sets. Names every fault, not
/// only the first: a name that is not there, an operator or literal that its type does not have, a
/// literal that is no value of the enum, a set that is none of the field's enum.
[[nodiscard]] BoundOrFaults bind(const Expression& expression, const ExpressionScope& scope);

}  // namespace tongbao
