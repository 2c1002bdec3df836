#include "tests/client/cli/client_command.hpp"
#include "tests/support/command.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tongbao::client;
using tongbao::testing::TestDirectory;

namespace {

const std::string kCharters = tongbao::testing::source_dir() + "/domain/charters/";

std::string read_charter(const std::string& name) {
    const TestDirectory folder("charter-command-read");
    const auto copied = folder.run("cp " + kCharters + name + " charter.json");
    REQUIRE(copied.exit_code == 0);
    return folder.read("charter.json");
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

}  // namespace

TEST_SUITE("tongbao charter") {
    TEST_CASE("the shipped charters are valid") {
        for (const std::string name : {"guangdong-2020", "jilin"}) {
            const CommandOutcome outcome =
                run_tongbao({"charter", "check", kCharters + name + ".json"});
            CHECK(outcome.exit_code == 0);
            CHECK(has(outcome.output, name + " version 1: valid"));
        }
    }

    TEST_CASE("a reference that does not resolve is named with its place") {
        const TestDirectory folder("charter-command-unresolved");
        folder.write("bad.json", replaced(read_charter("jilin.json"), "\"from_post\": \"convener\"",
                                          "\"from_post\": \"nobody_holds_this\""));
        const CommandOutcome outcome =
            run_tongbao({"charter", "check", (folder.path() / "bad.json").string()});
        CHECK(outcome.exit_code == 1);
        CHECK(has(outcome.output, "unresolved_reference"));
        CHECK(has(outcome.output, "from_post"));
        CHECK(has(outcome.output, "kinds."));
    }

    TEST_CASE("every fault is listed and counted") {
        const TestDirectory folder("charter-command-faults");
        std::string text = replaced(read_charter("jilin.json"), "\"from_post\": \"convener\"",
                                    "\"from_post\": \"nobody_holds_this\"");
        text = replaced(text, "\"kept_by\": \"office\"", "\"kept_by\": \"no_such_unit\"");
        folder.write("bad.json", text);
        const CommandOutcome outcome =
            run_tongbao({"charter", "check", "--json", (folder.path() / "bad.json").string()});
        CHECK(outcome.exit_code == 1);
        CHECK(has(outcome.output, "\"valid\":false"));
        CHECK(has(outcome.output, "from_post"));
        CHECK(has(outcome.output, "kept_by"));
    }

    TEST_CASE("a text that is no JSON is refused with the byte where it ends being so") {
        const TestDirectory folder("charter-command-text");
        folder.write("bad.json", "{\"charter_format\": 1,}");
        const CommandOutcome outcome =
            run_tongbao({"charter", "check", (folder.path() / "bad.json").string()});
        CHECK(outcome.exit_code == 1);
        CHECK(has(outcome.output, "malformed_json"));
        CHECK(has(outcome.output, "byte "));
    }

    TEST_CASE("a file that is not there ends with 2") {
        CHECK(run_tongbao({"charter", "check", "/nowhere/charter.json"}).exit_code == 2);
    }

    TEST_CASE("the overview has units and kinds with who sends them to whom") {
        const CommandOutcome outcome =
            run_tongbao({"charter", "show", "--file", kCharters + "guangdong-2020.json"});
        CHECK(outcome.exit_code == 0);
        CHECK(has(outcome.output, "广东省公安厅"));
        CHECK(has(outcome.output, "agenda_approval"));
        CHECK(has(outcome.output, "local:police"));
    }

    TEST_CASE("one kind shows its fields") {
        const CommandOutcome outcome =
            run_tongbao({"charter", "show", "--file", kCharters + "guangdong-2020.json", "--kind",
                         "agenda_approval"});
        CHECK(outcome.exit_code == 0);
        CHECK(has(outcome.output, "Fields"));
        CHECK(has(outcome.output, "signed by convener"));
    }

    TEST_CASE("a kind that the charter has not ends with 2") {
        CHECK(run_tongbao(
                  {"charter", "show", "--file", kCharters + "jilin.json", "--kind", "no_such_kind"})
                  .exit_code == 2);
    }
}
