#pragma once

#include "domain/case_file.hpp"
#include "domain/money.hpp"
#include "domain/result.hpp"

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tongbao {

/// Fen by kind of money; a kind that nothing counts of is absent.
using MoneyTotals = std::map<std::string, Fen, std::less<>>;

/// Which entries are added: those that count and fit everything that is given. Time, unit and
/// division each split the entries without overlap, so the totals of the parts add up to the whole.
struct MoneyQuestion {
    /// From this moment on, by the time of the entry that said it.
    std::optional<UtcTime> from;
    /// Before this moment.
    std::optional<UtcTime> until;
    /// Said by this unit.
    std::optional<UnitId> sender;
    /// Of cases with a number of this division.
    std::optional<std::string> division;
};

/// The totals of one case: the sum over its entries that count.
///
/// Errors: Errc::too_large if a sum does not fit 64 bits.
///
/// Source: lifecycle-ledger, "Money is never counted twice".
[[nodiscard]] Result<MoneyTotals> totals_of(const CaseFile& file);

/// The totals of several cases, as far as `question` asks: the sum over the same entries.
///
/// Errors: as above.
///
/// Source: lifecycle-ledger, "The quarter's totals are sums over the ledger", question 5.
[[nodiscard]] Result<MoneyTotals> totals_of(std::span<const CaseFile> files,
                                            const MoneyQuestion& question);

/// What `totals` say of `kind`: 0 if nothing.
[[nodiscard]] Fen total_of(const MoneyTotals& totals, std::string_view kind) noexcept;

/// What is still to be paid of what was ordered.
struct OpenMoney {
    bool to_return{false};  ///< return_ordered > recovered
    bool fines{false};      ///< fine_imposed > fine_paid

    [[nodiscard]] bool any() const noexcept { return to_return || fines; }
};

[[nodiscard]] OpenMoney open_money(const MoneyTotals& totals) noexcept;

/// Whether more was recovered than was ordered to be returned: a warning, no error, since the order
/// may stand in a notice that is still to come.
[[nodiscard]] bool recovered_too_much(const MoneyTotals& totals) noexcept;

}  // namespace tongbao
