#include "client/ca/ca_folder.hpp"
#include "client/ca/folder_lock.hpp"
#include "tests/client/cli/client_command.hpp"
#include "tests/support/command.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using tongbao::testing::TestDirectory;

namespace {

/// A configuration for `audit` with real certificates. No hub is asked: all is found before.
struct AuditStage {
    TestDirectory directory;
    std::string log_key;

    explicit AuditStage(std::string_view name) : directory(name) {
        const CommandOutcome made = run_tongbao(
            {"ca", "init", "--dir", path("ca"), "--trust-domain", "audit-test.example"});
        REQUIRE(made.exit_code == 0);
        log_key = made.output.substr(0, made.output.find('\n'));
        issue("auditor", {"--use", "log-auditor", "--name", "anna"});
        issue("sign", {"--use", "sign", "--unit", "unit"});
        configure("auditor", log_key);
    }

    [[nodiscard]] std::string path(const std::string& name) const {
        return (directory.path() / name).string();
    }
    void issue(const std::string& name, std::vector<std::string> use) const {
        std::vector<std::string> arguments{"ca",    "issue",
                                           "--dir", path("ca"),
                                           "--out", path(name + ".pem"),
                                           "--key", path(name + ".key")};
        arguments.insert(arguments.end(), use.begin(), use.end());
        REQUIRE(run_tongbao(std::move(arguments)).exit_code == 0);
    }
    void configure(const std::string& holder, const std::string& key) const {
        directory.write("tongbao.toml",
                        "[audit]\nhub = \"https://127.0.0.1:1\"\n"
                        "trust_domain = \"audit-test.example\"\nlog_key = \"" +
                            key + "\"\n[audit.tls]\ncertificate = \"" + holder +
                            ".pem\"\nkey = \"" + holder + ".key\"\ntrust = \"ca/trust.pem\"\n");
    }
    [[nodiscard]] CommandOutcome verify(std::vector<std::string> arguments = {}) const {
        arguments.insert(arguments.begin(), {"audit", "verify", "--config", path("tongbao.toml")});
        return run_tongbao(std::move(arguments));
    }
};

}  // namespace

