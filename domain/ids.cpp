#include "domain/ids.hpp"

#include "domain/bytes.hpp"
#include "domain/code_points.hpp"
#include "domain/identifiers.hpp"

#include <algorithm>

namespace tongbao {
namespace {

constexpr std::size_t kMaxIdentifier = 63;
constexpr std::size_t kMaxChineseWord = 8;
constexpr std::string_view kLocalPrefix = "local.";

bool is_identifier(std::string_view text) {
    if (text.empty() || text.size() > kMaxIdentifier || !is_lower(text.front())) return false;
    return std::all_of(text.begin(), text.end(), [](char character) {
        return is_lower(character) || is_digit(character) || character == '_';
    });
}

bool is_local_unit(std::string_view text) {
    if (!text.starts_with(kLocalPrefix)) return false;
    text.remove_prefix(kLocalPrefix.size());
    if (text.size() <= kDivisionDigits || text[kDivisionDigits] != '.') return false;
    const std::string_view division = text.substr(0, kDivisionDigits);
    return std::all_of(division.begin(), division.end(), is_digit) &&
           is_identifier(text.substr(kDivisionDigits + 1));
}

bool is_chinese_word(std::string_view text) {
    if (!is_utf8(text)) return false;
    std::size_t length = 0;
    while (!text.empty()) {
        const char32_t character = take_code_point(text);
        if (character < 0x4E00 || character > 0x9FFF) return false;
        ++length;
    }
    return length >= 1 && length <= kMaxChineseWord;
}

}  // namespace

bool contains(const std::vector<UnitId>& units, const UnitId& unit) noexcept {
    return std::find(units.begin(), units.end(), unit) != units.end();
}

Result<UnitId> parse_unit_id(std::string_view text) {
    if (!is_identifier(text) && !is_local_unit(text)) return Errc::wrong_form;
    return UnitId(std::string(text));
}

Result<std::string> parse_identifier(std::string_view text) {
    if (!is_identifier(text)) return Errc::wrong_form;
    return std::string(text);
}

Result<std::string> parse_enum_value(std::string_view text) {
    if (!is_identifier(text) && !is_chinese_word(text)) return Errc::wrong_form;
    return std::string(text);
}

}  // namespace tongbao
