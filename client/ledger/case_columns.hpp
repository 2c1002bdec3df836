#pragma once

#include "domain/case_file.hpp"
#include "domain/charter.hpp"
#include "storage/ledger_rows.hpp"

#include <string_view>

namespace tongbao::client {

/// The field rule of `charter` that a fact of the ledger was written from: that of the field which
/// the effects of the notice's kind give to the attribute. nullptr where the charter does not know
/// the kind, or its effects do not name the attribute.
[[nodiscard]] const FieldRule* rule_of_fact(const Charter& charter, const KindId& kind,
                                            std::string_view attribute);

/// What questions ask of the case that `history`, which is not empty, tells of.
///
/// Subjects are told apart by the codes in the columns of their tables: unified social credit codes
/// and medical insurance codes as they stand, numbers of identity documents as their SHA-256, each
/// behind the word of its type. Of a table that travelled as an attachment nothing is known.
///
/// Pure; n log n in the facts.
[[nodiscard]] storage::CaseColumns columns_of(const Charter& charter, const CaseHistory& history);

}  // namespace tongbao::client
