#include "domain/case_money.hpp"

#include "domain/identifiers.hpp"

#include <algorithm>

namespace tongbao {
namespace {

// The kinds of money that the rules of the ledger themselves name.
constexpr std::string_view kReturnOrdered = "return_ordered";
constexpr std::string_view kRecovered = "recovered";
constexpr std::string_view kFineImposed = "fine_imposed";
constexpr std::string_view kFinePaid = "fine_paid";

bool fits(const MoneyEntry& entry, const MoneyQuestion& question) {
    if (!entry.counts) return false;
    if (question.from && entry.source.at < *question.from) return false;
    if (question.until && entry.source.at >= *question.until) return false;
    return !question.sender || entry.source.sender == *question.sender;
}

bool fits(const CaseFile& file, const MoneyQuestion& question) {
    return !question.division ||
           file.number.value().substr(0, kDivisionDigits) == *question.division;
}

}  // namespace

Result<MoneyTotals> totals_of(const CaseFile& file) {
    return totals_of({&file, 1}, {});
}

Result<MoneyTotals> totals_of(std::span<const CaseFile> files, const MoneyQuestion& question) {
    MoneyTotals totals;
    for (const CaseFile& file : files) {
        if (!fits(file, question)) continue;
        for (const MoneyEntry& entry : file.money) {
            if (!fits(entry, question)) continue;
            Fen& total = totals[entry.said.kind];
            const Result<Fen> sum = add(total, entry.said.fen);
            if (!sum) return sum.error();
            total = *sum;
        }
    }
    return totals;
}

Fen total_of(const MoneyTotals& totals, std::string_view kind) noexcept {
    const auto found = totals.find(kind);
    return found == totals.end() ? Fen() : found->second;
}

OpenMoney open_money(const MoneyTotals& totals) noexcept {
    return {total_of(totals, kReturnOrdered) > total_of(totals, kRecovered),
            total_of(totals, kFineImposed) > total_of(totals, kFinePaid)};
}

bool recovered_too_much(const MoneyTotals& totals) noexcept {
    return total_of(totals, kRecovered) > total_of(totals, kReturnOrdered);
}

}  // namespace tongbao
