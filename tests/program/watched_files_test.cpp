#include "program/watched_files.hpp"

#include "program/files.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <ctime>
#include <filesystem>
#include <string>

namespace tongbao::program {
namespace {

namespace fs = std::filesystem;

struct Files {
    storage::TemporaryFolder folder;
    fs::path file = folder.path() / "trust.pem";

    Files() { write(file, "first"); }

    /// Writes a file that seems to have changed an hour ago and more: what a test does is too quick
    /// for the clock of files.
    void write(const fs::path& path, const std::string& text) {
        REQUIRE(program::write_file(path, text, 0600).has_value());
        fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(++hours_));
    }

    /// Looks until nothing is left to be looked at again for its freshness.
    static bool settled(WatchedFiles& files) {
        const bool first = files.look();
        while (files.look()) continue;
        return first;
    }

private:
    int hours_ = 0;
};

TEST_SUITE("watched files") {
    TEST_CASE_FIXTURE(Files, "a file is read again when it changed and only then") {
        WatchedFiles files({file});
        CHECK_FALSE(files.look());
        SUBCASE("replaced") {
            write(file, "other");
        }
        SUBCASE("longer") {
            write(file, "longer than first");
        }
        SUBCASE("removed") {
            fs::remove(file);
        }
        SUBCASE("of the same size and time, another file") {
            const auto time = fs::last_write_time(file);
            fs::rename(file, folder.path() / "before");
            REQUIRE(program::write_file(file, "FIRST", 0600).has_value());
            fs::last_write_time(file, time);
        }
        CHECK(settled(files));
        CHECK_FALSE(files.look());
    }

    TEST_CASE_FIXTURE(Files, "a file that comes into a watched folder or leaves it is a change") {
        WatchedFiles files({folder.path()});
        CHECK_FALSE(files.look());
        write(folder.path() / "second.pem", "x");
        CHECK(settled(files));
        fs::remove(folder.path() / "second.pem");
        CHECK(settled(files));
        CHECK_FALSE(files.look());
    }

    TEST_CASE_FIXTURE(Files, "a file that is not there yet is a change when it comes") {
        WatchedFiles files({folder.path() / "later.pem"});
        CHECK_FALSE(files.look());
        write(folder.path() / "later.pem", "x");
        CHECK(settled(files));
    }

    TEST_CASE_FIXTURE(Files, "what is bad is told at the second look and once") {
        WatchedFiles files({file});
        write(file, "half");
        CHECK(settled(files));
        CHECK_FALSE(files.bad("no end"));
        CHECK(files.look());
        CHECK(files.bad("no end"));
        CHECK(files.look());
        CHECK_FALSE(files.bad("no end"));
        CHECK(files.look());
        // Another fault is another matter.
        CHECK_FALSE(files.bad("no beginning"));
        CHECK(files.look());
        CHECK(files.bad("no beginning"));
    }

    TEST_CASE_FIXTURE(Files, "what was bad for one look between two changes is never told") {
        WatchedFiles files({file});
        write(file, "half");
        CHECK(settled(files));
        CHECK_FALSE(files.bad("no end"));
        write(file, "whole");
        CHECK(files.look());
        files.good();
        while (files.look()) files.good();
        CHECK_FALSE(files.look());
        // The same fault later is told like the first.
        write(file, "half again");
        CHECK(files.look());
        CHECK_FALSE(files.bad("no end"));
        CHECK(files.look());
        CHECK(files.bad("no end"));
    }
}

}  // namespace
}  // namespace tongbao::program
