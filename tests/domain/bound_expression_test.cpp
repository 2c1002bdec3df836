#include "domain/bound_expression.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

using namespace tongbao;

namespace {

/// A kind with a field of every type, two enums and, for `reply.`, an answer.
class Scope final : public ExpressionScope {
public:
    std::optional<FieldType> type_of(const ExpressionName& name) const override {
        const auto& types = name.of_reply ? answer_ : fields_;
        const auto found = types.find(name.name);
        if (found == types.end()) return std::nullopt;
        return found->second;
    }
    std::string enum_of(const ExpressionName& name) const override {
        return name.name == "subject_kind" ? "subject_kinds" : "words";
    }
    bool has_value(std::string_view enumeration, std::string_view value) const override {
        if (enumeration == "subject_kinds") return value == "pharmacy" || value == "insured";
        return value == "filed" || value == "not_filed" || value == "opinion" ||
               value == "suggest_transfer" || value == "in_progress" || value == "handled";
    }
    std::optional<std::vector<std::string>> members_of(std::string_view enumeration,
                                                       std::string_view set) const override {
        if (enumeration == "subject_kinds" && set == "organisations") {
            return std::vector<std::string>{"hospital", "pharmacy"};
        }
        return std::nullopt;
    }

private:
    std::map<std::string, FieldType, std::less<>> fields_{{"decision", FieldType::enumeration},
                                                          {"measure", FieldType::enumeration},
                                                          {"subject_kind", FieldType::enumeration},
                                                          {"result_code", FieldType::enumeration},
                                                          {"case_title", FieldType::text},
                                                          {"handlers", FieldType::count},
                                                          {"fine_fen", FieldType::fen},
                                                          {"inspection_needed", FieldType::boolean},
                                                          {"a", FieldType::count},
                                                          {"b", FieldType::count},
                                                          {"c", FieldType::count},
                                                          {"x", FieldType::text},
                                                          {"person", FieldType::person_name},
                                                          {"number", FieldType::doc_no},
                                                          {"case_ref", FieldType::case_no},
                                                          {"code", FieldType::uscc},
                                                          {"id_no", FieldType::cn_id},
                                                          {"medical", FieldType::medins_code},
                                                          {"place", FieldType::division},
                                                          {"quarter", FieldType::period},
                                                          {"chair", FieldType::post},
                                                          {"sender", FieldType::unit},
                                                          {"day", FieldType::date},
                                                          {"moment", FieldType::datetime},
                                                          {"rows", FieldType::table},
                                                          {"notice", FieldType::notice_ref}};
    std::map<std::string, FieldType, std::less<>> answer_{{"result_code", FieldType::enumeration}};
};

Expression parsed(std::string_view text) {
    ParsedExpression expression = parse_expression(text);
    REQUIRE(std::holds_alternative<Expression>(expression));
    return std::get<Expression>(std::move(expression));
}

std::vector<ExpressionFault> faults_of(std::string_view text) {
    const BoundOrFaults bound = bind(parsed(text), Scope());
    const auto* const faults = std::get_if<std::vector<ExpressionFault>>(&bound);
    return faults == nullptr ? std::vector<ExpressionFault>() : *faults;
}

using Fields = std::vector<Field>;

Notice notice_with(const Fields& fields) {
    Notice notice;
    notice.fields = fields;
    return notice;
}

bool holds(std::string_view text, const Fields& asked, const Fields& answer = {}) {
    const BoundOrFaults bound = bind(parsed(text), Scope());
    REQUIRE(std::holds_alternative<BoundExpression>(bound));
    const Notice asking = notice_with(asked);
    const Notice answering = notice_with(answer);
    return std::get<BoundExpression>(bound).holds(fields_of_answer(answering, asking));
}

Field text(std::string name, std::string value) {
    return Field{std::move(name), std::move(value)};
}
Field integer(std::string name, std::int64_t value) {
    return Field{std::move(name), value};
}
Field truth(std::string name, bool value) {
    return Field{std::move(name), value};
}

}  // namespace

