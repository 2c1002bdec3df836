#pragma once

#include "hub/http_api.hpp"
#include "hub/services.hpp"
#include "protocol/limits.hpp"
#include "storage/attachment_files.hpp"
#include "tests/hub/hub_parts.hpp"
#include "transport/websocket.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace tongbao::testing {

/// What a request was answered with.
struct Answered {
    unsigned status{0};
    std::string content_type;
    transport::Fields fields;
    Bytes body;

    [[nodiscard]] std::string_view text() const { return as_text(body); }
};

/// The hub's end of a WebSocket whose other end is the test. The test's calls come from its own
/// thread.
class TestSocket final : public transport::WebSocket {
public:
    explicit TestSocket(boost::asio::any_io_executor executor);

    // For the test.

    void send(const protocol::Message& message);
    void send_bytes(Bytes frame);
    /// The next message of the hub, once it is there; none if it closed before.
    [[nodiscard]] std::optional<protocol::Message> receive();
    /// Goes away.
    void leave();
    /// With which code and words the hub closed.
    [[nodiscard]] std::pair<transport::CloseCode, std::string> closed_with();

    // For the hub.

    [[nodiscard]] boost::asio::awaitable<Result<Bytes>> read() override;
    [[nodiscard]] boost::asio::awaitable<Result<void>> write(Bytes message) override;
    [[nodiscard]] boost::asio::awaitable<Result<void>> close(transport::CloseCode code,
                                                             std::string reason) override;
    void abort() noexcept override;
    [[nodiscard]] boost::asio::any_io_executor executor() override { return executor_; }

private:
    void end();

    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer arrived_;
    std::deque<Bytes> inbox_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Bytes> outbox_;
    bool ended_{false};
    std::optional<std::pair<transport::CloseCode, std::string>> closed_;
};

/// A started hub with all that answers requests, and no port.
struct ServedHub : HubParts {
    /// `prepare` is called before the hub starts, `started` before its sequencer does.
    using Step = std::function<void(HubParts&)>;
    explicit ServedHub(const Step& prepare = {}, const Step& started = {});
    ~ServedHub();
    ServedHub(const ServedHub&) = delete;
    ServedHub& operator=(const ServedHub&) = delete;

    /// The names of callers: a unit's daemon, or a log auditor.
    [[nodiscard]] SpiffeId daemon(std::string_view unit) const;
    [[nodiscard]] SpiffeId auditor() const;

    /// Asks as the holder of a certificate with this name.
    [[nodiscard]] Answered ask(const SpiffeId& caller, std::string method, std::string target,
                               BytesView body = {});
    [[nodiscard]] unsigned status(const SpiffeId& caller, std::string method, std::string target,
                                  BytesView body = {}) {
        return ask(caller, std::move(method), std::move(target), body).status;
    }

    /// The alarm of lake to dike with a file that lake has uploaded, submitted over plain HTTP: its
    /// place in the log.
    [[nodiscard]] LogIndex logged_alarm(std::uint16_t number,
                                        const std::vector<const char*>& copies = {});
    /// `POST /v1/batches` of the leaves, signed by `unit`.
    [[nodiscard]] Answered submit(std::string_view unit, std::vector<Bytes> leaves);
    /// Uploads a file in the name of `unit`; its digest.
    [[nodiscard]] Digest upload(std::string_view unit, std::string_view text);

    /// Opens a stream by a certificate of this digest.
    [[nodiscard]] std::shared_ptr<TestSocket> open_stream(const SpiffeId& caller,
                                                          const Digest& certificate = Digest());

    storage::TemporaryFolder files;
    std::unique_ptr<storage::AttachmentStore> kept;
    program::Logging logging{"hub_tests", program::LogLevel::error};
    /// Room for three uploads that no notice names.
    hub::UploadLedger uploads{clock, 3 * protocol::kMaxAttachmentBytes};
    hub::MailBell bell;
    hub::OpenStreams streams;
    boost::asio::thread_pool pool{2};
    boost::asio::io_context io;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
    std::optional<hub::Admission> admitting;
    std::optional<hub::Sequencer> sequencer;
    std::optional<hub::Services> services;
    std::optional<hub::HttpApi> api;
    std::thread thread;
};

}  // namespace tongbao::testing
