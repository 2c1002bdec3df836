#pragma once

#include "client/cli/failure.hpp"
#include "client/cli/json_view.hpp"
#include "domain/charter.hpp"
#include "domain/masking.hpp"
#include "domain/notice.hpp"

#include <iosfwd>
#include <string>
#include <string_view>

namespace tongbao::client {

/// Whether a value was masked when a notice was printed.
enum class MaskingDone { nothing, some };

/// Prints a notice for a person: its header, its fields with the titles that `charter` gives them,
/// tables, attachments. Values are made printable, so that no notice can steer a terminal; masked
/// fields are shown by mask_value.
MaskingDone print_notice(std::ostream& out, const Notice& notice, const Charter& charter,
                         Masking masking);

/// Prints where the daemon has the notice and what happened to it: the other members of
/// GET /v1/notices/{id}. Limits that it was sent late for bear the titles of `charter`.
void print_notice_place(std::ostream& out, const JsonView& answer, const Charter& charter);
void print_notice_acts(std::ostream& out, const JsonView& answer);

}  // namespace tongbao::client
