#pragma once

#include "client/cli/daemon_client.hpp"

#include <cstddef>
#include <deque>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// A path of the local API with its parameters.
class Target {
public:
    explicit Target(std::string path) : text_(std::move(path)) {}

    /// Adds `name=value`, the value percent-encoded; a parameter without value is left out.
    Target& add(std::string_view name, std::string_view value);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
    bool has_parameters_{false};
};

/// What of a list is wanted.
struct ListWanted {
    /// The member of each page that holds the items.
    std::string items;
    /// What a person can do if the list is too long to be shown.
    std::string advice;
    std::size_t most{std::numeric_limits<std::size_t>::max()};
};

/// The items of all pages in the daemon's order. They borrow from the pages.
struct ListedItems {
    std::deque<Answer> pages;
    std::vector<const protocol::JsonValue*> items;
    /// Whether there are more than were wanted.
    bool more{false};
};

/// Asks for a list page by page, as each names the `next` one in `after`.
///
/// Fails as DaemonClient::get does, and with ExitCode::refused and the advice for a list of more
/// than 400 pages or 128 MiB.
[[nodiscard]] Attempt<ListedItems> fetch_list(DaemonClient& daemon, const Target& target,
                                              const ListWanted& wanted);

}  // namespace tongbao::client
