#include "client/sandbox/sandbox_config.hpp"

#include "program/config_file.hpp"
#include "tests/support/command.hpp"

#include <doctest/doctest.h>

using namespace tongbao;
using namespace tongbao::client;
using tongbao::testing::TestDirectory;

namespace {

SandboxFile one_unit(const SandboxLayout& layout) {
    SandboxFile sandbox;
    sandbox.hub_url = "https://127.0.0.1:8443";
    sandbox.log_verifier_key = "hub.x.example/log+00000000+AA==";
    sandbox.ca_file = layout.ca() / "trust.pem";
    SandboxUnit& unit = sandbox.units["police"];
    unit.daemon = {layout.unit("police") / "daemon.pem", layout.unit("police") / "daemon.key"};
    unit.sign = {layout.unit("police") / "sign.pem", layout.unit("police") / "sign.key"};
    unit.socket = layout.socket("police");
    return sandbox;
}

}  // namespace

TEST_SUITE("sandbox configuration") {
    TEST_CASE("quotes and control characters in a path stay a path") {
        CHECK(toml_text("/a/b") == "\"/a/b\"");
        CHECK(toml_text("a\"b\\c") == "\"a\\\"b\\\\c\"");
        CHECK(toml_text("a\nb\x7F") == "\"a\\u000ab\\u007f\"");
        CHECK(toml_text("文书") == "\"文书\"");
    }

    TEST_CASE("a hub's configuration has the keys that a hub reads and no other") {
        const TestDirectory folder("sandbox-config-hub");
        const SandboxLayout layout(folder.path());
        folder.write("hub.toml", hub_config_text(layout, one_unit(layout), 8443));
        program::ConfigFile file = program::ConfigFile::read(folder.path() / "hub.toml");
        program::ConfigTable root = file.root();
        CHECK(root.text("address") == "127.0.0.1");
        CHECK(root.integer("port", 0, 65'535, 0) == 8443);
        CHECK(root.path("port_file") == layout.port_file());
        CHECK(root.path("data") == layout.hub() / "data");
        CHECK(root.path("charter") == layout.charter());
        CHECK(root.path("log_key") == layout.ca() / "log.key");
        CHECK(root.path("enrolled") == layout.enrolled());
        CHECK(root.text("log_level") == "info");
        program::ConfigTable tls = root.table("tls");
        CHECK(tls.path("certificate") == layout.hub() / "hub.pem");
        CHECK(tls.path("key") == layout.hub() / "hub.key");
        CHECK(tls.path("trust") == layout.ca() / "trust.pem");
        tls.finish();
        root.finish();
        CHECK(file.faults().empty());
    }

    TEST_CASE("a daemon's configuration names its unit its hub and its keys") {
        const TestDirectory folder("sandbox-config-daemon");
        const SandboxLayout layout(folder.path());
        folder.write("tongbaod.toml", daemon_config_text(layout, one_unit(layout), "police"));
        program::ConfigFile file = program::ConfigFile::read(folder.path() / "tongbaod.toml");
        program::ConfigTable root = file.root();
        CHECK(root.text("unit") == "police");
        CHECK(root.text("hub") == "https://127.0.0.1:8443");
        CHECK(root.path("data") == layout.unit("police") / "data");
        CHECK(root.path("charter") == layout.charter());
        CHECK(root.text("log_key") == "hub.x.example/log+00000000+AA==");
        CHECK(root.path("socket") == layout.socket("police"));
        CHECK(root.text("log_level") == "info");
        program::ConfigTable tls = root.table("tls");
        CHECK(tls.path("certificate") == layout.unit("police") / "daemon.pem");
        CHECK(tls.path("key") == layout.unit("police") / "daemon.key");
        CHECK(tls.path("trust") == layout.ca() / "trust.pem");
        tls.finish();
        program::ConfigTable sign = root.table("sign");
        CHECK(sign.path("certificate") == layout.unit("police") / "sign.pem");
        CHECK(sign.path("key") == layout.unit("police") / "sign.key");
        sign.finish();
        program::ConfigTable enrolment = root.table("enrolment");
        CHECK(enrolment.path("requests") == layout.unit("police"));
        enrolment.finish();
        root.finish();
        CHECK(file.faults().empty());
    }

    TEST_CASE("a sandbox whose clock is set has the configurations of a test deployment") {
        const TestDirectory folder("sandbox-config-test");
        const SandboxLayout layout(folder.path());
        SandboxFile sandbox = one_unit(layout);
        sandbox.clock = layout.clock();
        for (const std::string& text : {hub_config_text(layout, sandbox, 8443),
                                        daemon_config_text(layout, sandbox, "police")}) {
            folder.write("some.toml", text);
            program::ConfigFile file = program::ConfigFile::read(folder.path() / "some.toml");
            CHECK(file.root().boolean("test_deployment", false));
        }
        sandbox.clock.reset();
        for (const std::string& text : {hub_config_text(layout, sandbox, 8443),
                                        daemon_config_text(layout, sandbox, "police")}) {
            CHECK(text.find("test_deployment") == std::string::npos);
        }
    }

    TEST_CASE("a socket's path of 107 bytes is the longest") {
        // `/s/police.sock` has 14 bytes.
        const auto sandbox_in = [](std::size_t folder_bytes) {
            return one_unit(SandboxLayout('/' + std::string(folder_bytes - 1, 'x')));
        };
        CHECK(check_sockets(sandbox_in(93)).has_value());
        const Checked<void> longer = check_sockets(sandbox_in(94));
        REQUIRE(longer.has_error());
        CHECK(longer.error().code == Errc::too_large);
        CHECK(longer.error().explanation.find("shorter by 1") != std::string::npos);
    }
}
