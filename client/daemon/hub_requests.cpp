#include "client/daemon/hub_requests.hpp"

#include "crypto/sha256.hpp"
#include "program/blocking.hpp"
#include "protocol/limits.hpp"
#include "protocol/problem.hpp"

namespace tongbao::client {
namespace {

namespace asio = boost::asio;
using program::run_blocking;

constexpr std::size_t kMaxProblemBytes = 64 * 1024;

/// What an answer other than the one asked for says to a daemon: the problem that the hub names.
Errc errc_of(unsigned status, BytesView body) {
    const Checked<protocol::Problem> problem = protocol::read_problem(body);
    if (problem) return problem->code;
    return status == 404 ? Errc::not_found : Errc::hub_unavailable;
}

/// Whether a kept connection may have gone while nobody used it.
bool went_away(const boost::system::error_code& error) {
    return error == Errc::connection_closed || error == Errc::connection_failed;
}

}  // namespace

Reason list_fault(Errc errc, std::string_view lacks, std::string_view keeps) {
    switch (errc) {
        case Errc::not_found:
            return {Errc::unsupported_version,
                    {},
                    "this hub " + std::string(lacks) + ": ask its operator for a newer version"};
        case Errc::bad_value:
            return {errc, "after", "the hub does not know this place: begin anew without it"};
        case Errc::connection_failed:
        case Errc::connection_closed:
        case Errc::timed_out:
        case Errc::tls_refused:
        case Errc::hub_unavailable:
            return {Errc::hub_unavailable, std::string(code(errc)),
                    "the hub alone keeps " + std::string(keeps) +
                        ": ask again when it can be reached; `tongbao status` says how it is"};
        default:
            return {errc, {}, {}};
    }
}

transport::Limits hub_limits() {
    constexpr std::size_t kHeaderBytes = 16 * 1024;
    constexpr std::size_t kHeaderFields = 64;
    constexpr std::uint64_t kDrainBytes = 1024 * 1024;
    return {.header_bytes = kHeaderBytes,
            .header_fields = kHeaderFields,
            .body_bytes = protocol::kMaxAttachmentBytes,
            .drain_bytes = kDrainBytes,
            .websocket_message_bytes = protocol::kMaxFrameBytes,
            .handshake = protocol::kHandshakeLimit,
            .header = protocol::kHeaderLimit,
            .body = protocol::kBodyLimit,
            .idle = protocol::kIdleLimit,
            .connections = 1,
            .connections_per_address = 1,
            .connections_per_certificate = 1};
}

void HubRequests::abort() noexcept {
    aborted_ = true;
    if (client_) client_->abort();
}

asio::awaitable<Result<transport::ResponseHead>> HubRequests::send(
    transport::ClientRequest request) {
    if (aborted_) co_return Errc::shutting_down;
    if (!kept()) {
        client_.reset();
        Result<std::unique_ptr<transport::HttpClient>> client = co_await services_.connect();
        if (!client) co_return client.error();
        if (aborted_) co_return Errc::shutting_down;
        client_ = *std::move(client);
    }
    Result<transport::ResponseHead> head = co_await client_->send(request);
    if (!head) client_.reset();
    co_return head;
}

asio::awaitable<Result<Bytes>> HubRequests::get(std::string target, std::size_t max_body) {
    const bool was_kept = kept();
    Result<Bytes> body = co_await get_once(target, max_body);
    if (!body && was_kept && went_away(body.error())) body = co_await get_once(target, max_body);
    co_return body;
}

asio::awaitable<Result<void>> HubRequests::upload(Digest sha256) {
    const bool was_kept = kept();
    Result<void> done = co_await upload_once(sha256);
    if (!done && was_kept && went_away(done.error())) done = co_await upload_once(sha256);
    co_return done;
}

asio::awaitable<Result<void>> HubRequests::download(LogIndex notice, Attachment attachment) {
    const bool was_kept = kept();
    Result<void> done = co_await download_once(notice, attachment);
    if (!done && was_kept && went_away(done.error())) {
        done = co_await download_once(notice, attachment);
    }
    co_return done;
}

asio::awaitable<Result<Bytes>> HubRequests::get_once(std::string target, std::size_t max_body) {
    transport::ClientRequest request;
    request.target = std::move(target);
    const Result<transport::ResponseHead> head = co_await send(std::move(request));
    if (!head) co_return head.error();
    const std::size_t most = head->status == 200 ? max_body : kMaxProblemBytes;
    Result<Bytes> body = co_await client_->body().read_all(most);
    if (!body) co_return body.error();
    if (head->status != 200) co_return errc_of(head->status, *body);
    co_return body;
}

asio::awaitable<Result<void>> HubRequests::upload_once(Digest sha256) {
    const auto open = [this, sha256] {
        return services_.attachments.open(services_.config.unit, sha256);
    };
    const auto reader = co_await run_blocking(services_.pool, open);
    if (!reader) co_return reader.error();
    transport::ClientRequest request;
    request.method = "PUT";
    request.target = "/v1/attachments/" + sha256.hex();
    request.source_length = (*reader)->size();
    request.source = [this, &file = **reader](
                         std::span<std::uint8_t> into) -> asio::awaitable<Result<std::size_t>> {
        const auto read = [&file, into] { return file.read_some(into); };
        co_return co_await run_blocking(services_.pool, read);
    };
    const Result<transport::ResponseHead> head = co_await send(std::move(request));
    if (!head) co_return head.error();
    const Result<Bytes> body = co_await client_->body().read_all(kMaxProblemBytes);
    if (!body) co_return body.error();
    if (head->status != 200 && head->status != 201) co_return errc_of(head->status, *body);
    co_return Result<void>();
}

asio::awaitable<Result<void>> HubRequests::download_once(LogIndex notice, Attachment attachment) {
    const UnitId& owner = services_.config.unit;
    const auto find = [this, &owner, &attachment] {
        return services_.attachments.touch(owner, attachment.sha256);
    };
    const Result<std::uint64_t> there = co_await run_blocking(services_.pool, find);
    if (there) co_return Result<void>();
    transport::ClientRequest request;
    request.target =
        "/v1/notices/" + std::to_string(notice.value()) + "/attachments/" + attachment.sha256.hex();
    const Result<transport::ResponseHead> head = co_await send(std::move(request));
    if (!head) co_return head.error();
    if (head->status != 200) {
        const Result<Bytes> body = co_await client_->body().read_all(kMaxProblemBytes);
        if (!body) co_return body.error();
        co_return errc_of(head->status, *body);
    }
    const auto create = [this, &owner] { return services_.attachments.create(owner); };
    const auto writer = co_await run_blocking(services_.pool, create);
    if (!writer) co_return writer.error();
    crypto::Sha256 hash;
    std::uint64_t size = 0;
    Bytes buffer(storage::kAttachmentPieceBytes);
    for (;;) {
        const Result<std::size_t> count = co_await client_->body().read_some(buffer);
        if (!count) co_return count.error();
        if (*count == 0) break;
        size += *count;
        if (size > attachment.size) co_return Errc::attachment_mismatch;
        const auto store = [&, piece = BytesView(buffer).first(*count)] {
            hash.update(piece);
            return (*writer)->write(piece);
        };
        const Result<void> written = co_await run_blocking(services_.pool, store);
        if (!written) co_return written.error();
    }
    if (size != attachment.size || hash.finish() != attachment.sha256) {
        co_return Errc::attachment_mismatch;
    }
    const auto keep = [&writer, &attachment] { return (*writer)->keep(attachment.sha256); };
    co_return co_await run_blocking(services_.pool, keep);
}

}  // namespace tongbao::client
