#include "client/cli/configuration.hpp"

#include "client/sandbox/sandbox_file.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/toml_matrix.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

using namespace tongbao;
using namespace tongbao::client;

namespace {

SandboxFile small_sandbox() {
    SandboxFile file;
    file.hub_url = "https://127.0.0.1:8443";
    file.log_verifier_key = "hub.x.example/log+01234567+key";
    file.ca_file = "/s/trust.pem";
    file.trust_domain = "x.example";
    file.charter = "x";
    file.charter_file = "/s/charter.json";
    for (const std::string unit : {"police", "hsa"}) {
        file.units[unit] = {{"/s/" + unit + ".pem", "/s/" + unit + ".key"},
                            {"/s/" + unit + "-sign.pem", "/s/" + unit + "-sign.key"},
                            "/s/" + unit + ".sock",
                            {}};
    }
    file.auditor = {"/s/auditor.pem", "/s/auditor.key"};
    return file;
}

const std::string kSandbox = format_sandbox(small_sandbox());

constexpr std::string_view kAudit = R"(
[audit]
hub = "https://hub.example:8443/"
hub_name = "localhost"
trust_domain = "x.example"
log_key = "hub.x.example/log+01234567+key"
[audit.tls]
certificate = "a.pem"
key = "/keys/a.key"
trust = "trust.pem"
)";

struct Folder {
    storage::TemporaryFolder folder;
    Invocation invocation;
    std::string words;

    void sandbox(std::string_view text) {
        std::ofstream(folder.path() / "sandbox.json") << text;
        invocation.sandbox = folder.path();
    }
    void config(std::string_view text) {
        std::ofstream(folder.path() / "tongbao.toml") << text;
        invocation.config = folder.path() / "tongbao.toml";
    }
    [[nodiscard]] Errc unit_error() {
        const Result<UnitAccess> access = unit_access(invocation, words);
        REQUIRE(access.has_error());
        return to_errc(access.error());
    }
    [[nodiscard]] Errc audit_error() {
        const Result<AuditAccess> access = audit_access(invocation, "", words);
        REQUIRE(access.has_error());
        return to_errc(access.error());
    }
    [[nodiscard]] bool says(std::string_view text) const {
        return words.find(text) != std::string::npos;
    }
};

}  // namespace

