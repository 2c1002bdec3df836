#include "domain/errc.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>

using namespace tongbao;

namespace {

std::string document(const std::string& name) {
    std::ifstream file(std::string(TONGBAO_SOURCE_DIR) + '/' + name);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
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

    TEST_CASE("the README names the two commands") {
        const std::string readme = document("README.md");
        CHECK(readme.find("./dev demo") != std::string::npos);
        CHECK(readme.find("./dev test") != std::string::npos);
    }
}
