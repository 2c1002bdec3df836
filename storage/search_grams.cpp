#include "storage/search_grams.hpp"

#include "domain/code_points.hpp"
#include "domain/search_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tongbao::storage {
namespace {

constexpr std::size_t kLongestGram = 3;
/// U+F8FF twice, which no gram of three characters and no more can begin with and go on.
constexpr std::string_view kMark = "\uF8FF\uF8FF";

/// From a sign of ASCII to the same in full width: U+FF01 to U+FF5E.
constexpr char32_t kFullWidthBehindAscii = 0xFEE0;

constexpr bool stands_for_itself(char32_t c) {
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Up to three characters as one number, 21 bits each, the first one highest; no character is 0,
/// for control characters are no part of a search form. Numbers sort as the grams' bytes do.
using Gram = std::uint64_t;
constexpr unsigned kCharacterBits = 21;
constexpr Gram kCharacter = (Gram{1} << kCharacterBits) - 1;

/// The character as it stands in a gram.
char32_t gram_character(char32_t c) {
    return stands_for_itself(c) ? c : c + kFullWidthBehindAscii;
}

std::vector<char32_t> gram_characters(std::string_view form) {
    std::vector<char32_t> characters;
    characters.reserve(form.size());
    while (!form.empty()) characters.push_back(gram_character(take_code_point(form)));
    return characters;
}

Gram gram_at(const std::vector<char32_t>& characters, std::size_t at, std::size_t length) {
    Gram gram = 0;
    for (std::size_t i = 0; i < kLongestGram; ++i) {
        gram = gram << kCharacterBits | (i < length ? Gram{characters[at + i]} : 0);
    }
    return gram;
}

/// Appends the character in UTF-8. Source: RFC 3629 section 3.
void append_character(std::string& text, char32_t c) {
    const auto following = [c](unsigned shift) {
        return static_cast<char>(0x80U | ((c >> shift) & 0x3FU));
    };
    if (c < 0x80) {
        text += static_cast<char>(c);
    } else if (c < 0x800) {
        text += {static_cast<char>(0xC0U | c >> 6U), following(0)};
    } else if (c < 0x10000) {
        text += {static_cast<char>(0xE0U | c >> 12U), following(6), following(0)};
    } else {
        text += {static_cast<char>(0xF0U | c >> 18U), following(12), following(6), following(0)};
    }
}

void append_gram(std::string& text, Gram gram) {
    for (std::size_t i = kLongestGram; i > 0; --i) {
        const Gram c = gram >> (kCharacterBits * (i - 1)) & kCharacter;
        if (c != 0) append_character(text, static_cast<char32_t>(c));
    }
}

/// Grams of texts, each once in the end.
class Grams {
public:
    void add(const std::vector<char32_t>& characters, std::size_t length) {
        for (std::size_t at = 0; at + length <= characters.size(); ++at) {
            const Gram gram = gram_at(characters, at, length);
            // Most come again soon. A look at one place, whatever a sender writes: what takes more
            // than one look he could make slow.
            Gram& lately = lately_[gram * kSpread >> (64 - kPlaceBits)];
            if (lately == gram) continue;
            lately = gram;
            grams_.push_back(gram);
        }
    }

    [[nodiscard]] std::vector<Gram> take() {
        std::sort(grams_.begin(), grams_.end());
        grams_.erase(std::unique(grams_.begin(), grams_.end()), grams_.end());
        return std::move(grams_);
    }

private:
    static constexpr unsigned kPlaceBits = 10;
    /// 2^64 divided by the golden ratio, odd. Source: Knuth, The Art of Computer Programming,
    /// section 6.4.
    static constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15;

    std::array<Gram, std::size_t{1} << kPlaceBits> lately_{};
    std::vector<Gram> grams_;
};

/// `what` is one letter.
std::string marked(std::string_view what, std::string_view value) {
    std::string word = std::string(kMark) + std::string(what);
    for (const char32_t c : gram_characters(search_form(value))) append_character(word, c);
    return word;
}

}  // namespace

std::string grams_of(const SearchRow& row) {
    constexpr std::size_t kUsualGramBytes = 8;
    Grams grams;
    for (const SearchText& each : row.texts) {
        const std::vector<char32_t> characters = gram_characters(search_form(each.text));
        for (std::size_t length = 1; length <= kLongestGram; ++length) {
            grams.add(characters, length);
        }
    }
    const std::vector<Gram> all = grams.take();
    std::string text = marked("k", row.kind.value()) + ' ' + marked("f", row.from.value()) + ' ';
    text.reserve(text.size() + kUsualGramBytes * all.size());
    if (!row.case_number.empty()) text += marked("c", row.case_number) + ' ';
    for (const Gram gram : all) {
        append_gram(text, gram);
        text += ' ';
    }
    return text;
}

std::string grams_wanted(const SearchQuestion& question) {
    Grams grams;
    for (const std::string& word : question.words) {
        const std::vector<char32_t> characters = gram_characters(word);
        grams.add(characters, std::min(characters.size(), kLongestGram));
    }
    std::vector<std::string> wanted;
    for (const Gram gram : grams.take()) append_gram(wanted.emplace_back(), gram);
    if (question.kind) wanted.push_back(marked("k", question.kind->value()));
    if (question.from) wanted.push_back(marked("f", question.from->value()));
    if (question.case_number) wanted.push_back(marked("c", question.case_number->value()));
    std::string text;
    for (const std::string& each : wanted) {
        text += text.empty() ? "\"" : " AND \"";
        text += each + '"';
    }
    return text;
}

}  // namespace tongbao::storage
