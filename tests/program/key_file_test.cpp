#include "program/key_file.hpp"

#include "tests/support/command.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <string>

using namespace tongbao;
using namespace tongbao::program;
using tongbao::testing::TestDirectory;

namespace {

struct KeyFiles {
    TestDirectory directory;
    std::string words;

    explicit KeyFiles(std::string_view name) : directory(name) {
        REQUIRE(
            directory
                .run("umask 077; printf 'open sesame\\n' > passphrase; "
                     "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out plain "
                     "&& openssl pkcs8 -topk8 -in plain -scrypt -passout file:passphrase -out "
                     "locked")
                .exit_code == 0);
    }
    [[nodiscard]] std::filesystem::path file(const std::string& name) const {
        return directory.path() / name;
    }
    /// A file of mode 0600.
    void write(const std::string& name, const std::string& text) const {
        directory.write(name, text);
        std::filesystem::permissions(
            file(name), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
};

}  // namespace

TEST_SUITE("key file") {
    TEST_CASE("a service opens its encrypted key with its passphrase file and not otherwise") {
        KeyFiles files("key-file-locked");
        const auto opened = read_key(files.file("locked"), files.file("passphrase"), files.words);
        REQUIRE(opened.has_value());
        const auto plain = read_key(files.file("plain"), std::nullopt, files.words);
        REQUIRE(plain.has_value());
        CHECK(opened->public_der() == plain->public_der());
        CHECK(read_key(files.file("locked"), std::nullopt, files.words).error() ==
              Errc::wrong_passphrase);
        CHECK(files.words == files.file("locked").string());
        files.write("wrong", "open barley\n");
        CHECK(read_key(files.file("locked"), files.file("wrong"), files.words).error() ==
              Errc::wrong_passphrase);
        CHECK(read_key(files.file("locked"), files.file("nowhere"), files.words).error() ==
              Errc::not_found);
        CHECK(files.words == files.file("nowhere").string());
    }

    TEST_CASE("a passphrase file that others may read is refused") {
        KeyFiles files("key-file-open");
        for (const auto mode :
             {std::filesystem::perms::group_read, std::filesystem::perms::others_read}) {
            files.write("open", "open sesame\n");
            std::filesystem::permissions(files.file("open"), mode,
                                         std::filesystem::perm_options::add);
            CHECK(read_key(files.file("locked"), files.file("open"), files.words).error() ==
                  Errc::not_permitted);
        }
    }

    TEST_CASE("the passphrase is the first line whatever ends it") {
        KeyFiles files("key-file-line");
        for (const std::string text :
             {"open sesame", "open sesame\n", "open sesame\r\n", "open sesame\nmore\n"}) {
            files.write("line", text);
            CHECK(read_passphrase_file(files.file("line"))->text() == "open sesame");
        }
        const std::string longest(crypto::kMaxPassphrase, 'x');
        files.write("line", longest);
        CHECK(read_passphrase_file(files.file("line"))->size() == crypto::kMaxPassphrase);
        for (const std::string& text :
             {std::string(), std::string("\n"), std::string("\r\n"), longest + "x"}) {
            files.write("line", text);
            CHECK(read_passphrase_file(files.file("line")).error() == Errc::bad_value);
        }
    }
}
