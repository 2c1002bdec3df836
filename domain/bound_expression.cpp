#include "domain/bound_expression.hpp"

#include "domain/overloaded.hpp"

#include <algorithm>
#include <utility>

namespace tongbao {
namespace {

/// What may be done with the values of a field type.
enum class Family { enumeration, text, integer, boolean, opaque };

Family family_of(FieldType type) {
    switch (type) {
        case FieldType::enumeration:
            return Family::enumeration;
        case FieldType::text:
        case FieldType::person_name:
        case FieldType::doc_no:
        case FieldType::case_no:
        case FieldType::uscc:
        case FieldType::cn_id:
        case FieldType::medins_code:
        case FieldType::division:
        case FieldType::period:
        case FieldType::post:
        case FieldType::unit:
            return Family::text;
        case FieldType::count:
        case FieldType::fen:
            return Family::integer;
        case FieldType::boolean:
            return Family::boolean;
        case FieldType::date:
        case FieldType::datetime:
        case FieldType::table:
        case FieldType::notice_ref:
            break;
    }
    return Family::opaque;
}

bool orders(Comparison comparison) {
    return comparison != Comparison::equal && comparison != Comparison::not_equal;
}

/// Checks the steps of one expression, one after the other, and gathers faults and sets.
class Binder {
public:
    Binder(const Expression& expression, const ExpressionScope& scope)
        : expression_(expression), scope_(scope) {
        for (const ExpressionName& name : expression.names()) {
            types_.push_back(scope.type_of(name));
            if (!types_.back()) fault(name.position, "there is no field " + name.text());
        }
    }

    void operator()(const Expression::Present&) { members.emplace_back(); }

    void operator()(const Expression::Compare& test) {
        members.emplace_back();
        if (!comparable(test.name, test.position)) return;
        const bool ordered = family(test.name) == Family::integer;
        if (orders(test.comparison) && !ordered) {
            fault(test.position, describe(test.name) + " can't be compared by " +
                                     std::string(symbol(test.comparison)));
        }
        check_literal(test.name, test.literal, test.literal_position);
    }

    void operator()(const Expression::InList& test) {
        members.emplace_back();
        if (!comparable(test.name, test.position)) return;
        if (family(test.name) == Family::boolean) {
            fault(test.position, describe(test.name) + " can't be tested by in");
            return;
        }
        for (std::size_t i = 0; i < test.literals.size(); ++i) {
            check_literal(test.name, test.literals[i], test.literal_positions[i]);
        }
    }

    void operator()(const Expression::InSet& test) {
        members.emplace_back();
        if (!comparable(test.name, test.position)) return;
        if (family(test.name) != Family::enumeration) {
            fault(test.position, describe(test.name) + " has no sets");
            return;
        }
        const std::string enumeration = scope_.enum_of(name(test.name));
        if (!test.enumeration.empty() && test.enumeration != enumeration) {
            fault(test.set_position, "the values of " + name(test.name).text() + " are those of " +
                                         enumeration + ", not of " + test.enumeration);
            return;
        }
        auto found = scope_.members_of(enumeration, test.set);
        if (!found) {
            fault(test.set_position, enumeration + " has no set " + test.set);
            return;
        }
        members.back() = std::move(*found);
    }

    void operator()(const Expression::Negation&) { members.emplace_back(); }
    void operator()(const Expression::Conjunction&) { members.emplace_back(); }
    void operator()(const Expression::Disjunction&) { members.emplace_back(); }

    std::vector<ExpressionFault> faults;
    std::vector<std::vector<std::string>> members;

private:
    void fault(std::size_t position, std::string message) {
        faults.push_back(ExpressionFault{position, std::move(message)});
    }

    const ExpressionName& name(std::size_t index) const { return expression_.names()[index]; }
    Family family(std::size_t index) const { return family_of(*types_[index]); }

    /// `handlers (count)`: the field as the messages name it.
    std::string describe(std::size_t index) const {
        return name(index).text() + " (" + std::string(word(*types_[index])) + ")";
    }

    /// Whether tests other than present() go with the field; a missing field was named before.
    bool comparable(std::size_t index, std::size_t position) {
        if (!types_[index]) return false;
        if (family(index) != Family::opaque) return true;
        fault(position, describe(index) + " can only be tested by present()");
        return false;
    }

    void check_literal(std::size_t index, const Scalar& literal, std::size_t position) {
        const auto* const text = std::get_if<std::string>(&literal);
        switch (family(index)) {
            case Family::integer:
                if (!std::holds_alternative<std::int64_t>(literal)) {
                    fault(position, describe(index) + " is compared with an integer");
                }
                return;
            case Family::boolean:
                if (!std::holds_alternative<bool>(literal)) {
                    fault(position, describe(index) + " is compared with true or false");
                }
                return;
            case Family::text:
            case Family::enumeration:
            case Family::opaque:
                break;
        }
        if (text == nullptr) {
            fault(position, describe(index) + " is compared with a text in '…'");
            return;
        }
        if (family(index) != Family::enumeration) return;
        const std::string enumeration = scope_.enum_of(name(index));
        if (!scope_.has_value(enumeration, *text)) {
            fault(position, "'" + *text + "' is no value of " + enumeration);
        }
    }

