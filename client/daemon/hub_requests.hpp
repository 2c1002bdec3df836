#pragma once

#include "client/daemon/services.hpp"
#include "domain/notice.hpp"
#include "domain/reason.hpp"
#include "domain/result.hpp"
#include "transport/http_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace tongbao::client {

/// The bounds of a daemon's connections to the hub.
[[nodiscard]] transport::Limits hub_limits();

/// What the failure of a request for a list says to whoever asked. `lacks`: what a hub without it
/// does or has; `keeps`: what the hub alone keeps.
[[nodiscard]] Reason list_fault(Errc errc, std::string_view lacks, std::string_view keeps);

/// Plain requests to the hub over a connection of its own, made when it is needed and kept. A kept
/// connection may go while nobody uses it: a request that finds it gone is made again on a new one.
/// One coroutine uses it at a time.
class HubRequests {
public:
    explicit HubRequests(Services& services) : services_(services) {}

    /// The body of `GET target`. Errors: the code of the hub's problem; if it does not name one,
    /// Errc::not_found for the status 404, Errc::hub_unavailable for another; those of
    /// transport::connect_https and HttpClient::exchange.
    [[nodiscard]] boost::asio::awaitable<Result<Bytes>> get(std::string target,
                                                            std::size_t max_body);

    /// Sends a file of ours that the hub does not have yet. Errors: as get; Errc::not_found if it
    /// is not here; Errc::attachment_mismatch if it is not what it was.
    [[nodiscard]] boost::asio::awaitable<Result<void>> upload(Digest sha256);

    /// Fetches an attachment of a logged notice and keeps it here, unless it is here already. What
    /// comes is kept only if it has the digest and size that the notice names.
    ///
    /// Errors: as get; Errc::attachment_mismatch.
    [[nodiscard]] boost::asio::awaitable<Result<void>> download(LogIndex notice,
                                                                Attachment attachment);

    /// Ends the request under way and every later one, with Errc::shutting_down if not otherwise.
    void abort() noexcept;

private:
    [[nodiscard]] boost::asio::awaitable<Result<Bytes>> get_once(std::string target,
                                                                 std::size_t max_body);
    [[nodiscard]] boost::asio::awaitable<Result<void>> upload_once(Digest sha256);
    [[nodiscard]] boost::asio::awaitable<Result<void>> download_once(LogIndex notice,
                                                                     Attachment attachment);
    /// Whether another request would use a connection that was made for an earlier one.
    [[nodiscard]] bool kept() const noexcept { return client_ && client_->reusable(); }
    [[nodiscard]] boost::asio::awaitable<Result<transport::ResponseHead>> send(
        transport::ClientRequest request);

    Services& services_;
    std::unique_ptr<transport::HttpClient> client_;
    bool aborted_{false};
};

}  // namespace tongbao::client
