#pragma once

#include "client/auditor/entry_search.hpp"
#include "domain/checkpoint.hpp"

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tongbao::client {

/// What entries can be counted by: `event`, `unit`, `kind`, `case`, `reason`.
[[nodiscard]] bool is_count_column(std::string_view name);

/// How many entries have which values in some of those columns. One refused for several reasons
/// counts once for each.
class EntryCounts {
public:
    /// `columns`: names of which is_count_column() holds.
    explicit EntryCounts(std::vector<std::string> columns);

    void add(const FoundEntry& found);

    /// The columns, then `entries`; the most first.
    void print(std::ostream& out) const;
    void print_as_csv(std::ostream& out) const;
    /// `{"size", "counts": [{<column>: text, …, "entries"}, …]}`, `size` being that of `head`.
    [[nodiscard]] std::string json(const Checkpoint& head) const;

private:
    /// Values in the columns' order, and how many entries have them.
    using Row = std::pair<std::vector<std::string>, std::uint64_t>;
    [[nodiscard]] std::vector<Row> rows() const;
    [[nodiscard]] std::vector<std::vector<std::string>> lines() const;

    std::vector<std::string> columns_;
    std::map<std::vector<std::string>, std::uint64_t> counts_;
};

/// A table: index, time, event, unit, to, kind, case, notices that it speaks of, and what else it
/// says: reasons, limits of its sending that it was late for, the deed of a step, the key.
void print_found(std::ostream& out, const std::vector<FoundEntry>& found);
/// The same as CSV.
void print_found_csv(std::ostream& out, const std::vector<FoundEntry>& found);

/// `{"size", "count", "entries": [{"index", "time", "event", "unit"?, "to"?, "cc"?, "kind"?,
/// "case"?, "notices"?, "reasons"?, "late"?, "deed"?, "due"?, "subject"?}, …]}`: `size` is that of
/// `head`, `count` how many fit.
[[nodiscard]] std::string found_json(const std::vector<FoundEntry>& found, std::uint64_t count,
                                     const Checkpoint& head);

}  // namespace tongbao::client
