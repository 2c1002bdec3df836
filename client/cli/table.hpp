#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// A table for a terminal: columns under headings, two spaces apart, aligned by display width, so
/// that Chinese and Latin text stand in line. Cells may hold anything: they are made printable, in
/// one line.
class TextTable {
public:
    explicit TextTable(std::vector<std::string> headings);

    /// A row with as many cells as there are headings; missing ones are empty.
    void add(std::vector<std::string> cells);

    [[nodiscard]] bool empty() const { return rows_.size() < 2; }

    /// Prints headings and rows, `indent` before each line and nothing after the last cell that is
    /// not empty.
    void print(std::ostream& out, std::string_view indent = "") const;

private:
    std::vector<std::vector<std::string>> rows_;  ///< the headings first
    std::vector<std::size_t> widths_;
};

}  // namespace tongbao::client
