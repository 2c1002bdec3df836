#include "tests/client/cli/daemon_stage.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <vector>

namespace tongbao::client::testing {

std::string sent(const std::string& state, const std::string& more) {
    return R"({"id":")" + kId + R"(","state":")" + state + "\"" + more + "}";
}

std::string body_of(const FakeDaemon& daemon, const std::string& target) {
    const std::vector<SeenRequest> seen = daemon.seen();
    const auto found = std::find_if(seen.rbegin(), seen.rend(), [&](const SeenRequest& request) {
        return request.target == target;
    });
    REQUIRE(found != seen.rend());
    return found->body;
}

DaemonStage::DaemonStage() {
    daemon.answer("GET /v1/charter", {200, charter_text("guangdong-2020")});
}

std::string DaemonStage::write_file(const std::string& name, const std::string& text) const {
    const std::string path = (daemon.folder() / name).string();
    std::ofstream(path) << text;
    return path;
}

void DaemonStage::accept_notice() {
    daemon.answer("POST /v1/notices", {202, sent("queued")});
    daemon.answer("GET /v1/sent/" + kId + "?wait=30", {200, sent("accepted", ",\"index\":12")});
}

void DaemonStage::asked_notice(const std::string& more, const std::string& beside) {
    daemon.answer("GET /v1/notices/12",
                  {200, R"({"box":"inbox","index":12)" + beside + R"(,"notice":{"id":")" + kId +
                            "\"" + more + "}}"});
}

}  // namespace tongbao::client::testing
