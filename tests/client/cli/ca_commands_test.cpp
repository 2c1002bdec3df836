#include "client/ca/ca_folder.hpp"
#include "tests/client/cli/client_command.hpp"
#include "tests/support/command.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using tongbao::testing::TestDirectory;

namespace {

unsigned mode_of(const std::filesystem::path& file) {
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

/// An authority that the command made.
struct Authority {
    TestDirectory directory;
    std::string folder;
    CommandOutcome made;

    explicit Authority(std::string_view name)
        : directory(name),
          folder((directory.path() / "ca").string()),
          made(run_tongbao({"ca", "init", "--dir", folder, "--trust-domain", "ca-test.example"})) {
        REQUIRE_MESSAGE(made.exit_code == 0, made.messages);
    }

    [[nodiscard]] std::string file(const std::string& name) const {
        return (directory.path() / name).string();
    }
    [[nodiscard]] CommandOutcome run(const std::string& command,
                                     std::vector<std::string> arguments = {}) const {
        arguments.insert(arguments.begin(), {"ca", command, "--dir", folder});
        return run_tongbao(std::move(arguments));
    }
    [[nodiscard]] CommandOutcome issue(const std::string& name,
                                       std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(),
                         {"--out", file(name + ".pem"), "--key", file(name + ".key")});
        return run("issue", std::move(arguments));
    }
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_SUITE("ca commands") {
    TEST_CASE("init prints the log's verifier key and log-key prints it again") {
        const Authority authority("ca-command-init");
        CHECK(authority.made.output.starts_with("hub.ca-test.example/log+"));
        CHECK(authority.run("log-key").output == authority.made.output);
        const CommandOutcome again = run_tongbao(
            {"ca", "init", "--dir", authority.folder, "--trust-domain", "ca-test.example"});
        CHECK(again.exit_code == 2);
        CHECK(has(again.messages, "already_exists"));
        CHECK(run_tongbao({"ca", "init", "--dir", authority.file("b"), "--trust-domain", "No Name"})
                  .exit_code == 2);
    }

    TEST_CASE("what is made is its owner's alone whatever the umask is") {
        const mode_t before = ::umask(0);
        const Authority authority("ca-command-umask");
        CHECK(mode_of(authority.folder) == 0700U);
        CHECK(mode_of(authority.folder + "/root.key") == 0600U);
        ::umask(before);
    }

    TEST_CASE("issue prints the serial number and names the file to enrol") {
        const Authority authority("ca-command-issue");
        const CommandOutcome issued = authority.issue("sign", {"--use", "sign", "--unit", "unit"});
        CHECK_MESSAGE(issued.exit_code == 0, issued.messages);
        const std::string serial = issued.output.substr(0, issued.output.find('\n'));
        CHECK(has(issued.messages, "issued/" + serial + ".pem"));
        CHECK(has(issued.messages, "spiffe://ca-test.example/unit/unit/sign until "));
        const CommandOutcome listed = authority.run("list");
        CHECK(has(listed.output, serial));
        CHECK(has(listed.output, "good"));
    }

    TEST_CASE("a use with a name that it does not have, or without its own, makes nothing") {
        const Authority authority("ca-command-names");
        const std::vector<std::vector<std::string>> wrong{
            {"--use", "seal", "--unit", "unit"},
            {"--use", "daemon"},
            {"--use", "daemon", "--unit", "Unit!"},
            {"--use", "daemon", "--unit", "unit", "--post", "post"},
            {"--use", "sign", "--unit", "unit", "--name", "name"},
            {"--use", "post", "--unit", "unit"},
            {"--use", "hub"},
            {"--use", "hub", "--ip", "127.0.0.1", "--unit", "unit"},
            {"--use", "hub", "--ip", "127.0.0.1", "--name", "name"},
            {"--use", "log-auditor"},
            {"--use", "log-auditor", "--name", "Na me"},
            {"--use", "daemon", "--unit", "unit", "--days", "0"},
            {"--use", "daemon", "--unit", "unit", "--days", "213503982335"}};
        for (const std::vector<std::string>& arguments : wrong) {
            CAPTURE(arguments);
            CHECK(authority.issue("wrong", arguments).exit_code == 2);
        }
        CHECK_FALSE(std::filesystem::exists(authority.file("wrong.key")));
        CHECK(authority.run("list", {"--json"}).output == "[]\n");
    }

    TEST_CASE("a certificate is revoked once and the second time is exit code 1") {
        const Authority authority("ca-command-revoke");
        REQUIRE(authority.issue("daemon", {"--use", "daemon", "--unit", "unit"}).exit_code == 0);
        const std::vector<std::string> by_file{"--certificate", authority.file("daemon.pem")};
        CHECK(authority.run("revoke", {"--reason", "boredom", "--serial", "1"}).exit_code == 2);
        CHECK(authority.run("revoke").exit_code == 2);
        CHECK(authority.run("revoke", {"--serial", "00"}).exit_code == 2);
        const CommandOutcome revoked = authority.run("revoke", by_file);
        CHECK_MESSAGE(revoked.exit_code == 0, revoked.messages);
        CHECK(has(revoked.messages, "start the hub and all daemons again"));
        const CommandOutcome again = authority.run("revoke", by_file);
        CHECK(again.exit_code == 1);
        CHECK(has(again.messages, "certificate_revoked"));
        CHECK(has(authority.run("list").output, "revoked "));
    }

    TEST_CASE("crl prints the trust file and says which lists were renewed") {
        const Authority authority("ca-command-crl");
        const CommandOutcome renewed = authority.run("crl");
        CHECK(renewed.output == authority.folder + "/trust.pem\n");
        CHECK(has(renewed.messages, "the root's for 365"));
        std::filesystem::remove(authority.folder + "/root.key");
        CHECK(has(authority.run("crl").messages, "root.key is not in this folder"));
        CHECK(has(authority.run("crl", {"--json"}).output, R"("root_list_renewed":false)"));
    }

    TEST_CASE("a folder that holds no authority is said to hold none") {
        const TestDirectory directory("ca-command-none");
        const CommandOutcome list = run_tongbao({"ca", "list", "--dir", directory.path().string()});
        CHECK(list.exit_code == 2);
        CHECK(has(list.messages, "tongbao ca init"));
    }
}
