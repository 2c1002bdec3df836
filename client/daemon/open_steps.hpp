#pragma once

#include "client/daemon/due_list.hpp"
#include "client/daemon/hub_requests.hpp"
#include "client/daemon/services.hpp"
#include "domain/charter.hpp"
#include "domain/reason.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <vector>

namespace tongbao::client {

/// A step of an escalation that was done for a clock that is still open.
struct OpenStep {
    /// Without its steps.
    DueClock clock;
    DueStep step;
    /// What the charter says of it; nullptr if it has no such step any more. Points into the
    /// charter.
    const EscalationStep* rule{nullptr};
};

/// The steps of all clocks that the unit may know of.
struct OpenSteps {
    /// By the time when they were done, the oldest first, then by the index of their entry, each
    /// of which is there once.
    std::vector<OpenStep> steps;
    /// Whether these are all: not if there are more clocks than kMaxDuePages hold.
    bool complete{true};
};

/// Pages of GET /v1/due that are asked for at most.
inline constexpr std::size_t kMaxDuePages = 16;
/// And steps that are taken from them.
inline constexpr std::size_t kMaxOpenSteps = 16384;

/// Adds the steps of a page's clocks. A step that was taken at or behind a limit which a decision
/// has moved since counts no more: nothing is over.
void add_open_steps(OpenSteps& to, const DueList& page, const Charter& charter);

/// Puts the steps in their order.
void order_open_steps(OpenSteps& steps);

/// Asks the hub for all that is due, page by page, each checked as fetch_due does.
///
/// Errors: those of fetch_due.
[[nodiscard]] boost::asio::awaitable<Checked<OpenSteps>> fetch_open_steps(Services& services,
                                                                          HubRequests& requests);

}  // namespace tongbao::client
