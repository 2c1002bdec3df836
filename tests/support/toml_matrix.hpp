#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What may be wrong in a configuration file, as data for all that read one.

namespace tongbao::testing {

/// Lines that stand before all others of a good file, and where the first fault is told: its line,
/// and the columns of what is wrong with one more on either side, all from 1 on.
struct TomlRow {
    const char* name;
    std::string lines;
    unsigned line;
    unsigned column;
    unsigned last_column = column;
};

/// Every class of text that is no TOML 1.0, or has keys that nobody knows. A row is added by adding
/// data.
[[nodiscard]] std::span<const TomlRow> toml_matrix();

/// Whether `fault` begins with a place of the row's, `:line:column: `.
[[nodiscard]] bool is_at(std::string_view fault, const TomlRow& row);

/// A value of each type of TOML, but tables of more than one line.
[[nodiscard]] std::span<const std::string_view> toml_values();

/// The place of a value in a text of lines `key = value`, and whether toml_values()[i] is of its
/// type.
struct TomlValue {
    std::string key;
    std::size_t begin;  ///< of the value in the text
    std::size_t size;
    unsigned line;
    unsigned column;
};
/// All values of `text` that stand alone in their lines.
[[nodiscard]] std::vector<TomlValue> values_of(std::string_view text);

}  // namespace tongbao::testing
