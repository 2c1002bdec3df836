#include "domain/field_type.hpp"

#include "domain/bytes.hpp"
#include "domain/code_points.hpp"
#include "domain/identifiers.hpp"
#include "domain/ids.hpp"
#include "domain/money.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace tongbao {
namespace {

constexpr std::size_t kMaxText = 4000;
constexpr std::size_t kMaxName = 100;
constexpr std::size_t kMaxUnchecked = 64;
constexpr std::int64_t kMaxCount = 1'000'000'000;

// The examples can't belong to anyone: 440099 is no division, since no county stands directly
// below a province under the two digits 00; nobody was born in 1800.
struct TypeRow {
    FieldType type;
    std::string_view word;
    std::string_view explanation;
};

constexpr std::array kTypes{
    TypeRow{FieldType::text, "text",
            "A text of 1 to 4000 characters, in any number of lines, without other control "
            "characters and without such as turn the direction of writing."},
    TypeRow{FieldType::date, "date", "A date that exists, such as 2020-10-13."},
    TypeRow{FieldType::datetime, "datetime",
            "A date and time with its offset from UTC, at least to the minute, such as "
            "2020-10-13T09:30+08:00."},
    TypeRow{FieldType::boolean, "bool", "true or false."},
    TypeRow{FieldType::count, "count", "A whole number from 0 to 1000000000, such as 12."},
    TypeRow{FieldType::fen, "fen",
            "An amount in fen as a whole number from 0 to 1000000000000000: 123456 is 1234.56 "
            "yuan."},
    TypeRow{FieldType::enumeration, "enum",
            "The id of one of the charter's values: 1 to 8 Chinese characters, or lower-case "
            "letters, digits and underscores, a letter first, at most 63, such as pharmacy."},
    TypeRow{FieldType::table, "table",
            "Rows of the columns that the charter names; it can't be given as a single value."},
    TypeRow{FieldType::period, "period",
            "A year, a half, a quarter or a month: 2024, 2024-H1, 2024-Q3 or 2024-07."},
    TypeRow{FieldType::post, "post", "The id of one of the charter's posts, such as convener."},
    TypeRow{FieldType::unit, "unit",
            "The id of a unit, such as health, or of a local one with its division, such as "
            "local.440099.clinic."},
    TypeRow{FieldType::person_name, "person_name",
            "A name of 1 to 100 characters in one line, such as 测试甲."},
    TypeRow{FieldType::case_no, "case_no",
            "A division, a year and five digits, 15 in all, such as 440099202400001."},
    TypeRow{FieldType::doc_no, "doc_no",
            "The agency's mark, the year in the brackets U+3014 and U+3015, the number without "
            "leading zeros, and 号, such as 测试发〔2020〕26号."},
    TypeRow{FieldType::uscc, "uscc",
            "A unified social credit code: 18 digits and capitals without I, O, S, V, Z, the last "
            "one a check character (GB 32100-2015), such as 91440099000000006Y."},
    TypeRow{FieldType::cn_id, "cn_id",
            "A citizen identity number: 17 digits with a date that exists, and a check character, "
            "X in upper case (GB 11643), such as 44009918000101002X."},
    TypeRow{FieldType::medins_code, "medins_code",
            "A code of the medical insurance: H or P, a division and 5 digits; D or N, a division "
            "and 6; HY or HJ, a division and 6; such as H44009900001."},
    TypeRow{FieldType::division, "division",
            "A division code of six digits that begins with a province's two, such as 440000."},
    TypeRow{FieldType::notice_ref, "notice_ref",
            "The id of a notice, a version 7 UUID in lower case, such as "
            "0190163d-8694-739b-aea5-966c26f8ad91."},
};

constexpr auto kFieldTypes = [] {
    std::array<FieldType, kTypes.size()> types{};
    for (std::size_t i = 0; i < kTypes.size(); ++i) types[i] = kTypes[i].type;
    return types;
}();

/// The row of `type`: the table is in the order of the enumerators.
const TypeRow& row_of(FieldType type) noexcept {
    static_assert([] {
        for (std::size_t i = 0; i < kTypes.size(); ++i) {
            if (static_cast<std::size_t>(kTypes[i].type) != i) return false;
        }
        return true;
    }());
    return kTypes[static_cast<std::size_t>(type)];
}

/// Turns the direction of what follows, so that a text does not show in the order it is stored.
constexpr bool turns_direction(char32_t code_point) {
    return (code_point >= 0x202A && code_point <= 0x202E) ||
           (code_point >= 0x2066 && code_point <= 0x2069);
}

constexpr bool is_second_newline(char32_t code_point) {
    return code_point == 0x2028 || code_point == 0x2029;
}

/// How many characters at the beginning of `text` are printable ASCII.
std::size_t printable_prefix(std::string_view text) {
    constexpr std::size_t kWordBytes = sizeof(std::uint64_t);
    // Of bytes below 0x80, with one added 0x7F alone gets the high bit; with 0x60 added, those from
    // 0x20 on do.
    constexpr std::uint64_t kHigh = 0x8080808080808080;
    constexpr std::uint64_t kOne = 0x0101010101010101;
    constexpr std::uint64_t kToPrintable = 0x6060606060606060;
    std::size_t at = 0;
    while (text.size() - at >= kWordBytes) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, kWordBytes);
        // Without high bits no sum carries into the next byte.
        if ((word & kHigh) != 0 || ((word + kOne) & kHigh) != 0) break;
        if (((word + kToPrintable) & kHigh) != kHigh) break;
        at += kWordBytes;
    }
    while (at < text.size() && text[at] >= ' ' && text[at] <= '~') ++at;
    return at;
}

