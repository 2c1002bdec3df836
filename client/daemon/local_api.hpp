#pragma once

#include "client/daemon/dispatch_counts.hpp"
#include "client/daemon/drafts.hpp"
#include "client/daemon/endorsement_desk.hpp"
#include "client/daemon/local_json.hpp"
#include "client/daemon/local_routes.hpp"
#include "client/daemon/log_follower.hpp"
#include "client/daemon/notice_archive.hpp"
#include "client/daemon/outbox_writer.hpp"
#include "client/daemon/peer_check.hpp"
#include "client/daemon/services.hpp"
#include "client/daemon/trail.hpp"
#include "client/daemon/tray.hpp"
#include "transport/http_handler.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace tongbao::client {

/// The daemon's API on its Unix socket, for the unit's own programs and officers: whom PeerCheck
/// lets in may act for the unit. docs/openapi.json and docs/PROTOCOL.md describe the routes.
class LocalApi final : public transport::HttpHandler {
public:
    /// All outlive the object.
    LocalApi(Services& services, const LogFollower& follower, const PeerCheck& peers)
        : services_(services),
          follower_(follower),
          peers_(peers),
          drafts_(services),
          endorsements_(services),
          outbox_(services),
          dispatch_counter_(services),
          tray_(services) {}

    [[nodiscard]] bool is_websocket(const transport::RequestHead& request) const override;
    [[nodiscard]] boost::asio::awaitable<Result<void>> handle(
        const transport::Peer& peer, const transport::RequestHead& request,
        transport::BodyReader& body, transport::Responder& responder) override;
    [[nodiscard]] boost::asio::awaitable<Result<void>> stream(
        const transport::Peer& peer, const transport::RequestHead& request,
        std::shared_ptr<transport::WebSocket> socket) override;

private:
    using Answer = boost::asio::awaitable<transport::Response>;

    /// Errors: Errc::not_permitted, behind a line in the running log.
    [[nodiscard]] boost::asio::awaitable<Result<void>> permit(const transport::Peer& peer);
    /// What is answered whole: every route but `events` and `attachment`.
    [[nodiscard]] Answer answer(LocalRoute route, const transport::RequestHead& request,
                                const std::vector<std::string>& path, transport::BodyReader& body);
    [[nodiscard]] transport::Response validate(const transport::RequestHead& request) const;
    /// Server-sent events, until the reader goes, is too slow, or the daemon stops.
    [[nodiscard]] boost::asio::awaitable<Result<void>> send_events(
        const transport::RequestHead& request, transport::Responder& responder);
    [[nodiscard]] Answer status();
    [[nodiscard]] Answer keep_attachment(transport::BodyReader& body);
    [[nodiscard]] Answer accept_drafts(transport::BodyReader& body);
    [[nodiscard]] Answer accept_act(std::string id, transport::BodyReader& body);
    [[nodiscard]] Answer list_held(std::size_t limit);
    [[nodiscard]] Answer held(std::string id);
    [[nodiscard]] Answer withdraw_held(std::string id);
    [[nodiscard]] Answer accept_endorsement(std::string id, transport::BodyReader& body);
    [[nodiscard]] Answer stamp(transport::BodyReader& body);
    [[nodiscard]] Answer sent(std::string id, std::chrono::seconds wait);
    [[nodiscard]] Answer list_sent(std::size_t limit);
    [[nodiscard]] Answer list_inbox(std::optional<LogIndex> before, std::size_t limit);
    [[nodiscard]] Answer show(std::string id);
    [[nodiscard]] Answer trail(std::string id);
    [[nodiscard]] Answer proof(std::string id);
    [[nodiscard]] Answer case_trail(std::string number);
    [[nodiscard]] Answer due(const transport::RequestHead& request);
    [[nodiscard]] Answer cycles(const transport::RequestHead& request);
    [[nodiscard]] Answer dispatches(const transport::RequestHead& request);
    [[nodiscard]] Answer reminders();
    [[nodiscard]] Answer tray();
    [[nodiscard]] Answer discard_draft(const transport::Peer& peer, std::string item,
                                       transport::BodyReader& body);
    [[nodiscard]] Answer cases(const transport::RequestHead& request);
    [[nodiscard]] Answer case_file(std::string number, const transport::RequestHead& request);
    [[nodiscard]] Answer ledger_status();
    [[nodiscard]] Answer ledger_totals(const transport::RequestHead& request);
    [[nodiscard]] Answer ledger_rebuild();
    [[nodiscard]] Answer ledger_check();
    [[nodiscard]] Answer search(const transport::RequestHead& request);
    [[nodiscard]] boost::asio::awaitable<Result<void>> send_attachment(
        std::string id, Digest sha256, transport::Responder& responder);

    /// The notice of an id or, in decimal, a log index. Errors: those of NoticeArchive.
    [[nodiscard]] Result<ArchivedNotice> find(const std::string& id) const;
    /// The answer where `find` found nothing: several notices of one id by their places.
    [[nodiscard]] transport::Response not_found(const std::string& id, Errc errc) const;
    /// Whether the unit may say how its notice went there, as far as the daemon knows.
    /// Errors: Errc::act_not_allowed, Errc::act_out_of_order.
    [[nodiscard]] Checked<void> check_dispatch(const ArchivedNotice& found,
                                               const Dispatch& dispatch) const;
    [[nodiscard]] Checked<void> check_close(const ArchivedNotice& found,
                                            const ActRequest& request) const;
    /// The same of what a recipient does. Errors: also Errc::unknown_kind, Errc::reason_required.
    [[nodiscard]] Checked<void> check_own_act(const ArchivedNotice& found,
                                              const ActRequest& request) const;
    [[nodiscard]] transport::Response take_act(const std::string& id, BytesView body) const;

    Services& services_;
    const LogFollower& follower_;
    const PeerCheck& peers_;
    DraftDesk drafts_;
    EndorsementDesk endorsements_;
    OutboxWriter outbox_;
    DispatchCounter dispatch_counter_;
    TrayDesk tray_;
};

}  // namespace tongbao::client
