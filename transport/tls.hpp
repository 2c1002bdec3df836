#pragma once

#include "domain/bytes.hpp"
#include "domain/result.hpp"
#include "transport/peer.hpp"

#include <functional>
#include <memory>

// OpenSSL's SSL_CTX, named without its headers.
struct ssl_ctx_st;

namespace tongbao::transport {

/// A configured SSL_CTX. Shared, since connections that were made with it live on when a newer one
/// takes its place. Its application data (ex_data index 0) must stay unset: Asio thinks it its own.
using TlsContext = std::shared_ptr<ssl_ctx_st>;

/// Gives the context for the next connection; called for each, from any thread. Null refuses it.
using TlsContextProvider = std::function<TlsContext()>;

/// Judges the peer's certificate (DER) after a handshake that OpenSSL was content with. Called from
/// any thread, must not block. An error closes the connection before a byte of a request is read.
using Authenticate = std::function<Result<PeerId>(BytesView certificate)>;

/// How one side of a TLS connection authenticates itself and the other.
struct TlsSide {
    TlsContextProvider context;
    Authenticate authenticate;
};

}  // namespace tongbao::transport
