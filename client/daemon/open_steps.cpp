#include "client/daemon/open_steps.hpp"

#include "client/daemon/due_check.hpp"
#include "domain/clock_words.hpp"
#include "domain/step_addressees.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;

/// Whether the limit that the step was taken for was moved since. Of a step before its limit that
/// can't be told, and its limit comes anyway.
bool is_of_moved_limit(const DueClock& clock, const DueStep& step, const EscalationStep* rule) {
    const bool before = rule != nullptr && rule->at.n < 0;
    return !before && clock.due && step.due < *clock.due;
}

}  // namespace

void add_open_steps(OpenSteps& to, const DueList& page, const Charter& charter) {
    for (const DueClock& clock : page.clocks) {
        if (clock.steps.empty()) continue;
        DueClock bare = clock;
        bare.steps.clear();
        for (const DueStep& step : clock.steps) {
            // Read strictly, it is one of the words.
            const std::optional<EscalationDeed> deed = deed_from_word(step.deed);
            if (!deed) continue;
            const EscalationStep* const rule = find_step(charter, clock.kind, step.step, *deed);
            if (is_of_moved_limit(clock, step, rule)) continue;
            if (to.steps.size() == kMaxOpenSteps) {
                to.complete = false;
                return;
            }
            to.steps.push_back({bare, step, rule});
        }
    }
}

void order_open_steps(OpenSteps& steps) {
    const auto key = [](const OpenStep& each) {
        return std::tuple(each.step.done, each.step.index);
    };
    std::stable_sort(steps.steps.begin(), steps.steps.end(),
                     [&key](const OpenStep& a, const OpenStep& b) { return key(a) < key(b); });
    // A clock whose limit moves between two pages stands in both.
    const auto last = std::unique(
        steps.steps.begin(), steps.steps.end(),
        [](const OpenStep& a, const OpenStep& b) { return a.step.index == b.step.index; });
    steps.steps.erase(last, steps.steps.end());
}

asio::awaitable<Checked<OpenSteps>> fetch_open_steps(Services& services, HubRequests& requests) {
    OpenSteps found;
    DueQuestion question;
    for (std::size_t page = 0;; ++page) {
        if (page == kMaxDuePages) {
            found.complete = false;
            break;
        }
        DueQuestion asked = question;
        const Checked<DueList> list = co_await fetch_due(services, requests, std::move(asked));
        if (!list) co_return list.error();
        add_open_steps(found, *list, *services.charter);
        if (list->next.empty() || !found.complete) break;
        question.after = list->next;
    }
    order_open_steps(found);
    co_return found;
}

}  // namespace tongbao::client
