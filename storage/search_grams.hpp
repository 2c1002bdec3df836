#pragma once

#include "storage/search_index.hpp"

#include <string>
#include <string_view>

namespace tongbao::storage {

// The words that the index of SQLite sees. They are made here, not by one of its tokenizers: its
// trigrams can't find one or two characters, and most Chinese names have two or three.
//
// A gram is one, two or three characters that follow each other in a search form. Of ASCII only
// letters and digits stay as they are, every other sign is written in full width: so none is a sign
// of the index's language, and none ends a word for its tokenizer `ascii`. Words that say the kind,
// sender or case begin with two characters of private use and are longer than a gram.

/// All grams of the row's texts and its words of kind, sender and case, each once, with spaces
/// between.
[[nodiscard]] std::string grams_of(const SearchRow& row);

/// What the index is asked for: every gram that a text with all words must have, of a word of more
/// than three characters its trigrams, and the words of kind, sender and case that the question
/// has. Whether a word stands in a text as a whole remains to be looked.
///
/// `question.words` are search forms, none of them empty.
[[nodiscard]] std::string grams_wanted(const SearchQuestion& question);

}  // namespace tongbao::storage
