#include "tests/integration/live_sandbox.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

using namespace tongbao::testing;

namespace {

Json charter(const std::string& name) {
    std::ifstream file(testing::source_dir() + "/domain/charters/" + name + ".json");
    return Json::parse(file);
}

std::set<std::string> kinds_of(const Json& charter) {
    std::set<std::string> kinds;
    for (const Json& kind : charter.at("kinds")) kinds.insert(kind.at("id"));
    return kinds;
}

/// Sends each kind that only `other` has to the hub of `own`.
void send_foreign_kinds(const std::string& own, const std::string& other) {
    const LiveSandbox sandbox(own);
    const RawUnit unit(sandbox, "hsa");
    const std::set<std::string> known = kinds_of(charter(own));
    std::size_t refused = 0;
    for (const std::string& kind : kinds_of(charter(other))) {
        if (known.contains(kind)) continue;
        Json notice = unit.notice(kind);
        notice.update(
            {{"to", {"police"}}, {"title", "标题"}, {"secrecy", "工作秘密"}, {"urgency", "平件"}});
        const std::vector<std::string> codes = unit.codes_of(notice.dump());
        INFO(kind);
        CHECK(codes == std::vector<std::string>{"unknown_kind"});
        ++refused;
    }
    CHECK(refused > 0);
}

}  // namespace

TEST_SUITE("two charters in one program") {
    TEST_CASE("each kind that only Jilin has is unknown to Guangdong's hub") {
        send_foreign_kinds("guangdong-2020", "jilin");
    }

    TEST_CASE("each kind that only Guangdong has is unknown to Jilin's hub") {
        send_foreign_kinds("jilin", "guangdong-2020");
    }
}
