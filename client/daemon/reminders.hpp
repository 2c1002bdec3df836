#pragma once

#include "client/daemon/dispatch_reminders.hpp"
#include "client/daemon/open_steps.hpp"
#include "domain/charter.hpp"
#include "domain/ids.hpp"
#include "protocol/json_writer.hpp"

#include <string>
#include <vector>

namespace tongbao::client {

/// What posts of a unit are reminded of.
struct Reminder {
    /// Borrowed.
    const OpenStep* step{nullptr};
    /// In the charter's order; none where the unit has not the post that the step names: then the
    /// unit itself is reminded.
    std::vector<PostId> posts;
};

/// The steps that remind the unit `own`, in their order. Borrows `steps`.
[[nodiscard]] std::vector<Reminder> reminders_of(const OpenSteps& steps, const UnitId& own,
                                                 const Charter& charter);

/// `{"reminders": […], "complete": …}`, as GET /v1/reminders gives them: both by since when, each
/// of which is in that order.
[[nodiscard]] std::string write_reminders(const std::vector<Reminder>& reminders,
                                          const std::vector<DispatchReminder>& dispatches,
                                          bool complete);

/// One of them, as an event tells it.
[[nodiscard]] std::string write_reminder(const Reminder& reminder);

/// Writes what reminders and drafts say alike of a step and its clock, as members of the object
/// that was begun: `deed`, `since`, `notice`, `id`, `notice_kind`, `from`, `unit`, `purpose`,
/// `reply`, `row`, `due` and `overdue_since`.
void write_open_step(protocol::JsonWriter& writer, const OpenStep& open);

}  // namespace tongbao::client
