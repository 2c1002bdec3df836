#pragma once

#include "domain/digest.hpp"
#include "domain/result.hpp"
#include "transport/http_handler.hpp"
#include "transport/limits.hpp"
#include "transport/tls.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace tongbao::transport {

namespace asio = boost::asio;

/// What a server tells its program. Each is called from any thread and must not block; one that is
/// empty is not called.
struct ServerHooks {
    /// A connection that was not let in: TLS or the certificate failed (Errc::tls_refused or what
    /// Authenticate said), the handshake took too long, or a cap was reached
    /// (Errc::too_many_requests). `words` are for a log and may hold what the other side chose.
    std::function<void(const std::string& address, Errc, std::string_view words)> on_refused;
    /// A request that was malformed, too large or too slow. Same arguments.
    std::function<void(const std::string& address, Errc, std::string_view words)> on_bad_request;
    /// A handler threw, or a connection could not be accepted. Same arguments.
    std::function<void(const std::string& address, Errc, std::string_view words)> on_failure;
};

/// What all servers need.
struct ServerSettings {
    /// Must outlive the server and its executor.
    HttpHandler& handler;
    Limits limits;
    /// The body (application/problem+json) that says `errc` under `status`.
    std::function<std::string(unsigned status, Errc errc)> error_body;
    ServerHooks hooks;
};

/// A listening socket and the connections that came from it. Any thread.
class Listener {
public:
    virtual ~Listener() = default;

    /// Begins to accept. Called once.
    virtual void start() = 0;

    /// Accepts no more, closes idle connections and (with 1001) WebSockets, waits `within` for
    /// requests that run, and then cuts what is left.
    ///
    /// Errors: Errc::timed_out if connections had to be cut.
    [[nodiscard]] virtual asio::awaitable<Result<void>> stop(std::chrono::milliseconds within) = 0;

    /// Cuts every connection whose certificate `keep` gives an error for, given its SHA-256; tells
    /// ServerHooks::on_refused why. `keep` is called before this returns, once a connection; the
    /// cutting itself may take a moment longer.
    virtual void cut_unless(const std::function<Result<void>(const Digest& certificate)>& keep) = 0;

    /// The port that is bound, also when 0 was asked for; 0 for a Unix socket.
    [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;

    /// How many connections there are now.
    [[nodiscard]] virtual std::size_t connections() const = 0;
};

/// Binds `address` (an IP address; only this one) and `port` (0: any free one) for HTTPS and
/// WebSockets over TLS with both sides authenticated. The kernel queues connections from here on;
/// they are served after start(). `executor` is not a strand: each connection gets its own.
///
/// Errors: Errc::bad_value if `address` is no IP address; Errc::already_running if the port is
/// taken; Errc::connection_failed.
[[nodiscard]] Result<std::unique_ptr<Listener>> listen_tls(const asio::any_io_executor& executor,
                                                           const std::string& address,
                                                           std::uint16_t port, TlsSide tls,
                                                           ServerSettings settings);

/// Binds the Unix socket `path` with the access rights `mode` (0600 is the usual one), which hold
/// before anyone can connect. A socket that a dead process left is replaced; beside it stands
/// `<path>.lock`, locked while the server lives. The socket is removed by stop().
///
/// Errors: Errc::already_running if a live process serves `path`; Errc::already_exists if there is
/// something else than a socket; Errc::bad_value if the path is longer than a socket's may be (107
/// bytes); Errc::connection_failed.
[[nodiscard]] Result<std::unique_ptr<Listener>> listen_unix(const asio::any_io_executor& executor,
                                                            const std::string& path, mode_t mode,
                                                            ServerSettings settings);

}  // namespace tongbao::transport
