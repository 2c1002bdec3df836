#pragma once

#include "transport/websocket_layer.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/beast/core/role.hpp>

#include <algorithm>
#include <memory>
#include <utility>

// Private to transport: included by websocket.cpp only.

namespace tongbao::transport {

/// A handler of Beast's as a Completion.
template <typename Handler>
class CompletionOf final : public Completion {
public:
    CompletionOf(Handler handler, const asio::any_io_executor& executor)
        : handler_(std::move(handler)),
          executor_(asio::get_associated_executor(handler_, executor)) {}

    void complete(const boost::system::error_code& error, std::size_t size) override {
        asio::dispatch(executor_, [handler = std::move(handler_), error, size]() mutable {
            handler(error, size);
        });
    }

private:
    Handler handler_;
    asio::associated_executor_t<Handler, asio::any_io_executor> executor_;
};

/// A WebSocketLayer in the shape that Beast asks for (AsyncReadStream, AsyncWriteStream).
class WebSocketStream {
public:
    using executor_type = asio::any_io_executor;

    explicit WebSocketStream(std::shared_ptr<WebSocketLayer> layer) : layer_(std::move(layer)) {}
    WebSocketStream(const WebSocketStream&) = delete;
    WebSocketStream& operator=(const WebSocketStream&) = delete;
    WebSocketStream(WebSocketStream&&) = default;
    WebSocketStream& operator=(WebSocketStream&&) = default;
    /// Ends what is still on its way.
    ~WebSocketStream() {
        if (layer_) layer_->close();
    }

    [[nodiscard]] executor_type get_executor() const { return layer_->executor(); }
    void close() noexcept { layer_->close(); }

    template <typename Buffers, typename Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        asio::mutable_buffer into;
        for (auto each = asio::buffer_sequence_begin(buffers);
             each != asio::buffer_sequence_end(buffers) && into.size() == 0; ++each) {
            into = *each;
        }
        const auto start = [layer = layer_](auto handler, asio::mutable_buffer buffer) {
            layer->read_some(buffer, wrap(std::move(handler), *layer));
        };
        return asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            start, token, into);
    }

    template <typename Buffers, typename Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        WritePieces pieces;
        auto next = pieces.begin();
        for (auto each = asio::buffer_sequence_begin(buffers);
             each != asio::buffer_sequence_end(buffers) && next != pieces.end(); ++each) {
            const asio::const_buffer piece = *each;
            if (piece.size() > 0) *next++ = piece;
        }
        const auto start = [layer = layer_](auto handler, const WritePieces& from) {
            layer->write_some(from, wrap(std::move(handler), *layer));
        };
        return asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            start, token, pieces);
    }

    template <typename Handler>
    void shut_down(Handler handler) {
        auto without_size = [handler = std::move(handler)](const boost::system::error_code& error,
                                                           std::size_t /*size*/) mutable {
            handler(error);
        };
        layer_->shut_down(wrap(std::move(without_size), *layer_));
    }

private:
    template <typename Handler>
    static std::unique_ptr<Completion> wrap(Handler handler, WebSocketLayer& layer) {
        return std::make_unique<CompletionOf<Handler>>(std::move(handler), layer.executor());
    }

    std::shared_ptr<WebSocketLayer> layer_;
};

/// Beast finds these by their argument: how to close when a deadline has passed, and how to end
/// after the closing handshake.
inline void beast_close_socket(WebSocketStream& stream) {
    stream.close();
}

template <typename Handler>
void async_teardown(boost::beast::role_type /*role*/, WebSocketStream& stream, Handler&& handler) {
    stream.shut_down(std::forward<Handler>(handler));
}

}  // namespace tongbao::transport