TEST_SUITE("where a command connects") {
    TEST_CASE_FIXTURE(Folder, "a sandbox's unit has the socket of its daemon") {
        sandbox(kSandbox);
        invocation.as = "police";
        const Result<UnitAccess> access = unit_access(invocation, words);
        REQUIRE(access.has_value());
        CHECK(access->socket == "/s/police.sock");
    }

    TEST_CASE_FIXTURE(Folder, "an unknown unit is answered with those there are") {
        sandbox(kSandbox);
        invocation.as = "nobody\x1B";
        CHECK(unit_error() == Errc::bad_argument);
        CHECK(says("nobody\\u{1B}"));
        CHECK(says("hsa, police"));
        invocation.as.clear();
        CHECK(unit_error() == Errc::bad_argument);
        CHECK(says("--as UNIT"));
        CHECK(says("hsa, police"));
    }

    TEST_CASE_FIXTURE(Folder, "a sandbox that lacks something is refused by name") {
        sandbox(kSandbox);
        invocation.as = "police";
        std::string bare = kSandbox;
        bare.erase(bare.find(R"("socket":"/s/police.sock",)"),
                   std::string_view(R"("socket":"/s/police.sock",)").size());
        sandbox(bare);
        CHECK(unit_error() == Errc::bad_configuration);
        CHECK(says("missing_member"));
        CHECK(says("units.police.socket"));
        sandbox("{\"units\": {");
        CHECK(unit_error() == Errc::bad_configuration);
        CHECK(says("malformed_json"));
    }

    TEST_CASE_FIXTURE(Folder, "a folder that is no sandbox is said to be none") {
        invocation.sandbox = folder.path();
        invocation.as = "police";
        CHECK(unit_error() == Errc::not_found);
        CHECK(says("tongbao sandbox up"));
    }

    TEST_CASE_FIXTURE(Folder, "exactly one of the two sources is given") {
        CHECK(unit_error() == Errc::bad_argument);
        CHECK(says("--sandbox DIR --as UNIT, or --config FILE"));
        config("socket = \"a\"\n");
        invocation.as = "police";
        CHECK(unit_error() == Errc::bad_argument);
        sandbox(kSandbox);
        CHECK(unit_error() == Errc::bad_argument);
        CHECK(says("not both"));
    }

    TEST_CASE_FIXTURE(Folder, "a configuration file names the socket from its own folder") {
        config("socket = \"run/tongbaod.sock\"\n" + std::string(kAudit));
        const Result<UnitAccess> access = unit_access(invocation, words);
        REQUIRE(access.has_value());
        CHECK(access->socket == folder.path() / "run/tongbaod.sock");
    }

    TEST_CASE_FIXTURE(Folder, "an unknown key or a wrong type is refused with line and column") {
        config("socket = \"a\"\nsokcet = \"b\"\n");
        CHECK(unit_error() == Errc::bad_configuration);
        CHECK(says("tongbao.toml:2:"));
        CHECK(says("sokcet"));
        config("\nsocket = 5\n");
        CHECK(unit_error() == Errc::bad_configuration);
        CHECK(says("tongbao.toml:2:"));
        config("socket = \"a\"\n" + std::string(kAudit) + "truts = \"b\"\n");
        CHECK(unit_error() == Errc::bad_configuration);
        CHECK(says("truts"));
    }

    TEST_CASE_FIXTURE(Folder, "a configuration file without what is needed says so") {
        config("");
        CHECK(unit_error() == Errc::bad_configuration);
        CHECK(says("`socket` is missing"));
        CHECK(audit_error() == Errc::bad_configuration);
        CHECK(says("[audit] is missing"));
        invocation.config = folder.path() / "none.toml";
        CHECK(unit_error() == Errc::not_found);
    }

    TEST_CASE_FIXTURE(Folder, "an auditor's settings come from the configuration file") {
        config(kAudit);
        const Result<AuditAccess> access = audit_access(invocation, "", words);
        REQUIRE_MESSAGE(access.has_value(), words);
        CHECK(access->host == "hub.example");
        CHECK(access->port == 8443);
        CHECK(access->hub_name == "localhost");
        CHECK(access->trust_domain.value() == "x.example");
        CHECK(access->log_key == "hub.x.example/log+01234567+key");
        CHECK(access->tls.certificate == folder.path() / "a.pem");
        CHECK(access->tls.key == "/keys/a.key");
        CHECK(access->tls.trust == folder.path() / "trust.pem");
    }

    TEST_CASE_FIXTURE(Folder, "an auditor's address is refused where it stands") {
        std::string text(kAudit);
        text.replace(text.find("https"), 5, "http");
        config(text);
        CHECK(audit_error() == Errc::bad_configuration);
        CHECK(says("tongbao.toml:3:"));
        CHECK(says("audit.hub"));
    }

    TEST_CASE_FIXTURE(Folder, "a sandbox gives its auditor") {
        sandbox(kSandbox);
        const Result<AuditAccess> access = audit_access(invocation, "", words);
        REQUIRE_MESSAGE(access.has_value(), words);
        CHECK(access->host == "127.0.0.1");
        CHECK(access->port == 8443);
        CHECK(access->hub_name.empty());
        CHECK(access->trust_domain.value() == "x.example");
        CHECK(access->tls.certificate == "/s/auditor.pem");
        CHECK(access->tls.key == "/s/auditor.key");
        CHECK(access->tls.trust == "/s/trust.pem");
        CHECK(access->charter == "/s/charter.json");
    }

    TEST_CASE_FIXTURE(Folder, "every class of bad TOML is refused at its line and column") {
        for (const tongbao::testing::TomlRow& row : tongbao::testing::toml_matrix()) {
            CAPTURE(std::string(row.name));
            config(row.lines + std::string(kAudit));
            CHECK(audit_error() == Errc::bad_configuration);
            const std::string path = (folder.path() / "tongbao.toml").string();
            REQUIRE(words.starts_with(path));
            INFO(words);
            CHECK(tongbao::testing::is_at(std::string_view(words).substr(path.size()), row));
        }
    }

    TEST_CASE_FIXTURE(Folder, "a unit of a sandbox asks for the log with its own certificate") {
        sandbox(kSandbox);
        const Result<AuditAccess> access = audit_access(invocation, "hsa", words);
        REQUIRE_MESSAGE(access.has_value(), words);
        CHECK(access->tls.certificate == "/s/hsa.pem");
        CHECK(access->tls.key == "/s/hsa.key");
        CHECK(audit_access(invocation, "nobody", words).error() == Errc::bad_argument);
        CHECK(says("hsa, police"));
        invocation.sandbox.reset();
        config(kAudit);
        CHECK(audit_access(invocation, "hsa", words).error() == Errc::bad_argument);
        CHECK(says("--unit goes with --sandbox only"));
    }

    TEST_CASE_FIXTURE(Folder, "the clock of a test deployment is named by what names it") {
        CHECK(clock_file(invocation, words).value() == std::nullopt);
        sandbox(kSandbox);
        CHECK(clock_file(invocation, words).value() == std::nullopt);
        SandboxFile test = small_sandbox();
        test.clock = "/s/clock";
        sandbox(format_sandbox(test));
        CHECK(clock_file(invocation, words).value() == "/s/clock");
        config("socket = \"a\"\n");
        CHECK(clock_file(invocation, words).error() == Errc::bad_argument);
        invocation.sandbox.reset();
        CHECK(clock_file(invocation, words).value() == std::nullopt);
        config("socket = \"a\"\ntest_deployment = true\nclock = \"clock\"\n");
        CHECK(clock_file(invocation, words).value() == folder.path() / "clock");
        invocation.config = folder.path() / "none.toml";
        CHECK(clock_file(invocation, words).error() == Errc::not_found);
    }

    TEST_CASE_FIXTURE(Folder, "a configuration names a clock only of a test deployment") {
        for (const std::string said : {"", "test_deployment = false\n"}) {
            config(said + "clock = \"clock\"\nsocket = \"a\"\n");
            CHECK(clock_file(invocation, words).error() == Errc::bad_configuration);
            CHECK(says("test_deployment = true is missing"));
            // Whatever the command needs of the file.
            CHECK(unit_error() == Errc::bad_configuration);
        }
    }

    TEST_CASE("a hub's address is a scheme with a host and perhaps a port") {
        CHECK(*parse_hub_url("https://hub.example") == HubAddress{"hub.example", 443});
        CHECK(*parse_hub_url("https://127.0.0.1:8443/") == HubAddress{"127.0.0.1", 8443});
        CHECK(*parse_hub_url("https://[::1]:8443") == HubAddress{"::1", 8443});
        CHECK(*parse_hub_url("https://[::1]") == HubAddress{"::1", 443});
    }

    TEST_CASE("anything else is no hub's address") {
        for (const std::string_view url :
             {"", "hub.example", "http://hub.example", "https://", "https:///", "https://a:0",
              "https://a:65536", "https://a:", "https://a:1x", "https://a/b", "https://u@a",
              "https://a?b", "https://[::1", "https://[]", "https://[::1]x", "https://a b"}) {
            CAPTURE(url);
            CHECK(parse_hub_url(url).has_error());
        }
    }
}
