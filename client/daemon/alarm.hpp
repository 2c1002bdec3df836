#pragma once

#include "client/daemon/services.hpp"
#include "domain/reason.hpp"

#include <string>
#include <vector>

namespace tongbao::client {

/// Raises the alarm: the hub, or who sits between, showed what can't be: a log that is not the one
/// known, a delivery or an answer that does not verify. No retry makes it good, a person must look.
/// `what` names it, such as `delivery 17`. The first alarm stays until the daemon is started anew;
/// every one is in the running log. On the daemon's thread.
///
/// @returns the reason's code, for the caller to end with.
Errc raise_alarm(Services& services, const std::string& what, const Reason& reason);

/// Takes what OwnEnrolments::unasked found: raises the alarm for each key that is new among it, and
/// lets it end when none is left. It hinders nothing else. On the daemon's thread.
void set_unasked(Services& services, std::vector<UnaskedKey> unasked);

}  // namespace tongbao::client
