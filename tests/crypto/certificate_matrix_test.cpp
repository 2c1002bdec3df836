// Every bad certificate of the matrix, as a trust store judges it, for each use.

#include "tests/support/certificate_matrix.hpp"

#include "crypto/statement.hpp"
#include "crypto/trust_store.hpp"

#include <doctest/doctest.h>

#include <array>
#include <set>
#include <string>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace tongbao::testing;

namespace {

constexpr std::array kUses{CertificateUse::hub, CertificateUse::daemon, CertificateUse::log_auditor,
                           CertificateUse::sign};

}  // namespace

TEST_SUITE("certificate matrix") {
    TEST_CASE("the certificates that the rows spoil are good before") {
        const TestPki pki;
        const TrustStore store = pki.trust_store();
        for (const CertificateUse use : kUses) {
            CAPTURE(static_cast<int>(use));
            const OddHolder good = good_certificate(use).make(pki.issuing());
            CHECK(store.check(good.certificate, use, pki.now()).has_value());
        }
    }

    TEST_CASE("a trust store refuses every bad certificate of every use by its code") {
        for (const CertificateRow& row : certificate_matrix()) {
            for (const CertificateUse use : kUses) {
                TestPki pki;
                const OddHolder bad = make_row(row, use, pki);
                const TrustStore store = pki.trust_store();
                CAPTURE(std::string(row.name));
                CAPTURE(static_cast<int>(use));
                const Result<void> checked = store.check(bad.certificate, use, pki.now());
                REQUIRE(checked.has_error());
                CHECK(code(to_errc(checked.error())) == code(row.expected));
                // Refusing is not forgotten: asked again, it answers the same.
                CHECK(store.check(bad.certificate, use, pki.now()).error() == row.expected);
                if (!row.revoked) {
                    CHECK(store.check(bad.certificate, use, pki.now(), RevocationCheck::by_register)
                              .error() == row.expected);
                }
            }
        }
    }

    TEST_CASE("each row has a name of its own") {
        std::set<std::string> names;
        for (const CertificateRow& row : certificate_matrix()) names.insert(row.name);
        CHECK(names.size() == certificate_matrix().size());
    }
}
