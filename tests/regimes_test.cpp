#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

// docs/REGIMES.md against the charters and the tests that it names.

namespace {

using Json = nlohmann::json;

constexpr std::size_t kColumns = 7;

std::string text_of(const std::string& name) {
    std::ifstream file(tongbao::testing::source_dir() + '/' + name);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The parts of `text` between `mark`s, without the spaces around them.
std::vector<std::string> parts_of(const std::string& text, char mark) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, mark);) {
        const std::size_t begin = part.find_first_not_of(' ');
        const std::size_t end = part.find_last_not_of(' ');
        parts.push_back(begin == std::string::npos ? "" : part.substr(begin, end - begin + 1));
    }
    return parts;
}

/// A row of the page's tables: its cells.
using Row = std::vector<std::string>;

std::vector<Row> rows_of(const std::string& page) {
    std::vector<Row> rows;
    std::istringstream lines(page);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("| ")) continue;
        Row cells = parts_of(line, '|');
        cells.erase(cells.begin());
        rows.push_back(std::move(cells));
    }
    return rows;
}

/// The flow of each kind.
std::map<std::string, std::string> flows_of(const std::string& charter) {
    std::map<std::string, std::string> flows;
    const Json json = Json::parse(text_of("domain/charters/" + charter + ".json"));
    for (const Json& kind : json.at("kinds")) flows[kind.at("id")] = kind.at("flow");
    return flows;
}

struct Page {
    std::map<std::string, std::string> guangdong = flows_of("guangdong-2020");
    std::map<std::string, std::string> jilin = flows_of("jilin");
    /// By the kind.
    std::map<std::string, Row> kinds;
    /// By the short name.
    std::map<std::string, std::string> tests;

    Page() {
        for (Row& row : rows_of(text_of("docs/REGIMES.md"))) {
            if (row.size() == kColumns && row[1].starts_with('`')) {
                const std::string kind = row[1].substr(1, row[1].size() - 2);
                CHECK_MESSAGE(kinds.emplace(kind, std::move(row)).second, kind);
            } else if (row.size() == 2 && row[1].starts_with('`')) {
                CHECK_MESSAGE(tests.emplace(row[0], row[1]).second, row[0]);
            }
        }
    }
};

/// The tests that a cell names, and what it says is not yet there.
std::vector<std::string> named_in(const std::string& proof) {
    std::vector<std::string> names;
    for (const std::string& part : parts_of(proof, ';')) {
        if (part.starts_with("not yet") || names.size() > 0) continue;
        names = parts_of(part, ',');
    }
    return names;
}

}  // namespace

TEST_SUITE("the flows of both regimes") {
    TEST_CASE_FIXTURE(Page, "every kind of both charters has its row and no other kind has one") {
        std::set<std::string> all;
        for (const auto& charter : {guangdong, jilin}) {
            for (const auto& [kind, flow] : charter) {
                CAPTURE(kind);
                all.insert(kind);
                REQUIRE(kinds.contains(kind));
                CHECK(kinds.at(kind)[0] == flow);
            }
        }
        CHECK(kinds.size() == all.size());
        for (const auto& [kind, row] : kinds) {
            CAPTURE(kind);
            CHECK((row[3] == "x") == guangdong.contains(kind));
            CHECK((row[4] == "x") == jilin.contains(kind));
        }
    }

    TEST_CASE_FIXTURE(Page,
                      "every row names the tests that prove it or says what is not yet there") {
        std::set<std::string> used;
        for (const auto& [kind, row] : kinds) {
            CAPTURE(kind);
            const std::string& proof = row[6];
            const std::vector<std::string> names = named_in(proof);
            CHECK((!names.empty() || proof.starts_with("not yet: ")));
            for (const std::string& name : names) {
                CAPTURE(name);
                CHECK(tests.contains(name));
                used.insert(name);
            }
        }
        CHECK(used.size() == tests.size());
    }

    TEST_CASE_FIXTURE(Page, "every test that the page names exists") {
        REQUIRE(!tests.empty());
        for (const auto& [name, test] : tests) {
            CAPTURE(name);
            const std::size_t end = test.find("`: ");
            REQUIRE(end != std::string::npos);
            const std::string file = text_of(test.substr(1, end - 1));
            const std::string quoted = '"' + test.substr(end + 3) + '"';
            CHECK(file.find(quoted) != std::string::npos);
        }
    }
}
