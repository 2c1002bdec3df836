#include "client/sandbox/shipped_files.hpp"

#include "tests/support/command.hpp"

#include <doctest/doctest.h>

using namespace tongbao;
using namespace tongbao::client;
using tongbao::testing::TestDirectory;

TEST_SUITE("shipped files") {
    TEST_CASE("a charter is found by its name or as a file") {
        const TestDirectory folder("shipped-charter");
        folder.write("third.json", "{}");
        folder.write("other.txt", "{}");
        const ShippedFiles shipped(folder.path(), {folder.path() / "nothing", folder.path()});
        CHECK(*shipped.charter("third") == folder.path() / "third.json");
        const std::string file = (folder.path() / "other.txt").string();
        CHECK(*shipped.charter(file) == file);
    }

    TEST_CASE("an unknown charter is refused with the names of those there are") {
        const TestDirectory folder("shipped-unknown");
        folder.write("b-2.json", "{}");
        folder.write("a.json", "{}");
        folder.write("x.schema.json", "{}");
        const Checked<std::filesystem::path> found =
            ShippedFiles(folder.path(), {folder.path()}).charter("c");
        REQUIRE(found.has_error());
        CHECK(found.error().code == Errc::not_found);
        CHECK(found.error().explanation.find("charters: a, b-2") != std::string::npos);
        CHECK(found.error().explanation.find("schema") == std::string::npos);
    }

    TEST_CASE("a program that does not lie there is refused by its path") {
        const TestDirectory folder("shipped-program");
        const Checked<std::filesystem::path> found =
            ShippedFiles(folder.path(), {}).program("tongbao-hub");
        REQUIRE(found.has_error());
        CHECK(found.error().place == (folder.path() / "tongbao-hub").string());
    }
}
