#pragma once

#include "transport/byte_stream.hpp"
#include "transport/framed_body.hpp"
#include "transport/http_handler.hpp"
#include "transport/listener.hpp"
#include "transport/read_buffer.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// Private to transport.

namespace tongbao::transport {

/// The server's side of one connection: authenticates the peer, then one request after the other.
/// All on the stream's strand. Shared by its coroutine and by the server that stops it.
class HttpConnection {
public:
    /// Counts a peer that is authenticated now against its caps, by its certificate if it has one.
    using Introduce = std::function<Result<void>(const std::optional<Digest>&)>;

    /// `settings` outlive the connection.
    HttpConnection(std::unique_ptr<ByteStream> stream, const ServerSettings& settings,
                   Introduce introduce);

    /// Serves until either side ends the connection.
    ///
    /// Errors: why it ended, if not in order; what had to be told was told to the hooks.
    [[nodiscard]] asio::awaitable<Result<void>> run();

    /// Lets a running request finish and ends everything else, in order.
    void stop();
    /// Cuts the connection; the handler sees errors.
    void abort() noexcept;

    [[nodiscard]] asio::any_io_executor executor() const { return executor_; }

private:
    /// Why a request is refused before a handler sees it.
    struct Refusal {
        unsigned status;
        Errc errc;
    };

    [[nodiscard]] asio::awaitable<Result<void>> serve_requests();
    /// One request and its answer; going_on_ says whether another may follow.
    [[nodiscard]] asio::awaitable<Result<void>> serve_one(RequestHead request);
    [[nodiscard]] asio::awaitable<Result<void>> answer(const RequestHead& request,
                                                       FramedBody& body);
    [[nodiscard]] asio::awaitable<Result<void>> serve_websocket(const RequestHead& request);
    /// Waits for the next head in buffer_ and gives its size; 0 if there is none to come.
    [[nodiscard]] asio::awaitable<Result<std::size_t>> await_head();
    /// Answers by itself and ends the connection.
    [[nodiscard]] asio::awaitable<Result<void>> refuse(Refusal refusal, const Fields& fields);
    [[nodiscard]] Response error_response(Refusal refusal, const Fields& fields) const;

    std::unique_ptr<ByteStream> stream_;
    asio::any_io_executor executor_;
    const ServerSettings& settings_;
    Introduce introduce_;
    ReadBuffer buffer_;
    Peer peer_;
    bool first_request_ = true;
    /// Nobody has asked anything yet, if buffer_ is empty too. So it is during the handshake.
    bool waiting_for_head_ = true;
    bool going_on_ = true;
    bool stopping_ = false;
    std::shared_ptr<WebSocket> websocket_;
};

}  // namespace tongbao::transport
