#pragma once

#include "tests/protocol/charter_fixture.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace tongbao::testing {

inline nlohmann::json& named(nlohmann::json& list, const char* key, const std::string& id) {
    for (nlohmann::json& candidate : list) {
        if (candidate[key] == id) return candidate;
    }
    FAIL("nothing named " << id);
    return list;
}

inline nlohmann::json& kind(nlohmann::json& text, const std::string& id) {
    return named(text["kinds"], "id", id);
}

inline nlohmann::json& field(nlohmann::json& text, const std::string& kind_id,
                             const std::string& name) {
    return named(kind(text, kind_id)["fields"], "name", name);
}

struct Broken {
    const char* rule;
    std::function<void(nlohmann::json&)> how;
    Errc code;
    std::string place;
};

/// Breaks the invented charter in each way, and expects the fault. Others may follow from it.
inline void expect_faults(const std::vector<Broken>& cases) {
    for (const Broken& broken : cases) {
        CAPTURE(broken.rule);
        nlohmann::json text = charter_text();
        broken.how(text);
        const Reasons faults = faults_of(text.dump());
        const bool found = std::any_of(faults.begin(), faults.end(), [&](const Reason& reason) {
            return reason.code == broken.code && reason.place == broken.place;
        });
        if (!found) {
            for (const Reason& reason : faults) {
                MESSAGE(code(reason.code) << " at " << reason.place << ": " << reason.explanation);
            }
        }
        CHECK(found);
    }
}

inline constexpr Errc kUnresolved = Errc::unresolved_reference;
inline constexpr Errc kBad = Errc::bad_charter;
inline constexpr Errc kExpression = Errc::bad_expression;

}  // namespace tongbao::testing
