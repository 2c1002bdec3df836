// Every bad certificate of the matrix at a hub's own port.

#include "crypto/openssl_handle.hpp"
#include "tests/integration/bare_hub.hpp"
#include "tests/support/certificate_matrix.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::testing;

namespace {

using SslHandle = crypto::Handle<SSL, &SSL_free>;
using SslCtxHandle = crypto::Handle<SSL_CTX, &SSL_CTX_free>;

/// A socket to the hub whose reads and writes end after a minute.
class Socket {
public:
    explicit Socket(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
        REQUIRE(descriptor_ >= 0);
        const timeval patience{60, 0};
        for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO}) {
            REQUIRE(::setsockopt(descriptor_, SOL_SOCKET, option, &patience, sizeof patience) == 0);
        }
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address),
                          sizeof address) == 0);
    }
    ~Socket() { ::close(descriptor_); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    Socket(Socket&&) = delete;
    Socket& operator=(Socket&&) = delete;

    [[nodiscard]] int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

/// What the hub answers to a request for its checkpoint, from one who shows `certificate` (none if
/// null) without a look at it; empty if it answers nothing and closes.
std::string answer_to(std::uint16_t port, X509* certificate, EVP_PKEY* key, X509* issuer) {
    const SslCtxHandle context(SSL_CTX_new(TLS_client_method()));
    REQUIRE(context);
    SSL_CTX_set_security_level(context.get(), 0);
    if (certificate != nullptr) {
        REQUIRE(SSL_CTX_use_certificate(context.get(), certificate) == 1);
        REQUIRE(SSL_CTX_add1_chain_cert(context.get(), issuer) == 1);
        REQUIRE(SSL_CTX_use_PrivateKey(context.get(), key) == 1);
    }
    const Socket socket(port);
    const SslHandle tls(SSL_new(context.get()));
    REQUIRE(SSL_set_fd(tls.get(), socket.descriptor()) == 1);
    std::string answer;
    // In TLS 1.3 the client is done before the server has seen its certificate.
    if (SSL_connect(tls.get()) == 1) {
        const std::string request =
            "GET /log/checkpoint HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        if (SSL_write(tls.get(), request.data(), static_cast<int>(request.size())) > 0) {
            std::array<char, 4096> piece{};
            int size = 0;
            while ((size = SSL_read(tls.get(), piece.data(), static_cast<int>(piece.size()))) > 0) {
                answer.append(piece.data(), static_cast<std::size_t>(size));
            }
            const bool silent = SSL_get_error(tls.get(), size) == SSL_ERROR_SYSCALL &&
                                (errno == EAGAIN || errno == EWOULDBLOCK);
            CHECK_FALSE(silent);
        }
    }
    ERR_clear_error();
    return answer;
}

std::string answer_to(std::uint16_t port, const OddHolder& holder, const TestPki& pki) {
    return answer_to(port, holder.certificate.native(), holder.key.get(),
                     pki.issuing().certificate().native());
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

}  // namespace

TEST_SUITE("certificates at a hub's port") {
    TEST_CASE("a running hub lets in none of the matrix and goes on serving") {
        const UtcTime now =
            std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        TestPki pki("test.example", now);
        struct Shown {
            std::string name;
            OddHolder holder;
        };
        std::vector<Shown> bad;
        for (const CertificateUse use : {CertificateUse::daemon, CertificateUse::log_auditor}) {
            for (const CertificateRow& row : certificate_matrix()) {
                bad.push_back({row.name, make_row(row, use, pki)});
            }
        }
        // Good certificates of another use.
        for (const CertificateUse use : {CertificateUse::hub, CertificateUse::sign}) {
            bad.push_back({"of another use", good_certificate(use).make(pki.issuing())});
        }
        const OddHolder good = good_certificate(CertificateUse::daemon).make(pki.issuing());
        const OddHolder auditor = good_certificate(CertificateUse::log_auditor).make(pki.issuing());
        BareHub hub(pki);
        hub.start();
        CHECK(answer_to(hub.port(), auditor, pki).starts_with("HTTP/1.1 200 "));
        for (const Shown& each : bad) {
            CAPTURE(each.name);
            CHECK(answer_to(hub.port(), each.holder, pki) == "");
            CHECK(answer_to(hub.port(), good, pki).starts_with("HTTP/1.1 200 "));
        }
        CHECK(answer_to(hub.port(), nullptr, nullptr, nullptr) == "");
        hub.stop();
        // Each is told by the code or by TLS; nobody else is.
        CHECK(count(hub.log(), "\"event\":\"connection_refused\"") == bad.size() + 1);
        MESSAGE("refused: ", bad.size() + 1);
    }
}
