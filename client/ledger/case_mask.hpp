#pragma once

#include "domain/case_file.hpp"
#include "domain/charter.hpp"
#include "domain/masking.hpp"
#include "domain/notice.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tongbao::client {

/// Shows what the ledger says as the charter wants it shown: a value that came from a field or
/// column that is to be masked as mask_value gives it. What the charter does not know (a kind of an
/// earlier version) is masked too, where it is a text in a table.
class CaseMask {
public:
    /// `charter` outlives the object.
    CaseMask(const Charter& charter, Masking masking) : charter_(charter), masking_(masking) {}

    /// A fact of the case.
    [[nodiscard]] FieldValue fact(const CaseFact& fact);
    /// A part of a decision, by its name in the charters' effects: `measures`.
    [[nodiscard]] std::string decision(const KindId& kind, std::string_view part,
                                       const std::string& text);
    /// The value of the kind's own field of that name.
    [[nodiscard]] std::string field(const KindId& kind, std::string_view name,
                                    const std::string& text);
    /// What tells a subject apart, as columns_of gives it: a digest is cut.
    [[nodiscard]] std::string subject(const std::string& identifier);

    /// Whether something was masked.
    [[nodiscard]] bool masked() const noexcept { return masked_; }

private:
    [[nodiscard]] std::string text(bool hidden, const std::string& text);
    [[nodiscard]] Table table(const Table& rows, const TableType* type);

    const Charter& charter_;
    const Masking masking_;
    bool masked_{false};
};

}  // namespace tongbao::client
