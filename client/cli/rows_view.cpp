#include "client/cli/rows_view.hpp"

#include "client/cli/table.hpp"

#include <ostream>
#include <set>
#include <vector>

namespace tongbao::client {
namespace {

/// The table's columns in the charter's order, then those that it does not know.
std::vector<std::string> columns_of(const Table& table, const TableType* type) {
    std::set<std::string> used;
    std::vector<std::string> order;
    for (const Row& row : table) {
        for (const auto& [name, value] : row.cells) {
            if (used.insert(name).second) order.push_back(name);
        }
    }
    if (type == nullptr) return order;
    std::vector<std::string> columns;
    for (const FieldRule& column : type->columns) {
        if (used.erase(column.name) != 0) columns.push_back(column.name);
    }
    for (const std::string& name : order) {
        if (used.count(name) != 0) columns.push_back(name);
    }
    return columns;
}

}  // namespace

void print_rows(std::ostream& out, const Table& rows, const TableType* type, FieldView& view,
                std::string_view indent) {
    const std::vector<std::string> columns = columns_of(rows, type);
    std::vector<std::string> headings;
    std::vector<const FieldRule*> rules;
    for (const std::string& name : columns) {
        const FieldRule* const rule = type == nullptr ? nullptr : find_field(type->columns, name);
        rules.push_back(rule);
        headings.push_back(rule == nullptr ? name : rule->title_zh);
    }
    TextTable table(headings);
    // The names stand below the titles: they are what a program, or a reader of English, goes by.
    table.add(columns);
    for (const Row& row : rows) {
        std::vector<std::string> cells;
        for (std::size_t at = 0; at < columns.size(); ++at) {
            const Scalar* const cell = row.find(columns[at]);
            cells.push_back(cell == nullptr ? "" : view.text(rules[at], *cell));
        }
        table.add(std::move(cells));
    }
    table.print(out, indent);
}

}  // namespace tongbao::client
