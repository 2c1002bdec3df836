#pragma once

#include "client/cli/case_words.hpp"
#include "protocol/json_value.hpp"

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {

/// Items of the register of dispatches as the daemon's GET /v1/dispatches gives them.
using DispatchItems = std::vector<const protocol::JsonValue*>;

/// Which of them were asked for, as it was given; what was not given is empty.
struct DispatchFilter {
    /// Nothing was said yet of how the notice went there.
    bool open{false};
    /// How it went was said, without evidence.
    bool without_evidence{false};
    /// The notice's sender, and the recipient.
    std::string from{};
    std::string to{};
    /// Notices that were logged on these days of the charter's zone, both included.
    std::optional<LocalDay> first{};
    std::optional<LocalDay> last{};
};

/// Whether the item is one that was asked for. With both of `open` and `without_evidence` either
/// will do, with none of them all.
[[nodiscard]] bool fits(const protocol::JsonValue& item, const DispatchFilter& filter,
                        const TimeZone& zone);

/// Prints a table: how far each is, which notice went to whom, since when it is open, and what its
/// sender said of how it went.
void print_dispatch_table(std::ostream& out, const DispatchItems& items, const CaseWords& words);

/// Prints CSV (print_csv) under a line of names, one record an item, with all that is known of it.
void print_dispatch_csv(std::ostream& out, const DispatchItems& items, const CaseWords& words);

/// `{"dispatches": […]}`, each as the daemon gave it.
[[nodiscard]] std::string dispatches_json(const DispatchItems& items);

}  // namespace tongbao::client
