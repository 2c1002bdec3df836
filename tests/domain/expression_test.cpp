#include "domain/expression.hpp"

#include "domain/expression_times.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <variant>

using namespace tongbao;
using namespace std::string_literals;

namespace {

bool parses(std::string_view text) {
    return std::holds_alternative<Expression>(parse_expression(text));
}

/// Where the fault of `text` is; npos if there is none.
std::size_t fault_position(std::string_view text) {
    const ParsedExpression parsed = parse_expression(text);
    const auto* const fault = std::get_if<ExpressionFault>(&parsed);
    return fault == nullptr ? std::string::npos : fault->position;
}

std::string repeat(std::string_view piece, std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) result += piece;
    return result;
}

}  // namespace

TEST_SUITE("expressions") {
    TEST_CASE("what the grammar refuses is refused at its place") {
        struct Refused {
            std::string_view text;
            std::size_t position;
        };
        for (const Refused& each : {Refused{"decision = 'filed'", 9},
                                    Refused{"decision == \"filed\"", 12},
                                    Refused{"decision == filed", 12},
                                    Refused{"1 == a", 0},
                                    Refused{"a == b", 5},
                                    Refused{"a == 01", 5},
                                    Refused{"a == 1.5", 6},
                                    Refused{"a in ()", 6},
                                    Refused{"a in (1,)", 8},
                                    Refused{"a in x.y.z", 5},
                                    Refused{"true", 0},
                                    Refused{"reply == 1", 0},
                                    Refused{"present()", 8},
                                    Refused{"a == 1 b == 2", 7},
                                    Refused{"facts need inspection", 6},
                                    Refused{"", 0},
                                    Refused{"   ", 3},
                                    Refused{"a", 1},
                                    Refused{"a ==", 4},
                                    Refused{"a == 1 and", 10},
                                    Refused{"and a == 1", 0},
                                    Refused{"not", 3},
                                    Refused{"(a == 1", 7},
                                    Refused{"a == 1)", 6},
                                    Refused{"a == 'x", 5},
                                    Refused{"a == 1 or or b == 1", 10},
                                    Refused{"a\t== 1", 1},
                                    Refused{"a == 1\n", 6},
                                    Refused{"A == 1", 0},
                                    Refused{"a == - 1", 5},
                                    Refused{"a == --1", 5},
                                    Refused{"a == 1or b == 1", 6},
                                    Refused{"a == 1 && b == 1", 7},
                                    Refused{"a in ('x' 'y')", 10},
                                    Refused{"a in (b)", 6},
                                    Refused{"a in 1", 5},
                                    Refused{"a not in (1)", 2},
                                    Refused{"present(a", 9},
                                    Refused{"present (a)", 0},
                                    Refused{"present(1)", 8},
                                    Refused{"present(a.b)", 8},
                                    Refused{"a.b == 1", 0},
                                    Refused{"reply.reply == 1", 0},
                                    Refused{"reply. a == 1", 0},
                                    Refused{"a in in", 5},
                                    Refused{"a in x.", 5},
                                    Refused{"a in reply.x", 5},
                                    Refused{"a == b()", 5},
                                    Refused{"a + 1 == 2", 2},
                                    Refused{"a == 1;", 6}}) {
            CAPTURE(each.text);
            CHECK(fault_position(each.text) == each.position);
        }
        for (const std::string_view word :
             {"and", "or", "not", "in", "present", "true", "false", "reply"}) {
            CAPTURE(word);
            CHECK_FALSE(parses(std::string(word) + " == 1"));
            CHECK_FALSE(parses("a in " + std::string(word)));
        }
    }

    TEST_CASE("every fault says in words what is wrong") {
        for (const std::string_view text : {"", "a", "a == 01", "a == 'x", "a & b", "a in ()"}) {
            const ParsedExpression parsed = parse_expression(text);
            REQUIRE(std::holds_alternative<ExpressionFault>(parsed));
            CHECK_FALSE(std::get<ExpressionFault>(parsed).message.empty());
        }
    }

    TEST_CASE("spaces stand where one likes between tokens") {
        for (const std::string_view text :
             {"a==1", "  a  ==  1  ", "a<-1", "a in('x','y')", "a in ( 'x' , 'y' )", "not(a==1)",
              "present( a )", "a=='x'and b==1", "((a==1))or(b==2)", "a == ''", "a == -0",
              "a in subject_kinds.organisations", "reply.a == 'x'", "present(reply.a)",
              "a == '测试 \"x\" (and)'", "android == 1", "a in true_ones"}) {
            CAPTURE(text);
            CHECK(parses(text));
        }
    }

    TEST_CASE("eight parentheses and nots may be open at one place and not nine") {
        CHECK(parses(repeat("(", 8) + "a == 1" + repeat(")", 8)));
        CHECK_FALSE(parses(repeat("(", 9) + "a == 1" + repeat(")", 9)));
        CHECK(parses(repeat("not ", 8) + "a == 1"));
        CHECK(fault_position(repeat("not ", 9) + "a == 1") == 32);
        CHECK(parses(repeat("not (", 4) + "present(a) and a in (1, 2)" + repeat(")", 4)));
        CHECK_FALSE(parses(repeat("not (", 4) + "not a == 1" + repeat(")", 4)));
        // One after the other none is open longer than its own operand.
        CHECK(parses(repeat("not (a == 1) and ", 12) + "a == 1"));
    }

    TEST_CASE("256 bytes and 63 characters and 18 digits are the most") {
        const std::string before = "a == '";
        CHECK(parses(before + std::string(256 - 7, 'x') + "'"));
        CHECK(fault_position(before + std::string(257 - 7, 'x') + "'") == 256);
        CHECK(parses(before + repeat("测", 83) + "'"));
        CHECK_FALSE(parses(before + repeat("测", 84) + "'"));
        CHECK(parses(std::string(63, 'a') + " == 1"));
        CHECK_FALSE(parses(std::string(64, 'a') + " == 1"));
        CHECK(parses("a in s." + std::string(63, 'a')));
        CHECK_FALSE(parses("a in s." + std::string(64, 'a')));
        CHECK(parses("a == 999999999999999999"));
        CHECK(parses("a == -999999999999999999"));
        CHECK_FALSE(parses("a == 1000000000000000000"));
    }

    TEST_CASE("control characters and broken UTF-8 are refused inside a text too") {
        for (const std::string& text : {"a == 'x\ny'"s, "a == 'x\0y'"s, "a == 'x\x7f'"s,
                                        "a == 'x\u0085'"s, "a == 'x\xff'"s, "a == 'x\xe6\xb5'"s}) {
            CAPTURE(text);
            CHECK_FALSE(parses(text));
        }
    }

    TEST_CASE("names are told once each with their place and whether they are of the answer") {
        const ParsedExpression parsed =
            parse_expression("a == 1 or reply.b in s and not present(a) or b == 1");
        REQUIRE(std::holds_alternative<Expression>(parsed));
        const auto& names = std::get<Expression>(parsed).names();
        REQUIRE(names.size() == 3);
        CHECK(names[0].text() == "a");
        CHECK(names[0].position == 0);
        CHECK(names[1].text() == "reply.b");
        CHECK(names[1].of_reply);
        CHECK(names[1].position == 10);
        CHECK(names[2].text() == "b");
        CHECK_FALSE(names[2].of_reply);
    }

    TEST_CASE("the text is kept as it was written") {
        const ParsedExpression parsed = parse_expression("a  ==1");
        REQUIRE(std::holds_alternative<Expression>(parsed));
        CHECK(std::get<Expression>(parsed).text() == "a  ==1");
    }

    TEST_CASE("every condition and time in the shipped charters parses") {
        const std::filesystem::path folder =
            std::filesystem::path(testing::source_dir()) / "domain" / "charters";
        const std::regex condition(
            "\"(?:required_if|checked_if|each|must|when|satisfied_when)\": \"([^\"]*)\"");
        const std::regex within("\"within\": \"([^\"]*)\"");
        const std::regex at("\"at\": \"([^\"]*)\"");
        const auto all = [](const std::string& text, const std::regex& pattern) {
            std::set<std::string> found;
            for (std::sregex_iterator each(text.begin(), text.end(), pattern), end; each != end;
                 ++each) {
                found.insert((*each)[1]);
            }
            return found;
        };
        for (const std::string_view name : {"guangdong-2020.json", "jilin.json"}) {
            std::ifstream file(folder / name);
            const std::string text((std::istreambuf_iterator<char>(file)),
                                   std::istreambuf_iterator<char>());
            CAPTURE(name);
            CHECK(all(text, condition).size() > 20);
            for (const std::string& each : all(text, condition)) {
                CAPTURE(each);
                CHECK(parses(each));
            }
            for (const std::string& each : all(text, within)) {
                CAPTURE(each);
                CHECK(parse_within(each).has_value());
            }
            CHECK(all(text, at).size() > 3);
            for (const std::string& each : all(text, at)) {
                CAPTURE(each);
                CHECK(parse_escalation_time(each).has_value());
            }
        }
    }
}