TEST_SUITE("audit commands") {
    TEST_CASE("a certificate that is neither a log auditor's nor a daemon's asks nobody") {
        const AuditStage stage("audit-command-use");
        stage.configure("sign", stage.log_key);
        const CommandOutcome outcome = stage.verify();
        CHECK(outcome.exit_code == 2);
        CHECK(has(outcome.messages, "not a log auditor's or a daemon's certificate"));
    }

    TEST_CASE("a log key that is none is a wrong configuration") {
        const AuditStage stage("audit-command-key");
        stage.configure("auditor", "hub.audit-test.example/log");
        const CommandOutcome outcome = stage.verify();
        CHECK(outcome.exit_code == 2);
        CHECK(has(outcome.messages, "verifier key"));
    }

    TEST_CASE("a known head that the log's key did not sign is refused by its file") {
        const AuditStage stage("audit-command-head");
        stage.directory.write("head.txt", "hub.audit-test.example/log\n1\nAAAA\n");
        const CommandOutcome outcome = stage.verify({"--known-head", stage.path("head.txt")});
        CHECK(outcome.exit_code == 2);
        CHECK(has(outcome.messages, "head.txt: "));
        CHECK(stage.verify({"--known-head", stage.path("none.txt")}).exit_code == 2);
    }

    TEST_CASE("a charter that is not there is refused by its file") {
        const AuditStage stage("audit-command-charter");
        const CommandOutcome outcome = stage.verify({"--charter", stage.path("none.json")});
        CHECK(outcome.exit_code == 2);
        CHECK(has(outcome.messages, "none.json: "));
    }

    TEST_CASE("a unit is asked for in a sandbox only, and entries by whole numbers") {
        const AuditStage stage("audit-command-unit");
        const CommandOutcome outcome = stage.verify({"--unit", "unit"});
        CHECK(outcome.exit_code == 2);
        CHECK(has(outcome.messages, "--unit goes with --sandbox only"));
        CHECK(run_tongbao({"audit", "entries", "--from", "-1"}).exit_code == 2);
        CHECK(run_tongbao({"audit", "verify"}).exit_code == 2);
    }

    TEST_CASE("a copy that is not there and one that can't be made are said") {
        const AuditStage stage("audit-command-mirror");
        const CommandOutcome absent = stage.verify({stage.path("none")});
        CHECK(absent.exit_code == 2);
        CHECK(has(absent.messages, "none: there is no such folder"));
        // An empty folder is no log.
        std::filesystem::create_directory(stage.path("empty"));
        const CommandOutcome empty = stage.verify({stage.path("empty")});
        CHECK(empty.exit_code == 1);
        CHECK(has(empty.output, "no checkpoint"));
        const auto mirror = [&stage](std::vector<std::string> arguments) {
            arguments.insert(arguments.begin(),
                             {"audit", "mirror", "--config", stage.path("tongbao.toml")});
            return run_tongbao(std::move(arguments));
        };
        CHECK(mirror({}).exit_code == 2);
        // Nobody listens there.
        const CommandOutcome alone = mirror({"--to", stage.path("copy")});
        CHECK(alone.exit_code == 3);
        CHECK(has(alone.messages, "could not be asked"));
        CHECK(std::filesystem::is_empty(stage.path("copy")));
        std::filesystem::create_directory(stage.path("kept"));
        stage.directory.write("kept/checkpoint", "none\n");
        const CommandOutcome foreign = mirror({"--to", stage.path("kept")});
        CHECK(foreign.exit_code == 1);
        CHECK(has(foreign.messages, "no copy of the log"));
        const auto lock = FolderLock::take(stage.path("copy"));
        REQUIRE(lock.has_value());
        const CommandOutcome second = mirror({"--to", stage.path("copy")});
        CHECK(second.exit_code == 1);
        CHECK(has(second.messages, "another command copies into it"));
    }

    TEST_CASE("a search for what there can't be is refused by its option, and asks nobody") {
        const AuditStage stage("audit-command-search");
        const std::string charter = testing::source_dir() + "/domain/charters/guangdong-2020.json";
        struct Wrong {
            std::vector<std::string> arguments;
            const char* named;
        };
        const std::vector<Wrong> all{
            {{"--event", "logged,opend"}, "--event opend: is no event"},
            {{"--count-by", "unit,reasons"}, "--count-by reasons: "},
            {{"--reason", "nothing_wrong"}, "--reason nothing_wrong: "},
            {{"--case", "4400002026"}, "--case "},
            {{"--class", "L5"}, "name it with --charter"},
            {{"--personal"}, "name it with --charter"},
            {{"--from", "2026-07-01"}, "--from 2026-07-01: a day begins when"},
            {{"--class", "L5", "--charter", charter}, "--class L5: "},
            {{"--by", "nobody", "--charter", charter}, "--by nobody: "},
            {{"--to", "nobody", "--charter", charter}, "--to nobody: "},
            {{"--kind", "nothing", "--charter", charter}, "--kind nothing: "},
            {{"--from", "2026-02-30", "--charter", charter}, "--from 2026-02-30: "},
            {{"--until", "noon", "--charter", charter}, "--until noon: "},
            {{"--limit", "0"}, "--limit"},
        };
        for (const Wrong& wrong : all) {
            CAPTURE(wrong.named);
            std::vector<std::string> arguments{"audit", "search", "--config",
                                               stage.path("tongbao.toml")};
            arguments.insert(arguments.end(), wrong.arguments.begin(), wrong.arguments.end());
            const CommandOutcome outcome = run_tongbao(std::move(arguments));
            CHECK(outcome.exit_code == 2);
            CHECK_MESSAGE(has(outcome.messages, wrong.named), outcome.messages);
        }
        // All of it good: the hub is asked, and there is none.
        CHECK(run_tongbao({"audit", "search", "--config", stage.path("tongbao.toml"), "--charter",
                           charter, "--event", "opened", "--class", "L3", "--from", "2026-07-01"})
                  .exit_code == 3);
    }
}
