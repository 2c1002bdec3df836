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

    TEST_CASE("a revocation says since when the key may be in other hands") {
        const Authority authority("ca-command-since");
        REQUIRE(authority.issue("sign", {"--use", "sign", "--unit", "unit"}).exit_code == 0);
        const auto revoke = [&](std::vector<std::string> more) {
            more.insert(more.end(), {"--certificate", authority.file("sign.pem")});
            return authority.run("revoke", std::move(more));
        };
        CHECK(revoke({"--compromised-since", "yesterday"}).exit_code == 2);
        CHECK(revoke({"--compromised-since", "2020-01-01T00:00Z", "--reason", "superseded"})
                  .exit_code == 2);
        const CommandOutcome future = revoke({"--compromised-since", "2999-01-01T00:00Z"});
        CHECK(future.exit_code == 2);
        CHECK(has(future.messages, "bad_time"));
        const CommandOutcome revoked = revoke({"--compromised-since", "2020-01-01T08:00+08:00"});
        CHECK_MESSAGE(revoked.exit_code == 0, revoked.messages);
        const std::string listed = authority.run("list", {"--json"}).output;
        CHECK(has(listed, R"("compromised_since":"2020-01-01T00:00:00.000Z")"));
        CHECK(has(listed, R"("reason":"key_compromise")"));
    }

    TEST_CASE("a unit makes its keys and the office answers with the code read out") {
        const Authority office("ca-command-enrol");
        const auto enrol = [&](const std::string& folder, std::vector<std::string> more) {
            more.insert(more.begin(), {"ca", "enrol", "--unit", "police", "--trust-domain",
                                       "ca-test.example", "--dir", office.file(folder)});
            return run_tongbao(std::move(more));
        };
        const CommandOutcome made = enrol("keys", {"--post", "liaison"});
        CHECK_MESSAGE(made.exit_code == 0, made.messages);
        CHECK(made.output == office.file("keys/request.json") + "\n");
        CHECK(mode_of(office.file("keys/post-liaison.key")) == 0600U);
        CHECK(mode_of(office.file("keys")) == 0700U);
        // The code under the last name is the first sign key's.
        const std::size_t place = made.messages.rfind("/sign\n    ");
        REQUIRE(place != std::string::npos);
        const std::string code = made.messages.substr(place + 10, 29);
        const auto answer = [&](const std::string& folder, std::vector<std::string> more) {
            more.insert(more.begin(), {"--request", office.file(folder + "/request.json"), "--out",
                                       office.file(folder)});
            return office.run("issue", std::move(more));
        };
        const CommandOutcome unconfirmed = answer("keys", {});
        CHECK(unconfirmed.exit_code == 2);
        CHECK(has(unconfirmed.messages, "ring the unit"));
        const CommandOutcome wrong =
            answer("keys", {"--confirmed", "0000 0000 0000 0000 0000 0000"});
        CHECK(wrong.exit_code == 2);
        CHECK(has(wrong.messages, "fingerprint_mismatch"));
        const CommandOutcome answered = answer("keys", {"--confirmed", code});
        CHECK_MESSAGE(answered.exit_code == 0, answered.messages);
        CHECK(has(answered.messages, "Copy what is in"));
        for (const std::string name : {"sign.pem", "daemon.pem", "post-liaison.pem", "trust.pem"}) {
            CHECK(std::filesystem::exists(office.file("keys/" + name)));
        }
        // The next keys rest on the first.
        const CommandOutcome next = enrol("next", {"--with", office.file("keys/sign.pem"),
                                                   "--with-key", office.file("keys/sign.key")});
        CHECK_MESSAGE(next.exit_code == 0, next.messages);
        CHECK(has(next.messages, "has consented"));
        CHECK(answer("next", {}).exit_code == 0);
    }

    TEST_CASE("options of enrol and issue that do not go together make nothing") {
        const Authority office("ca-command-enrol-wrong");
        const auto enrol = [&](std::vector<std::string> more) {
            more.insert(more.begin(), {"ca", "enrol", "--trust-domain", "ca-test.example", "--dir",
                                       office.file("keys")});
            return run_tongbao(std::move(more)).exit_code;
        };
        CHECK(enrol({"--unit", "Police"}) == 2);
        CHECK(enrol({"--unit", "police", "--use", "hub"}) == 2);
        CHECK(enrol({"--unit", "police", "--use", "sign", "--use", "sign"}) == 2);
        CHECK(enrol({"--unit", "police", "--post", "No"}) == 2);
        CHECK(enrol({"--unit", "police", "--with", "sign.pem"}) == 2);
        CHECK(enrol({"--unit", "police", "--use", "daemon"}) == 2);
        CHECK(enrol({"--unit", "police", "--certificate", "nowhere.pem"}) == 2);
        CHECK_FALSE(std::filesystem::exists(office.file("keys/daemon.key")));
        CHECK(office.run("issue", {"--request", "x"}).exit_code == 2);
        CHECK(office.run("issue", {"--request", "x", "--use", "sign"}).exit_code == 2);
        CHECK(office.run("issue", {"--use", "sign", "--unit", "police"}).exit_code == 2);
        CHECK(office.issue("a", {"--use", "sign", "--unit", "police", "--confirmed", "x"})
                  .exit_code == 2);
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

    TEST_CASE("inspect says what a file is and its fingerprint in three forms") {
        const Authority office("ca-command-inspect");
        const CommandOutcome made =
            run_tongbao({"ca", "enrol", "--unit", "police", "--trust-domain", "ca-test.example",
                         "--dir", office.file("keys")});
        REQUIRE(made.exit_code == 0);
        const std::size_t place = made.messages.rfind("/sign\n    ");
        const std::string code = made.messages.substr(place + 10, 29);
        const auto inspect = [](const std::string& file, bool json = false) {
            std::vector<std::string> arguments{"ca", "inspect", file};
            if (json) arguments.insert(arguments.begin(), "--json");
            return run_tongbao(std::move(arguments));
        };
        const CommandOutcome request = inspect(office.file("keys/request.json"));
        CHECK(request.exit_code == 0);
        CHECK(has(request.output, "enrolment request of police in ca-test.example"));
        CHECK(has(request.output, code));
        CHECK(has(request.output, "read out by telephone"));
        REQUIRE(office
                    .run("issue", {"--request", office.file("keys/request.json"), "--out",
                                   office.file("keys"), "--confirmed", code})
                    .exit_code == 0);
        const CommandOutcome sign = inspect(office.file("keys/sign.pem"));
        CHECK(sign.exit_code == 0);
        CHECK(has(sign.output, "spiffe://ca-test.example/unit/police/sign\n    " + code));
        CHECK(has(sign.output, "fits its profile"));
        // Whole, as openssl has it.
        const auto digest = office.directory.run(
            "openssl x509 -in keys/sign.pem -noout -pubkey | openssl pkey -pubin -outform DER | "
            "openssl dgst -sha256 -r | cut -c1-64 | tr -d '\\n'");
        CHECK(has(sign.output, "public key   " + digest.output));
        CHECK(has(inspect(office.file("keys/sign.pem"), true).output,
                  "\"public_key\":\"" + digest.output + '"'));
        const CommandOutcome trust = inspect(office.folder + "/trust.pem");
        CHECK(trust.exit_code == 0);
        CHECK(has(trust.output, "a certification authority's"));
        CHECK(has(trust.output, "revocation list of CN=issuing"));
        for (const auto& item : std::filesystem::directory_iterator(office.file("keys/enrol"))) {
            CHECK(inspect(item.path().string()).exit_code == 0);
            CHECK(inspect(item.path().string(), true).exit_code == 0);
        }
        const CommandOutcome key = inspect(office.file("keys/sign.key"));
        CHECK(key.exit_code == 2);
        CHECK(has(key.messages, "private key, which nobody is shown"));
        office.directory.write("nothing", "nothing");
        CHECK(inspect(office.file("nothing")).exit_code == 2);
        CHECK(inspect(office.file("nowhere")).exit_code == 2);
    }

    TEST_CASE("inspect names each thing in which a certificate does not fit") {
        const TestDirectory directory("ca-command-misfit");
        // No URI of ours, an RSA key, self-issued, an authority.
        REQUIRE(directory
                    .run("openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out rsa.pem -days "
                         "30 -subj /CN=x -addext basicConstraints=CA:FALSE")
                    .exit_code == 0);
        const CommandOutcome rsa =
            run_tongbao({"ca", "inspect", (directory.path() / "rsa.pem").string()});
        CHECK(rsa.exit_code == 1);
        for (const std::string part :
             {"exactly one URI among its names", "a P-256 key", "ECDSA and SHA-256",
              "issued by somebody else than itself", "certificate_wrong_name", "bad_certificate"}) {
            CAPTURE(part);
            CHECK(has(rsa.output, part));
        }
    }

    TEST_CASE("renew gives the same key a further certificate") {
        const Authority office("ca-command-renew");
        REQUIRE(office.issue("sign", {"--use", "sign", "--unit", "unit"}).exit_code == 0);
        const std::vector<std::string> order{"--certificate", office.file("sign.pem"),
                                             "--out",         office.file("sign-2.pem"),
                                             "--days",        "400"};
        const CommandOutcome renewed = office.run("renew", order);
        CHECK_MESSAGE(renewed.exit_code == 0, renewed.messages);
        const std::string key = "openssl x509 -noout -pubkey -in ";
        CHECK(office.directory.run(key + "sign.pem").output ==
              office.directory.run(key + "sign-2.pem").output);
        CHECK(office.run("renew", order).exit_code == 2);
        REQUIRE(office.run("revoke", {"--certificate", office.file("sign.pem")}).exit_code == 0);
        const CommandOutcome dead = office.run("renew", {"--certificate", office.file("sign-2.pem"),
                                                         "--out", office.file("sign-3.pem")});
        CHECK(dead.exit_code == 2);
        CHECK(has(dead.messages, "certificate_revoked"));
        CHECK_FALSE(std::filesystem::exists(office.file("sign-3.pem")));
    }

    TEST_CASE("keys are encrypted with the passphrase of a file that is its owner's alone") {
        const TestDirectory directory("ca-command-passphrase");
        const auto file = [&](const std::string& name) {
            return (directory.path() / name).string();
        };
        directory.write("passphrase", "open sesame\nnot this\n");
        directory.write("wrong", "open barley\n");
        const auto init = [&](const std::string& passphrase) {
            return run_tongbao({"ca", "init", "--dir", file("ca"), "--trust-domain",
                                "ca-test.example", "--passphrase-file", file(passphrase)});
        };
        ::chmod(file("passphrase").c_str(), 0644);
        CHECK(has(init("passphrase").messages, "not_permitted"));
        for (const std::string name : {"passphrase", "wrong"}) ::chmod(file(name).c_str(), 0600);
        const CommandOutcome made = init("passphrase");
        CHECK_MESSAGE(made.exit_code == 0, made.messages);
        const auto list = [&](std::vector<std::string> more) {
            more.insert(more.begin(), {"ca", "list", "--dir", file("ca")});
            return run_tongbao(std::move(more));
        };
        CHECK(list({"--passphrase-file", file("passphrase")}).exit_code == 0);
        const CommandOutcome wrong = list({"--passphrase-file", file("wrong")});
        CHECK(wrong.exit_code == 2);
        CHECK(has(wrong.messages, "wrong_passphrase"));
        CHECK_FALSE(has(wrong.messages, "barley"));
        const CommandOutcome enrolled =
            run_tongbao({"ca", "enrol", "--unit", "police", "--trust-domain", "ca-test.example",
                         "--dir", file("keys"), "--passphrase-file", file("passphrase")});
        CHECK_MESSAGE(enrolled.exit_code == 0, enrolled.messages);
        CHECK(has(directory.read("keys/sign.key"), "BEGIN ENCRYPTED PRIVATE KEY"));
        CHECK(directory.run("openssl pkey -in keys/sign.key -passin file:passphrase -noout")
                  .exit_code == 0);
    }
}
