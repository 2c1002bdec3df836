#pragma once

#include "domain/result.hpp"

#include <cstddef>
#include <string_view>

namespace tongbao {

// Identifiers that others assign. These functions judge the form and the check digit; that an
// identifier was ever assigned, they can't know. None of them changes what it reads: a lower-case
// letter or a look-alike bracket is refused, never put right.

/// The digits of a division code.
inline constexpr std::size_t kDivisionDigits = 6;

/// A division code: six digits of which the first two are those of a province, an autonomous
/// region, a municipality or a special administrative region. The other four are not looked up,
/// since codes are assigned and abolished all the time.
///
/// Errors: Errc::wrong_length, wrong_character, no_such_division.
/// Source: GB/T 2260, the two digits of the first level.
[[nodiscard]] Result<void> check_division(std::string_view text);

/// A unified social credit code: 18 characters of 0-9 and A-Z without I, O, S, V, Z; the third to
/// eighth are digits, a division or 100000 for what is registered with the state itself; the last
/// one is the check character. The check character inside, at place 17, is not tested: the outer
/// one covers it.
///
/// Errors: Errc::wrong_length, wrong_character, no_such_division, wrong_check_digit.
/// Source: GB 32100-2015.
[[nodiscard]] Result<void> check_uscc(std::string_view text);

/// A citizen identity number: six digits of a division, eight of a date that exists, three of a
/// sequence, and a check character, `X` in upper case. No clock is asked: a date to come passes.
///
/// Errors: Errc::wrong_length, wrong_character, no_such_division, no_such_date, wrong_check_digit.
/// Source: GB 11643-1999; ISO 7064 MOD 11-2.
[[nodiscard]] Result<void> check_citizen_id(std::string_view text);

/// A code of the medical insurance: hospital `H` or pharmacy `P`, a division and five digits (12
/// characters); physician `D` or nurse `N`, a division and six (13); pharmacist `HY` or technician
/// `HJ`, a division and six (14).
///
/// Errors: Errc::wrong_character for another beginning or a character that is no digit,
/// wrong_length, no_such_division.
[[nodiscard]] Result<void> check_medical_code(std::string_view text);

/// A document number such as `测医保发〔2020〕26号`: the agency's mark (1 to 30 characters: Chinese
/// characters, ASCII letters and digits, full-width parentheses), a year of four digits in U+3014
/// and U+3015, a number of at most six digits without leading zeros and without 第, and 号.
///
/// Errors: Errc::wrong_character for a look-alike of the brackets and any other character that may
/// not stand in the mark; Errc::wrong_length for a mark or number that is too long;
/// Errc::wrong_form otherwise. Source: GB/T 9704-2012, the number of a document.
[[nodiscard]] Result<void> check_document_number(std::string_view text);

/// A case number: a division, a year of four digits, five digits.
///
/// Errors: Errc::wrong_length, wrong_character, no_such_division.
[[nodiscard]] Result<void> check_case_number(std::string_view text);

/// A reporting period: a year, a half, a quarter or a month: `2024`, `2024-H1`, `2024-Q3`,
/// `2024-07`.
///
/// Errors: Errc::wrong_form.
[[nodiscard]] Result<void> check_period(std::string_view text);

}  // namespace tongbao
