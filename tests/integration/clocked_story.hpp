#pragma once

#include "tests/integration/live_sandbox.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tongbao::testing {

// What stories of limits share: they run in test deployments whose clock stands until a story sets
// it on. Each throws std::runtime_error with what was printed when something goes wrong that a
// story takes for granted.

using Lines = std::vector<std::string>;

/// The case that the hub opened for the notice `id` which `unit` sent, as the sender's answer says.
[[nodiscard]] std::string case_of(const LiveSandbox& sandbox, const std::string& unit,
                                  const std::string& id);

/// A notice of a story.
struct StoryNotice {
    std::string id;
    std::string case_number;
};

/// hsa transfers a suspected crime to police, with synthetic contents, the head having approved it
/// on `day` (`2020-09-29`); the hub has it.
[[nodiscard]] StoryNotice send_transfer(const LiveSandbox& sandbox, const std::string& day);

/// police answers the transfer: the case is filed, or not if `decision` says so.
[[nodiscard]] std::string decide_filing(const LiveSandbox& sandbox, const StoryNotice& transfer,
                                        const std::string& decision = "filed");

/// Runs a command as the unit that must succeed.
void must_do(const LiveSandbox& sandbox, const std::string& unit, const std::string& arguments);

/// The limits that `unit` is told of, the earliest first, each as
/// `<unit that owes> <receipt or kind of the answer> <due>`, such as
/// `police receipt 2020-10-09T16:00`, a due time in UTC to the minute; `-` for none.
[[nodiscard]] Lines limits_for(const LiveSandbox& sandbox, const std::string& unit,
                               const std::string& arguments = {});

/// The steps of escalations in the log, which is verified, in its order, each as
/// `<deed> <unit> clock <n> due <time> done <time>`, times in UTC without milliseconds.
[[nodiscard]] Lines steps_of(const LiveSandbox& sandbox);

/// Waits, 30 seconds at most, until the hub is there and the log has `count` such steps; all that
/// it has then.
[[nodiscard]] Lines wait_for_steps(const LiveSandbox& sandbox, std::size_t count);

/// The events of a notice's trail, as `unit` sees it.
[[nodiscard]] Lines trail_of(const LiveSandbox& sandbox, const std::string& unit,
                             const std::string& id);

/// Renews the revocation lists, which hold for 30 days, and waits until the hub has taken them
/// over: that for the `times`-th time.
void renew_lists(const LiveSandbox& sandbox, std::size_t times);

/// What `tongbao audit verify` leaves behind.
[[nodiscard]] CommandResult verify_log(const LiveSandbox& sandbox);

/// The words of the marks (`overdue`, `answered_late`) that the hub keeps of the notice at `unit`.
/// The hub must be down.
[[nodiscard]] Lines marks_of(const LiveSandbox& sandbox, std::size_t index,
                             const std::string& unit);

}  // namespace tongbao::testing
