#pragma once

#include "tests/client/daemon/due_answer.hpp"
#include "tests/client/daemon/local_stage.hpp"
#include "tests/protocol/charter_fixture.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// What tests of reminders and of the office's tray share.
namespace tongbao::testing {

/// The invented charter, whose escalation also urges with a draft, and then lists for the meeting.
/// Urging asks for a field that only a person can fill in.
inline std::shared_ptr<const Charter> urging_charter() {
    nlohmann::json text = charter_text();
    auto& steps = text["escalations"]["ordinary"]["steps"];
    steps.push_back(
        {{"at", "due+1wd"},
         {"do", "urge"},
         {"to",
          {{{"post", "contact"}, {"of", "recipient"}}, {{"post", "warden"}, {"of", "office"}}}},
         {"draft", "urging"}});
    for (auto& kind : text["kinds"]) {
        if (kind["id"] != "urging") continue;
        for (auto& field : kind["fields"]) field["required"] = true;
    }
    protocol::LoadedCharter loaded = protocol::load_charter(text.dump());
    if (const auto* const reasons = std::get_if<Reasons>(&loaded)) {
        for (const Reason& reason : *reasons) MESSAGE(reason.place << ": " << reason.explanation);
    }
    REQUIRE(std::holds_alternative<Charter>(loaded));
    return std::make_shared<const Charter>(std::get<Charter>(std::move(loaded)));
}

/// The steps that a hub says were done, each a `<place> <deed> <entry>`, a second apart.
struct SaidStep {
    int step;
    const char* deed;
    int index;
};

inline nlohmann::json said_steps(const std::vector<SaidStep>& steps) {
    nlohmann::json said = nlohmann::json::array();
    for (const SaidStep& each : steps) {
        const std::string second = std::to_string(each.index % 60);
        said.push_back({{"step", each.step},
                        {"deed", each.deed},
                        {"due", "2026-06-09T16:00:00.000Z"},
                        {"done", "2026-06-09T16:01:" + std::string(second.size() < 2 ? "0" : "") +
                                     second + ".000Z"},
                        {"index", each.index}});
    }
    return said;
}

/// The clock of an answer that dike owes lake, over its limit of 9 June, with these steps.
inline nlohmann::json overdue_clock(const std::vector<SaidStep>& steps) {
    nlohmann::json clock = due_answer_clock();
    clock["flags"] = nlohmann::json::array({"overdue"});
    clock["overdue_since"] = "2026-06-09T16:00:00.000Z";
    clock["steps"] = said_steps(steps);
    return clock;
}

inline const std::vector<SaidStep> kAllSteps{
    {0, "remind", 9}, {1, "mark_overdue", 10}, {2, "urge", 11}};

struct UrgingHub : StartedHub {
    UrgingHub() { deployment.charter = urging_charter(); }
};

/// A unit's daemon and its local API; the office, unless another is named.
struct TrayStage {
    UrgingHub hub;
    DaemonParts daemon;
    struct Nobody final : LocalGroups {
        [[nodiscard]] bool contains(const std::string& /*group*/,
                                    const transport::LocalPeer& /*peer*/) const override {
            return false;
        }
    };
    Nobody groups;
    PeerCheck peers{1000, "", groups};
    std::optional<LocalApi> api;

    explicit TrayStage(const char* unit = "office") : daemon(hub, unit) { open(); }

    void open() { api.emplace(*daemon.services, *daemon.follower, peers); }
    void restart() {
        api.reset();
        daemon.restart();
        open();
    }

    /// The hub says that these clocks are open.
    void says(const std::vector<nlohmann::json>& clocks) {
        daemon.fake.answers["GET /v1/due"] = {200,
                                              to_bytes(nlohmann::json{{"clocks", clocks}}.dump())};
    }

    transport::Response ask(const std::string& method, const std::string& target,
                            const std::string& body = {}) {
        transport::RequestHead request;
        request.method = method;
        request.target = target;
        GivenBody given(to_bytes(body));
        Answered answered;
        const transport::Peer caller{"unix:uid=1000", transport::LocalPeer{1000, 1000, 1}};
        const Result<void> done = daemon.run(api->handle(caller, request, given, answered));
        if (!done) answered.response.status = transport::status_of(to_errc(done.error()));
        return answered.response;
    }
    nlohmann::json get(const std::string& target) {
        return nlohmann::json::parse(as_text(ask("GET", target).body));
    }
    /// The numbers of the drafts in the tray.
    std::vector<int> tray() {
        std::vector<int> items;
        const nlohmann::json answer = get("/v1/tray");
        REQUIRE(answer.contains("drafts"));
        for (const nlohmann::json& each : answer.at("drafts")) items.push_back(each.at("item"));
        return items;
    }
};

}  // namespace tongbao::testing
