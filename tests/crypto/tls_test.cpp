#include "crypto/tls.hpp"

#include "crypto/openssl_handle.hpp"
#include "tests/support/test_pki.hpp"

#include <doctest/doctest.h>
#include <openssl/err.h>

#include <string>
#include <string_view>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace tongbao::testing;

namespace {

using SslHandle = Handle<SSL, &SSL_free>;

class HandClock final : public Clock {
public:
    explicit HandClock(UtcTime time) : time_(time) {}

    [[nodiscard]] UtcTime now() const override { return time_; }
    void go_on(std::chrono::milliseconds step) { time_ += step; }

private:
    UtcTime time_;
};

/// Two ends joined in memory.
struct Pair {
    Pair(SSL_CTX* server_context, SSL_CTX* client_context)
        : server(SSL_new(server_context)), client(SSL_new(client_context)) {
        BIO* server_end = nullptr;
        BIO* client_end = nullptr;
        REQUIRE(BIO_new_bio_pair(&server_end, 0, &client_end, 0) == 1);
        SSL_set_bio(server.get(), server_end, server_end);
        SSL_set_bio(client.get(), client_end, client_end);
        SSL_set_accept_state(server.get());
        SSL_set_connect_state(client.get());
    }

    /// Whether both ends complete the handshake, and a byte passes each way: under TLS 1.3 a client
    /// learns only from the first answer that its certificate was refused.
    bool shakes_hands() const {
        for (int i = 0; i < 10; ++i) {
            SSL_do_handshake(client.get());
            SSL_do_handshake(server.get());
        }
        char byte = 0;
        const bool done =
            SSL_is_init_finished(client.get()) == 1 && SSL_is_init_finished(server.get()) == 1 &&
            SSL_write(server.get(), "s", 1) == 1 && SSL_read(client.get(), &byte, 1) == 1 &&
            byte == 's' && SSL_write(client.get(), "c", 1) == 1 &&
            SSL_read(server.get(), &byte, 1) == 1 && byte == 'c';
        ERR_clear_error();
        return done;
    }

    SslHandle server;
    SslHandle client;
};

struct Ends {
    TestPki pki{};
    HandClock clock{pki.now()};
    TrustStore trust = pki.trust_store();
    TestHolder hub = pki.hub();
    TestHolder daemon = pki.daemon("hsa");
    SslContextHandle server = server_of(hub, trust);
    SslContextHandle client = client_of(daemon, trust);

    SslContextHandle server_of(const TestHolder& holder, const TrustStore& store) const {
        return make_server_context({holder.chain, holder.key}, store, clock).value();
    }
    SslContextHandle client_of(const TestHolder& holder, const TrustStore& store) const {
        return make_client_context({holder.chain, holder.key}, store, clock).value();
    }
};

}  // namespace

