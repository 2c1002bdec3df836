#pragma once

#include "transport/byte_stream.hpp"
#include "transport/completion.hpp"
#include "transport/websocket_layer.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/stream_traits.hpp>

#include <memory>
#include <optional>
#include <utility>

// Private to transport: costly to compile. Included by tls_stream.cpp and unix_stream.cpp only.

namespace tongbao::transport {

namespace beast = boost::beast;

/// A WebSocketLayer on `Stream`.
template <typename Stream, typename Ways>
class SocketLayer final : public WebSocketLayer,
                          public std::enable_shared_from_this<SocketLayer<Stream, Ways>> {
public:
    SocketLayer(Stream&& stream, Ways ways) : stream_(std::move(stream)), ways_(std::move(ways)) {
        // The WebSocket has deadlines of its own.
        beast::get_lowest_layer(stream_).expires_never();
    }

    void read_some(asio::mutable_buffer into, std::unique_ptr<Completion> done) override {
        stream_.async_read_some(into, keep(std::move(done)));
    }

    void write_some(const WritePieces& pieces, std::unique_ptr<Completion> done) override {
        stream_.async_write_some(pieces, keep(std::move(done)));
    }

    void shut_down(std::unique_ptr<Completion> done) override {
        // A peer may never say goodbye, and Beast would wait for it until its idle limit.
        beast::get_lowest_layer(stream_).expires_after(kGoodbye);
        ways_.shut_down(stream_, [self = this->shared_from_this(), done = std::move(done)](
                                     const boost::system::error_code& how) mutable {
            if (!how) return self->end(*done);
            boost::system::error_code ignored;  // a peer that is gone can't be told
            beast::get_lowest_layer(self->stream_)
                .socket()
                .shutdown(asio::socket_base::shutdown_send, ignored);
            self->discard_input(std::move(done));
        });
    }

    void close() noexcept override { beast::get_lowest_layer(stream_).close(); }

    asio::any_io_executor executor() override {
        return beast::get_lowest_layer(stream_).get_executor();
    }

private:
    void end(Completion& done) {
        close();
        done.complete({}, 0);
    }

    /// Throws away what the peer had sent before it heard of the end, until the deadline already
    /// set: closing a socket with unread input makes the peer lose our last words.
    void discard_input(std::unique_ptr<Completion> done) {
        auto waste = std::make_unique<std::array<std::uint8_t, 4096>>();
        const asio::mutable_buffer into = asio::buffer(*waste);
        auto handler = [self = this->shared_from_this(), done = std::move(done),
                        waste = std::move(waste)](const boost::system::error_code& error,
                                                  std::size_t /*size*/) mutable {
            if (error) return self->end(*done);
            self->discard_input(std::move(done));
        };
        beast::get_lowest_layer(stream_).async_read_some(into, std::move(handler));
    }

    /// A handler that also keeps this object.
    auto keep(std::unique_ptr<Completion> done) {
        return [self = this->shared_from_this(), done = std::move(done)](
                   const boost::system::error_code& error, std::size_t size) {
            done->complete(error, size);
        };
    }

    Stream stream_;
    Ways ways_;
};

/// A ByteStream on `Stream`, a beast::basic_stream or one under TLS. `Ways` holds the two steps
/// that differ: `accept(Stream&, within)`, and `end(Stream&)` under a deadline already set;
/// coroutines.
template <typename Stream, typename Ways>
class SocketStream final : public ByteStream {
public:
    SocketStream(Stream&& stream, Ways ways)
        : executor_(beast::get_lowest_layer(stream).get_executor()),
          stream_(std::move(stream)),
          ways_(std::move(ways)),
          reading_(std::make_shared<Reading>(executor_)) {}

    asio::awaitable<Result<Peer>> accept(std::chrono::milliseconds within) override {
        return ways_.accept(*stream_, within);
    }

    asio::awaitable<Result<std::size_t>> read_some(std::span<std::uint8_t> into,
                                                   std::chrono::milliseconds within) override {
        if (!stream_ || aborted_) co_return Errc::connection_closed;
        // Beast's deadline would close the socket, and a late client could not be told.
        beast::get_lowest_layer(*stream_).expires_never();
        watch_read(within);
        const auto [error, size] =
            co_await stream_->async_read_some(asio::buffer(into.data(), into.size()), kAsTuple);
        ++reading_->number;
        reading_->deadline.cancel();
        if (!error) co_return size;
        if (reading_->late) co_return Errc::timed_out;
        if (socket_errc(error) == Errc::connection_closed && !aborted_) co_return 0;
        co_return socket_errc(error);
    }

