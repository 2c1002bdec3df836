#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tongbao {

// Numbers of cases, `<division><yyyy><5 digits>`. The form alone is check_case_number's
// (domain/identifiers.hpp).

/// The last number that one division can issue in one year; the first is 1.
inline constexpr std::uint32_t kMaxCaseSerial = 99'999;

/// The cases of one division in one year, which are numbered one by one.
struct CaseSeries {
    /// Six digits, such as a charter's division.
    std::string division;
    /// 0 to 9999: the year of the charter's time zone in which the case is opened.
    int year{0};

    friend auto operator<=>(const CaseSeries&, const CaseSeries&) = default;
};

/// What a case number says.
struct CaseNumberParts {
    CaseSeries series;
    /// 1 to kMaxCaseSerial.
    std::uint32_t serial{0};

    friend auto operator<=>(const CaseNumberParts&, const CaseNumberParts&) = default;
};

/// Reads a case number.
///
/// Errors: those of check_case_number; Errc::wrong_form for the serial 00000, which is never given.
[[nodiscard]] Result<CaseNumberParts> parse_case_number(std::string_view text);

/// The number as it is written.
///
/// Errors: those of check_division; Errc::wrong_form for a year or serial outside its bounds.
[[nodiscard]] Result<CaseNumber> format_case_number(const CaseNumberParts& parts);

/// The number of the next case of `series`: one after `last`, the last one given in that series, or
/// the first if none was. So who keeps `last` for each series, and changes it in the same write as
/// the entry that opens the case, leaves no gap. Pure, so threads may share what it takes.
///
/// Errors: Errc::case_numbers_exhausted after kMaxCaseSerial; Errc::bad_value if `last` is of
/// another series; those of parse_case_number and format_case_number.
///
/// Source: lifecycle-ledger, "Case number".
[[nodiscard]] Result<CaseNumber> next_case_number(const CaseSeries& series,
                                                  const std::optional<CaseNumber>& last);

}  // namespace tongbao
