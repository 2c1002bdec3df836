#include "domain/case_number.hpp"

#include "domain/digits.hpp"
#include "domain/identifiers.hpp"

#include <utility>

namespace tongbao {
namespace {

constexpr std::size_t kYearDigits = 4;
constexpr std::size_t kSerialDigits = 5;
constexpr int kLastYear = 9999;

}  // namespace

Result<CaseNumberParts> parse_case_number(std::string_view text) {
    const Result<void> form = check_case_number(text);
    if (!form) return form.error();
    CaseNumberParts parts;
    parts.series.division = std::string(text.substr(0, kDivisionDigits));
    parts.series.year =
        static_cast<int>(number_of_digits(text.substr(kDivisionDigits, kYearDigits)));
    parts.serial = number_of_digits(text.substr(kDivisionDigits + kYearDigits, kSerialDigits));
    if (parts.serial == 0) return Errc::wrong_form;
    return parts;
}

Result<CaseNumber> format_case_number(const CaseNumberParts& parts) {
    const Result<void> division = check_division(parts.series.division);
    if (!division) return division.error();
    const int year = parts.series.year;
    if (year < 0 || year > kLastYear) return Errc::wrong_form;
    if (parts.serial == 0 || parts.serial > kMaxCaseSerial) return Errc::wrong_form;
    std::string text = parts.series.division;
    append_number(text, year, kYearDigits);
    append_number(text, static_cast<int>(parts.serial), kSerialDigits);
    return CaseNumber(std::move(text));
}

Result<CaseNumber> next_case_number(const CaseSeries& series,
                                    const std::optional<CaseNumber>& last) {
    CaseNumberParts next{series, 1};
    if (last) {
        const Result<CaseNumberParts> given = parse_case_number(last->value());
        if (!given) return given.error();
        if (given->series != series) return Errc::bad_value;
        if (given->serial == kMaxCaseSerial) return Errc::case_numbers_exhausted;
        next.serial = given->serial + 1;
    }
    return format_case_number(next);
}

}  // namespace tongbao
