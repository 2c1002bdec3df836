#pragma once

#include "client/daemon/services.hpp"
#include "domain/notice.hpp"
#include "domain/result.hpp"
#include "transport/http_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace tongbao::client {

/// The bounds of a daemon's connections to the hub.
[[nodiscard]] transport::Limits hub_limits();

/// Where the hub is.
[[nodiscard]] transport::HttpsAddress hub_address(const DaemonConfig& config);

/// Plain requests to the hub over a connection of its own, made when it is needed and kept. One
/// coroutine uses it at a time.
class HubRequests {
public:
    explicit HubRequests(Services& services) : services_(services) {}

    /// The body of `GET target`. Errors: Errc::not_found; Errc::hub_unavailable for another status;
    /// those of transport::connect_https and HttpClient::exchange.
    [[nodiscard]] boost::asio::awaitable<Result<Bytes>> get(std::string target,
                                                            std::size_t max_body);

    /// Sends a file of ours that the hub does not have yet. Errors: as get; Errc::not_found if it
    /// is not here; Errc::too_large; Errc::attachment_mismatch.
    [[nodiscard]] boost::asio::awaitable<Result<void>> upload(Digest sha256);

    /// Fetches an attachment of a logged notice and keeps it here, unless it is here already. What
    /// comes is kept only if it has the digest and size that the notice names.
    ///
    /// Errors: as get; Errc::attachment_mismatch.
    [[nodiscard]] boost::asio::awaitable<Result<void>> download(LogIndex notice,
                                                                Attachment attachment);

private:
    [[nodiscard]] boost::asio::awaitable<Result<transport::ResponseHead>> send(
        transport::ClientRequest request);

    Services& services_;
    std::unique_ptr<transport::HttpClient> client_;
};

}  // namespace tongbao::client
