#include "program/config_file.hpp"

#include "tests/storage/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

namespace tongbao::program {
namespace {

/// A configuration file with this text.
struct Written {
    explicit Written(const std::string& text) {
        std::ofstream(path, std::ios::binary) << text;
        config = ConfigFile::read(path);
    }

    /// The faults without the file's name.
    [[nodiscard]] std::vector<std::string> faults() const {
        std::vector<std::string> found;
        for (const std::string& fault : config.faults()) {
            REQUIRE(fault.starts_with(path.string() + ':'));
            found.push_back(fault.substr(path.string().size()));
        }
        return found;
    }

    storage::TemporaryFolder folder;
    std::filesystem::path path = folder.path() / "hub.toml";
    ConfigFile config = ConfigFile::read(path);
};

using Faults = std::vector<std::string>;

TEST_SUITE("config file") {
    TEST_CASE("values are read as they stand") {
        Written file(
            "address = \"127.0.0.1\"\n"
            "port = 8443\n"
            "data = \"data/hub\"\n"
            "test = true\n"
            "[tls]\n"
            "key = \"/etc/key.pem\"\n");
        ConfigTable root = file.config.root();
        CHECK(root.text("address") == "127.0.0.1");
        CHECK(root.text("name", "nobody") == "nobody");
        CHECK(root.integer("port", 0, 65535, 1) == 8443);
        CHECK(root.integer("limit", 0, 9, 7) == 7);
        CHECK(root.boolean("test", false));
        CHECK(root.boolean("other", true));
        CHECK(root.path("data") == file.folder.path() / "data/hub");
        CHECK(root.optional_path("port_file") == std::nullopt);
        ConfigTable tls = root.table("tls");
        CHECK(tls.path("key") == "/etc/key.pem");
        CHECK(root.has("port"));
        CHECK_FALSE(root.has("limit"));
        root.finish();
        tls.finish();
        CHECK(file.faults().empty());
    }

    TEST_CASE("a key that nobody asks for is a fault where it stands") {
        Written file("port = 1\n\n  prot = 2\n[tls]\nkye = \"a\"\n");
        ConfigTable root = file.config.root();
        CHECK(root.integer("port", 0, 9, 0) == 1);
        ConfigTable tls = root.table("tls");
        root.finish();
        tls.finish();
        REQUIRE(file.faults().size() == 2);
        CHECK(file.faults()[0].starts_with(":3:"));
        CHECK(file.faults()[0].ends_with(" prot: is not a key that is known here"));
        CHECK(file.faults()[1].starts_with(":5:"));
        CHECK(file.faults()[1].ends_with(" tls.kye: is not a key that is known here"));
    }

    TEST_CASE("a value of another type is a fault and the default stands in") {
        Written file(
            "address = 5\n"
            "port = \"8443\"\n"
            "data = true\n"
            "tls = \"none\"\n"
            "test = 1\n");
        ConfigTable root = file.config.root();
        CHECK_FALSE(root.boolean("test", false));
        CHECK(root.text("address").empty());
        CHECK(root.integer("port", 0, 65535, 443) == 443);
        static_cast<void>(root.path("data"));
        static_cast<void>(root.table("tls"));
        root.finish();
        CHECK(file.faults() == Faults{":5:8: test: must be true or false",
                                      ":1:11: address: must be a string",
                                      ":2:8: port: must be an integer",
                                      ":3:8: data: must be a path", ":4:7: tls: must be a table"});
    }

    TEST_CASE("a number beyond its bounds and an empty text are faults") {
        Written file("low = -1\nhigh = 10\nname = \"\"\ndata = \"\"\n");
        ConfigTable root = file.config.root();
        CHECK(root.integer("low", 0, 9, 4) == 4);
        CHECK(root.integer("high", 0, 9, 5) == 5);
        static_cast<void>(root.text("name"));
        static_cast<void>(root.path("data"));
        CHECK(file.faults() ==
              Faults{":1:7: low: must be from 0 to 9", ":2:8: high: must be from 0 to 9",
                     ":3:8: name: may not be empty", ":4:8: data: may not be empty"});
    }

    TEST_CASE("what is missing is named with the table that it belongs to") {
        Written file("\n[tls]\n");
        ConfigTable root = file.config.root();
        static_cast<void>(root.text("address"));
        CHECK(root.integer("port", 5, 9) == 5);
        static_cast<void>(root.path("data"));
        ConfigTable tls = root.table("tls");
        static_cast<void>(tls.path("key"));
        static_cast<void>(root.table("log"));
        static_cast<void>(root.table("extra", false));
        CHECK(file.faults() == Faults{":1:1: address: is missing", ":1:1: port: is missing",
                                      ":1:1: data: is missing", ":2:1: tls.key: is missing",
                                      ":1:1: log: the table is missing"});
    }

    TEST_CASE("a fault that the caller finds stands where the key does") {
        Written file("\naddress = \"nowhere\"\n");
        ConfigTable root = file.config.root();
        static_cast<void>(root.text("address"));
        root.fault("address", "is no IP address");
        CHECK(file.faults() == Faults{":2:11: address: is no IP address"});
    }

    TEST_CASE("a text that is no TOML is a fault at its line") {
        const Written file("port = 1\naddress = \n");
        REQUIRE(file.faults().size() == 1);
        CHECK(file.faults()[0].starts_with(":2:"));
        const Written twice("port = 1\nport = 2\n");
        REQUIRE(twice.faults().size() == 1);
        CHECK(twice.faults()[0].starts_with(":2:"));
    }

    TEST_CASE("a file that is not there or is a folder can't be read") {
        const storage::TemporaryFolder folder;
        for (const auto& path : {folder.path(), folder.path() / "none.toml"}) {
            const ConfigFile config = ConfigFile::read(path);
            REQUIRE(config.faults().size() == 1);
            CHECK(config.faults()[0] == path.string() + ": can't be read");
        }
    }
}

}  // namespace
}  // namespace tongbao::program
