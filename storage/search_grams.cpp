#include "storage/search_grams.hpp"

#include "domain/code_points.hpp"
#include "domain/search_text.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <vector>

namespace tongbao::storage {
namespace {

constexpr std::size_t kLongestGram = 3;
/// U+F8FF twice, which no gram of three characters and no more can begin with and go on.
constexpr std::string_view kMark = "\uF8FF\uF8FF";

constexpr bool stands_for_itself(char32_t c) {
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The characters of `text`, each as it stands in a gram.
std::vector<std::string> gram_characters(std::string_view text) {
    std::vector<std::string> characters;
    while (!text.empty()) {
        std::string_view rest = text;
        const char32_t c = take_code_point(rest);
        std::string& character = characters.emplace_back(text.substr(0, text.size() - rest.size()));
        if (!stands_for_itself(c)) {
            // U+FF01 to U+FF5E in UTF-8: EF BC 81 … EF BD 9E.
            const auto code = static_cast<unsigned>(c) + 0xFEE0U;
            character = {'\xEF', static_cast<char>(0x80U | ((code >> 6U) & 0x3FU)),
                         static_cast<char>(0x80U | (code & 0x3FU))};
        }
        text = rest;
    }
    return characters;
}

void add_grams(const std::vector<std::string>& characters, std::size_t length,
               std::set<std::string>& grams) {
    for (std::size_t at = 0; at + length <= characters.size(); ++at) {
        std::string gram;
        for (std::size_t i = at; i < at + length; ++i) gram += characters[i];
        grams.insert(std::move(gram));
    }
}

/// `what` is one letter.
std::string marked(std::string_view what, std::string_view value) {
    std::string word = std::string(kMark) + std::string(what);
    for (const std::string& character : gram_characters(search_form(value))) word += character;
    return word;
}

}  // namespace

std::string grams_of(const SearchRow& row) {
    std::set<std::string> grams{marked("k", row.kind.value()), marked("f", row.from.value())};
    if (!row.case_number.empty()) grams.insert(marked("c", row.case_number));
    for (const SearchText& each : row.texts) {
        const std::vector<std::string> characters = gram_characters(search_form(each.text));
        for (std::size_t length = 1; length <= kLongestGram; ++length) {
            add_grams(characters, length, grams);
        }
    }
    std::string text;
    for (const std::string& gram : grams) text += gram + ' ';
    return text;
}

std::string grams_wanted(const SearchQuestion& question) {
    std::set<std::string> grams;
    for (const std::string& word : question.words) {
        const std::vector<std::string> characters = gram_characters(word);
        add_grams(characters, std::min(characters.size(), kLongestGram), grams);
    }
    if (question.kind) grams.insert(marked("k", question.kind->value()));
    if (question.from) grams.insert(marked("f", question.from->value()));
    if (question.case_number) grams.insert(marked("c", question.case_number->value()));
    std::string text;
    for (const std::string& gram : grams) {
        text += text.empty() ? "\"" : " AND \"";
        text += gram + '"';
    }
    return text;
}

}  // namespace tongbao::storage
