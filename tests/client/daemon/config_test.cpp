#include "client/daemon/config.hpp"

#include "program/files.hpp"
#include "tests/hub/hub_parts.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/toml_matrix.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

namespace tongbao::client {
namespace {

std::string good_text() {
    return "unit = \"dike\"\n"
           "hub = \"https://[::1]:8443\"\n"
           "data = \"data\"\n"
           "charter = \"charter.json\"\n"
           "socket = \"socket\"\n"
           "log_key = \"" +
           testing::log_signer().verifier_key().text() +
           "\"\n"
           "log_level = \"warning\"\n"
           "[tls]\n"
           "certificate = \"daemon.pem\"\n"
           "key = \"daemon.key\"\n"
           "trust = \"trust.pem\"\n"
           "[sign]\n"
           "certificate = \"sign.pem\"\n"
           "key = \"sign.key\"\n";
}

/// The faults of a configuration, each without the file's name and the colon behind it.
std::vector<std::string> faults_of(const std::string& text) {
    const storage::TemporaryFolder folder;
    const auto path = folder.path() / "daemon.toml";
    REQUIRE(program::write_file(path, text, 0600).has_value());
    DaemonConfig config;
    std::vector<std::string> faults = read_daemon_config(path, config);
    for (std::string& fault : faults) {
        REQUIRE(fault.starts_with(path.string() + ':'));
        fault.erase(0, path.string().size() + 1);
    }
    return faults;
}

/// Those of the good one with its first `from` replaced.
std::vector<std::string> faults_of(const std::string& from, const std::string& to) {
    std::string text = good_text();
    text.replace(text.find(from), from.size(), to);
    return faults_of(text);
}

TEST_SUITE("daemon's configuration") {
    TEST_CASE("a daemon is no test deployment unless its configuration says so") {
        const auto read = [](const std::string& text) {
            const storage::TemporaryFolder folder;
            const auto path = folder.path() / "daemon.toml";
            REQUIRE(program::write_file(path, text, 0600).has_value());
            DaemonConfig config;
            CHECK(read_daemon_config(path, config).empty());
            return config.test_deployment;
        };
        CHECK_FALSE(read(good_text()));
        CHECK(read("test_deployment = true\n" + good_text()));
        CHECK_FALSE(read("test_deployment = false\n" + good_text()));
        CHECK(faults_of("test_deployment = \"true\"\n" + good_text()) ==
              std::vector<std::string>{"1:19: test_deployment: must be true or false"});
    }

    TEST_CASE("a good file is read whole") {
        const storage::TemporaryFolder folder;
        const auto path = folder.path() / "daemon.toml";
        REQUIRE(program::write_file(path, good_text(), 0600).has_value());
        DaemonConfig config;
        CHECK(read_daemon_config(path, config).empty());
        CHECK(config.unit == UnitId("dike"));
        CHECK(config.hub_host == "::1");
        CHECK(config.hub_port == 8443);
        CHECK(config.data == folder.path() / "data");
        CHECK(config.log_level == program::LogLevel::warning);
        CHECK(config.sign_key == folder.path() / "sign.key");
        CHECK(config.free_space_bytes == 512ull * 1024 * 1024);
        const std::string limits = "[limits]\nfree_space_mib = 7\n";
        REQUIRE(program::write_file(path, good_text() + limits, 0600).has_value());
        CHECK(read_daemon_config(path, config).empty());
        CHECK(config.free_space_bytes == 7ull * 1024 * 1024);
    }

    TEST_CASE("every class of bad TOML is refused at its line and column") {
        for (const testing::TomlRow& row : testing::toml_matrix()) {
            CAPTURE(std::string(row.name));
            const std::vector<std::string> faults = faults_of(row.lines + good_text());
            REQUIRE(!faults.empty());
            INFO(faults.front());
            CHECK(testing::is_at(':' + faults.front(), row));
        }
    }

    TEST_CASE("a value of another type is refused at its place, whatever the key") {
        std::string good = good_text();
        good.insert(0, "hub_name = \"hub.test.example\"\napi_group = \"clerks\"\n");
        good += "[limits]\nfree_space_mib = 512\n";
        REQUIRE(faults_of(good).empty());
        for (const testing::TomlValue& value : testing::values_of(good)) {
            const char first = good[value.begin];
            for (const std::string_view other : testing::toml_values()) {
                const bool same = first == '"' ? other.front() == '"' : other == "7";
                if (same) continue;
                CAPTURE(value.key);
                CAPTURE(std::string(other));
                std::string text = good;
                const auto faults = faults_of(text.replace(value.begin, value.size, other));
                REQUIRE(!faults.empty());
                INFO(faults.front());
                CHECK(faults.front().starts_with(std::to_string(value.line) + ':' +
                                                 std::to_string(value.column) + ": "));
                CHECK(faults.front().find(": must be ") != std::string::npos);
            }
        }
    }

    TEST_CASE("each fault is told with its line") {
        // The lines on which there is something wrong.
        const auto lines = [](const std::vector<std::string>& faults) {
            std::set<std::string> found;
            for (const std::string& fault : faults) found.insert(fault.substr(0, fault.find(':')));
            return found;
        };
        using Lines = std::set<std::string>;
        CHECK(lines(faults_of("\"warning\"", "\"loud\"")) == Lines{"7"});
        CHECK(lines(faults_of("\"dike\"", "\"Dike\"")) == Lines{"1"});
        CHECK(lines(faults_of("\"dike\"", "7")) == Lines{"1"});
        CHECK(lines(faults_of("https", "http")) == Lines{"2"});
        CHECK(lines(faults_of("\"data\"", "[\"data\"]")) == Lines{"3"});
        CHECK(lines(faults_of("log_key = \"hub", "log_key = \"hug")) == Lines{"6"});
        CHECK(lines(faults_of("socket =", "sockets = \"x\"\nsocket =")) == Lines{"5"});
        CHECK(lines(faults_of("trust = ", "trusts = \"x\"\ntrust = ")) == Lines{"11"});
        // All at once.
        CHECK(lines(faults_of("unit = \"dike\"\nhub = \"https", "unit = \"\"\nhub = \"http")) ==
              Lines{"1", "2"});
    }
}

}  // namespace
}  // namespace tongbao::client
