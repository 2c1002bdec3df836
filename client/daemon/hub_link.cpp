#include "client/daemon/hub_link.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace tongbao::client {

namespace asio = boost::asio;
using namespace boost::asio::experimental::awaitable_operators;

asio::awaitable<Result<void>> HubLink::connect_and_serve() {
    Result<std::unique_ptr<transport::HttpClient>> client = co_await services_.connect();
    if (!client) co_return client.error();
    Result<std::shared_ptr<transport::WebSocket>> socket =
        co_await (*client)->open_websocket("/v1/stream");
    if (!socket) co_return socket.error();
    const auto stream =
        std::make_shared<HubStream>(services_, follower_, keys_, retries_, *std::move(socket));
    stream_ = stream;
    if (stopping_) co_return Errc::shutting_down;
    co_return co_await stream->serve();
}

asio::awaitable<void> HubLink::run() {
    co_return co_await (keep_connected() && reminders_.run());
}

asio::awaitable<void> HubLink::keep_connected() {
    while (!stopping_) {
        const Result<void> served = co_await connect_and_serve();
        if (!services_.hub.connected) services_.tls.failed();
        services_.hub.connected = false;
        if (stopping_) break;
        const Errc errc = served ? Errc::connection_closed : to_errc(served.error());
        services_.hub.last_error = code(errc);
        services_.events.disconnected(errc);
        services_.logging.warning("not_connected", {{"code", std::string(code(errc))},
                                                    {"what", std::string(sentence(errc))},
                                                    {"hub", services_.config.hub_host},
                                                    {"consequence", "it is tried again by itself"},
                                                    {"do", "if it stays so: tongbao explain " +
                                                               std::string(code(errc))}});
        const std::uint64_t seen = pause_bell_.rings();
        static_cast<void>(co_await pause_bell_.wait(seen, retries_.connecting.next()));
    }
}

void HubLink::stop() {
    stopping_ = true;
    reminders_.stop();
    pause_bell_.ring();
    if (const std::shared_ptr<HubStream> stream = stream_.lock()) stream->stop();
}

}  // namespace tongbao::client
