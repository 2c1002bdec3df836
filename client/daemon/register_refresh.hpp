#pragma once

#include "client/daemon/hub_requests.hpp"
#include "client/daemon/key_copy.hpp"
#include "client/daemon/services.hpp"
#include "domain/result.hpp"

#include <boost/asio/awaitable.hpp>

namespace tongbao::client {

/// Brings `keys` up to the register that the hub shows: asks for what is behind the last row that
/// is here, or for all of it if there is none or the hub's rows go on from others that were never
/// proved. Then tells Services::register_seen. On the daemon's thread; all outlive the coroutine.
///
/// Errors: those of HubRequests::get; behind an alarm, those of KeyCopy::adopt and KeyCopy::extend.
[[nodiscard]] boost::asio::awaitable<Result<void>> refresh_register(Services& services,
                                                                    KeyCopy& keys,
                                                                    HubRequests& requests);

}  // namespace tongbao::client
