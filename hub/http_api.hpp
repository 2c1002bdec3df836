#pragma once

#include "domain/reason.hpp"
#include "hub/attachment_api.hpp"
#include "hub/caller.hpp"
#include "hub/dispatch_api.hpp"
#include "hub/due_api.hpp"
#include "hub/log_api.hpp"
#include "hub/notice_api.hpp"
#include "hub/services.hpp"
#include "transport/http_handler.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace tongbao::hub {

/// Routes every request of the hub's port. docs/PROTOCOL.md lists the routes. Absent and forbidden
/// get the same answer, 404 not_found.
class HttpApi final : public transport::HttpHandler {
public:
    /// `services` outlive the object.
    explicit HttpApi(Services& services)
        : services_(services),
          log_(services),
          notices_(services),
          attachments_(services),
          due_(services),
          dispatches_(services) {}

    [[nodiscard]] bool is_websocket(const transport::RequestHead& request) const override;
    [[nodiscard]] boost::asio::awaitable<Result<void>> handle(
        const transport::Peer& peer, const transport::RequestHead& request,
        transport::BodyReader& body, transport::Responder& responder) override;
    [[nodiscard]] boost::asio::awaitable<Result<void>> stream(
        const transport::Peer& peer, const transport::RequestHead& request,
        std::shared_ptr<transport::WebSocket> socket) override;

private:
    Services& services_;
    LogApi log_;
    NoticeApi notices_;
    AttachmentApi attachments_;
    DueApi due_;
    DispatchApi dispatches_;
};

}  // namespace tongbao::hub
