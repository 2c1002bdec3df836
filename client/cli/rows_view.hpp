#pragma once

#include "client/cli/field_view.hpp"
#include "domain/charter_field.hpp"
#include "domain/notice.hpp"

#include <iosfwd>
#include <string_view>

namespace tongbao::client {

/// Prints the rows of a notice's table under the titles that `type` gives its columns, and under
/// their names, `indent` before each line. `type` may be nullptr, for a table that the charter does
/// not know.
void print_rows(std::ostream& out, const Table& rows, const TableType* type, FieldView& view,
                std::string_view indent);

}  // namespace tongbao::client
