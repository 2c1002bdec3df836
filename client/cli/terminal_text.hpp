#pragma once

#include <string>
#include <string_view>

namespace tongbao::client {

/// How many columns a terminal takes for `code_point`: 2 for what is Wide or Fullwidth, 0 for the
/// usual combining marks, variation selectors and characters without width, else 1. What is
/// Ambiguous counts as 1, as it does in terminals of today.
///
/// Source: Unicode Standard Annex #11, "East Asian Width", data of Unicode 14.0.
[[nodiscard]] int column_width(char32_t code_point) noexcept;

/// The columns of well-formed UTF-8 in one line.
[[nodiscard]] std::size_t display_width(std::string_view text) noexcept;

/// `text` in one line such as a terminal may be given: control characters and those that turn the
/// direction of writing or can't be seen stand as `\n`, `\t` or `\u{202E}`, bytes that are not
/// UTF-8 as `\x9B`. So no value can move the cursor or show in another order than it is stored.
[[nodiscard]] std::string printable(std::string_view text);

/// The same, but line feeds stay and `indent` stands before every line after the first.
[[nodiscard]] std::string printable_lines(std::string_view text, std::string_view indent);

/// The first characters of `text`, and `…` where it has more than a column of a table can have
/// before it pushes the others aside (40).
[[nodiscard]] std::string shortened(std::string_view text);

/// `text` as JSON may hold it: unchanged if it is UTF-8, else printable.
[[nodiscard]] std::string as_utf8(std::string_view text);

/// The length in bytes of the first character of `text` if that is well-formed UTF-8; else 0.
[[nodiscard]] std::size_t character_length(std::string_view text) noexcept;

/// Whether `code_point` is a control character, a direction mark, a second kind of line feed, or
/// has no shape of its own while changing that of others.
[[nodiscard]] bool is_treacherous(char32_t code_point) noexcept;

}  // namespace tongbao::client