TEST_SUITE("bound expressions") {
    TEST_CASE("every row of the published table of evaluation holds") {
        CHECK(holds("decision == 'filed'", {text("decision", "filed")}));
        CHECK_FALSE(holds("decision == 'filed'", {}));
        CHECK_FALSE(holds("decision != 'filed'", {}));
        CHECK(holds("not decision == 'filed'", {}));
        CHECK_FALSE(holds("present(case_title)", {}));
        CHECK(holds("subject_kind in organisations", {text("subject_kind", "pharmacy")}));
        CHECK_FALSE(holds("subject_kind in organisations", {text("subject_kind", "insured")}));
        CHECK(holds("measure in ('opinion', 'suggest_transfer')", {text("measure", "opinion")}));
        CHECK_FALSE(holds("handlers >= 2", {integer("handlers", 1)}));
        CHECK_FALSE(holds("inspection_needed == true", {truth("inspection_needed", false)}));
        CHECK(holds("reply.result_code != 'in_progress'", {}, {text("result_code", "handled")}));
        CHECK_FALSE(holds("reply.result_code != 'in_progress'", {}, {}));
        CHECK(holds("a == 1 or b == 1 and c == 1", {integer("a", 1)}));
        CHECK_FALSE(holds("(a == 1 or b == 1) and c == 1", {integer("a", 1)}));
        CHECK(holds("not a == 1 and b == 2", {integer("a", 2), integer("b", 2)}));
        CHECK_FALSE(holds("fine_fen > 0", {integer("fine_fen", 0)}));
    }

    TEST_CASE("every test on an absent field is false and its negation true") {
        for (const std::string_view test :
             {"a == 1", "a != 1", "a < 1", "a <= 1", "a > 1", "a >= 1", "a in (1)", "x == ''",
              "x != 'a'", "x in ('a')", "inspection_needed == false", "inspection_needed != true",
              "subject_kind in organisations", "subject_kind in subject_kinds.organisations",
              "present(a)", "present(rows)", "reply.result_code == 'handled'"}) {
            CAPTURE(test);
            CHECK_FALSE(holds(test, {}));
            CHECK(holds("not " + std::string(test), {}));
        }
    }

    TEST_CASE("each comparison answers for less and equal and greater") {
        struct Answers {
            std::string_view symbol;
            bool one, two, three;
        };
        for (const Answers& each :
             {Answers{"==", false, true, false}, Answers{"!=", true, false, true},
              Answers{"<", true, false, false}, Answers{"<=", true, true, false},
              Answers{">", false, false, true}, Answers{">=", false, true, true}}) {
            const std::string test = "a " + std::string(each.symbol) + " 2";
            CAPTURE(test);
            CHECK(holds(test, {integer("a", 1)}) == each.one);
            CHECK(holds(test, {integer("a", 2)}) == each.two);
            CHECK(holds(test, {integer("a", 3)}) == each.three);
        }
        CHECK(holds("a > -1", {integer("a", 0)}));
        CHECK_FALSE(holds("a == -999999999999999999", {integer("a", 0)}));
    }

    TEST_CASE("false and 0 and a table are present") {
        CHECK(holds("present(inspection_needed)", {truth("inspection_needed", false)}));
        CHECK(holds("present(a)", {integer("a", 0)}));
        CHECK(holds("present(rows)", {Field{"rows", Table{Row{}}}}));
        CHECK(holds("present(rows)", {Field{"rows", DetachedTable{}}}));
    }

    TEST_CASE("and binds tighter than or and not tighter than both") {
        // All eight assignments, against the truth table of the words.
        for (int bits = 0; bits < 8; ++bits) {
            const bool a = (bits & 1) != 0;
            const bool b = (bits & 2) != 0;
            const bool c = (bits & 4) != 0;
            const Fields fields{integer("a", a ? 1 : 0), integer("b", b ? 1 : 0),
                                integer("c", c ? 1 : 0)};
            CAPTURE(bits);
            CHECK(holds("a == 1 or b == 1 and c == 1", fields) == (a || (b && c)));
            CHECK(holds("a == 1 and b == 1 or c == 1", fields) == ((a && b) || c));
            CHECK(holds("not a == 1 or b == 1", fields) == (!a || b));
            CHECK(holds("not (a == 1 or b == 1) and not not c == 1", fields) == (!(a || b) && c));
            CHECK(holds("a == 1 and b == 1 and c == 1", fields) == (a && b && c));
            CHECK(holds("a == 1 or b == 1 or c == 1", fields) == (a || b || c));
        }
    }

    TEST_CASE("texts are compared byte by byte") {
        CHECK(holds("x == '测试'", {text("x", "测试")}));
        CHECK_FALSE(holds("x == 'Test'", {text("x", "test")}));
        CHECK_FALSE(holds("x == 'a'", {text("x", "a ")}));
        CHECK(holds("x in ('a', 'b', 'c')", {text("x", "c")}));
        CHECK_FALSE(holds("x in ('a', 'b', 'c')", {text("x", "d")}));
        CHECK(holds("a in (1, 2)", {integer("a", 2)}));
    }

    TEST_CASE("a value of another JSON type than its field's makes every test false") {
        CHECK_FALSE(holds("a == 1", {text("a", "1")}));
        CHECK_FALSE(holds("a != 1", {text("a", "1")}));
        CHECK_FALSE(holds("x != 'a'", {integer("x", 1)}));
        CHECK_FALSE(holds("inspection_needed != true", {integer("inspection_needed", 0)}));
        CHECK_FALSE(holds("x != 'a'", {Field{"x", Table{Row{}}}}));
        CHECK_FALSE(holds("subject_kind in organisations", {integer("subject_kind", 1)}));
    }

    TEST_CASE("a notice alone and a row have no answer to look into") {
        const BoundOrFaults bound = bind(parsed("present(reply.result_code) or a == 1"), Scope());
        REQUIRE(std::holds_alternative<BoundExpression>(bound));
        const auto& expression = std::get<BoundExpression>(bound);
        const Notice notice = notice_with({text("result_code", "handled")});
        CHECK_FALSE(expression.holds(fields_of(notice)));
        Row row;
        row.cells.emplace_back("a", Scalar(std::int64_t{1}));
        CHECK(expression.holds(cells_of(row)));
        row.cells.front().first = "result_code";
        CHECK_FALSE(expression.holds(cells_of(row)));
    }

    TEST_CASE("each type takes the operators and literals of its own") {
        for (const std::string_view good : {"decision == 'filed'",
                                            "decision != 'filed'",
                                            "decision in ('filed', 'not_filed')",
                                            "subject_kind in organisations",
                                            "subject_kind in subject_kinds.organisations",
                                            "x == 'a'",
                                            "x in ('a')",
                                            "person != 'a'",
                                            "number == 'a'",
                                            "case_ref == 'a'",
                                            "code == 'a'",
                                            "id_no == 'a'",
                                            "medical == 'a'",
                                            "place in ('440099')",
                                            "quarter == '2024'",
                                            "chair == 'convener'",
                                            "sender != 'health'",
                                            "a < 1",
                                            "fine_fen in (1, 2)",
                                            "inspection_needed != false",
                                            "present(day)",
                                            "present(moment)",
                                            "present(rows)",
                                            "present(notice)",
                                            "present(a)",
                                            "present(x)"}) {
            CAPTURE(good);
            CHECK(faults_of(good).empty());
        }
    }

    TEST_CASE("an operator or literal or set that does not fit is named with its place") {
        struct Misfit {
            std::string_view text;
            std::size_t position;
        };
        for (const Misfit& each : {Misfit{"nothing == 1", 0},
                                   Misfit{"a == 1 or present(nothing)", 18},
                                   Misfit{"reply.a == 1", 0},
                                   Misfit{"decision < 'filed'", 0},
                                   Misfit{"decision == 1", 12},
                                   Misfit{"decision == true", 12},
                                   Misfit{"decision == 'approved'", 12},
                                   Misfit{"decision in ('filed', 'approved')", 22},
                                   Misfit{"decision == ''", 12},
                                   Misfit{"subject_kind in nobody", 16},
                                   Misfit{"decision in organisations", 12},
                                   Misfit{"subject_kind in words.organisations", 16},
                                   Misfit{"decision in subject_kinds.organisations", 12},
                                   Misfit{"x > 'a'", 0},
                                   Misfit{"x == 1", 5},
                                   Misfit{"x in ('a', 1)", 11},
                                   Misfit{"x in organisations", 0},
                                   Misfit{"a == '1'", 5},
                                   Misfit{"a == true", 5},
                                   Misfit{"a in (1, 'x')", 9},
                                   Misfit{"a in organisations", 0},
                                   Misfit{"inspection_needed == 1", 21},
                                   Misfit{"inspection_needed == 'true'", 21},
                                   Misfit{"inspection_needed > true", 0},
                                   Misfit{"inspection_needed in (true)", 0},
                                   Misfit{"day == '2024-01-01'", 0},
                                   Misfit{"moment != 'x'", 0},
                                   Misfit{"rows == 1", 0},
                                   Misfit{"rows in s", 0},
                                   Misfit{"notice in ('x')", 0}}) {
            CAPTURE(each.text);
            const std::vector<ExpressionFault> faults = faults_of(each.text);
            REQUIRE(faults.size() == 1);
            CHECK(faults.front().position == each.position);
            CHECK_FALSE(faults.front().message.empty());
        }
    }

    TEST_CASE("all faults are named and not only the first") {
        CHECK(faults_of("nothing == 1 or x > 1 and day == 'x'").size() == 4);
        CHECK(faults_of("nothing == 1 and nothing == 2").size() == 1);
    }
}
