#pragma once

#include "protocol/json_value.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace tongbao::client {

/// Notices as the daemon's GET /v1/search gives them, in the order in which they are shown.
using FoundNotices = std::vector<const protocol::JsonValue*>;

/// Prints a table: place, time, sender, kind, title, case, and what matched, of many matches the
/// first three.
void print_found_notices(std::ostream& out, const FoundNotices& found);

/// Prints CSV (print_csv) under a line of names, one record for each value that matched.
void print_found_notices_csv(std::ostream& out, const FoundNotices& found);

/// `{"notices": […]}`, each as the daemon gave it, `next` if it is not empty: a number, and
/// `catching_up` if that is so.
[[nodiscard]] std::string found_notices_json(const FoundNotices& found, const std::string& next,
                                             bool catching_up);

/// Whether a value that matched was masked.
[[nodiscard]] bool any_masked(const FoundNotices& found);

}  // namespace tongbao::client
