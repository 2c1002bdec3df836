#include "domain/identifiers.hpp"

#include "domain/bytes.hpp"
#include "domain/code_points.hpp"
#include "domain/time.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace tongbao {
namespace {

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_digit);
}

/// Whether the two digits are those of a province or its equal. Source: GB/T 2260.
bool is_province(std::string_view two_digits) {
    constexpr std::array<std::string_view, 34> kProvinces{
        "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34",
        "35", "36", "37", "41", "42", "43", "44", "45", "46", "50", "51", "52",
        "53", "54", "61", "62", "63", "64", "65", "71", "81", "82"};
    return std::find(kProvinces.begin(), kProvinces.end(), two_digits) != kProvinces.end();
}

/// Takes `prefix` off the front of `text`; answers whether it was there.
bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

std::string_view take_digits(std::string_view& text) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
}

/// Brackets that are taken for U+3014 and U+3015, at the front of `text`.
bool starts_with_look_alike(std::string_view text) {
    constexpr std::array<std::string_view, 20> kLookAlikes{"[",  "]",  "(",  ")",  "{",  "}",  "<",
                                                           ">",  "（", "）", "【", "】", "〖", "〗",
                                                           "〈", "〉", "［", "］", "｛", "｝"};
    return std::any_of(kLookAlikes.begin(), kLookAlikes.end(),
                       [text](std::string_view bracket) { return text.starts_with(bracket); });
}

bool may_stand_in_mark(char32_t code_point) {
    const auto within = [code_point](char32_t first, char32_t last) {
        return code_point >= first && code_point <= last;
    };
    return within(U'0', U'9') || within(U'A', U'Z') || within(U'a', U'z') ||
           within(0x3400, 0x4DBF) || within(0x4E00, 0x9FFF) || within(0x20000, 0x3FFFF) ||
           code_point == U'（' || code_point == U'）';
}

/// The agency's mark of a document number.
Result<void> check_mark(std::string_view mark) {
    constexpr std::size_t kMaxMark = 30;
    if (mark.empty()) return Errc::wrong_form;
    if (count_code_points(mark) > kMaxMark) return Errc::wrong_length;
    while (!mark.empty()) {
        if (!may_stand_in_mark(take_code_point(mark))) return Errc::wrong_character;
    }
    return {};
}

}  // namespace

Result<void> check_division(std::string_view text) {
    if (text.size() != kDivisionDigits) return Errc::wrong_length;
    if (!all_digits(text)) return Errc::wrong_character;
    if (!is_province(text.substr(0, 2))) return Errc::no_such_division;
    return {};
}

Result<void> check_uscc(std::string_view text) {
    constexpr std::size_t kLength = 18;
    constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    constexpr std::array<std::size_t, kLength - 1> kWeights{1,  3,  9,  27, 19, 26, 16, 17, 20,
                                                            29, 25, 13, 8,  24, 10, 30, 28};
    constexpr std::string_view kWholeState = "100000";

    if (text.size() != kLength) return Errc::wrong_length;
    if (text.find_first_not_of(kAlphabet) != std::string_view::npos) return Errc::wrong_character;
    const std::string_view division = text.substr(2, kDivisionDigits);
    if (!all_digits(division)) return Errc::wrong_character;
    if (!is_province(division.substr(0, 2)) && division != kWholeState) {
        return Errc::no_such_division;
    }
    std::size_t sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) {
        sum += kAlphabet.find(text[i]) * kWeights[i];
    }
    // 31 − 0 is 31, which has no character: the standard takes it for 0. 30 is Y, the last one.
    const std::size_t check = (kAlphabet.size() - sum % kAlphabet.size()) % kAlphabet.size();
    if (text.back() != kAlphabet[check]) return Errc::wrong_check_digit;
    return {};
}

