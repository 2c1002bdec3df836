#pragma once

#include "domain/notice.hpp"
#include "domain/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tongbao {

/// What a field of a notice or a column of a table may hold.
enum class FieldType : std::uint8_t {
    text,
    date,
    datetime,
    boolean,
    count,
    fen,
    enumeration,
    table,
    period,
    post,
    unit,
    person_name,
    case_no,
    doc_no,
    uscc,
    cn_id,
    medins_code,
    division,
    notice_ref,
};

/// The word of a charter: the enumerator's own name, but `bool` for boolean and `enum` for
/// enumeration.
[[nodiscard]] std::string_view word(FieldType type) noexcept;

/// The type of that word; none if there is none.
[[nodiscard]] std::optional<FieldType> field_type_from_word(std::string_view text) noexcept;

/// All of them, in order.
[[nodiscard]] std::span<const FieldType> all_field_types() noexcept;

/// A value that somebody wrote as text, as a notice's JSON would hold it: `true` and `false` of a
/// bool, a whole number in its plain form of a count or of fen, everything else a text. So what
/// does not fit its type stays a text, which check_form then refuses.
[[nodiscard]] Scalar scalar_from_text(FieldType type, std::string_view text);

/// Whether `value` has the form of `type`, as far as no charter is needed: of an enumeration, a
/// post or a unit only that it is an identifier.
///
/// Errors: Errc::wrong_form for another JSON type, a number outside its bounds, no identifier, no
/// notice id, and always for a table, which is no scalar; Errc::wrong_length and wrong_character
/// for texts (see check_plain_text); Errc::bad_time for dates; those of domain/identifiers.hpp.
[[nodiscard]] Result<void> check_form(FieldType type, const Scalar& value);

/// Whether `value` may stand where a column's `checked_if` does not hold: a text of 1 to 64 code
/// points of one line.
///
/// Errors: Errc::wrong_form for another JSON type; those of check_plain_text.
[[nodiscard]] Result<void> check_unchecked_form(const Scalar& value);

enum class Newlines : std::uint8_t { allowed, refused };

/// Whether `text` is well-formed UTF-8 of 1 to `max_code_points` that shows as it reads: no control
/// characters (C0 but perhaps newline, DEL, C1), no second kinds of newline (U+2028, U+2029), and
/// none of the nine that turn the direction of what follows (U+202A to U+202E, U+2066 to U+2069),
/// with which a signed text could show in another order than it is stored.
///
/// Errors: Errc::not_utf8, wrong_length, wrong_character.
[[nodiscard]] Result<void> check_plain_text(std::string_view text, std::size_t max_code_points,
                                            Newlines newlines);

/// One sentence that says what the form is, with an example that can't belong to anyone.
[[nodiscard]] std::string explain_form(FieldType type);

}  // namespace tongbao
