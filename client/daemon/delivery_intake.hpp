#pragma once

#include "client/daemon/batch_check.hpp"
#include "client/daemon/bell.hpp"
#include "client/daemon/hub_requests.hpp"
#include "client/daemon/services.hpp"
#include "domain/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace tongbao::client {

/// A delivery that was checked, on its way to the disk.
struct CheckedDelivery {
    LogIndex batch;
    Bytes frame;  ///< as it came
    std::vector<CheckedLeaf> leaves;
};

/// Takes checked deliveries in: fetches what attachments they name, then stores all at once, with
/// the `delivered` act that will be signed and sent. Only what is whole is acknowledged.
class DeliveryIntake {
public:
    /// Both outlive the object.
    DeliveryIntake(Services& services, const LogFollower& follower)
        : services_(services), follower_(follower), requests_(services) {}

    /// Makes the delivery durable, and pins the head known by then. Called for one delivery after
    /// the other. While the disk has too little room for it and what it names, it waits: the hub
    /// gets no credit meanwhile, and stops sending when its window is used up.
    ///
    /// Errors, behind an alarm: Errc::repeated_leaf for a notice that is here at another place of
    /// the log, Errc::id_conflict for another one of its sender under the same identifier; what
    /// HubRequests::download says of an attachment that the hub does not give as the notice names
    /// it. Without one: the other errors of download, those of the store. Nothing was stored then
    /// but whole attachments; the delivery will come again. Errc::shutting_down after abort().
    [[nodiscard]] boost::asio::awaitable<Result<void>> take(CheckedDelivery delivery);

    /// Ends what is under way, and every later call.
    void abort() noexcept;

private:
    /// That only what is restricted is hidden from others, as far as what it is about is here.
    [[nodiscard]] Checked<void> check_hidden(const CheckedDelivery& delivery) const;
    [[nodiscard]] Checked<void> check_new(const CheckedDelivery& delivery) const;
    /// Waits for room and fetches what the delivery names.
    [[nodiscard]] boost::asio::awaitable<Result<void>> make_ready(const CheckedDelivery& delivery,
                                                                  const std::string& name);
    /// Errors: Errc::not_found for one that was swept away meanwhile; Errc::storage_failure.
    [[nodiscard]] Result<void> touch_files(const CheckedDelivery& delivery) const;
    [[nodiscard]] boost::asio::awaitable<Result<void>> wait_for_room(std::uint64_t bytes);
    [[nodiscard]] boost::asio::awaitable<Result<void>> fetch_attachments(const CheckedLeaf& leaf,
                                                                         const std::string& name);
    [[nodiscard]] storage::Received rows_of(CheckedDelivery delivery) const;
    /// Whether an act that closes a notice at a recipient is the notice's sender's, of one that is
    /// here. The hub is to see to that; one that is not changes nothing here.
    [[nodiscard]] bool is_closing(const Act& act) const;
    void warn_of(const Notice& notice, LogIndex index) const;

    Services& services_;
    const LogFollower& follower_;
    HubRequests requests_;
    bool aborted_{false};
};

}  // namespace tongbao::client
