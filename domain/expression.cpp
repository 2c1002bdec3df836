#include "domain/expression.hpp"

#include "domain/bytes.hpp"
#include "domain/code_points.hpp"
#include "domain/expression_times.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace tongbao {
namespace {

constexpr std::size_t kMaxExpressionBytes = 256;
constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxIntegerDigits = 18;
constexpr std::string_view kReplyPrefix = "reply.";

constexpr bool is_word(char character) {
    return is_lower(character) || is_digit(character) || character == '_' || character == '.';
}

struct Operator {
    std::string_view symbol;
    Comparison comparison;
};

/// The longer ones first, since `<=` also begins like `<`.
constexpr std::array<Operator, 6> kOperators{{{"==", Comparison::equal},
                                              {"!=", Comparison::not_equal},
                                              {"<=", Comparison::less_or_equal},
                                              {">=", Comparison::greater_or_equal},
                                              {"<", Comparison::less},
                                              {">", Comparison::greater}}};

struct Token {
    /// `word` may hold dots; `present` is the word together with its parenthesis.
    enum class Kind { word, present, text, integer, comparison, opening, closing, comma, end };
    Kind kind{Kind::end};
    std::size_t position{0};
    /// What stands there; for a text what stands between the quotes.
    std::string_view text;
    std::int64_t integer{0};
    Comparison comparison{};

    [[nodiscard]] bool is(std::string_view word) const {
        return kind == Kind::word && text == word;
    }
};

using TokenOrFault = std::variant<Token, ExpressionFault>;

/// Cuts a condition into tokens, one at a time.
class Lexer {
public:
    explicit Lexer(std::string_view text) : text_(text) {}

    TokenOrFault next() {
        while (position_ < text_.size() && text_[position_] == ' ') ++position_;
        Token token;
        token.position = position_;
        if (position_ == text_.size()) return token;
        const std::string_view rest = text_.substr(position_);
        const char first = rest.front();
        if (is_lower(first)) return take_word(token, rest);
        if (is_digit(first) || first == '-') return take_integer(token, rest);
        if (first == '\'') return take_text(token, rest);
        if (first == '(') return take(token, Token::Kind::opening, rest.substr(0, 1));
        if (first == ')') return take(token, Token::Kind::closing, rest.substr(0, 1));
        if (first == ',') return take(token, Token::Kind::comma, rest.substr(0, 1));
        for (const Operator& each : kOperators) {
            if (!rest.starts_with(each.symbol)) continue;
            token.comparison = each.comparison;
            return take(token, Token::Kind::comparison, each.symbol);
        }
        return ExpressionFault{position_, "this character may not stand here"};
    }

private:
    Token take(Token token, Token::Kind kind, std::string_view text) {
        token.kind = kind;
        token.text = text;
        position_ += text.size();
        return token;
    }

    Token take_word(const Token& token, std::string_view rest) {
        const auto end = std::find_if_not(rest.begin(), rest.end(), is_word);
        const auto length = static_cast<std::size_t>(end - rest.begin());
        const std::string_view word = rest.substr(0, length);
        if (word == "present" && rest.substr(length).starts_with('(')) {
            return take(token, Token::Kind::present, rest.substr(0, length + 1));
        }
        return take(token, Token::Kind::word, word);
    }

    TokenOrFault take_integer(Token token, std::string_view rest) {
        const std::size_t sign = rest.front() == '-' ? 1 : 0;
        std::size_t length = sign;
        while (length < rest.size() && is_digit(rest[length])) ++length;
        const std::size_t digits = length - sign;
        if (digits == 0) return ExpressionFault{position_, "a minus must stand before digits"};
        if (digits > kMaxIntegerDigits) {
            return ExpressionFault{position_, "an integer has at most 18 digits"};
        }
        if (digits > 1 && rest[sign] == '0') {
            return ExpressionFault{position_, "an integer has no leading zeros"};
        }
        if (length < rest.size() && is_word(rest[length])) {
            return ExpressionFault{position_ + length, "an integer ends before this character"};
        }
        // 18 digits always fit.
        std::from_chars(rest.data(), rest.data() + length, token.integer);
        return take(token, Token::Kind::integer, rest.substr(0, length));
    }

