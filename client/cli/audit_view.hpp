#pragma once

#include "client/auditor/audit_report.hpp"
#include "domain/checkpoint.hpp"
#include "domain/log_entry.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace tongbao::client {

/// The report for a person, in lines. What the log or the hub says in it is printable: no entry can
/// move the cursor, hide a finding or begin a line of its own.
[[nodiscard]] std::string format_report(const AuditReport& report);

/// An entry as it is listed.
struct ListedEntry {
    LogIndex index;
    LogEntry entry;
};

/// What an entry of the register is about: a key's SPIFFE URI, the charter's id; else empty.
[[nodiscard]] std::string register_subject(const RegisterEvent& entry);

/// A table: index, time, event, unit, kind, reasons, the entries that it speaks of.
void print_entries(std::ostream& out, const std::vector<ListedEntry>& entries);

/// `{"size":n,"entries":[{"index","time","event","unit"?,"kind"?,"reasons"?,"about"?}…]}`, `size`
/// being that of `head`.
[[nodiscard]] std::string entries_json(const std::vector<ListedEntry>& entries,
                                       const Checkpoint& head);

}  // namespace tongbao::client
