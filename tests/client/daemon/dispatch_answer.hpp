#pragma once

#include "hub/log_showing.hpp"
#include "tests/hub/dispatched_hub.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

// What a hub answers that is asked for the register of dispatches.

namespace tongbao::testing {

using Acts = std::vector<Bytes>;

inline nlohmann::json proof_of(const std::vector<Digest>& path) {
    nlohmann::json digests = nlohmann::json::array();
    for (const Digest& each : path) digests.push_back(each.base64());
    return digests;
}

/// The item at the press with these entries; without acts where `told` is none.
inline nlohmann::json dispatch_item(const HubParts& hub, const char* state,
                                    const std::vector<LogIndex>& entries,
                                    const std::optional<Acts>& told) {
    hub::LogShowing showing(hub.store, *hub.tree, hub.head, TreeSize(0));
    static_cast<void>(must(showing.update()));
    nlohmann::json out{{"unit", "press"}, {"state", state}, {"entries", nlohmann::json::array()}};
    for (const LogIndex index : entries) {
        const protocol::ProvedEntry proved = must(showing.prove(index));
        out["entries"].push_back({{"index", index.value()},
                                  {"entry", to_base64(proved.entry)},
                                  {"proof", proof_of(proved.path)}});
    }
    if (!told) return out;
    out["acts"] = nlohmann::json::array();
    for (const Bytes& act : *told) out["acts"].push_back(to_base64(act));
    return out;
}

/// The page with these items for one who knows `known` entries.
inline nlohmann::json dispatch_page(const HubParts& hub, TreeSize known,
                                    std::vector<nlohmann::json> items) {
    hub::LogShowing showing(hub.store, *hub.tree, hub.head, known);
    const protocol::HeadUpdate update = must(showing.update());
    nlohmann::json page{{"checkpoint", update.checkpoint},
                        {"consistency", proof_of(update.consistency)},
                        {"items", nlohmann::json::array()}};
    for (nlohmann::json& item : items) page["items"].push_back(std::move(item));
    return page;
}

}  // namespace tongbao::testing
