// Every bad certificate of the matrix in a TLS handshake with the ends that hub and daemon use,
// joined in memory.

#include "crypto/openssl_handle.hpp"
#include "program/tls_files.hpp"
#include "tests/support/certificate_matrix.hpp"

#include <doctest/doctest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <utility>

using namespace tongbao;
using namespace tongbao::testing;

namespace {

using crypto::Handle;
using SslHandle = Handle<SSL, &SSL_free>;
using SslCtxHandle = Handle<SSL_CTX, &SSL_CTX_free>;

class FixedClock final : public Clock {
public:
    [[nodiscard]] UtcTime now() const override { return TestPki::kNow; }
};

program::TlsMaterial material_of(TestHolder holder, const TestPki& pki) {
    return {std::move(holder.chain), std::move(holder.key),
            std::make_shared<const crypto::TrustStore>(pki.trust_store())};
}

/// An end that shows `holder` without a look at it, and takes any other end for good.
SslCtxHandle careless_end(const OddHolder& holder, const TestPki& pki) {
    SslCtxHandle context(SSL_CTX_new(TLS_method()));
    REQUIRE(context);
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
    REQUIRE(SSL_CTX_use_certificate(context.get(), holder.certificate.native()) == 1);
    REQUIRE(SSL_CTX_add1_chain_cert(context.get(), pki.issuing().certificate().native()) == 1);
    REQUIRE(SSL_CTX_use_PrivateKey(context.get(), holder.key.get()) == 1);
    return context;
}

/// What our end says of the other: the handshake's verdict first, then what authenticate says.
struct Meeting {
    Meeting(SSL_CTX* server_context, SSL_CTX* client_context)
        : server(SSL_new(server_context)), client(SSL_new(client_context)) {
        BIO* server_end = nullptr;
        BIO* client_end = nullptr;
        REQUIRE(BIO_new_bio_pair(&server_end, 0, &client_end, 0) == 1);
        SSL_set_bio(server.get(), server_end, server_end);
        SSL_set_bio(client.get(), client_end, client_end);
        SSL_set_accept_state(server.get());
        SSL_set_connect_state(client.get());
        for (int i = 0; i < 10; ++i) {
            SSL_do_handshake(client.get());
            SSL_do_handshake(server.get());
        }
        ERR_clear_error();
    }

    [[nodiscard]] static Result<void> judge(SSL* ours, const transport::TlsSide& side) {
        const X509* const shown = SSL_get0_peer_certificate(ours);
        const bool verified = SSL_is_init_finished(ours) == 1 && shown != nullptr &&
                              SSL_get_verify_result(ours) == X509_V_OK;
        if (!verified) return Errc::tls_refused;
        unsigned char* der = nullptr;
        const int size = i2d_X509(shown, &der);
        const crypto::OpensslBufferHandle owned(der);
        REQUIRE(size > 0);
        const auto id = side.authenticate(BytesView(der, static_cast<std::size_t>(size)));
        if (!id) return id.error();
        return {};
    }

    SslHandle server;
    SslHandle client;
};

/// Which end shows the bad certificate.
Result<void> shown_to_hub(const OddHolder& holder, const TestPki& pki) {
    const FixedClock clock;
    const program::TlsMaterial material = material_of(pki.hub(), pki);
    const auto anyone = [](const crypto::Certificate&) { return Result<void>(); };
    const auto side = program::server_side(material, clock, anyone);
    REQUIRE(side.has_value());
    const transport::TlsContext ours = side->context();
    const SslCtxHandle theirs = careless_end(holder, pki);
    const Meeting meeting(ours.get(), theirs.get());
    return Meeting::judge(meeting.server.get(), *side);
}

Result<void> shown_to_daemon(const OddHolder& holder, const TestPki& pki) {
    const FixedClock clock;
    const program::TlsMaterial material = material_of(pki.daemon("psd"), pki);
    const auto side = program::client_side(material, clock);
    REQUIRE(side.has_value());
    const transport::TlsContext ours = side->context();
    const SslCtxHandle theirs = careless_end(holder, pki);
    const Meeting meeting(theirs.get(), ours.get());
    return Meeting::judge(meeting.client.get(), *side);
}

/// TLS itself refuses some of them before anybody looks at the form, and says no code of ours.
void check_refused(const Result<void>& verdict, const CertificateRow& row) {
    REQUIRE(verdict.has_error());
    if (verdict.error() != Errc::tls_refused) {
        CHECK(code(to_errc(verdict.error())) == code(row.expected));
    }
}

}  // namespace

TEST_SUITE("certificates in the handshake") {
    TEST_CASE("good certificates of the matrix shake hands with hub and daemon") {
        const TestPki pki;
        for (const CertificateUse use : {CertificateUse::daemon, CertificateUse::log_auditor}) {
            CHECK(shown_to_hub(good_certificate(use).make(pki.issuing()), pki).has_value());
        }
        const OddHolder hub = good_certificate(CertificateUse::hub).make(pki.issuing());
        CHECK(shown_to_daemon(hub, pki).has_value());
    }

    TEST_CASE("a hub lets in nobody with a bad certificate") {
        for (const CertificateUse use : {CertificateUse::daemon, CertificateUse::log_auditor}) {
            for (const CertificateRow& row : certificate_matrix()) {
                CAPTURE(std::string(row.name));
                TestPki pki;
                const OddHolder bad = make_row(row, use, pki);
                check_refused(shown_to_hub(bad, pki), row);
            }
        }
    }

    TEST_CASE("a daemon talks to no hub with a bad certificate") {
        for (const CertificateRow& row : certificate_matrix()) {
            CAPTURE(std::string(row.name));
            TestPki pki;
            const OddHolder bad = make_row(row, CertificateUse::hub, pki);
            check_refused(shown_to_daemon(bad, pki), row);
        }
    }

    TEST_CASE("a certificate of another use is shown in vain") {
        const TestPki pki;
        const OddHolder hub = good_certificate(CertificateUse::hub).make(pki.issuing());
        const OddHolder daemon = good_certificate(CertificateUse::daemon).make(pki.issuing());
        const OddHolder sign = good_certificate(CertificateUse::sign).make(pki.issuing());
        CHECK(shown_to_hub(hub, pki).has_error());
        CHECK(shown_to_hub(sign, pki).has_error());
        CHECK(shown_to_daemon(daemon, pki).has_error());
        CHECK(shown_to_daemon(sign, pki).has_error());
    }
}
