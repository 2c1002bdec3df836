#include "domain/search_text.hpp"

#include "domain/code_points.hpp"

#include <algorithm>

namespace tongbao {
namespace {

constexpr char32_t kFirstFullWidth = 0xFF01;
constexpr char32_t kLastFullWidth = 0xFF5E;
constexpr char32_t kFullWidthBehindAscii = 0xFEE0;

/// White space of Unicode (property White_Space), and what has no width at all.
bool is_gap(char32_t c) {
    return c == ' ' || is_control(c) || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200D) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x2060 || c == 0x3000 ||
           c == 0xFEFF;
}

/// One character as a search compares it; what is no gap stays none.
char32_t searched(char32_t c) {
    if (c >= kFirstFullWidth && c <= kLastFullWidth) c -= kFullWidthBehindAscii;
    if (c >= 'A' && c <= 'Z') return c - 'A' + 'a';
    switch (c) {
        case '(':
        case U'【':
        case U'〔':
        case U'〖':
            return '[';
        case ')':
        case U'】':
        case U'〕':
        case U'〗':
            return ']';
        default:
            return c;
    }
}

/// Appends the character that `encoded` is, unless a search sees it as another.
void append_searched(std::string& form, std::string_view encoded, char32_t c) {
    const char32_t seen = searched(c);
    if (seen == c) {
        form += encoded;
    } else {
        form += static_cast<char>(seen);  // every other one is of ASCII
    }
}

}  // namespace

std::string search_form(std::string_view text) {
    std::string form;
    form.reserve(text.size());
    while (!text.empty()) {
        std::string_view rest = text;
        const char32_t c = take_code_point(rest);
        if (!is_gap(c)) append_searched(form, text.substr(0, text.size() - rest.size()), c);
        text = rest;
    }
    return form;
}

std::vector<std::string> search_words(std::string_view question) {
    std::vector<std::string> words;
    std::string word;
    const auto end_word = [&words, &word] {
        if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end()) {
            words.push_back(word);
        }
        word.clear();
    };
    while (!question.empty()) {
        std::string_view rest = question;
        const char32_t c = take_code_point(rest);
        if (is_gap(c)) {
            end_word();
        } else {
            append_searched(word, question.substr(0, question.size() - rest.size()), c);
        }
        question = rest;
    }
    end_word();
    return words;
}

std::optional<TextRange> find_searched(std::string_view text, std::string_view word) {
    std::string form;
    // Of each byte of the form, the character of the text that it came from.
    std::vector<TextRange> origins;
    std::string_view left = text;
    while (!left.empty()) {
        const std::size_t begin = text.size() - left.size();
        std::string_view rest = left;
        const char32_t c = take_code_point(rest);
        const std::size_t end = text.size() - rest.size();
        if (!is_gap(c)) append_searched(form, text.substr(begin, end - begin), c);
        origins.resize(form.size(), TextRange{begin, end});
        left = rest;
    }
    const std::size_t found = form.find(word);
    if (word.empty() || found == std::string::npos) return std::nullopt;
    return TextRange{origins[found].begin, origins[found + word.size() - 1].end};
}

}  // namespace tongbao
