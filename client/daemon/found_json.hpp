#pragma once

#include "client/daemon/search_desk.hpp"
#include "client/daemon/search_question.hpp"
#include "domain/charter.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// The part of `text` around the first of `words` (search forms) that it has, one line of about 60
/// characters, with `…` where something was left out. `text` is well-formed UTF-8.
[[nodiscard]] std::string excerpt(std::string_view text, const std::vector<std::string>& words);

/// The answer of `GET /v1/search`. A value that the charter masks is written as mask_value gives
/// it, and said to be masked, unless the request wants it shown.
[[nodiscard]] std::string write_found(const FoundPage& found, const SearchRequest& request,
                                      const Charter& charter);

}  // namespace tongbao::client
