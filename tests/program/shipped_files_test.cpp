#include "program/shipped_files.hpp"

#include "tests/support/command.hpp"

#include <doctest/doctest.h>

using namespace tongbao;
using namespace tongbao::program;
using tongbao::testing::TestDirectory;

namespace {

/// A folder of data with the folders for charters and calendars, and files beside them.
struct DataFolder : TestDirectory {
    explicit DataFolder(std::string_view name) : TestDirectory(name) {
        for (const char* const folder : {"charters", "calendars/third"}) {
            std::filesystem::create_directories(path() / folder);
        }
    }
    [[nodiscard]] ShippedFiles shipped() const {
        return ShippedFiles(path(), {path() / "nothing", path()});
    }
};

}  // namespace

TEST_SUITE("shipped files") {
    TEST_CASE("a charter is found by its name or as a file") {
        const DataFolder folder("shipped-charter");
        folder.write("charters/third.json", "{}");
        folder.write("other.txt", "{}");
        CHECK(*folder.shipped().charter("third") == folder.path() / "charters/third.json");
        const std::string file = (folder.path() / "other.txt").string();
        CHECK(*folder.shipped().charter(file) == file);
    }

    TEST_CASE("an unknown charter is refused with the names of those there are") {
        const DataFolder folder("shipped-unknown");
        folder.write("charters/b-2.json", "{}");
        folder.write("charters/a.json", "{}");
        folder.write("charters/x.schema.json", "{}");
        const Checked<std::filesystem::path> found = folder.shipped().charter("c");
        REQUIRE(found.has_error());
        CHECK(found.error().code == Errc::not_found);
        CHECK(found.error().explanation.find("charters: a, b-2") != std::string::npos);
        CHECK(found.error().explanation.find("schema") == std::string::npos);
    }

    TEST_CASE("a calendar is found by its name or as a folder") {
        const DataFolder folder("shipped-calendar");
        CHECK(*folder.shipped().calendar("third") == folder.path() / "calendars/third");
        const std::string other = (folder.path() / "charters").string();
        CHECK(*folder.shipped().calendar(other) == other);
    }

    TEST_CASE("an unknown calendar is refused with the names of those there are") {
        const DataFolder folder("shipped-no-calendar");
        folder.write("calendars/README.md", "not a calendar");
        std::filesystem::create_directories(folder.path() / "calendars/b-2");
        for (const char* const name : {"c", "", "../calendars/c", "README.md"}) {
            CAPTURE(name);
            const Checked<std::filesystem::path> found = folder.shipped().calendar(name);
            REQUIRE(found.has_error());
            CHECK(found.error().code == Errc::not_found);
            CHECK(found.error().explanation.ends_with("calendars: b-2, third"));
        }
    }

    TEST_CASE("a program that does not lie there is refused by its path") {
        const DataFolder folder("shipped-program");
        const Checked<std::filesystem::path> found = folder.shipped().program("tongbao-hub");
        REQUIRE(found.has_error());
        CHECK(found.error().place == (folder.path() / "tongbao-hub").string());
    }
}
