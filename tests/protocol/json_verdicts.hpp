#pragma once

#include "domain/errc.hpp"

#include <string>
#include <vector>

namespace tongbao::samples {

/// A text that is no strict JSON, with the code and the place of what is wrong.
struct Refusal {
    std::string text;
    Errc code;
    std::string place;
};

struct JsonVerdict {
    std::string text;
    bool taken;
};

/// Verdicts of another implementation: Python 3.11's json module, told to refuse fractions,
/// exponents, its own NaN and Infinity, -0, integers beyond 53 bits, equal names, NUL, lone
/// surrogates, a byte order mark and more than 64 levels, on bytes decoded as strict UTF-8.
inline const std::vector<JsonVerdict>& json_verdicts() {
    using namespace std::string_literals;
    constexpr bool kTaken = true;
    constexpr bool kRefused = false;
    // clang-format off
    static const std::vector<JsonVerdict> table{
        {""s, kRefused}, {" "s, kRefused}, {"\n"s, kRefused}, {"null"s, kTaken},
        {"null "s, kTaken}, {"null\n"s, kTaken}, {" null"s, kTaken}, {"nulll"s, kRefused},
        {"nul"s, kRefused}, {"nullx"s, kRefused}, {"Null"s, kRefused}, {"true"s, kTaken},
        {"true\t"s, kTaken}, {"truE"s, kRefused}, {"truex"s, kRefused}, {"tru"s, kRefused},
        {"false"s, kTaken}, {"false2"s, kRefused}, {"falsee"s, kRefused}, {"false\r\n"s, kTaken},
        {"fals"s, kRefused}, {"0"s, kTaken}, {"-1"s, kTaken}, {"1 "s, kTaken}, {"1x"s, kRefused},
        {"1 2"s, kRefused}, {"1,2"s, kRefused}, {"1],[2"s, kRefused}, {"1]"s, kRefused},
        {"-"s, kRefused}, {"+1"s, kRefused}, {".5"s, kRefused}, {"1."s, kRefused},
        {"1.0"s, kRefused}, {"1e3"s, kRefused}, {"1E+3"s, kRefused}, {"1e400"s, kRefused},
        {"-0"s, kRefused}, {"-0.0"s, kRefused}, {"00"s, kRefused}, {"01"s, kRefused},
        {"-01"s, kRefused}, {"0x10"s, kRefused}, {"1_000"s, kRefused}, {"--1"s, kRefused},
        {"9007199254740991"s, kTaken}, {"-9007199254740991"s, kTaken},
        {"9007199254740992"s, kRefused}, {"-9007199254740992"s, kRefused},
        {"9223372036854775807"s, kRefused}, {"18446744073709551616"s, kRefused},
        {"NaN"s, kRefused}, {"Infinity"s, kRefused}, {"-Infinity"s, kRefused}, {"inf"s, kRefused},
        {"\"a\""s, kTaken}, {"\"a\" "s, kTaken}, {"\"a\"b"s, kRefused}, {"\"a\" \"b\""s, kRefused},
        {"\"a"s, kRefused}, {"a\""s, kRefused}, {"\""s, kRefused}, {"\"\\"s, kRefused},
        {"\"\\\""s, kRefused}, {"'a'"s, kRefused}, {"\"a\nb\""s, kRefused},
        {"\"a\tb\""s, kRefused}, {"\"\037\""s, kRefused}, {"\"\177\""s, kTaken},
        {"\"\\x41\""s, kRefused}, {"\"\\u12\""s, kRefused}, {"\"\\u00G0\""s, kRefused},
        {"\"\\/\\b\\f\\n\\r\\t\\\\\\\"\""s, kTaken}, {"[]"s, kTaken}, {"[ ]"s, kTaken},
        {"["s, kRefused}, {"]"s, kRefused}, {"[]]"s, kRefused}, {"[1]]"s, kRefused},
        {"[[1]"s, kRefused}, {"[1}"s, kRefused}, {"[1,]"s, kRefused}, {"[,1]"s, kRefused},
        {"[,]"s, kRefused}, {"[1,,2]"s, kRefused}, {"[1 2]"s, kRefused}, {"[1;2]"s, kRefused},
        {"[1]x"s, kRefused}, {"[1] []"s, kRefused}, {"[1],"s, kRefused}, {"[nulll]"s, kRefused},
        {"[false2]"s, kRefused}, {"[true\"a\"]"s, kRefused}, {"[1\"a\"]"s, kRefused},
        {"[\"a\"1]"s, kRefused}, {"[\"a\" \"b\"]"s, kRefused}, {"[01]"s, kRefused},
        {"[-]"s, kRefused}, {"[1.5]"s, kRefused}, {"[1\014]"s, kRefused}, {"[\0131]"s, kRefused},
        {"[1\0322]"s, kRefused}, {"[1,\302\2402]"s, kRefused}, {"[1]\342\200\250"s, kRefused},
        {"{}"s, kTaken}, {"{ }"s, kTaken}, {"{"s, kRefused}, {"}"s, kRefused}, {"{}{}"s, kRefused},
        {"{}}"s, kRefused}, {"{}1"s, kRefused}, {"{} x"s, kRefused}, {"{\"a\":1}"s, kTaken},
        {"{\"a\":1,}"s, kRefused}, {"{,\"a\":1}"s, kRefused}, {"{\"a\"}"s, kRefused},
        {"{\"a\":}"s, kRefused}, {"{\"a\" 1}"s, kRefused}, {"{\"a\"=1}"s, kRefused},
        {"{\"a\":1 \"b\":2}"s, kRefused}, {"{\"a\"::1}"s, kRefused},
        {"{\"a\":1,,\"b\":2}"s, kRefused}, {"{a:1}"s, kRefused}, {"{'a':1}"s, kRefused},
        {"{1:1}"s, kRefused}, {"{null:1}"s, kRefused}, {"{\"a\":1]"s, kRefused},
        {"{\"a\":[1}"s, kRefused}, {"{\"a\":{\"b\":1}"s, kRefused}, {"{\"a\" \"b\":1}"s, kRefused},
        {"{\"a\":1:2}"s, kRefused}, {"{\"\":1}"s, kTaken}, {"{\"a\":1}//x"s, kRefused},
        {"{\"a\":/*x*/1}"s, kRefused}, {"#x\n{}"s, kRefused}, {"{\"a\":1}\000"s, kRefused},
        {"{\"a\":1}\000x"s, kRefused}, {"\000{}"s, kRefused}, {"{\"\000\":1}"s, kRefused},
        {"[\"a\000\"]"s, kRefused}, {"[\"\\u0000\"]"s, kRefused}, {"{\"\\u0000\":1}"s, kRefused},
        {"[\"\\u0001\"]"s, kTaken}, {"{\"a\":1,\"a\":1}"s, kRefused},
        {"{\"a\":1,\"\\u0061\":2}"s, kRefused}, {"{\"\\u0061\":1,\"\\u0061\":2}"s, kRefused},
        {"{\"a\":1,\"A\":2}"s, kTaken}, {"{\"a\":{\"a\":1}}"s, kTaken},
        {"{\"a\":[{\"b\":1,\"b\":2}]}"s, kRefused}, {"{\"\":1,\"\":2}"s, kRefused},
        {"{\"\303\251\":1,\"\\u00e9\":2}"s, kRefused},
        {"{\"\303\251\":1,\"e\\u0301\":2}"s, kTaken}, {"\357\273\277{}"s, kRefused},
        {"{}\357\273\277"s, kRefused}, {"[\"\357\273\277\"]"s, kTaken},
        {"\377\376{\000}\000"s, kRefused}, {"[\"\377\"]"s, kRefused},
        {"[\"\300\200\"]"s, kRefused}, {"[\"\355\240\200\"]"s, kRefused},
        {"[\"\364\220\200\200\"]"s, kRefused}, {"[\"\344\270\"]"s, kRefused},
        {"{\"\303\":1}"s, kRefused}, {"\200"s, kRefused}, {"[\"\\ud83d\\ude00\"]"s, kTaken},
        {"{\"\\ud83d\\ude00\":1}"s, kTaken}, {"[\"\\ud800\"]"s, kRefused},
        {"[\"\\udc00\"]"s, kRefused}, {"[\"\\udfff\"]"s, kRefused}, {"[\"\\ud800x\"]"s, kRefused},
        {"[\"\\ud800\\u0041\"]"s, kRefused}, {"[\"\\ud800\\ud800\"]"s, kRefused},
        {"[\"\\udc00\\ud800\"]"s, kRefused}, {"[\"x\\udbff\"]"s, kRefused},
        {"[\"\\ud800\\n\"]"s, kRefused}, {"[\"\\ud800\\ue000\"]"s, kRefused},
        {"[\"\\ud800\\udbff\"]"s, kRefused}, {"[\"\\ud83d\\ude00\\ud83d\"]"s, kRefused},
        {"{\"\\ud800\":1}"s, kRefused}, {"{\"\\udc00\":1}"s, kRefused},
        {"{\"\\ud800\\u0041\":1}"s, kRefused}, {"[\"\\ud800\\\\udc00\"]"s, kRefused},
        {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"s, kTaken},
        {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"s, kRefused},

    };
    // clang-format on
    return table;
}

}  // namespace tongbao::samples
