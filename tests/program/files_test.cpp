#include "program/files.hpp"

#include "tests/storage/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace tongbao::program {
namespace {

namespace fs = std::filesystem;
using storage::TemporaryFolder;

unsigned mode_of(const fs::path& path) {
    return static_cast<unsigned>(fs::status(path).permissions());
}

/// Everything in the folder, temporary names too.
std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& item : fs::directory_iterator(folder)) {
        names.push_back(item.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

TEST_SUITE("files") {
    TEST_CASE("a file is read up to its bound") {
        const TemporaryFolder folder;
        const fs::path path = folder.path() / "file";
        REQUIRE(write_file(path,
                           std::string("12\0"
                                       "45",
                                       5),
                           0644)
                    .has_value());
        CHECK(*read_file(path, 5) == std::string("12\0"
                                                 "45",
                                                 5));
        CHECK(read_file(path, 4).error() == Errc::too_large);
        CHECK(read_file(folder.path() / "none", 5).error() == Errc::not_found);
        CHECK(read_file(folder.path(), 5).error() == Errc::storage_failure);
    }

    TEST_CASE("the files of a folder are read in the order of their names") {
        const TemporaryFolder folder;
        for (const char* const name : {"b.json", "a.json", "c.txt", "json"}) {
            REQUIRE(write_file(folder.path() / name, name, 0600));
        }
        fs::create_directory(folder.path() / "d.json");
        REQUIRE(write_file(folder.path() / "d.json/e.json", "inner", 0600));
        const auto files = read_folder(folder.path(), ".json", 2, 6);
        REQUIRE(files.has_value());
        REQUIRE(files->size() == 2);
        CHECK((*files)[0].name == "a.json");
        CHECK((*files)[0].contents == "a.json");
        CHECK((*files)[1].name == "b.json");
        CHECK(read_folder(folder.path(), ".pem", 2, 6)->empty());
    }

    TEST_CASE("a folder that is not there or holds too much is refused by name") {
        const TemporaryFolder folder;
        const fs::path file = folder.path() / "a.json";
        REQUIRE(write_file(file, "123", 0600));
        REQUIRE(write_file(folder.path() / "b.json", "1", 0600));
        const auto absent = read_folder(folder.path() / "absent", ".json", 9, 9);
        REQUIRE(absent.has_error());
        CHECK(absent.error().code == Errc::not_found);
        CHECK(absent.error().place == (folder.path() / "absent").string());
        const auto many = read_folder(folder.path(), ".json", 1, 9);
        REQUIRE(many.has_error());
        CHECK(many.error().code == Errc::too_large);
        CHECK(many.error().place == folder.path().string());
        const auto large = read_folder(folder.path(), ".json", 9, 2);
        REQUIRE(large.has_error());
        CHECK(large.error().code == Errc::too_large);
        CHECK(large.error().place == file.string());
        CHECK(read_folder(file, ".json", 9, 9).error().code == Errc::storage_failure);
    }

    TEST_CASE("a secret is its owner's alone") {
        const TemporaryFolder folder;
        const fs::path path = folder.path() / "key";
        for (const unsigned mode : {0600u, 0400u, 0700u}) {
            REQUIRE(write_file(path, "secret", mode).has_value());
            CHECK(*read_secret_file(path, 100) == "secret");
        }
        for (const unsigned mode : {0640u, 0620u, 0610u, 0604u, 0602u, 0601u, 0666u}) {
            CAPTURE(mode);
            REQUIRE(write_file(path, "secret", mode).has_value());
            CHECK(read_secret_file(path, 100).error() == Errc::not_permitted);
        }
        CHECK(read_secret_file(folder.path() / "none", 100).error() == Errc::not_found);
    }

    TEST_CASE("a written file has the mode asked for and takes the place of the one before") {
        const TemporaryFolder folder;
        const fs::path path = folder.path() / "file";
        REQUIRE(write_file(path, "first", 0600).has_value());
        CHECK(mode_of(path) == 0600u);
        REQUIRE(write_file(path, "second", 0644).has_value());
        CHECK(mode_of(path) == 0644u);
        CHECK(*read_file(path, 100) == "second");
        CHECK(names_in(folder.path()) == std::vector<std::string>{"file"});
    }

    TEST_CASE("create never writes over what is there") {
        const TemporaryFolder folder;
        const fs::path path = folder.path() / "key";
        REQUIRE(create_file(path, "first", 0600).has_value());
        CHECK(mode_of(path) == 0600u);
        CHECK(create_file(path, "second", 0644).error() == Errc::already_exists);
        CHECK(*read_file(path, 100) == "first");
        CHECK(mode_of(path) == 0600u);
        // Nor through a link that points nowhere.
        fs::create_symlink(folder.path() / "elsewhere", folder.path() / "link");
        CHECK(create_file(folder.path() / "link", "x", 0600).error() == Errc::already_exists);
        CHECK(names_in(folder.path()) == std::vector<std::string>{"key", "link"});
    }

    TEST_CASE("a file that can't be written leaves nothing behind") {
        const TemporaryFolder folder;
        CHECK(write_file(folder.path() / "none" / "file", "x", 0600).error() ==
              Errc::storage_failure);
        CHECK(create_file(folder.path() / "none" / "file", "x", 0600).error() ==
              Errc::storage_failure);
        fs::create_directory(folder.path() / "folder");
        CHECK(write_file(folder.path() / "folder", "x", 0600).error() == Errc::storage_failure);
        CHECK(names_in(folder.path()) == std::vector<std::string>{"folder"});
    }
}

}  // namespace
}  // namespace tongbao::program
