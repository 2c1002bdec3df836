// Every bad certificate of the matrix at the port of a hub that runs.

#include "crypto/openssl_handle.hpp"
#include "domain/errc.hpp"
#include "tests/integration/bare_hub.hpp"
#include "tests/integration/own_service.hpp"
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

/// What is shown to the hub; nothing if the certificate is null.
struct Shown {
    X509* certificate = nullptr;
    EVP_PKEY* key = nullptr;
    X509* issuer = nullptr;
};

/// What the hub answers to a request for its checkpoint, from one who shows this without a look at
/// it; empty if it answers nothing and closes.
std::string answer_to(std::uint16_t port, const Shown& shown) {
    const SslCtxHandle context(SSL_CTX_new(TLS_client_method()));
    REQUIRE(context);
    SSL_CTX_set_security_level(context.get(), 0);
    if (shown.certificate != nullptr) {
        REQUIRE(SSL_CTX_use_certificate(context.get(), shown.certificate) == 1);
        REQUIRE(SSL_CTX_add1_chain_cert(context.get(), shown.issuer) == 1);
        REQUIRE(SSL_CTX_use_PrivateKey(context.get(), shown.key) == 1);
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

/// A good certificate with a serial number that no row of the matrix has.
OddHolder good(CertificateUse use, const TestPki& pki) {
    OddCertificate certificate = good_certificate(use);
    certificate.serial = "7";
    return certificate.make(pki.issuing());
}

/// A hub at work, its good callers, and what it says of the others.
class Door {
public:
    explicit Door(const TestPki& pki)
        : pki_(pki),
          daemon_(good(CertificateUse::daemon, pki)),
          auditor_(good(CertificateUse::log_auditor, pki)),
          hub_(pki, {daemon_.certificate, auditor_.certificate}) {
        hub_.start();
        check_serves();
    }

    void check_serves() const {
        CHECK(answer_to(hub_.port(), shown(daemon_)).starts_with("HTTP/1.1 200 "));
        CHECK(answer_to(hub_.port(), shown(auditor_)).starts_with("HTTP/1.1 200 "));
    }

    /// The code by which the hub, in its log, refuses who shows this; it answers nothing.
    std::string refusal_of(const Shown& bad) {
        CHECK(answer_to(hub_.port(), bad) == "");
        std::vector<std::string> codes;
        wait_until("the refusal in the log", [&] {
            codes = refusals();
            return codes.size() > told_;
        });
        CHECK(codes.size() == ++told_);
        check_serves();
        return codes.back();
    }
    std::string refusal_of(const OddHolder& bad) { return refusal_of(shown(bad)); }

    /// Nobody else was refused; it ends in order.
    void close() {
        hub_.stop();
        CHECK(refusals().size() == told_);
    }

private:
    [[nodiscard]] Shown shown(const OddHolder& holder) const {
        return {holder.certificate.native(), holder.key.get(),
                pki_.issuing().certificate().native()};
    }

    [[nodiscard]] std::vector<std::string> refusals() const {
        std::vector<std::string> codes;
        for (const Json& event : events_of(hub_.log(), "connection_refused")) {
            codes.push_back(event.at("code"));
        }
        return codes;
    }

    const TestPki& pki_;
    OddHolder daemon_;
    OddHolder auditor_;
    BareHub hub_;
    std::size_t told_ = 0;
};

TestPki pki_of_today() {
    return TestPki("test.example",
                   std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

const std::string kByTls(code(Errc::tls_refused));

}  // namespace

TEST_SUITE("certificates at a hub's port") {
    TEST_CASE("a running hub lets in none of the matrix and goes on serving") {
        TestPki pki = pki_of_today();
        struct Bad {
            std::string name;
            std::string expected;
            OddHolder holder;
        };
        std::vector<Bad> bad;
        for (const CertificateUse use : {CertificateUse::daemon, CertificateUse::log_auditor}) {
            for (const CertificateRow& row : certificate_matrix()) {
                bad.push_back({row.name, std::string(code(row.expected)), make_row(row, use, pki)});
            }
        }
        Door door(pki);
        std::size_t by_tls = 0;
        for (const Bad& each : bad) {
            CAPTURE(each.name);
            const std::string told = door.refusal_of(each.holder);
            // TLS itself refuses some before anybody looks at the form. None is refused only
            // because nobody enrolled it.
            if (told != kByTls) CHECK(told == each.expected);
            if (told == kByTls) ++by_tls;
        }
        door.close();
        MESSAGE("refused by TLS: ", by_tls, ", by their code: ", bad.size() - by_tls);
    }

    TEST_CASE("nor one without a certificate or with one of another use or never enrolled") {
        const TestPki pki = pki_of_today();
        Door door(pki);
        CHECK(door.refusal_of(Shown{}) == kByTls);
        for (const CertificateUse use : {CertificateUse::hub, CertificateUse::sign}) {
            const std::string told = door.refusal_of(good(use, pki));
            if (told != kByTls) CHECK(told == code(Errc::certificate_wrong_use));
        }
        for (const CertificateUse use : {CertificateUse::daemon, CertificateUse::log_auditor}) {
            const std::string told = door.refusal_of(good(use, pki));
            CHECK(told == code(Errc::signer_not_enrolled));
        }
        door.close();
    }
}
