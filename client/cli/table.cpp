#include "client/cli/table.hpp"

#include "client/cli/terminal_text.hpp"

#include <algorithm>
#include <ostream>

namespace tongbao::client {

TextTable::TextTable(std::vector<std::string> headings) : widths_(headings.size()) {
    add(std::move(headings));
}

void TextTable::add(std::vector<std::string> cells) {
    cells.resize(widths_.size());
    for (std::size_t at = 0; at < cells.size(); ++at) {
        cells[at] = printable(cells[at]);
        widths_[at] = std::max(widths_[at], display_width(cells[at]));
    }
    rows_.push_back(std::move(cells));
}

void TextTable::print(std::ostream& out, std::string_view indent) const {
    constexpr std::size_t kGap = 2;
    for (const std::vector<std::string>& row : rows_) {
        std::string line(indent);
        std::size_t owed = 0;
        for (std::size_t at = 0; at < row.size(); ++at) {
            if (!row[at].empty()) {
                line += std::string(owed, ' ') + row[at];
                owed = 0;
            }
            owed += widths_[at] - display_width(row[at]) + kGap;
        }
        out << line << '\n';
    }
}

}  // namespace tongbao::client
