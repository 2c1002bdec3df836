#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace tongbao::testing {

/// What is wrong with `value` by `schema`, each as `place: words`; empty if it is valid. A `$ref`
/// is looked up in `document`. Knows the keywords that docs/openapi.json uses, and calls every
/// other one a fault, so that nothing is passed over unseen. Source: JSON Schema 2020-12.
[[nodiscard]] std::vector<std::string> schema_faults(const nlohmann::json& document,
                                                     const nlohmann::json& schema,
                                                     const nlohmann::json& value,
                                                     const std::string& place = "$");

}  // namespace tongbao::testing
