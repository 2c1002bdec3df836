#include "tests/integration/live_sandbox.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

using namespace tongbao::testing;

namespace {

bool online(const Json& charter, const std::string& id) {
    for (const Json& unit : charter.at("units")) {
        if (unit.at("id") == id) return unit.at("kind") != "external";
    }
    return false;
}

}  // namespace

TEST_SUITE("an invented charter") {
    // Other units, other kinds, another trust domain: nothing of it is known to the code.
    TEST_CASE("units of a charter that nobody has seen exchange a notice under it") {
        const std::string file = testing::source_dir() + "/tests/domain/charters/third.json";
        std::ifstream stream(file);
        const Json charter = Json::parse(stream);
        const LiveSandbox sandbox(file);
        for (const Json& kind : charter.at("kinds")) {
            // The first kind that needs no answer, case or attachment and has text fields only.
            if (kind.at("reply") == "required" || kind.at("case") == "required") continue;
            bool simple = true;
            std::string fields;
            for (const Json& attachment : kind.at("attachments")) {
                simple = simple && attachment.at("required") == false;
            }
            for (const Json& field : kind.at("fields")) {
                if (field.at("required") == false) continue;
                simple = simple && field.at("type") == "text";
                fields += " --field " + std::string(field.at("name")) + "=text";
            }
            if (!simple) continue;
            const std::string from = kind.at("from").at(0);
            const std::string to = kind.at("to").at(0);
            if (from == to || !online(charter, to)) continue;
            const Json sent = sandbox.json_as(
                from, "send --kind " + std::string(kind.at("id")) + " --to " + to + fields);
            const Json inbox = sandbox.wait_for_inbox(to, 1);
            CHECK(inbox.at("notices").at(0).at("id") == sent.at("id"));
            return;
        }
        FAIL("the charter has no kind that this test can send");
    }
}
