#include "client/sandbox/sandbox_file.hpp"

#include "tests/support/command.hpp"
#include "tests/support/must.hpp"

#include <doctest/doctest.h>

using namespace tongbao;
using namespace tongbao::client;
using tongbao::testing::TestDirectory;

namespace {

SandboxFile sample() {
    SandboxFile sandbox;
    sandbox.hub_url = "https://127.0.0.1:8443";
    sandbox.log_verifier_key = "hub.x.example/log+00000000+AA==";
    sandbox.ca_file = "/x/ca/trust.pem";
    sandbox.trust_domain = "x.example";
    sandbox.charter = "x";
    sandbox.charter_file = "/x/charter.json";
    sandbox.hub = {7, 70};
    sandbox.auditor = {"/x/a.pem", "/x/a.key"};
    sandbox.units["police"] = {
        {"/x/d.pem", "/x/d.key"}, {"/x/s.pem", "/x/s.key"}, "/x/p.sock", {8, 80}};
    sandbox.posts.push_back({"hsa", "convener", {"/x/c.pem", "/x/c.key"}});
    return sandbox;
}

}  // namespace

TEST_SUITE("sandbox.json") {
    TEST_CASE("it has the members that others read") {
        CHECK(format_sandbox(sample()) ==
              R"({"hub_url":"https://127.0.0.1:8443",)"
              R"("log_vkey":"hub.x.example/log+00000000+AA==","ca_file":"/x/ca/trust.pem",)"
              R"("trust_domain":"x.example","charter":"x","charter_file":"/x/charter.json",)"
              R"("hub":{"pid":7,"started":70},"units":{"police":{"daemon_cert":"/x/d.pem",)"
              R"("daemon_key":"/x/d.key","sign_cert":"/x/s.pem","sign_key":"/x/s.key",)"
              R"("socket":"/x/p.sock","pid":8,"started":80}},)"
              R"("auditor":{"cert":"/x/a.pem","key":"/x/a.key"},)"
              R"("posts":[{"unit":"hsa","post":"convener","cert":"/x/c.pem","key":"/x/c.key"}]})");
    }

    TEST_CASE("what was written is read again") {
        const Checked<SandboxFile> read = parse_sandbox(format_sandbox(sample()));
        REQUIRE(read.has_value());
        CHECK(format_sandbox(*read) == format_sandbox(sample()));
        CHECK(read->units.at("police").process == ProcessId{8, 80});
        CHECK(!read->clock);
        SandboxFile test = sample();
        test.clock = "/x/clock";
        CHECK(tongbao::testing::must(parse_sandbox(format_sandbox(test))).clock == "/x/clock");
    }

    TEST_CASE("what is no sandbox is refused by its place") {
        CHECK(parse_sandbox("{").error().code == Errc::malformed_json);
        const Checked<SandboxFile> empty = parse_sandbox("{}");
        REQUIRE(empty.has_error());
        CHECK(empty.error().code == Errc::missing_member);
        std::string text = format_sandbox(sample());
        text.replace(text.find("\"pid\":8"), 7, "\"pid\":-8");
        const Checked<SandboxFile> negative = parse_sandbox(text);
        REQUIRE(negative.has_error());
        CHECK(negative.error().place == "units.police.pid");
    }

    TEST_CASE("a folder without one says how to make one") {
        const TestDirectory folder("sandbox-file-none");
        const Checked<SandboxFile> none = read_sandbox_file(folder.path());
        REQUIRE(none.has_error());
        CHECK(none.error().code == Errc::not_found);
        CHECK(none.error().explanation.find("tongbao sandbox up") != std::string::npos);
    }

    TEST_CASE("it is written for its owner alone") {
        const TestDirectory folder("sandbox-file-mode");
        REQUIRE(write_sandbox_file(folder.path(), sample()).has_value());
        const auto status = std::filesystem::status(sandbox_json(folder.path()));
        CHECK(status.permissions() ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
        CHECK(read_sandbox_file(folder.path()).has_value());
    }
}