Result<void> check_integer(std::int64_t value, std::int64_t max) {
    if (value < 0 || value > max) return Errc::wrong_form;
    return {};
}

/// Success or the error of `result`, whose value is not wanted.
template <typename T>
Result<void> outcome(const Result<T>& result) {
    if (!result) return result.error();
    return {};
}

Result<void> check_text_form(FieldType type, const std::string& text) {
    switch (type) {
        case FieldType::text:
            return check_plain_text(text, kMaxText, Newlines::allowed);
        case FieldType::person_name:
            return check_plain_text(text, kMaxName, Newlines::refused);
        case FieldType::date:
            return outcome(parse_date(text));
        case FieldType::datetime:
            return outcome(parse_date_time(text));
        case FieldType::enumeration:
            return outcome(parse_enum_value(text));
        case FieldType::post:
            return outcome(parse_identifier(text));
        case FieldType::unit:
            return outcome(parse_unit_id(text));
        case FieldType::period:
            return check_period(text);
        case FieldType::case_no:
            return check_case_number(text);
        case FieldType::doc_no:
            return check_document_number(text);
        case FieldType::uscc:
            return check_uscc(text);
        case FieldType::cn_id:
            return check_citizen_id(text);
        case FieldType::medins_code:
            return check_medical_code(text);
        case FieldType::division:
            return check_division(text);
        case FieldType::notice_ref:
            if (!Uuid::parse(text)) return Errc::wrong_form;
            return {};
        case FieldType::boolean:
        case FieldType::count:
        case FieldType::fen:
        case FieldType::table:
            break;
    }
    return Errc::wrong_form;
}

}  // namespace

std::string_view word(FieldType type) noexcept {
    return row_of(type).word;
}

std::optional<FieldType> field_type_from_word(std::string_view text) noexcept {
    const auto row = std::find_if(kTypes.begin(), kTypes.end(),
                                  [text](const TypeRow& each) { return each.word == text; });
    if (row == kTypes.end()) return std::nullopt;
    return row->type;
}

std::span<const FieldType> all_field_types() noexcept {
    return kFieldTypes;
}

Scalar scalar_from_text(FieldType type, std::string_view text) {
    if (type == FieldType::boolean && (text == "true" || text == "false")) return text == "true";
    if (type != FieldType::count && type != FieldType::fen) return std::string(text);
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    const bool plain = error == std::errc() && stopped == end && std::to_string(number) == text;
    if (!plain) return std::string(text);
    return number;
}

Result<void> check_form(FieldType type, const Scalar& value) {
    if (const auto* const text = std::get_if<std::string>(&value)) {
        return check_text_form(type, *text);
    }
    if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
        if (type == FieldType::count) return check_integer(*integer, kMaxCount);
        if (type == FieldType::fen) return check_integer(*integer, kMaxFen.value());
        return Errc::wrong_form;
    }
    if (type != FieldType::boolean) return Errc::wrong_form;
    return {};
}

Result<void> check_unchecked_form(const Scalar& value) {
    const auto* const text = std::get_if<std::string>(&value);
    if (text == nullptr) return Errc::wrong_form;
    return check_plain_text(*text, kMaxUnchecked, Newlines::refused);
}

Result<void> check_plain_text(std::string_view text, std::size_t max_code_points,
                              Newlines newlines) {
    if (!is_utf8(text)) return Errc::not_utf8;
    // No text has more code points than bytes.
    const bool too_long =
        text.size() > max_code_points && count_code_points(text) > max_code_points;
    if (text.empty() || too_long) return Errc::wrong_length;
    while (!text.empty()) {
        // Printable ASCII has nothing to refuse; most texts have much of it in a row.
        text.remove_prefix(printable_prefix(text));
        if (text.empty()) break;
        const char32_t code_point = take_code_point(text);
        if (code_point == U'\n' && newlines == Newlines::allowed) continue;
        if (is_control(code_point) || is_second_newline(code_point) ||
            turns_direction(code_point)) {
            return Errc::wrong_character;
        }
    }
    return {};
}

std::string explain_form(FieldType type) {
    return std::string(row_of(type).explanation);
}

}  // namespace tongbao