    TokenOrFault take_text(Token token, std::string_view rest) {
        const std::size_t end = rest.find('\'', 1);
        if (end == std::string_view::npos) {
            return ExpressionFault{position_, "the text that begins here has no end"};
        }
        token.kind = Token::Kind::text;
        token.text = rest.substr(1, end - 1);
        for (std::string_view left = token.text; !left.empty();) {
            if (is_control(take_code_point(left))) {
                return ExpressionFault{position_, "a text holds no control characters"};
            }
        }
        position_ += end + 1;
        return token;
    }

    std::string_view text_;
    std::size_t position_{0};
};

std::optional<Scalar> literal_of(const Token& token) {
    if (token.kind == Token::Kind::text) return Scalar(std::string(token.text));
    if (token.kind == Token::Kind::integer) return Scalar(token.integer);
    if (token.is("true")) return Scalar(true);
    if (token.is("false")) return Scalar(false);
    return std::nullopt;
}

}  // namespace

/// Recursive descent; each function takes what its name says and answers whether it stood there. A
/// function that answers no has set fault_. The recursion is no deeper than kMaxDepth.
class ExpressionParser {
public:
    explicit ExpressionParser(std::string_view text) : lexer_(text) {
        expression_.text_ = std::string(text);
    }

    ParsedExpression parse() {
        if (!advance() || !disjunction()) return fault_;
        if (token_.kind != Token::Kind::end) {
            return ExpressionFault{token_.position, "'and', 'or' or the end must stand here"};
        }
        return std::move(expression_);
    }

private:
    bool fail(std::size_t position, std::string message) {
        fault_ = ExpressionFault{position, std::move(message)};
        return false;
    }

    /// Makes token_ the next one.
    bool advance() {
        TokenOrFault next = lexer_.next();
        if (auto* const fault = std::get_if<ExpressionFault>(&next)) {
            fault_ = std::move(*fault);
            return false;
        }
        token_ = std::get<Token>(next);
        return true;
    }

    bool expect(Token::Kind kind, std::string message) {
        if (token_.kind != kind) return fail(token_.position, std::move(message));
        return advance();
    }

    bool disjunction() {
        if (!conjunction()) return false;
        while (token_.is("or")) {
            if (!advance() || !conjunction()) return false;
            expression_.steps_.emplace_back(Expression::Disjunction{});
        }
        return true;
    }

    bool conjunction() {
        if (!negation()) return false;
        while (token_.is("and")) {
            if (!advance() || !negation()) return false;
            expression_.steps_.emplace_back(Expression::Conjunction{});
        }
        return true;
    }

    bool negation() {
        const bool negates = token_.is("not");
        if (!negates && token_.kind != Token::Kind::opening) return test();
        if (depth_ == kMaxDepth) {
            return fail(token_.position, "more than 8 parentheses and 'not' are open here");
        }
        ++depth_;
        if (!advance()) return false;
        if (negates) {
            if (!negation()) return false;
            expression_.steps_.emplace_back(Expression::Negation{});
        } else {
            if (!disjunction()) return false;
            if (!expect(Token::Kind::closing, "')' must stand here")) return false;
        }
        --depth_;
        return true;
    }

    bool test() {
        const std::size_t position = token_.position;
        if (token_.kind == Token::Kind::present) {
            const auto name = advance() ? take_name() : std::nullopt;
            if (!name) return false;
            expression_.steps_.emplace_back(Expression::Present{*name, position});
            return expect(Token::Kind::closing, "')' must stand here");
        }
        const auto name = take_name();
        if (!name) return false;
        if (token_.is("in")) return advance() && membership(*name, position);
        if (token_.kind != Token::Kind::comparison) {
            return fail(token_.position,
                        "'==', '!=', '<', '<=', '>', '>=' or 'in' must stand here");
        }
        const Comparison comparison = token_.comparison;
        if (!advance()) return false;
        const std::size_t literal_position = token_.position;
        auto literal = take_literal();
        if (!literal) return false;
        expression_.steps_.emplace_back(Expression::Compare{*name, position, comparison,
                                                            std::move(*literal), literal_position});
        return true;
    }

