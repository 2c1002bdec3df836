#pragma once

#include "client/daemon/batch_check.hpp"
#include "client/daemon/bell.hpp"
#include "client/daemon/hub_requests.hpp"
#include "client/daemon/services.hpp"
#include "domain/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <deque>
#include <string>
#include <vector>

namespace tongbao::client {

/// A delivery that was checked, on its way to the disk.
struct CheckedDelivery {
    LogIndex batch;
    Bytes frame;  ///< as it came
    std::vector<CheckedLeaf> leaves;
    std::string head;  ///< the signed checkpoint it was checked under
};

/// Takes checked deliveries in: fetches what attachments they name, then stores all at once, with
/// the `delivered` act that will be signed and sent. Only what is whole is acknowledged.
class DeliveryIntake {
public:
    /// `services` outlive the object.
    explicit DeliveryIntake(Services& services) : services_(services), requests_(services) {}

    /// Makes the delivery durable. Called for one delivery after the other.
    ///
    /// Errors: those of HubRequests::download and the store. Nothing was stored then but whole
    /// attachments; the delivery will come again.
    [[nodiscard]] boost::asio::awaitable<Result<void>> take(CheckedDelivery delivery);

private:
    [[nodiscard]] storage::Received rows_of(CheckedDelivery delivery) const;
    void warn_of(const Notice& notice, LogIndex index) const;

    Services& services_;
    HubRequests requests_;
};

}  // namespace tongbao::client
