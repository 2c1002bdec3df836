#pragma once

#include <string_view>

namespace tongbao::client {

/// The description of the local API, OpenAPI 3.1: the text of docs/openapi.json.
[[nodiscard]] std::string_view openapi_json() noexcept;

}  // namespace tongbao::client