    /// What follows `in`.
    bool membership(std::size_t name, std::size_t position) {
        if (token_.kind == Token::Kind::word) return set(name, position);
        if (!expect(Token::Kind::opening, "'(' or a set must stand here")) return false;
        Expression::InList list{name, position, {}, {}};
        while (true) {
            list.literal_positions.push_back(token_.position);
            auto literal = take_literal();
            if (!literal) return false;
            list.literals.push_back(std::move(*literal));
            if (token_.kind != Token::Kind::comma) break;
            if (!advance()) return false;
        }
        expression_.steps_.emplace_back(std::move(list));
        return expect(Token::Kind::closing, "',' or ')' must stand here");
    }

    bool set(std::size_t name, std::size_t position) {
        const std::size_t dot = token_.text.find('.');
        const bool has_enumeration = dot != std::string_view::npos;
        const std::string_view enumeration =
            has_enumeration ? token_.text.substr(0, dot) : std::string_view();
        const std::string_view members =
            has_enumeration ? token_.text.substr(dot + 1) : token_.text;
        if ((has_enumeration && !is_expression_name(enumeration)) || !is_expression_name(members)) {
            return fail(token_.position, "this is no name of a set");
        }
        expression_.steps_.emplace_back(Expression::InSet{name, position, std::string(enumeration),
                                                          std::string(members), token_.position});
        return advance();
    }

    /// Takes the name of a field and answers its place in the list of names.
    std::optional<std::size_t> take_name() {
        const bool of_reply = token_.text.starts_with(kReplyPrefix);
        const std::string_view name =
            of_reply ? token_.text.substr(kReplyPrefix.size()) : token_.text;
        if (token_.kind != Token::Kind::word || !is_expression_name(name)) {
            fail(token_.position, "the name of a field must stand here");
            return std::nullopt;
        }
        std::vector<ExpressionName>& names = expression_.names_;
        const auto known = std::find_if(names.begin(), names.end(), [&](const auto& each) {
            return each.name == name && each.of_reply == of_reply;
        });
        const auto index = static_cast<std::size_t>(known - names.begin());
        if (known == names.end()) {
            names.push_back(ExpressionName{std::string(name), of_reply, token_.position});
        }
        if (!advance()) return std::nullopt;
        return index;
    }

    std::optional<Scalar> take_literal() {
        auto literal = literal_of(token_);
        if (!literal) {
            fail(token_.position, "a text in '…', an integer, true or false must stand here");
            return std::nullopt;
        }
        if (!advance()) return std::nullopt;
        return literal;
    }

    Lexer lexer_;
    Token token_;
    int depth_{0};
    Expression expression_;
    ExpressionFault fault_;
};

std::string ExpressionName::text() const {
    return of_reply ? std::string(kReplyPrefix) + name : name;
}

std::string_view symbol(Comparison comparison) noexcept {
    const auto found =
        std::find_if(kOperators.begin(), kOperators.end(),
                     [comparison](const Operator& each) { return each.comparison == comparison; });
    return found == kOperators.end() ? std::string_view("?") : found->symbol;
}

ParsedExpression parse_expression(std::string_view text) {
    if (text.size() > kMaxExpressionBytes) {
        return ExpressionFault{kMaxExpressionBytes, "a condition has at most 256 bytes"};
    }
    if (!is_utf8(text)) return ExpressionFault{0, "the condition is not well-formed UTF-8"};
    // The parser's tokens look into `text`, which outlives it; the expression has a copy.
    return ExpressionParser(text).parse();
}

}  // namespace tongbao
