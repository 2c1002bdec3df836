#pragma once

#include "storage/ledger_rows.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::storage {

// Rows of an invented ledger.

inline NoticeRef sample_ref(std::uint64_t index) {
    Digest::Array bytes{};
    bytes[0] = 0xD1;
    bytes[31] = static_cast<std::uint8_t>(index);
    return {Digest(bytes), LogIndex(index)};
}

inline UtcTime sample_moment(std::uint64_t minute) {
    return UtcTime(std::chrono::sys_days(std::chrono::year(2020) / 11 / 2)) +
           std::chrono::minutes(static_cast<long>(minute));
}

inline LedgerSource sample_source(std::uint64_t entry) {
    LedgerSource source;
    source.notice = source.cause = sample_ref(entry);
    source.kind = KindId("case_transfer");
    source.sender = UnitId("insurance");
    source.entry = LogIndex(entry);
    source.at = sample_moment(entry);
    return source;
}

inline LedgerRow sample_row(const std::string& number, std::uint64_t entry,
                            std::vector<LedgerChange> changes, Reasons refused = {}) {
    LedgerRow row;
    row.plan.case_number = CaseNumber(number);
    row.plan.charter = CharterId("sample");
    row.plan.source = sample_source(entry);
    row.plan.viewpoint = Viewpoint::unit;
    row.plan.changes = std::move(changes);
    row.refused = std::move(refused);
    return row;
}

}  // namespace tongbao::storage
