#pragma once

#include "client/cli/daemon_client.hpp"
#include "domain/charter.hpp"
#include "domain/time.hpp"
#include "domain/time_zone.hpp"
#include "protocol/json_value.hpp"

#include <iosfwd>
#include <memory>

namespace tongbao::client {

/// By what reminders and the drafts of the tray are shown.
struct TrayRules {
    Charter charter;
    /// The charter's.
    std::shared_ptr<const TimeZone> zone;
    UtcTime now{};
};

/// The charter that the daemon keeps to, its zone, and the time by which the command judges. Fails
/// as fetch_charter and command_clock do, and with ExitCode::failed without the zone.
[[nodiscard]] Attempt<TrayRules> fetch_tray_rules(DaemonClient& daemon,
                                                  const Invocation& invocation);

// Each takes what the daemon gives at GET /v1/reminders or GET /v1/tray: an array of them, or one.

/// Prints a table: since when (in the charter's zone) which posts are reminded by which step of
/// what who owes.
void print_reminders(std::ostream& out, const protocol::JsonValue::Array& reminders,
                     const TrayRules& rules);
/// The same as CSV, with all that is known of each.
void print_reminders_csv(std::ostream& out, const protocol::JsonValue::Array& reminders,
                         const TrayRules& rules);

/// Prints a table of the drafts: number, since when, what is to be sent to whom, about what.
void print_tray(std::ostream& out, const protocol::JsonValue::Array& drafts,
                const TrayRules& rules);
void print_tray_csv(std::ostream& out, const protocol::JsonValue::Array& drafts,
                    const TrayRules& rules);

/// Prints one draft with what it still lacks and the command that sends it.
void print_draft(std::ostream& out, const protocol::JsonValue& draft, const TrayRules& rules);

}  // namespace tongbao::client