Result<void> check_citizen_id(std::string_view text) {
    constexpr std::size_t kLength = 18;
    constexpr std::string_view kCheckCharacters = "0123456789X";

    if (text.size() != kLength) return Errc::wrong_length;
    const std::string_view digits = text.substr(0, kLength - 1);
    if (!all_digits(digits) || kCheckCharacters.find(text.back()) == std::string_view::npos) {
        return Errc::wrong_character;
    }
    if (!is_province(digits.substr(0, 2))) return Errc::no_such_division;
    const std::string date = std::string(digits.substr(6, 4)) + '-' +
                             std::string(digits.substr(10, 2)) + '-' +
                             std::string(digits.substr(12, 2));
    if (!parse_date(date)) return Errc::no_such_date;
    // ISO 7064 pure system: double what there is and add the next digit; the whole is 1 modulo 11.
    std::size_t remainder = 0;
    for (const char digit : digits) {
        remainder = (remainder + static_cast<std::size_t>(digit - '0')) * 2 % 11;
    }
    if (text.back() != kCheckCharacters[(12 - remainder) % 11]) return Errc::wrong_check_digit;
    return {};
}

Result<void> check_medical_code(std::string_view text) {
    struct Form {
        std::string_view prefix;
        std::size_t length;
    };
    // The longer beginnings first: a pharmacist's HY also begins like a hospital's H.
    constexpr std::array<Form, 6> kForms{
        {{"HY", 14}, {"HJ", 14}, {"H", 12}, {"P", 12}, {"D", 13}, {"N", 13}}};
    const auto form = std::find_if(kForms.begin(), kForms.end(), [text](const Form& each) {
        return text.starts_with(each.prefix);
    });
    if (form == kForms.end()) return Errc::wrong_character;
    if (text.size() != form->length) return Errc::wrong_length;
    const std::string_view digits = text.substr(form->prefix.size());
    if (!all_digits(digits)) return Errc::wrong_character;
    return check_division(digits.substr(0, kDivisionDigits));
}

Result<void> check_document_number(std::string_view text) {
    constexpr std::string_view kOpening = "〔";
    constexpr std::string_view kClosing = "〕";
    constexpr std::string_view kEnd = "号";
    constexpr std::size_t kMaxDigits = 6;
    constexpr std::size_t kMaxBytes = 256;

    if (text.size() > kMaxBytes) return Errc::wrong_length;
    if (!is_utf8(text)) return Errc::wrong_character;
    const std::size_t opening = text.find(kOpening);
    if (opening == std::string_view::npos) {
        for (std::string_view rest = text; !rest.empty(); (void)take_code_point(rest)) {
            if (starts_with_look_alike(rest)) return Errc::wrong_character;
        }
        return Errc::wrong_form;
    }
    const Result<void> mark = check_mark(text.substr(0, opening));
    if (!mark) return mark.error();

    std::string_view rest = text.substr(opening + kOpening.size());
    const std::string_view year = take_digits(rest);
    if (year.size() != 4 || year.front() == '0') return Errc::wrong_form;
    if (starts_with_look_alike(rest)) return Errc::wrong_character;
    if (!take(rest, kClosing)) return Errc::wrong_form;
    const std::string_view number = take_digits(rest);
    if (number.empty() || number.front() == '0' || rest != kEnd) return Errc::wrong_form;
    if (number.size() > kMaxDigits) return Errc::wrong_length;
    return {};
}

Result<void> check_case_number(std::string_view text) {
    constexpr std::size_t kLength = 15;
    if (text.size() != kLength) return Errc::wrong_length;
    if (!all_digits(text)) return Errc::wrong_character;
    return check_division(text.substr(0, kDivisionDigits));
}

Result<void> check_period(std::string_view text) {
    constexpr std::array<std::string_view, 18> kParts{"H1", "H2", "Q1", "Q2", "Q3", "Q4",
                                                      "01", "02", "03", "04", "05", "06",
                                                      "07", "08", "09", "10", "11", "12"};
    const std::string_view year = take_digits(text);
    if (year.size() != 4) return Errc::wrong_form;
    if (text.empty()) return {};
    if (!take(text, "-")) return Errc::wrong_form;
    if (std::find(kParts.begin(), kParts.end(), text) == kParts.end()) return Errc::wrong_form;
    return {};
}

}  // namespace tongbao