    asio::awaitable<Result<void>> write(std::array<BytesView, 3> pieces,
                                        std::chrono::milliseconds within) override {
        if (!stream_) co_return Errc::connection_closed;
        std::array<asio::const_buffer, 3> buffers;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            buffers[i] = asio::const_buffer(pieces[i].data(), pieces[i].size());
        }
        beast::get_lowest_layer(*stream_).expires_after(within);
        const auto [error, size] = co_await asio::async_write(*stream_, buffers, kAsTuple);
        if (error) co_return socket_errc(error);
        co_return Result<void>();
    }

    asio::awaitable<Result<void>> close(std::chrono::milliseconds within,
                                        std::uint64_t max_unread) override {
        if (!stream_ || aborted_) co_return Errc::connection_closed;
        beast::get_lowest_layer(*stream_).expires_after(within);
        const Result<void> ended = co_await ways_.end(*stream_);
        const Result<void> drained = co_await discard_input(max_unread);
        abort();
        if (!ended) co_return ended.error();
        co_return drained;
    }

    void abort() noexcept override {
        aborted_ = true;
        if (stream_) beast::get_lowest_layer(*stream_).close();
    }

    asio::any_io_executor executor() override { return executor_; }

    asio::awaitable<Result<std::shared_ptr<WebSocket>>> accept_websocket(
        const RequestHead& request, WebSocketLimits limits) override {
        if (!stream_ || aborted_) co_return Errc::connection_closed;
        Result<std::shared_ptr<WebSocket>> accepted =
            co_await accept_websocket_on(take_layer(), request, limits);
        co_return accepted;
    }

    asio::awaitable<Result<std::shared_ptr<WebSocket>>> connect_websocket(
        std::string host, std::string target, WebSocketLimits limits) override {
        if (!stream_ || aborted_) co_return Errc::connection_closed;
        Result<std::shared_ptr<WebSocket>> connected =
            co_await connect_websocket_on(take_layer(), std::move(host), std::move(target), limits);
        co_return connected;
    }

private:
    /// The read that waits, and its deadline. Shared only so that a handler of the timer can see
    /// that the stream is gone.
    struct Reading {
        explicit Reading(const asio::any_io_executor& executor) : deadline(executor) {}

        asio::steady_timer deadline;
        std::uint64_t number = 0;
        bool late = false;
    };

    /// Cancels the read that begins now if it is not done in time; the socket stays open. The
    /// handler may run although the timer was cancelled, if both came at once: hence the number.
    void watch_read(std::chrono::milliseconds within) {
        reading_->late = false;
        reading_->deadline.expires_after(within);
        reading_->deadline.async_wait(
            [this, watched = std::weak_ptr<Reading>(reading_),
             number = reading_->number](const boost::system::error_code& error) {
                const auto reading = watched.lock();
                if (error || !reading || reading->number != number || !stream_) return;
                reading->late = true;
                beast::get_lowest_layer(*stream_).cancel();
            });
    }

    /// Reads below TLS, whose own reading ended with the goodbye; the deadline is set already.
    asio::awaitable<Result<void>> discard_input(std::uint64_t max_unread) {
        auto& socket = beast::get_lowest_layer(*stream_);
        boost::system::error_code ignored;  // a peer that is gone can't be told
        socket.socket().shutdown(asio::socket_base::shutdown_send, ignored);
        std::array<std::uint8_t, 4096> waste;
        for (std::uint64_t unread = 0; unread <= max_unread;) {
            const auto [error, size] =
                co_await socket.async_read_some(asio::buffer(waste), kAsTuple);
            if (error == asio::error::eof) co_return Result<void>();
            if (error) co_return socket_errc(error);
            unread += size;
        }
        co_return Errc::too_large;
    }

    /// What the socket becomes under a WebSocket.
    std::shared_ptr<WebSocketLayer> take_layer() {
        auto layer = std::make_shared<SocketLayer<Stream, Ways>>(std::move(*stream_), ways_);
        stream_.reset();
        return layer;
    }

    asio::any_io_executor executor_;
    std::optional<Stream> stream_;  // none after it became a WebSocket
    Ways ways_;
    std::shared_ptr<Reading> reading_;
    bool aborted_ = false;
};

}  // namespace tongbao::transport