TEST_SUITE("tls") {
    TEST_CASE_FIXTURE(Ends, "hub and daemon authenticate each other under TLS 1.3") {
        const Pair pair(server.get(), client.get());
        REQUIRE(expect_host(pair.client.get(), "localhost").has_value());
        REQUIRE(pair.shakes_hands());
        CHECK(SSL_version(pair.client.get()) == TLS1_3_VERSION);
        CHECK(X509_cmp(SSL_get0_peer_certificate(pair.server.get()), daemon.certificate.native()) ==
              0);
        CHECK(X509_cmp(SSL_get0_peer_certificate(pair.client.get()), hub.certificate.native()) ==
              0);
        const unsigned char* protocol = nullptr;
        unsigned int size = 0;
        SSL_get0_alpn_selected(pair.client.get(), &protocol, &size);
        CHECK(as_text(BytesView(protocol, size)) == "http/1.1");
    }

    TEST_CASE_FIXTURE(Ends, "the server's name must be among the certificate's") {
        for (const std::string_view host : {"localhost", "127.0.0.1", "::1"}) {
            CAPTURE(host);
            const Pair pair(server.get(), client.get());
            REQUIRE(expect_host(pair.client.get(), host).has_value());
            CHECK(pair.shakes_hands());
        }
        for (const std::string_view host : {"hub.example", "127.0.0.2", "::2", "hub"}) {
            CAPTURE(host);
            const Pair pair(server.get(), client.get());
            REQUIRE(expect_host(pair.client.get(), host).has_value());
            CHECK(!pair.shakes_hands());
        }
        const Pair pair(server.get(), client.get());
        CHECK(expect_host(pair.client.get(), "").error() == Errc::bad_argument);
        CHECK(expect_host(pair.client.get(), std::string_view("localhost\0x", 11)).error() ==
              Errc::bad_argument);
    }

    TEST_CASE_FIXTURE(Ends, "a client without a certificate is refused") {
        const Handle<SSL_CTX, &SSL_CTX_free> anyone(SSL_CTX_new(TLS_client_method()));
        const Pair pair(server.get(), anyone.get());
        CHECK(!pair.shakes_hands());
    }

    TEST_CASE_FIXTURE(Ends, "a client of another root or with a revoked certificate is refused") {
        const TestPki foreign;
        const TestHolder stranger = foreign.daemon("hsa");
        const SslContextHandle foreign_client = client_of(stranger, trust);
        CHECK(!Pair(server.get(), foreign_client.get()).shakes_hands());

        pki.revoke(daemon.certificate);
        const TrustStore after = pki.trust_store();
        const SslContextHandle reloaded = server_of(hub, after);
        CHECK(!Pair(reloaded.get(), client.get()).shakes_hands());
        const TestHolder replacement = pki.daemon("hsa");
        const SslContextHandle renewed = client_of(replacement, after);
        CHECK(Pair(reloaded.get(), renewed.get()).shakes_hands());
    }

    TEST_CASE_FIXTURE(Ends, "a daemon is no hub and a hub is no client") {
        const SslContextHandle false_hub = server_of(daemon, trust);
        CHECK(!Pair(false_hub.get(), client.get()).shakes_hands());
        const SslContextHandle false_client = client_of(hub, trust);
        CHECK(!Pair(server.get(), false_client.get()).shakes_hands());
        const TestHolder sign = pki.sign("hsa");
        const SslContextHandle sign_client = client_of(sign, trust);
        CHECK(!Pair(server.get(), sign_client.get()).shakes_hands());
    }

    TEST_CASE_FIXTURE(Ends, "a revocation list that is out of date stops the handshake") {
        clock.go_on(std::chrono::days(40));
        CHECK(!Pair(server.get(), client.get()).shakes_hands());
    }

    TEST_CASE_FIXTURE(Ends, "each handshake looks at the clock that its end was given") {
        HandClock late(pki.now() + std::chrono::days(40));
        const SslContextHandle late_server =
            make_server_context({hub.chain, hub.key}, trust, late).value();
        const SslContextHandle late_client =
            make_client_context({daemon.chain, daemon.key}, trust, late).value();
        CHECK(!Pair(late_server.get(), client.get()).shakes_hands());
        CHECK(!Pair(server.get(), late_client.get()).shakes_hands());
        // The same contexts, a moment at which all is in force.
        late.go_on(-std::chrono::days(40));
        CHECK(Pair(late_server.get(), client.get()).shakes_hands());
        CHECK(Pair(server.get(), late_client.get()).shakes_hands());
    }

    TEST_CASE_FIXTURE(Ends, "an older protocol is refused") {
        SSL_CTX_set_min_proto_version(client.get(), TLS1_2_VERSION);
        SSL_CTX_set_max_proto_version(client.get(), TLS1_2_VERSION);
        CHECK(!Pair(server.get(), client.get()).shakes_hands());
    }

    TEST_CASE_FIXTURE(Ends, "a client that offers other protocols only is refused") {
        constexpr std::string_view kH2("\x02h2", 3);
        REQUIRE(SSL_CTX_set_alpn_protos(client.get(), as_bytes(kH2).data(), 3) == 0);
        CHECK(!Pair(server.get(), client.get()).shakes_hands());
        constexpr std::string_view kBoth("\x02h2\x08http/1.1", 12);
        REQUIRE(SSL_CTX_set_alpn_protos(client.get(), as_bytes(kBoth).data(), 12) == 0);
        CHECK(Pair(server.get(), client.get()).shakes_hands());
    }

    TEST_CASE_FIXTURE(Ends, "no session can be resumed") {
        const Pair pair(server.get(), client.get());
        REQUIRE(pair.shakes_hands());
        CHECK(SSL_SESSION_is_resumable(SSL_get0_session(pair.client.get())) == 0);
    }

    TEST_CASE_FIXTURE(Ends, "a context needs a chain and the leaf's own key") {
        CHECK(make_server_context({{}, hub.key}, trust, clock).error() == Errc::bad_certificate);
        CHECK(make_server_context({hub.chain, daemon.key}, trust, clock).error() == Errc::bad_key);
        CHECK(make_client_context({hub.chain, daemon.key}, trust, clock).error() == Errc::bad_key);
    }
}
