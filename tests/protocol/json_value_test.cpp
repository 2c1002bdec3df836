#include "protocol/json_value.hpp"

#include "protocol/limits.hpp"
#include "protocol/strict_json.hpp"

#include "json_verdicts.hpp"
#include "samples.hpp"
#include <doctest/doctest.h>

#include <array>
#include <random>
#include <string>
#include <string_view>

using namespace tongbao;
using namespace tongbao::protocol;
using namespace std::string_literals;
using samples::Refusal;

namespace {

Checked<JsonDocument> read_json_text(const std::string& text) {
    return read_json(as_bytes(text), 1 << 20);
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

std::string object_of(std::size_t members) {
    std::string text = "{";
    for (std::size_t i = 0; i < members; ++i) {
        text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
    }
    return text + "}";
}

/// Changes a text at random: cuts, copies, flips and puts in what parsers stumble over.
class Mutation {
public:
    explicit Mutation(unsigned seed) : random_(seed) {}

    std::string operator()(std::string text) {
        for (std::size_t steps = 1 + below(3); steps > 0; --steps) {
            const std::size_t place = below(text.size() + 1);
            switch (below(5)) {
                case 0:
                    text.resize(place);
                    break;
                case 1:
                    text.insert(place, token());
                    break;
                case 2:
                    if (place < text.size()) text.replace(place, 1, token());
                    break;
                case 3:
                    if (place < text.size()) text.erase(place, 1);
                    break;
                default:
                    text.insert(place, text.substr(below(text.size() + 1), below(6)));
            }
        }
        return text;
    }

private:
    std::size_t below(std::size_t end) { return random_() % end; }

    std::string token() {
        static const std::array kTokens{"\""s,
                                        "\\"s,
                                        "{"s,
                                        "}"s,
                                        "["s,
                                        "]"s,
                                        ","s,
                                        ":"s,
                                        " "s,
                                        "\n"s,
                                        "\f"s,
                                        "\v"s,
                                        "0"s,
                                        "1"s,
                                        "-"s,
                                        "+"s,
                                        "."s,
                                        "e"s,
                                        "true"s,
                                        "false"s,
                                        "null"s,
                                        "nul"s,
                                        "NaN"s,
                                        "\\u"s,
                                        "\\ud800"s,
                                        "\\udc00"s,
                                        "\\u0041"s,
                                        "\\u0000"s,
                                        "\0"s,
                                        "\x1a"s,
                                        "\x1f"s,
                                        "\xed\xa0\x80"s,
                                        "\xc3\xa9"s,
                                        "\xff"s,
                                        "\xc2\xa0"s,
                                        "/*"s,
                                        "'"s,
                                        "a"s,
                                        "\"a\":1"s,
                                        ",\"a\":1"s,
                                        "-0"s,
                                        "01"s,
                                        "9007199254740992"s,
                                        "99999999999999999999999"s,
                                        "\xef\xbb\xbf"s,
                                        "[]"s,
                                        "{}"s};
        return kTokens[below(kTokens.size())];
    }

    std::mt19937 random_;
};

}  // namespace

TEST_SUITE("JSON read strictly") {
    TEST_CASE("every text gets the verdict of another implementation") {
        for (const samples::JsonVerdict& verdict : samples::json_verdicts()) {
            CAPTURE(verdict.text);
            CHECK(read_json_text(verdict.text).has_value() == verdict.taken);
            CHECK(parse_strict_json(verdict.text).has_value() == verdict.taken);
        }
        CHECK(read_json_text(std::string(400, '9')).error().code == Errc::bad_number);
    }

    TEST_CASE("a value is read as it stands with its members in their order") {
        const Checked<JsonDocument> value =
            read_json_text(R"( {"b":[1,-2,true,null,"\u00e9\ud83d\ude00\/"],"a":{"c":0}} )");
        REQUIRE(value.has_value());
        const auto& members = std::get<JsonValue::Object>(value->root().value);
        REQUIRE(members.size() == 2);
        CHECK(members[0].name == "b");
        CHECK(members[1].name == "a");
        const auto& items = std::get<JsonValue::Array>(members[0].value.value);
        REQUIRE(items.size() == 5);
        CHECK(std::get<std::int64_t>(items[0].value) == 1);
        CHECK(std::get<std::int64_t>(items[1].value) == -2);
        CHECK(std::get<bool>(items[2].value));
        CHECK(std::holds_alternative<JsonValue::Null>(items[3].value));
        CHECK(std::get<std::string_view>(items[4].value) == "\xC3\xA9\xF0\x9F\x98\x80/");
        const auto& inner = std::get<JsonValue::Object>(members[1].value.value);
        CHECK(std::get<std::int64_t>(inner.at(0).value.value) == 0);
    }

    TEST_CASE("values at the top are read like those inside") {
        const auto number = read_json_text("-9007199254740991");
        CHECK(std::get<std::int64_t>(number->root().value) == -9007199254740991);
        const auto text = read_json_text("\"a\"\n");
        CHECK(std::get<std::string_view>(text->root().value) == "a");
        const auto flag = read_json_text(" false ");
        CHECK_FALSE(std::get<bool>(flag->root().value));
        const auto null = read_json_text("null\n");
        CHECK(std::holds_alternative<JsonValue::Null>(null->root().value));
    }

    TEST_CASE("a document that is moved keeps its texts") {
        Checked<JsonDocument> read_first =
            read_json_text(R"({"a name of many letters":"a text of many letters"})");
        REQUIRE(read_first.has_value());
        const JsonDocument kept = *std::move(read_first);
        // Another one, so that whatever the first left behind is overwritten.
        REQUIRE(read_json_text(R"({"------------------":"----------------------"})").has_value());
        const auto& members = std::get<JsonValue::Object>(kept.root().value);
        CHECK(members[0].name == "a name of many letters");
        CHECK(std::get<std::string_view>(members[0].value.value) == "a text of many letters");
    }

    TEST_CASE("every refusal names its code and place") {
        const Refusal refusals[] = {
            {"", Errc::malformed_json, ""},
            {"1 2", Errc::malformed_json, ""},
            {"1],[2", Errc::malformed_json, ""},
            {R"({"a":1}x)", Errc::malformed_json, ""},
            {"\xef\xbb\xbf{}", Errc::not_utf8, ""},
            {"[\"\xff\"]", Errc::not_utf8, ""},
            {"[\"\xed\xa0\x80\"]", Errc::not_utf8, ""},
            {R"({"a":["\udc00"]})", Errc::malformed_json, "a[0]"},
            {R"({"a":["\ud800"]})", Errc::malformed_json, "a[0]"},
            {R"({"a":"\u0000"})", Errc::malformed_json, "a"},
            {"{}\0"s, Errc::malformed_json, ""},
            {R"({"a":1,"\u0061":2})", Errc::duplicate_member, "a"},
            {R"({"x":[{},{"y":1,"y":1}]})", Errc::duplicate_member, "x[1].y"},
            {R"({"x":{"y":[0,1.5]}})", Errc::bad_number, "x.y[1]"},
            {R"({"x":-0})", Errc::bad_number, "x"},
            {R"({"x":1e2})", Errc::bad_number, "x"},
            {R"({"x":1e400})", Errc::bad_number, "x"},
            {R"({"x":01})", Errc::bad_number, "x"},
            {R"({"x":9007199254740992})", Errc::bad_number, "x"},
            {R"({"x":-9007199254740992})", Errc::bad_number, "x"},
            {R"({"x":18446744073709551617})", Errc::bad_number, "x"},
        };
        for (const Refusal& refusal : refusals) {
            CAPTURE(refusal.text);
            const Checked<JsonDocument> value = read_json_text(refusal.text);
            REQUIRE(value.has_error());
            CHECK(value.error().code == refusal.code);
            CHECK(value.error().place == refusal.place);
        }
    }

    TEST_CASE("64 levels pass and 65 do not") {
        CHECK(read_json_text(repeated("[", 64) + repeated("]", 64)).has_value());
        CHECK(read_json_text(repeated("{\"a\":", 64) + "1" + repeated("}", 64)).has_value());
        CHECK(read_json_text(repeated("[", 65) + repeated("]", 65)).error().code == Errc::too_deep);
        CHECK(read_json_text(repeated("{\"a\":", 65) + "1" + repeated("}", 65)).error().code ==
              Errc::too_deep);
        CHECK(read_json_text(repeated("[", 100'000)).error().code == Errc::too_deep);
        CHECK(read_json_text(repeated("[[],", 64) + "1" + repeated("]", 64)).error().code ==
              Errc::too_deep);
        CHECK(read_json_text(repeated("[[],", 63) + "1" + repeated("]", 63)).has_value());
    }

    TEST_CASE("a text of the limit passes and one byte more does not") {
        const std::string text = "[1,2]";
        CHECK(read_json(as_bytes(text), text.size()).has_value());
        CHECK(read_json(as_bytes(text), text.size() - 1).error().code == Errc::too_large);
    }

    TEST_CASE("512 members of one object pass and 513 do not") {
        CHECK(read_json_text(object_of(kMaxJsonMembers)).has_value());
        CHECK(read_json_text(object_of(kMaxJsonMembers + 1)).error().code == Errc::too_large);
    }

    TEST_CASE("strings of every length around the blocks of the parser are read") {
        for (std::size_t length = 0; length < 300; ++length) {
            const std::string text(length, 'x');
            const Checked<JsonDocument> value = read_json_text("[\"" + text + "\",1]");
            REQUIRE(value.has_value());
            CHECK(std::get<std::string_view>(
                      std::get<JsonValue::Array>(value->root().value)[0].value) == text);
            CHECK(read_json_text("[\"" + text + "\",1").has_error());
            CHECK(read_json_text("[\"" + text + "\\ud800\"]").has_error());
        }
    }

    TEST_CASE("a notice cut at any byte is no JSON") {
        const std::string text = samples::notice_text();
        for (std::size_t size = 0; size < text.size(); ++size) {
            CAPTURE(size);
            CHECK(read_json_text(text.substr(0, size)).has_error());
        }
    }

    TEST_CASE("the two readers of this project agree on 40000 mutated texts") {
        const std::array seeds{
            samples::notice_text(),
            samples::act_text(),
            R"({"a":[1,-2,true,null,"\u00e9\ud83d\ude00x"],"b":{"c":0,"d":"e\\\"f"}})"s,
            R"([1,2,[3,{"k":false}],"\ud83d\ude00"])"s,
            R"( "abc\n" )"s,
            "-12 "s,
            "true"s,
            "null"s};
        constexpr unsigned kSeed = 20261122;
        Mutation mutate(kSeed);
        std::size_t taken = 0;
        for (std::size_t i = 0; i < 40'000; ++i) {
            const std::string text = mutate(seeds[i % seeds.size()]);
            const bool one = read_json_text(text).has_value();
            const bool other = parse_strict_json(text).has_value();
            if (one != other) {
                CAPTURE(text);
                CHECK(one == other);
            }
            taken += one ? 1 : 0;
        }
        // Both verdicts must have been seen often for the comparison to mean anything.
        CHECK(taken > 2'000);
        CHECK(taken < 38'000);
    }
}
