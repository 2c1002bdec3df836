#include "transport/accept_loop.hpp"
#include "transport/listener.hpp"
#include "transport/tls_stream.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>

namespace tongbao::transport {
namespace {

using Tcp = asio::ip::tcp;
using TcpAcceptor = asio::basic_socket_acceptor<Tcp>;

/// Begins to serve a connection, or drops it. Counts before anything costly is made.
void serve_socket(const std::shared_ptr<ServerState>& server, const TlsSide& tls,
                  Tcp::socket socket) {
    boost::system::error_code error;
    const Tcp::endpoint remote = socket.remote_endpoint(error);
    if (error) return;  // gone already
    socket.set_option(Tcp::no_delay(true), error);
    const std::string address = remote.address().to_string();
    const auto refuse = [&server, &address](Errc errc) {
        const auto& refused = server->settings.hooks.on_refused;
        if (refused) refused(address, errc, sentence(errc));
    };
    const Result<std::uint64_t> number = server->table.admit(address);
    if (!number) return refuse(to_errc(number.error()));
    try {
        Result<std::unique_ptr<ByteStream>> stream =
            make_tls_stream(std::move(socket), tls, address, server->settings.hooks);
        if (stream) return start_connection(server, *number, *std::move(stream), address);
        refuse(to_errc(stream.error()));
    } catch (...) {
        server->table.remove(*number);
        throw;  // accept_connections says what
    }
    server->table.remove(*number);
}

class TlsListener final : public Listener {
public:
    TlsListener(std::shared_ptr<ServerState> server, std::shared_ptr<TcpAcceptor> acceptor,
                TlsSide tls, std::uint16_t port)
        : server_(std::move(server)),
          acceptor_(std::move(acceptor)),
          tls_(std::move(tls)),
          port_(port) {}

    void start() override {
        const auto serve = [server = server_, tls = tls_](Tcp::socket socket) {
            serve_socket(server, tls, std::move(socket));
        };
        start_accepting<Tcp>(server_, acceptor_, serve);
    }

    asio::awaitable<Result<void>> stop(std::chrono::milliseconds within) override {
        return stop_server<Tcp>(server_, acceptor_, within);
    }

    void cut_unless(const std::function<Result<void>(const Digest&)>& keep) override {
        cut_connections(*server_, keep);
    }

    [[nodiscard]] std::uint16_t port() const noexcept override { return port_; }
    [[nodiscard]] std::size_t connections() const override { return server_->table.size(); }

private:
    std::shared_ptr<ServerState> server_;
    std::shared_ptr<TcpAcceptor> acceptor_;
    TlsSide tls_;
    std::uint16_t port_;
};

}  // namespace

Result<std::unique_ptr<Listener>> listen_tls(const asio::any_io_executor& executor,
                                             const std::string& address, std::uint16_t port,
                                             TlsSide tls, ServerSettings settings) {
    boost::system::error_code error;
    const asio::ip::address ip = asio::ip::make_address(address, error);
    if (error) return Errc::bad_value;
    const Tcp::endpoint endpoint(ip, port);

    const auto server = std::make_shared<ServerState>(executor, std::move(settings));
    const auto acceptor = std::make_shared<TcpAcceptor>(server->strand);
    acceptor->open(endpoint.protocol(), error);
    // A port whose last connections linger may be bound again; a live listener still keeps it.
    if (!error) acceptor->set_option(asio::socket_base::reuse_address(true), error);
    // Only what was asked for: `::` would take IPv4 along.
    if (!error && ip.is_v6()) acceptor->set_option(asio::ip::v6_only(true), error);
    if (!error) acceptor->bind(endpoint, error);
    if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use) return Errc::already_running;
    if (error) return Errc::connection_failed;
    const Tcp::endpoint bound = acceptor->local_endpoint(error);
    if (error) return Errc::connection_failed;
    return std::unique_ptr<Listener>(
        std::make_unique<TlsListener>(server, acceptor, std::move(tls), bound.port()));
}

}  // namespace tongbao::transport
