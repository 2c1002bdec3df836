#pragma once

#include "client/daemon/due_list.hpp"
#include "client/daemon/hub_requests.hpp"
#include "client/daemon/services.hpp"
#include "domain/charter.hpp"
#include "domain/reason.hpp"
#include "storage/daemon_store.hpp"

#include <boost/asio/awaitable.hpp>

namespace tongbao::client {

/// Compares what the hub says of notices with those that the unit `own` holds, sent or received,
/// and marks each clock of such a notice as held. A notice that is here must have the digest,
/// identifier, kind and sender that the hub names, the unit that owes must be among its recipients,
/// and if it was sent under `charter`, the clock must be one that charter and notice give. One that
/// the unit should have received, since later ones are here, must be here.
///
/// Errors: Errc::entry_mismatch with the place, such as `clocks[3].notice`, for what differs;
/// Errc::storage_corrupt and those of the store. Reads one delivery a notice; blocks.
[[nodiscard]] Checked<void> check_due_notices(DueList& list, const UnitId& own,
                                              const Charter& charter,
                                              const storage::DaemonStore& store);

/// Asks the hub for a page of what is due and checks it. The hub alone keeps clocks: what it leaves
/// out, and the times themselves, can't be checked here.
///
/// Errors, each with what to do about it:
/// - Errc::hub_unavailable, whose place is the particular code, while it can't be reached;
/// - Errc::unsupported_version from a hub that has no such list;
/// - Errc::protocol_violation for an answer that read_due_list refuses, with its place;
/// - Errc::entry_mismatch, behind an alarm, for one that names another notice than is held here;
/// - Errc::bad_value for a cursor that is not the hub's;
/// - else the code of the hub's problem, and those of check_due_notices.
[[nodiscard]] boost::asio::awaitable<Checked<DueList>> fetch_due(Services& services,
                                                                 DueQuestion question);
/// The same over `requests`, for whoever asks for several pages.
[[nodiscard]] boost::asio::awaitable<Checked<DueList>> fetch_due(Services& services,
                                                                 HubRequests& requests,
                                                                 DueQuestion question);

}  // namespace tongbao::client
