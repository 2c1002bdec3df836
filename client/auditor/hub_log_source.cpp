#include "client/auditor/hub_log_source.hpp"

#include "client/auditor/hub_answers.hpp"
#include "protocol/limits.hpp"
#include "protocol/problem.hpp"
#include "protocol/tile_path.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <utility>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;

transport::Limits limits() {
    return {.header_bytes = 16 * 1024,
            .header_fields = 64,
            .body_bytes = kMaxRegisterAnswerBytes,
            .drain_bytes = 64 * 1024,
            .websocket_message_bytes = 1024,
            .handshake = protocol::kHandshakeLimit,
            .header = protocol::kHeaderLimit,
            .body = protocol::kBodyLimit,
            .idle = protocol::kIdleLimit,
            .connections = 1,
            .connections_per_address = 1,
            .connections_per_certificate = 1};
}

Errc errc_of(const transport::Response& response) {
    const Checked<protocol::Problem> problem = protocol::read_problem(response.body);
    if (problem) {
        // On this side these would speak of a copy's files, or of the caller's own.
        constexpr std::array kOwn{Errc::storage_failure, Errc::bad_note, Errc::unknown_log_key,
                                  Errc::bad_checkpoint};
        const bool own = std::find(kOwn.begin(), kOwn.end(), problem->code) != kOwn.end();
        return own ? Errc::hub_unavailable : problem->code;
    }
    return response.status == 404 ? Errc::not_found : Errc::hub_unavailable;
}

/// Whether a kept connection may have gone while nobody used it.
bool went_away(const boost::system::error_code& error) {
    return error == Errc::connection_closed || error == Errc::connection_failed;
}

}  // namespace

HubLogSource::HubLogSource(transport::HttpsAddress address, transport::TlsSide tls,
                           CertificateUse caller)
    : address_(std::move(address)), tls_(std::move(tls)), caller_(caller) {}

asio::awaitable<Result<void>> HubLogSource::exchange(std::string target, std::size_t max_body) {
    if (!client_) {
        Result<std::unique_ptr<transport::HttpClient>> client =
            co_await transport::connect_https(address_, tls_, limits());
        if (!client) co_return client.error();
        client_ = *std::move(client);
    }
    transport::ClientRequest request;
    request.target = std::move(target);
    Result<transport::Response> response = co_await client_->exchange(request, max_body);
    if (!response) co_return response.error();
    response_ = *std::move(response);
    co_return Result<void>();
}

Result<transport::Response> HubLogSource::ask(const std::string& target, std::size_t max_body) {
    if (client_ && !client_->reusable()) client_.reset();
    std::exception_ptr thrown;
    std::optional<Result<void>> outcome;
    context_.restart();
    asio::co_spawn(context_, exchange(target, max_body),
                   [&](std::exception_ptr error, Result<void> result) {
                       thrown = std::move(error);
                       outcome = std::move(result);
                   });
    // Not run(): a connection that is kept may have more to do than this request.
    while (!outcome && context_.run_one() > 0) {
    }
    if (thrown) std::rethrow_exception(thrown);
    if (!outcome) return Errc::connection_failed;
    if (*outcome) return std::move(response_);
    client_.reset();
    return outcome->error();
}

Result<Bytes> HubLogSource::get(const std::string& target, std::size_t max_body) {
    const bool kept = client_ != nullptr;
    Result<transport::Response> response = ask(target, max_body);
    if (!response && kept && went_away(response.error())) response = ask(target, max_body);
    if (!response && response.error() == Errc::too_large) return Errc::protocol_violation;
    if (!response) return response.error();
    if (response->status != 200) return errc_of(*response);
    return std::move(response->body);
}

Result<Bytes> HubLogSource::get_tile(bool entries, std::uint8_t level, std::uint64_t number,
                                     std::uint16_t width, std::size_t max_body) {
    const auto target = [&](std::uint16_t wanted) {
        return "/log/" + protocol::format_tile_path({entries, level, number, wanted});
    };
    Result<Bytes> bytes = get(target(width), max_body);
    const bool gone = !bytes && bytes.error() == Errc::not_found;
    if (!gone || width == protocol::kTileWidth) return bytes;
    // A partial tile may go once the full one exists.
    return get(target(protocol::kTileWidth), max_body);
}

Result<std::string> HubLogSource::checkpoint() {
    const Result<Bytes> note = get("/log/checkpoint", protocol::kMaxCheckpointBytes);
    if (!note) return note.error();
    return std::string(as_text(*note));
}

Result<Bytes> HubLogSource::tile(std::uint8_t level, std::uint64_t number, std::uint16_t width) {
    return get_tile(false, level, number, width, kMaxTileBytes);
}

Result<Bytes> HubLogSource::entries(std::uint64_t number, std::uint16_t width) {
    Result<Bytes> bundle = get_tile(true, 0, number, width, kMaxBundleBytes);
    const bool refused = !bundle && bundle.error() == Errc::not_found;
    // The hub does not tell a unit whether there is something here that it may not see.
    if (refused && caller_ == CertificateUse::daemon) return Errc::not_permitted;
    return bundle;
}

Result<BatchRecord> HubLogSource::batch(LogIndex index) {
    const Result<Bytes> json =
        get("/v1/batches/" + std::to_string(index.value()), kMaxBatchRecordBytes);
    if (!json) return json.error();
    return read_batch_record(*json);
}

Result<std::vector<RegisterRow>> HubLogSource::register_entries() {
    const Result<Bytes> json = get("/v1/register", kMaxRegisterAnswerBytes);
    if (!json) return json.error();
    return read_register_rows(*json);
}

Result<Bytes> HubLogSource::notice(LogIndex index) {
    if (caller_ == CertificateUse::log_auditor) return Errc::not_permitted;
    return get("/v1/notices/" + std::to_string(index.value()), protocol::kMaxNoticeBytes);
}

}  // namespace tongbao::client
