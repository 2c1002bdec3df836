#include "crypto/key_register.hpp"

#include "tests/support/test_pki.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace tongbao::testing;

namespace {

Digest leaf_of(std::uint64_t index) {
    Digest::Array bytes{};
    bytes[0] = static_cast<std::uint8_t>(index + 1);
    return Digest(bytes);
}

/// A register under test, each entry naming the one before.
struct Register {
    TestPki pki{};
    KeyRegister keys{};

    Result<void> add(std::uint64_t index, decltype(RegisterEvent::data) data) {
        return keys.apply(LogIndex(index), leaf_of(index), {keys.head(), std::move(data)});
    }
    Result<void> enrol(std::uint64_t index, const Certificate& certificate) {
        return add(index, KeyEnrolled{format_spiffe_id(certificate.spiffe().value()),
                                      to_bytes(certificate.der())});
    }
    Result<void> revoke(std::uint64_t index, const Certificate& certificate) {
        return add(index, KeyRevoked{format_spiffe_id(certificate.spiffe().value()),
                                     certificate.digest()});
    }
    /// A certificate for the key of `holder` under another name or for another use.
    Certificate same_key(const TestHolder& holder, const SpiffeId& id) const {
        return pki.issuing().issue({id, pki.validity(), holder.key.public_der(), {}, {}}).value();
    }
};

}  // namespace

TEST_SUITE("key register") {
    TEST_CASE_FIXTURE(Register, "a key counts behind its enrolment and before its revocation") {
        const Certificate certificate = pki.sign("hsa").certificate;
        REQUIRE(enrol(3, certificate).has_value());
        REQUIRE(revoke(9, certificate).has_value());
        const EnrolledKey* const key = keys.find(certificate.digest());
        REQUIRE(key != nullptr);
        CHECK_FALSE(key->in_force_at(LogIndex(3)));
        CHECK(key->in_force_at(LogIndex(4)));
        CHECK(key->in_force_at(LogIndex(8)));
        CHECK_FALSE(key->in_force_at(LogIndex(9)));
        CHECK(keys.current(key->id).empty());
        REQUIRE(revoke(12, certificate).has_value());
        CHECK(keys.find(certificate.digest())->revoked == LogIndex(9));
    }

    TEST_CASE_FIXTURE(Register, "a public key is one unit's for one use") {
        const TestHolder holder = pki.sign("hsa");
        REQUIRE(enrol(0, holder.certificate).has_value());
        const TrustDomain& domain = pki.trust_domain();
        CHECK(enrol(1, same_key(holder, sign_id(domain, UnitId("police")))).error() ==
              Errc::already_exists);
        CHECK(enrol(1, same_key(holder, daemon_id(domain, UnitId("hsa")))).error() ==
              Errc::already_exists);
        CHECK(enrol(1, holder.certificate).error() == Errc::already_exists);
        CHECK(keys.keys().size() == 1);
        CHECK(keys.head() == leaf_of(0));
        const Certificate renewed = same_key(holder, sign_id(domain, UnitId("hsa")));
        REQUIRE(enrol(1, renewed).has_value());
        CHECK(keys.current(renewed.spiffe().value()).size() == 2);
    }

    TEST_CASE_FIXTURE(Register, "a certificate bears the name beside it") {
        const Certificate certificate = pki.sign("hsa").certificate;
        const std::string other = format_spiffe_id(sign_id(pki.trust_domain(), UnitId("police")));
        CHECK(add(0, KeyEnrolled{other, to_bytes(certificate.der())}).error() ==
              Errc::bad_certificate);
        CHECK(add(0, KeyEnrolled{other, Bytes{0x30}}).error() == Errc::bad_certificate);
        REQUIRE(enrol(0, certificate).has_value());
        CHECK(add(1, KeyRevoked{other, certificate.digest()}).error() == Errc::not_found);
        CHECK(revoke(1, pki.sign("hsa").certificate).error() == Errc::not_found);
        CHECK(keys.find(certificate.digest())->in_force_at(LogIndex(2)));
    }

    TEST_CASE_FIXTURE(Register, "each entry stands behind the one that it names") {
        REQUIRE(enrol(2, pki.sign("hsa").certificate).has_value());
        const auto next = [&](std::uint64_t index, std::optional<Digest> predecessor) {
            const Certificate certificate = pki.sign("police").certificate;
            return keys.apply(LogIndex(index), leaf_of(index),
                              {predecessor, KeyEnrolled{format_spiffe_id(*certificate.spiffe()),
                                                        to_bytes(certificate.der())}});
        };
        CHECK(next(3, std::nullopt).error() == Errc::log_forked);
        CHECK(next(3, leaf_of(1)).error() == Errc::log_forked);
        CHECK(next(2, leaf_of(2)).error() == Errc::log_forked);
        CHECK(next(1, leaf_of(2)).error() == Errc::log_forked);
        REQUIRE(next(7, leaf_of(2)).has_value());
        CHECK(keys.head_before(LogIndex(2)) == std::nullopt);
        CHECK(keys.head_before(LogIndex(3)) == leaf_of(2));
        CHECK(keys.head_before(LogIndex(7)) == leaf_of(2));
        CHECK(keys.head_before(LogIndex(8)) == leaf_of(7));
    }
}
