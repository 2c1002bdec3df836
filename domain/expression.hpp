#pragma once

#include "domain/notice.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tongbao {

/// What is wrong with a condition, and where: a byte offset into it.
struct ExpressionFault {
    std::size_t position{0};
    std::string message;

    friend bool operator==(const ExpressionFault&, const ExpressionFault&) = default;
};

/// A field that a condition names: `decision`, or with `of_reply` `reply.decision`.
struct ExpressionName {
    std::string name;
    bool of_reply{false};
    /// Where it stands first.
    std::size_t position{0};

    /// As it is written in conditions.
    [[nodiscard]] std::string text() const;
};

enum class Comparison : std::uint8_t {
    equal,
    not_equal,
    less,
    less_or_equal,
    greater,
    greater_or_equal,
};

/// How the comparison is written: `==`.
[[nodiscard]] std::string_view symbol(Comparison comparison) noexcept;

/// A condition of a charter: data that can be evaluated, never code. Immutable; made only by
/// parse_expression. It knows nothing of the fields' types: see domain/bound_expression.hpp.
class Expression {
public:
    /// `present(x)`.
    struct Present {
        std::size_t name{0};
        std::size_t position{0};
    };
    /// `x == 'a'`.
    struct Compare {
        std::size_t name{0};
        std::size_t position{0};
        Comparison comparison{};
        Scalar literal;
        std::size_t literal_position{0};
    };
    /// `x in ('a', 'b')`.
    struct InList {
        std::size_t name{0};
        std::size_t position{0};
        std::vector<Scalar> literals;
        std::vector<std::size_t> literal_positions;
    };
    /// `x in organisations`, `x in subject_kinds.organisations`.
    struct InSet {
        std::size_t name{0};
        std::size_t position{0};
        /// Empty where the condition names the set alone.
        std::string enumeration;
        std::string set;
        std::size_t set_position{0};
    };
    struct Negation {};
    struct Conjunction {};
    struct Disjunction {};
    /// Tests push a truth, the other three take one or two of them: postfix order.
    using Step = std::variant<Present, Compare, InList, InSet, Negation, Conjunction, Disjunction>;

    /// As it was written.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    /// Every field it names, once each, in the order of their first use.
    [[nodiscard]] const std::vector<ExpressionName>& names() const noexcept { return names_; }
    /// What to do, in postfix order; `name` is an index into names(), `position` is where
    /// the test begins. Leaves one truth.
    [[nodiscard]] const std::vector<Step>& steps() const noexcept { return steps_; }

private:
    friend class ExpressionParser;
    Expression() = default;

    std::string text_;
    std::vector<ExpressionName> names_;
    std::vector<Step> steps_;
};

using ParsedExpression = std::variant<Expression, ExpressionFault>;

/// Reads a condition. At most 256 bytes, 8 parentheses and `not` open at one place, names of 63
/// characters, integers of 18 digits. Costs time linear in its length.
///
/// `present(` and `reply.` are written in one piece, as are the dots of sets.
[[nodiscard]] ParsedExpression parse_expression(std::string_view text);

}  // namespace tongbao
