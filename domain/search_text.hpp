#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao {

// How texts are compared in a search, and only there: what was signed is never changed. All texts
// are well-formed UTF-8 (see is_utf8). Pure.

/// `text` as a search compares it, so that what looks alike is alike: letters, digits and signs of
/// full width (U+FF01 to U+FF5E) as those of ASCII, capital letters of ASCII as small ones, the
/// brackets `(` `【` `〔` `〖` as `[` and their partners as `]`. White space and control characters
/// are left out: a name that is written with a space between its characters is the same name.
///
/// Source: the rules of document numbers, look-alike brackets are made one in a search.
[[nodiscard]] std::string search_form(std::string_view text);

/// The words of a question, which stand between white space, each in its search form; none empty,
/// none twice.
[[nodiscard]] std::vector<std::string> search_words(std::string_view question);

/// Bytes of a text: from `begin` up to before `end`.
struct TextRange {
    std::size_t begin{0};
    std::size_t end{0};

    friend bool operator==(const TextRange&, const TextRange&) = default;
};

/// Where `word`, a search form that is not empty, first stands in `text` as a search compares it;
/// none if it does not. Linear in the text.
[[nodiscard]] std::optional<TextRange> find_searched(std::string_view text, std::string_view word);

}  // namespace tongbao
