#include "hub/config.hpp"

#include "tests/storage/temporary_folder.hpp"
#include "tests/support/toml_matrix.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

constexpr const char* kGood =
    "address = \"192.0.2.7\"\n"
    "port = 8443\n"
    "data = \"data\"\n"
    "charter = \"charter.json\"\n"
    "log_key = \"log.key\"\n"
    "enrolled = \"/etc/enrolled\"\n";
constexpr const char* kTls =
    "[tls]\n"
    "certificate = \"hub.pem\"\n"
    "key = \"hub.key\"\n"
    "trust = \"trust.pem\"\n";

struct Read {
    explicit Read(const std::string& text) {
        std::ofstream(path, std::ios::binary) << text;
        for (const std::string& fault : read_config(path, config)) {
            REQUIRE(fault.starts_with(path.string()));
            faults.push_back(fault.substr(path.string().size()));
        }
    }

    storage::TemporaryFolder folder;
    std::filesystem::path path = folder.path() / "hub.toml";
    Config config;
    std::vector<std::string> faults;
};

TEST_SUITE("hub configuration") {
    TEST_CASE("what is left out has its default") {
        const Read read(std::string(kGood) + kTls);
        CHECK(read.faults.empty());
        CHECK(read.config.address == "192.0.2.7");
        CHECK(read.config.port == 8443);
        CHECK(read.config.data == read.folder.path() / "data");
        CHECK(read.config.enrolled == "/etc/enrolled");
        CHECK(read.config.tls.key == read.folder.path() / "hub.key");
        CHECK_FALSE(read.config.head.has_value());
        CHECK_FALSE(read.config.port_file.has_value());
        CHECK(read.config.connections == 4096);
        CHECK(read.config.refused_entries_per_hour == 1000);
        CHECK(read.config.free_space_bytes == 512ull * 1024 * 1024);
        CHECK(read.config.unnamed_upload_bytes == 16ull * 1024 * 1024 * 1024);
    }

    TEST_CASE("the head may be kept elsewhere") {
        const Read read(std::string(kGood) + "head = \"/mnt/other/head\"\n" + kTls);
        CHECK(read.faults.empty());
        CHECK(read.config.head == "/mnt/other/head");
    }

    TEST_CASE("a hub is no test deployment unless its configuration says so") {
        CHECK_FALSE(Read(std::string(kGood) + kTls).config.test_deployment);
        const Read test(std::string(kGood) + "test_deployment = true\n" + kTls);
        CHECK(test.faults.empty());
        CHECK(test.config.test_deployment);
        CHECK_FALSE(
            Read(std::string(kGood) + "test_deployment = false\n" + kTls).config.test_deployment);
        CHECK(Read(std::string(kGood) + "test_deployment = 1\n" + kTls).faults ==
              std::vector<std::string>{":7:19: test_deployment: must be true or false"});
    }

    TEST_CASE("the room that must stay free is given in mebibytes") {
        const auto with = [](const std::string& value) {
            return Read(std::string(kGood) + kTls + "[limits]\nfree_space_mib = " + value + '\n');
        };
        CHECK(with("7").config.free_space_bytes == 7ull * 1024 * 1024);
        CHECK(with("0").faults ==
              std::vector<std::string>{":12:18: limits.free_space_mib: must be from 1 to 1048576"});
    }

    TEST_CASE("every fault is named with its place") {
        const Read read(
            "address = \"192.0.2.7\"\ndata = 5\ncharter = \"a\"\nlog_key = \"b\"\n"
            "enrolled = \"c\"\nlog_level = \"loud\"\nlogkey = \"d\"\n"
            "[tls]\ncertificate = \"e\"\nkey = \"f\"\n[limits]\nconnections = 0\n");
        CHECK(read.faults ==
              std::vector<std::string>{":1:1: port: is missing", ":2:8: data: must be a path",
                                       ":6:13: log_level: must be debug, info, warning or error",
                                       ":8:1: tls.trust: is missing",
                                       ":12:15: limits.connections: must be from 1 to 65536",
                                       ":7:10: logkey: is not a key that is known here"});
    }

    TEST_CASE("every class of bad TOML is refused at its line and column") {
        for (const testing::TomlRow& row : testing::toml_matrix()) {
            CAPTURE(std::string(row.name));
            const Read read(row.lines + kGood + kTls);
            REQUIRE(read.faults.size() >= 1);
            INFO(read.faults.front());
            CHECK(testing::is_at(read.faults.front(), row));
        }
    }

    TEST_CASE("a value of another type is refused at its place, whatever the key") {
        const std::string limits =
            "[limits]\nfree_space_mib = 512\nunnamed_upload_mib = 512\n"
            "refused_entries_per_hour = 5\nconnections = 5\nconnections_per_address = 5\n"
            "connections_per_certificate = 5\n";
        const std::string good = kGood + std::string("port_file = \"a\"\nhead = \"b\"\n") +
                                 "log_level = \"info\"\n" + kTls + limits;
        REQUIRE(Read(good).faults.empty());
        for (const testing::TomlValue& value : testing::values_of(good)) {
            const char first = good[value.begin];
            for (const std::string_view other : testing::toml_values()) {
                const bool same = first == '"' ? other.front() == '"' : other == "7";
                if (same) continue;
                CAPTURE(value.key);
                CAPTURE(std::string(other));
                std::string text = good;
                const Read read(text.replace(value.begin, value.size, other));
                REQUIRE(!read.faults.empty());
                INFO(read.faults.front());
                CHECK(read.faults.front().starts_with(':' + std::to_string(value.line) + ':' +
                                                      std::to_string(value.column) + ": "));
                CHECK(read.faults.front().find(": must be ") != std::string::npos);
            }
        }
    }

    TEST_CASE("connections leave the database the files that it needs") {
        CHECK(connections_that_fit(4096, 1'048'576) == 4096);
        CHECK(connections_that_fit(4096, 1024) == 256);
        CHECK(connections_that_fit(100, 1024) == 100);
        CHECK(connections_that_fit(4096, 512) == 1);
        CHECK(connections_that_fit(4096, 0) == 1);
    }
}

}  // namespace
}  // namespace tongbao::hub
