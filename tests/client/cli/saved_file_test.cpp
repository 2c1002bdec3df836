#include "client/cli/saved_file.hpp"

#include "tests/storage/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <string>

using namespace tongbao;
using namespace tongbao::client;

namespace {

// SHA-256 of "abc": FIPS 180-2, appendix B.1.
constexpr std::string_view kDigestOfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

Digest abc() {
    return *Digest::from_hex(kDigestOfAbc);
}

std::string name_of(std::string_view name) {
    return safe_file_name(abc(), name);
}

SavedFile new_file(const std::filesystem::path& folder, std::string_view text) {
    Attempt<SavedFile> file = SavedFile::create(folder);
    REQUIRE(file.has_value());
    REQUIRE(file->write(as_bytes(text)).has_value());
    return *std::move(file);
}

std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t count_files(const std::filesystem::path& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

}  // namespace

TEST_SUITE("names of saved files") {
    TEST_CASE("an honest name is kept behind the digest") {
        CHECK(name_of("移送书.pdf") == "ba7816bf8f01-移送书.pdf");
        CHECK(name_of("a b (1).pdf") == "ba7816bf8f01-a b (1).pdf");
    }

    TEST_CASE("no name leads out of the folder") {
        CHECK(name_of("../../etc/passwd") == "ba7816bf8f01-passwd");
        CHECK(name_of("..\\..\\a.exe") == "ba7816bf8f01-a.exe");
        CHECK(name_of("/") == "ba7816bf8f01");
        CHECK(name_of("..") == "ba7816bf8f01");
        CHECK(name_of("") == "ba7816bf8f01");
    }

    TEST_CASE("no name is hidden or a device or an option") {
        CHECK(name_of(".bashrc") == "ba7816bf8f01-.bashrc");
        CHECK(name_of("CON") == "ba7816bf8f01-CON");
        CHECK(name_of("-rf") == "ba7816bf8f01--rf");
        CHECK(name_of("a.txt. . ") == "ba7816bf8f01-a.txt");
    }

    TEST_CASE("NUL and control and direction characters become underscores") {
        CHECK(name_of(std::string_view("a\0.pdf", 6)) == "ba7816bf8f01-a_.pdf");
        CHECK(name_of("a\x1B[31m\n.pdf") == "ba7816bf8f01-a_[31m_.pdf");
        CHECK(name_of("invoice\u202Efdp.exe") == "ba7816bf8f01-invoice_fdp.exe");
        CHECK(name_of("a\xFF.pdf") == "ba7816bf8f01-a_.pdf");
        CHECK(name_of("a:b*c?.pdf") == "ba7816bf8f01-a_b_c_.pdf");
    }

    TEST_CASE("a name of 255 bytes is cut between characters and keeps its extension") {
        std::string name;
        for (int i = 0; i < 83; ++i) name += "案";  // three bytes each
        name += ".pdfx";
        const std::string safe = name_of(name.substr(0, 254));
        CHECK(safe.size() <= 255);
        CHECK(is_utf8(safe));
        CHECK(safe.ends_with("案.pdfx"));
        CHECK(safe.size() == 13 + 65 * 3 + 5);
    }

    TEST_CASE("a long name without an extension is cut too") {
        CHECK(name_of(std::string(255, 'x')) == "ba7816bf8f01-" + std::string(200, 'x'));
        CHECK(name_of("a." + std::string(253, 'x')).size() == 13 + 200);
    }
}

TEST_SUITE("saved files") {
    TEST_CASE("a file with the digest that it should have appears under its name") {
        const storage::TemporaryFolder folder;
        {
            SavedFile file = new_file(folder.path() / "new", "abc");
            CHECK(file.keep_as("a.txt", abc()).has_value());
        }
        CHECK(contents(folder.path() / "new" / "a.txt") == "abc");
        CHECK(count_files(folder.path() / "new") == 1);
        struct stat status {};
        REQUIRE(::stat((folder.path() / "new" / "a.txt").c_str(), &status) == 0);
        CHECK((status.st_mode & 07777) == 0600);
    }

    TEST_CASE("a file with other bytes never appears") {
        const storage::TemporaryFolder folder;
        {
            SavedFile file = new_file(folder.path(), "abd");
            CHECK(file.keep_as("a.txt", abc()).error() == Errc::attachment_mismatch);
        }
        CHECK(count_files(folder.path()) == 0);
    }

    TEST_CASE("no file that is there is written over") {
        const storage::TemporaryFolder folder;
        std::ofstream(folder.path() / "a.txt") << "mine";
        {
            SavedFile file = new_file(folder.path(), "abc");
            CHECK(file.keep_as("a.txt", abc()).error() == Errc::already_exists);
        }
        CHECK(contents(folder.path() / "a.txt") == "mine");
        CHECK(count_files(folder.path()) == 1);
    }

    TEST_CASE("a link that stands there is not followed") {
        const storage::TemporaryFolder folder;
        std::ofstream(folder.path() / "elsewhere") << "abc";
        std::filesystem::create_symlink("elsewhere", folder.path() / "a.txt");
        SavedFile file = new_file(folder.path(), "abc");
        CHECK(file.keep_as("a.txt", abc()).error() == Errc::already_exists);
    }

    TEST_CASE("the same file saved again is good") {
        const storage::TemporaryFolder folder;
        for (int i = 0; i < 2; ++i) {
            SavedFile file = new_file(folder.path(), "abc");
            CHECK(file.keep_as("a.txt", abc()).has_value());
        }
        CHECK(count_files(folder.path()) == 1);
    }

    TEST_CASE("a folder that can't be written in is named") {
        const Attempt<SavedFile> file = SavedFile::create("/proc/self/none");
        REQUIRE(file.has_error());
        CHECK(file.error().words.find("/proc/self/none") != std::string::npos);
        CHECK(file.error().exit_code == program::ExitCode::failed);
    }
}
