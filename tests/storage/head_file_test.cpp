#include "storage/head_file.hpp"

#include "tests/storage/raw_database.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::storage;

namespace {

using Texts = std::vector<std::string>;

struct HeadFolder {
    TemporaryFolder folder;
    std::filesystem::path path = folder.path() / "head";

    [[nodiscard]] std::unique_ptr<HeadFile> open() const {
        Result<std::unique_ptr<HeadFile>> file = HeadFile::open(path);
        REQUIRE(file.has_value());
        return std::move(*file);
    }

    void write_all(const Texts& texts) const {
        const auto file = open();
        for (const std::string& text : texts) REQUIRE(file->write(text).has_value());
        REQUIRE(file->sync().has_value());
    }
};

}  // namespace

TEST_SUITE("head file") {
    // Where docs/STORAGE_FORMAT.md puts the slots: the first write goes into the second one.
    constexpr std::uintmax_t kSlotBytes = 4096;
    constexpr std::uintmax_t kTextOffset = 25;

    TEST_CASE_FIXTURE(HeadFolder, "a new file is empty and its owner's alone") {
        CHECK(open()->read().empty());
        struct stat status {};
        REQUIRE(::stat(path.c_str(), &status) == 0);
        CHECK((status.st_mode & 07777u) == 0600u);
    }

    TEST_CASE_FIXTURE(HeadFolder, "the last two heads are read and the newest first") {
        write_all({"one"});
        CHECK(open()->read() == Texts{"one"});
        write_all({"two"});
        CHECK(open()->read() == Texts{"two", "one"});
        write_all({"three", "four", "five"});
        const auto file = open();
        CHECK(file->read() == Texts{"five", "four"});
        REQUIRE(file->write("six").has_value());
        CHECK(file->read() == Texts{"six", "five"});
    }

    TEST_CASE_FIXTURE(HeadFolder, "a head of 4000 bytes fits and one more does not") {
        const std::string largest(4000, 'x');
        const auto file = open();
        REQUIRE(file->write(largest).has_value());
        CHECK(file->write(largest + "x").error() == Errc::too_large);
        CHECK(open()->read() == Texts{largest});
    }

    TEST_CASE_FIXTURE(HeadFolder, "a torn slot leaves the other one") {
        write_all({"one", "two"});  // "one" in the second slot, "two" in the first
        flip_byte(path, kTextOffset);
        CHECK(open()->read() == Texts{"one"});
        write_all({"three"});  // goes where the torn one was
        CHECK(open()->read() == Texts{"three", "one"});
    }

    TEST_CASE_FIXTURE(HeadFolder, "both slots torn leave nothing") {
        write_all({"one", "two"});
        flip_byte(path, kTextOffset);
        flip_byte(path, kSlotBytes + kTextOffset);
        CHECK(open()->read().empty());
        write_all({"three"});
        CHECK(open()->read() == Texts{"three"});
    }

    TEST_CASE_FIXTURE(HeadFolder, "a flipped byte anywhere in what a slot says takes it away") {
        write_all({"one", "two"});
        for (std::uintmax_t i = 0; i < kTextOffset + 3; ++i) {
            CAPTURE(i);
            flip_byte(path, i);
            CHECK(open()->read() == Texts{"one"});
            flip_byte(path, i);
            CHECK(open()->read() == Texts{"two", "one"});
        }
    }

    TEST_CASE_FIXTURE(HeadFolder, "a file cut anywhere gives whole slots only") {
        write_all({"one", "two"});
        std::filesystem::resize_file(path, kSlotBytes + kTextOffset);
        CHECK(open()->read() == Texts{"two"});
        std::filesystem::resize_file(path, kTextOffset);
        CHECK(open()->read().empty());
        std::filesystem::resize_file(path, 0);
        CHECK(open()->read().empty());
    }

    TEST_CASE("a file that can't be made is a failure of the storage") {
        CHECK(HeadFile::open("/proc/no such folder/head").error() == Errc::storage_failure);
    }
}
