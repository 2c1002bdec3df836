#include "tests/support/toml_matrix.hpp"

#include <array>

namespace tongbao::testing {

std::span<const TomlRow> toml_matrix() {
    using namespace std::string_literals;
    // Source: TOML 1.0.0; the section in a row's comment where its name does not tell it.
    static const std::array rows{
        TomlRow{"a key that nobody knows", "zz = 1\n", 1, 6},
        TomlRow{"a table that nobody knows", "zz = { a = 1 }\n", 1, 6},
        TomlRow{"a dotted key that nobody knows", "zz.a = 1\n", 1, 1},
        TomlRow{"a key twice", "zz = 1\n\nzz = 2\n", 3, 1, 6},
        TomlRow{"a key twice, once in quotes", "zz = 1\n\"zz\" = 2\n", 2, 1, 8},
        TomlRow{"a key twice, once escaped", "zz = 1\n\"\\u007az\" = 2\n", 2, 1, 13},
        TomlRow{"a key under a value", "zz = 1\nzz.a = 2\n", 2, 1},
        TomlRow{"a key twice in a table in one line", "zz = { a = 1, a = 2 }\n", 1, 15, 19},
        TomlRow{"no value", "zz =\n", 1, 5},
        TomlRow{"no equals sign", "zz\n", 1, 3},
        TomlRow{"no key", "= 1\n", 1, 1},
        TomlRow{"two values", "zz = 1 2\n", 1, 8},
        TomlRow{"a colon for an equals sign", "zz: 1\n", 1, 3},
        TomlRow{"a key of two words", "z z = 1\n", 1, 3},
        TomlRow{"a word without quotes", "zz = yes\n", 1, 6},
        TomlRow{"a truth with a capital", "zz = True\n", 1, 6},
        TomlRow{"a text without its end", "zz = \"a\n", 1, 8},
        TomlRow{"an escape that there is not", "zz = \"\\q\"\n", 1, 8},
        TomlRow{"half a surrogate pair", "zz = \"\\ud800\"\n", 1, 13},
        TomlRow{"a control character in a text", "zz = \"a\x01\"\n", 1, 8},
        TomlRow{"a NUL in a text", "zz = \"a\0\"\n"s, 1, 8},
        TomlRow{"a control character in a comment", "# a\x01\n", 1, 4},
        TomlRow{"a byte that is no UTF-8 in a text", "zz = \"a\xff\"\n", 1, 7, 8},
        TomlRow{"a byte that is no UTF-8 in a comment", "# a\xff\n", 1, 3, 4},
        TomlRow{"an overlong slash", "# a\xc0\xaf\n", 1, 3, 4},
        TomlRow{"a surrogate in UTF-8", "# a\xed\xa0\x80\n", 1, 3, 4},
        TomlRow{"a character cut off", "\n# a\xe4\xb8\n", 2, 3, 4},
        TomlRow{"a number that begins with 0", "zz = 01\n", 1, 6, 8},
        TomlRow{"a number with two underscores", "zz = 1__0\n", 1, 8},
        TomlRow{"an integer beyond 64 bits", "zz = 9223372036854775808\n", 1, 6, 25},
        TomlRow{"a month of 13", "zz = 2020-13-01\n", 1, 6, 13},
        TomlRow{"an array without a comma", "zz = [1 2]\n", 1, 9},
        TomlRow{"a table in one line that goes on", "zz = { a = 1\n}\n", 1, 13},
        TomlRow{"a carriage return alone", "zz = 1\rzy = 2\n", 1, 7, 8},
        TomlRow{"JSON", "{\"zz\": 1}\n", 1, 1},
    };
    return rows;
}

bool is_at(std::string_view fault, const TomlRow& row) {
    for (unsigned column = row.column; column <= row.last_column; ++column) {
        const std::string place =
            ':' + std::to_string(row.line) + ':' + std::to_string(column) + ": ";
        if (fault.starts_with(place)) return true;
    }
    return false;
}

std::span<const std::string_view> toml_values() {
    static constexpr std::array<std::string_view, 7> values{
        "\"a\"", "7", "true", "1.5", "2020-01-01", "[\"a\"]", "{ a = \"a\" }"};
    return values;
}

std::vector<TomlValue> values_of(std::string_view text) {
    std::vector<TomlValue> values;
    unsigned number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        ++number;
        const std::size_t end = text.find('\n', begin);
        const std::string_view line = text.substr(begin, end - begin);
        const std::size_t equals = line.find(" = ");
        if (equals != std::string_view::npos) {
            const std::size_t at = equals + 3;
            values.push_back({std::string(line.substr(0, equals)), begin + at, line.size() - at,
                              number, static_cast<unsigned>(at + 1)});
        }
        begin = end + 1;
    }
    return values;
}

}  // namespace tongbao::testing
