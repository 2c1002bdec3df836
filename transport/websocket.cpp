#include "transport/websocket.hpp"

#include "transport/completion.hpp"
#include "transport/websocket_layer.hpp"
#include "transport/websocket_stream.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace tongbao::transport {
namespace {

namespace beast = boost::beast;

/// So much of a message has its own deadline, as Limits::body says.
constexpr std::size_t kPiece = 64 * 1024;
/// As much as a TLS record takes.
constexpr std::size_t kRecord = std::size_t{16} * 1024;

/// A WebSocket of Beast's. Kept alive by each of its operations while that runs.
class BeastWebSocket final : public WebSocket, public std::enable_shared_from_this<BeastWebSocket> {
public:
    BeastWebSocket(std::shared_ptr<WebSocketLayer> layer, const WebSocketLimits& limits,
                   beast::role_type role)
        : socket_(WebSocketStream(std::move(layer))),
          message_limit_(limits.message_bytes),
          time_limit_(limits.message),
          write_deadline_(socket_.get_executor()),
          rest_deadline_(socket_.get_executor()),
          goodbye_deadline_(socket_.get_executor()),
          turn_(socket_.get_executor(), asio::steady_timer::time_point::max()) {
        beast::websocket::stream_base::timeout timeout =
            beast::websocket::stream_base::timeout::suggested(role);
        timeout.handshake_timeout = limits.handshake;
        timeout.idle_timeout = limits.idle;
        timeout.keep_alive_pings = true;
        socket_.set_option(timeout);
        // Looked at in the head of each frame: what is declared too long is not waited for.
        socket_.read_message_max(message_limit_);
        socket_.binary(true);
        socket_.auto_fragment(false);
        // A client masks what it sends in pieces of this size, each a write of its own.
        socket_.write_buffer_bytes(kRecord);
    }

    asio::awaitable<Result<void>> accept(const RequestHead& request) {
        beast::http::request<beast::http::empty_body> upgrade;
        upgrade.method_string(request.method);
        upgrade.target(request.target);
        upgrade.version(11);
        for (const Field& field : request.fields) upgrade.insert(field.name, field.value);
        const auto [error] = co_await socket_.async_accept(upgrade, kAsTuple);
        if (error) co_return socket_errc(error);
        co_return Result<void>();
    }

    asio::awaitable<Result<void>> connect(std::string host, std::string target) {
        const auto [error] = co_await socket_.async_handshake(host, target, kAsTuple);
        if (error) co_return socket_errc(error);
        co_return Result<void>();
    }

    asio::awaitable<Result<Bytes>> read() override {
        const auto self = shared_from_this();
        Bytes message;
        auto buffer = asio::dynamic_buffer(message);
        do {
            // Beast keeps the limit; one byte more, since it takes 0 for no limit. No more than one
            // record at once: Beast makes room, filled with zeros, for all that it might get.
            const std::size_t room = std::min(message_limit_ - message.size() + 1, kRecord);
            const auto [error, size] = co_await socket_.async_read_some(buffer, room, kAsTuple);
            if (error) co_return late_ ? Errc::timed_out : open_errc(error);
            if (socket_.got_text()) {
                const Result<void> told = co_await fail(CloseCode::unsupported_data, "binary only");
                // What the peer did is the error to tell, however the closing went.
                if (!told) abort();
                co_return Errc::protocol_violation;
            }
            // A trickle of single bytes does not move the deadline.
            if (message.size() == size ||
                message.size() / kPiece > (message.size() - size) / kPiece)
                set(rest_deadline_, time_limit_);
        } while (!socket_.is_message_done());
        call_off(rest_deadline_);
        co_return message;
    }

    asio::awaitable<Result<void>> write(Bytes message) override {
        const auto self = shared_from_this();
        while (writing_) {
            // The write in front has a deadline, so this wait has one.
            const auto [woken] = co_await turn_.async_wait(kAsTuple);
            if (woken && woken != asio::error::operation_aborted) co_return socket_errc(woken);
        }
        if (closing_ || late_) co_return Errc::connection_closed;
        writing_ = true;
        set(write_deadline_, time_limit_);
        const auto [error, size] = co_await socket_.async_write(asio::buffer(message), kAsTuple);
        writing_ = false;
        call_off(write_deadline_);
        turn_.cancel();
        if (error) co_return late_ ? Errc::timed_out : open_errc(error);
        co_return Result<void>();
    }

