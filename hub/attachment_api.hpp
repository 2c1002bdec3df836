#pragma once

#include "domain/digest.hpp"
#include "hub/caller.hpp"
#include "hub/services.hpp"
#include "transport/body_reader.hpp"
#include "transport/http_handler.hpp"
#include "transport/http_message.hpp"

#include <boost/asio/awaitable.hpp>

namespace tongbao::hub {

/// Attachments in and out, in pieces: memory does not grow with their size.
class AttachmentApi {
public:
    explicit AttachmentApi(Services& services) : services_(services) {}

    /// `PUT /v1/attachments/<sha256>`: keeps the body under its digest, for the caller's own
    /// notices. 201 when kept, 200 when it was there (the body is then not read);
    /// attachment_mismatch if the body has another digest, storage_full if the disk has too little
    /// room, too_many_requests if the unit uploaded too much that no logged notice names: nothing
    /// is kept then.
    [[nodiscard]] boost::asio::awaitable<transport::Response> put(
        const Caller& caller, Digest sha256, transport::BodyReader& body) const;

    /// `GET /v1/notices/<index>/attachments/<sha256>`: for those who may read the notice.
    [[nodiscard]] boost::asio::awaitable<Result<void>> get(const Caller& caller, LogIndex index,
                                                           Digest sha256,
                                                           transport::Responder& responder) const;

private:
    [[nodiscard]] Result<std::unique_ptr<storage::AttachmentReader>> open(
        const Caller& caller, LogIndex index, const Digest& sha256) const;

    Services& services_;
};

}  // namespace tongbao::hub