    const Expression& expression_;
    const ExpressionScope& scope_;
    /// For each name its type; none where there is no such field.
    std::vector<std::optional<FieldType>> types_;
};

template <typename T>
bool compare(const T& left, Comparison comparison, const T& right) {
    switch (comparison) {
        case Comparison::equal:
            return left == right;
        case Comparison::not_equal:
            return left != right;
        case Comparison::less:
            return left < right;
        case Comparison::less_or_equal:
            return left <= right;
        case Comparison::greater:
            return left > right;
        case Comparison::greater_or_equal:
            return left >= right;
    }
    return false;
}

/// False for an absent value, and where the two are of different JSON types.
bool compare(const FieldView& value, Comparison comparison, const Scalar& literal) {
    if (const auto* const text = std::get_if<std::string_view>(&value)) {
        const auto* const other = std::get_if<std::string>(&literal);
        return other != nullptr && compare<std::string_view>(*text, comparison, *other);
    }
    if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
        const auto* const other = std::get_if<std::int64_t>(&literal);
        return other != nullptr && compare(*integer, comparison, *other);
    }
    if (const auto* const truth = std::get_if<bool>(&value)) {
        const auto* const other = std::get_if<bool>(&literal);
        return other != nullptr && compare(*truth, comparison, *other);
    }
    return false;
}

/// Evaluates step by step on a stack of truths; postfix order leaves exactly one.
class Evaluation {
public:
    Evaluation(const Expression& expression, const FieldLookup& lookup)
        : names_(expression.names()), lookup_(lookup) {}

    void run(const Expression::Step& step, const std::vector<std::string>& members) {
        std::visit([&](const auto& each) { perform(each, members); }, step);
    }

    [[nodiscard]] bool truth() const { return truths_.back(); }

private:
    using Members = std::vector<std::string>;

    FieldView value(std::size_t name) const { return lookup_(names_[name]); }

    void perform(const Expression::Present& test, const Members&) {
        truths_.push_back(!std::holds_alternative<std::monostate>(value(test.name)));
    }
    void perform(const Expression::Compare& test, const Members&) {
        truths_.push_back(compare(value(test.name), test.comparison, test.literal));
    }
    void perform(const Expression::InList& test, const Members&) {
        const FieldView found = value(test.name);
        truths_.push_back(std::any_of(test.literals.begin(), test.literals.end(),
                                      [&found](const Scalar& literal) {
                                          return compare(found, Comparison::equal, literal);
                                      }));
    }
    void perform(const Expression::InSet& test, const Members& members) {
        const FieldView found = value(test.name);
        const auto* const text = std::get_if<std::string_view>(&found);
        truths_.push_back(text != nullptr &&
                          std::find(members.begin(), members.end(), *text) != members.end());
    }
    void perform(const Expression::Negation&, const Members&) { truths_.back() = !truths_.back(); }
    void perform(const Expression::Conjunction&, const Members&) {
        const bool right = pop();
        truths_.back() = truths_.back() && right;
    }
    void perform(const Expression::Disjunction&, const Members&) {
        const bool right = pop();
        truths_.back() = truths_.back() || right;
    }

    bool pop() {
        const bool top = truths_.back();
        truths_.pop_back();
        return top;
    }

    const std::vector<ExpressionName>& names_;
    const FieldLookup& lookup_;
    std::vector<bool> truths_;
};

template <typename Value>
FieldView view(const Value* value) {
    if (value == nullptr) return std::monostate{};
    return std::visit(
        Overloaded{[](bool truth) -> FieldView { return truth; },
                   [](std::int64_t integer) -> FieldView { return integer; },
                   [](const std::string& text) -> FieldView { return std::string_view(text); },
                   [](const auto&) -> FieldView { return PresentTable{}; }},
        *value);
}

}  // namespace

FieldView view_of(const FieldValue* value) noexcept {
    return view(value);
}
FieldView view_of(const Scalar* value) noexcept {
    return view(value);
}

std::optional<std::string> text_of(const FieldView& view) {
    if (const auto* const text = std::get_if<std::string_view>(&view)) return std::string(*text);
    if (const auto* const integer = std::get_if<std::int64_t>(&view)) {
        return std::to_string(*integer);
    }
    if (const auto* const truth = std::get_if<bool>(&view)) return *truth ? "true" : "false";
    return std::nullopt;
}

FieldLookup fields_of(const Notice& notice) {
    return [&notice](const ExpressionName& name) {
        return view_of(name.of_reply ? nullptr : notice.find(name.name));
    };
}

FieldLookup cells_of(const Row& row) {
    return [&row](const ExpressionName& name) {
        return view_of(name.of_reply ? nullptr : row.find(name.name));
    };
}

FieldLookup fields_of_answer(const Notice& answer, const Notice& asked) {
    return [&answer, &asked](const ExpressionName& name) {
        return view_of((name.of_reply ? answer : asked).find(name.name));
    };
}

bool BoundExpression::holds(const FieldLookup& lookup) const {
    Evaluation evaluation(expression_, lookup);
    for (std::size_t i = 0; i < members_.size(); ++i) {
        evaluation.run(expression_.steps()[i], members_[i]);
    }
    return evaluation.truth();
}

BoundOrFaults bind(const Expression& expression, const ExpressionScope& scope) {
    Binder binder(expression, scope);
    for (const Expression::Step& step : expression.steps()) std::visit(binder, step);
    if (!binder.faults.empty()) return std::move(binder.faults);
    BoundExpression bound(expression);
    bound.members_ = std::move(binder.members);
    return bound;
}

}  // namespace tongbao