    asio::awaitable<Result<void>> close(CloseCode code, std::string reason) override {
        const auto self = shared_from_this();
        if (closing_) co_return Errc::connection_closed;
        closing_ = true;
        beast::websocket::close_reason why;
        why.code = static_cast<std::uint16_t>(code);
        why.reason.assign(reason.substr(0, std::min(reason.size(), why.reason.max_size())));
        const auto [error] = co_await socket_.async_close(why, kAsTuple);
        if (error) co_return open_errc(error);
        co_return Result<void>();
    }

    void abort() noexcept override { socket_.next_layer().close(); }

    asio::any_io_executor executor() override { return socket_.get_executor(); }

private:
    /// As socket_errc; but both sides were authenticated long ago, so trouble of TLS is trouble of
    /// the connection.
    static Errc open_errc(const boost::system::error_code& error) noexcept {
        const Errc errc = socket_errc(error);
        return errc == Errc::tls_refused ? Errc::connection_failed : errc;
    }

    struct Deadline {
        explicit Deadline(const asio::any_io_executor& executor) : timer(executor) {}

        asio::steady_timer timer;
        std::uint64_t number = 0;
    };

    /// Cuts the connection if `deadline` is not set anew or called off in time. The handler may run
    /// although the timer was cancelled, if both came at once: hence the number.
    void set(Deadline& deadline, std::chrono::milliseconds within) {
        deadline.timer.expires_after(within);
        deadline.timer.async_wait(
            [watched = weak_from_this(), &deadline,
             number = ++deadline.number](const boost::system::error_code& error) {
                const auto self = watched.lock();
                if (error || !self || deadline.number != number) return;
                self->late_ = true;
                self->abort();
            });
    }

    static void call_off(Deadline& deadline) {
        ++deadline.number;
        deadline.timer.cancel();
    }

    /// Closes because of what the peer did, who gets less time for its answer than in good order.
    asio::awaitable<Result<void>> fail(CloseCode code, std::string reason) {
        set(goodbye_deadline_, kGoodbye);
        const Result<void> closed = co_await close(code, std::move(reason));
        call_off(goodbye_deadline_);
        co_return closed;
    }

    /// Without compression: notices are signed and mostly small, and it costs memory and attacks.
    beast::websocket::stream<WebSocketStream, false> socket_;
    std::size_t message_limit_;
    std::chrono::milliseconds time_limit_;
    Deadline write_deadline_;
    Deadline rest_deadline_;  ///< for what is missing of a message that has begun
    Deadline goodbye_deadline_;
    /// Never expires; is cancelled to wake those who wait to write.
    asio::steady_timer turn_;
    bool writing_ = false;
    bool closing_ = false;
    bool late_ = false;
};

}  // namespace

asio::awaitable<Result<std::shared_ptr<WebSocket>>> accept_websocket_on(
    std::shared_ptr<WebSocketLayer> layer, const RequestHead& request, WebSocketLimits limits) {
    const auto opened =
        std::make_shared<BeastWebSocket>(std::move(layer), limits, beast::role_type::server);
    const Result<void> accepted = co_await opened->accept(request);
    if (!accepted) co_return accepted.error();
    co_return std::shared_ptr<WebSocket>(opened);
}

asio::awaitable<Result<std::shared_ptr<WebSocket>>> connect_websocket_on(
    std::shared_ptr<WebSocketLayer> layer, std::string host, std::string target,
    WebSocketLimits limits) {
    const auto opened =
        std::make_shared<BeastWebSocket>(std::move(layer), limits, beast::role_type::client);
    const Result<void> connected = co_await opened->connect(std::move(host), std::move(target));
    if (!connected) co_return connected.error();
    co_return std::shared_ptr<WebSocket>(opened);
}

}  // namespace tongbao::transport
