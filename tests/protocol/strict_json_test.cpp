#include "protocol/strict_json.hpp"

#include "json_verdicts.hpp"
#include <doctest/doctest.h>

#include <string>

using namespace tongbao;
using samples::Refusal;
using tongbao::protocol::JsonFault;
using tongbao::protocol::parse_strict_json;

namespace {

std::string nested_arrays(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

}  // namespace

TEST_SUITE("strict JSON") {
    TEST_CASE("plain JSON is read as it stands") {
        const auto value = parse_strict_json(R"( {"a":[1,-2,true,null,"\u00e9"],"b":{"c":0}} )");
        REQUIRE(value.has_value());
        CHECK(value->at("a").size() == 5);
        CHECK(value->at("a")[1].get<int>() == -2);
        CHECK(value->at("a")[4].get<std::string>() == "\xC3\xA9");
        CHECK(value->at("b").at("c").get<int>() == 0);
    }

    TEST_CASE("the largest integers pass and the next ones do not") {
        CHECK(parse_strict_json("[9007199254740991,-9007199254740991]").has_value());
        for (const char* text : {"9007199254740992", "-9007199254740992", "18446744073709551616",
                                 "-9223372036854775809", "1e3", "1.0", "-0", "0.5"}) {
            CAPTURE(text);
            CHECK(parse_strict_json(text).error() == Errc::bad_number);
        }
    }

    TEST_CASE("64 levels pass and 65 do not") {
        CHECK(parse_strict_json(nested_arrays(64)).has_value());
        CHECK(parse_strict_json(nested_arrays(65)).error() == Errc::too_deep);
        CHECK(parse_strict_json(nested_arrays(100'000)).error() == Errc::too_deep);
    }

    TEST_CASE("every forbidden text is refused by its code and place") {
        using namespace std::string_literals;
        const Refusal refusals[] = {
            {"", Errc::malformed_json, ""},
            {"{", Errc::malformed_json, ""},
            {R"({"a":1} x)", Errc::malformed_json, ""},
            {R"({"a":1})"s + "\0garbage"s, Errc::malformed_json, ""},
            {R"({"a":"\u0000"})", Errc::malformed_json, "a"},
            {R"({"\u0000":1})", Errc::malformed_json, "\0"s},
            {"\xEF\xBB\xBF{}", Errc::not_utf8, ""},
            {"[\"\xC0\x80\"]", Errc::not_utf8, ""},
            {"[\"\xED\xA0\x80\"]", Errc::not_utf8, ""},
            {R"(["\ud800"])", Errc::malformed_json, "[0]"},
            {R"({"a":1,"a":2})", Errc::duplicate_member, "a"},
            {R"({"a":1,"\u0061":2})", Errc::duplicate_member, "a"},
            {R"({"x":[{},{"y":1,"y":1}]})", Errc::duplicate_member, "x[1].y"},
            {R"({"x":[0,1.5]})", Errc::bad_number, "x[1]"},
            {R"({"x":1e400})", Errc::bad_number, "x"},
            {"NaN", Errc::malformed_json, ""},
            {"[1,]", Errc::malformed_json, "[1]"},
            {"{'a':1}", Errc::malformed_json, ""},
            {"// c\n1", Errc::malformed_json, ""},
        };
        for (const Refusal& refusal : refusals) {
            CAPTURE(refusal.text);
            JsonFault fault;
            const auto value = parse_strict_json(refusal.text, &fault);
            REQUIRE(value.has_error());
            CHECK(value.error() == refusal.code);
            CHECK(fault.code == refusal.code);
            CHECK(fault.place == refusal.place);
        }
    }
}
