#include "domain/errc.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace tongbao;

namespace {

std::string document(const std::string& name) {
    std::ifstream file(testing::source_dir() + '/' + name);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The cells of a line of a table, without the spaces around them.
std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    for (std::size_t at = 1, end = 0; (end = line.find(" |", at)) != std::string::npos;
         at = end + 2) {
        cells.push_back(line.substr(at + 1, end - at - 1));
    }
    return cells;
}

/// What stands between backquotes in `text`.
std::vector<std::string> quoted(const std::string& text) {
    std::vector<std::string> found;
    for (std::size_t at = text.find('`'); at != std::string::npos; at = text.find('`', at + 1)) {
        const std::size_t end = text.find('`', at + 1);
        if (end == std::string::npos) break;
        found.push_back(text.substr(at + 1, end - at - 1));
        at = end;
    }
    return found;
}

}  // namespace

TEST_SUITE("documentation") {
    TEST_CASE("every stable code stands in its table with its sentence") {
        const std::string table = document("docs/PROBLEM_CODES.md");
        for (const Errc errc : all_errcs()) {
            const std::string row =
                "| `" + std::string(code(errc)) + "` | " + std::string(sentence(errc)) + " |";
            INFO(row);
            CHECK(table.find(row) != std::string::npos);
            CHECK(errc_from_code(code(errc)) == errc);
        }
    }

    TEST_CASE("the table of stable codes has no code that the program does not have") {
        std::istringstream table(document("docs/PROBLEM_CODES.md"));
        std::size_t rows = 0;
        for (std::string line; std::getline(table, line);) {
            if (!line.starts_with("| `")) continue;
            const std::string name = line.substr(3, line.find('`', 3) - 3);
            INFO(name);
            CHECK(errc_from_code(name).has_value());
            ++rows;
        }
        CHECK(rows == all_errcs().size());
    }

    TEST_CASE("the README names the two commands") {
        const std::string readme = document("README.md");
        CHECK(readme.find("./dev demo") != std::string::npos);
        CHECK(readme.find("./dev test") != std::string::npos);
    }

    TEST_CASE("every promise rests on files that exist and on a test of that name") {
        // | promise | `files` that it rests on | `file` of the test: its name | trials |
        std::istringstream table(document("docs/PROMISES.md"));
        std::set<std::string> promises;
        for (std::string line; std::getline(table, line);) {
            const std::vector<std::string> cells = cells_of(line);
            if (cells.size() != 4 || quoted(cells[1]).empty()) continue;
            INFO(line);
            CHECK(promises.insert(cells[0]).second);
            for (const std::string& file : quoted(cells[1])) {
                CAPTURE(file);
                CHECK_FALSE(document(file).empty());
            }
            const std::size_t colon = cells[2].find("`: ");
            REQUIRE(cells[2].starts_with('`'));
            REQUIRE(colon != std::string::npos);
            const std::string test = document(cells[2].substr(1, colon - 1));
            CHECK(test.find('"' + cells[2].substr(colon + 3) + '"') != std::string::npos);
            CHECK_FALSE(cells[3].empty());
        }
        CHECK(promises.size() >= 20);
    }
}
