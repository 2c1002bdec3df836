#include "crypto/key_register.hpp"

#include "crypto/key_consent.hpp"
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

    TEST_CASE_FIXTURE(Register, "a local unit is enrolled while it has a seal in force") {
        const Certificate north = pki.sign("local.440300.police").certificate;
        const Certificate south = pki.sign("local.440100.police").certificate;
        CHECK(keys.local_units()->empty());
        REQUIRE(enrol(3, north).has_value());
        REQUIRE(enrol(4, pki.sign("hsa").certificate).has_value());
        REQUIRE(enrol(5, south).has_value());
        const auto both = keys.local_units();
        CHECK(*both == EnrolledUnits{UnitId("local.440100.police"), UnitId("local.440300.police")});
        REQUIRE(revoke(6, north).has_value());
        CHECK(*keys.local_units() == EnrolledUnits{UnitId("local.440100.police")});
        // Who took it before works on with what he has.
        CHECK(both->size() == 2);
        REQUIRE(revoke(7, south).has_value());
        CHECK(keys.local_units()->empty());
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

    TEST_CASE_FIXTURE(Register, "a version of a charter is adopted where it was adopted first") {
        const auto adopt = [this](std::uint64_t index, std::uint32_t version) {
            return add(index, CharterAdopted{CharterId("lake"), CharterVersion(version), {}});
        };
        REQUIRE(adopt(2, 3).has_value());
        REQUIRE(adopt(5, 4).has_value());
        REQUIRE(adopt(7, 3).has_value());
        CHECK(keys.charter()->version == CharterVersion(3));
        const auto adopted = [&](std::uint64_t before, const char* charter, std::uint32_t version) {
            return keys.adopted_before(LogIndex(before), CharterId(charter),
                                       CharterVersion(version));
        };
        CHECK_FALSE(adopted(2, "lake", 3));
        CHECK(adopted(3, "lake", 3));
        CHECK_FALSE(adopted(5, "lake", 4));
        CHECK(adopted(6, "lake", 4));
        CHECK(adopted(100, "lake", 3));
        CHECK_FALSE(adopted(100, "lake", 5));
        CHECK_FALSE(adopted(100, "reeds", 3));
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

    /// A log whose key is known, in which hsa and police each have a seal.
    struct Consents : Register {
        TestHolder hsa = pki.sign("hsa");
        TestHolder police = pki.sign("police");
        std::uint64_t next = 3;

        Consents() {
            REQUIRE(add(0, LogKeyAnnounced{"hub.test.example/log+00000000+AQID"}).has_value());
            REQUIRE(enrol(1, hsa.certificate).has_value());
            REQUIRE(enrol(2, police.certificate).has_value());
        }
        Result<void> enrol_with(const Certificate& certificate, SignedConsent consent) {
            return add(next++, KeyEnrolled{format_spiffe_id(certificate.spiffe().value()),
                                           to_bytes(certificate.der()), std::move(consent)});
        }
        Result<void> enrol_without(const Certificate& certificate) {
            return enrol(next++, certificate);
        }
        Result<void> revoke_next(const Certificate& certificate) {
            return revoke(next++, certificate);
        }
        KeyConsent said(const Certificate& certificate) const {
            const SpiffeId id = certificate.spiffe().value();
            return {LogOrigin("hub.test.example/log"),
                    *id.unit,
                    police.key.public_digest(),
                    pki.now(),
                    {{id, certificate.public_key_digest()}}};
        }
        SignedConsent by_police(const KeyConsent& consent) const {
            return sign_key_consent(consent, police.key).value();
        }
    };

    TEST_CASE_FIXTURE(Consents, "only a unit's first seal is enrolled without consent") {
        for (const Certificate& certificate :
             {pki.sign("police").certificate, pki.daemon("police").certificate,
              pki.post("police", "liaison").certificate, pki.encrypt("police").certificate,
              // A unit without a seal has nobody who could consent to its other keys.
              pki.daemon("fdo").certificate}) {
            CAPTURE(format_spiffe_id(*certificate.spiffe()));
            CHECK(enrol_without(certificate).error() == Errc::consent_missing);
        }
        CHECK(keys.keys().size() == 2);
        CHECK(enrol_without(pki.sign("fdo").certificate).has_value());
        CHECK(enrol_without(pki.hub().certificate).has_value());
        CHECK(enrol_without(pki.auditor("one").certificate).has_value());
    }

    TEST_CASE_FIXTURE(Consents, "the unit's seal in force lets its other keys in") {
        for (const Certificate& certificate :
             {pki.daemon("police").certificate, pki.post("police", "liaison").certificate,
              pki.encrypt("police").certificate}) {
            CAPTURE(format_spiffe_id(*certificate.spiffe()));
            CHECK(enrol_with(certificate, pki.consent(police.key, certificate)).has_value());
        }
        // And a further seal, which then consents as well.
        const TestHolder second = pki.sign("police");
        REQUIRE(enrol_with(second.certificate, pki.consent(police.key, second.certificate))
                    .has_value());
        REQUIRE(revoke_next(police.certificate).has_value());
        const Certificate daemon = pki.daemon("police").certificate;
        CHECK(enrol_with(daemon, pki.consent(second.key, daemon)).has_value());
    }

    TEST_CASE_FIXTURE(Consents, "one consent lets in each key that it names and no other") {
        const Certificate daemon = pki.daemon("police").certificate;
        const Certificate seal = pki.sign("police").certificate;
        KeyConsent both = said(daemon);
        both.keys.push_back({*seal.spiffe(), seal.public_key_digest()});
        const SignedConsent consent = by_police(both);
        CHECK(enrol_with(pki.daemon("police").certificate, consent).error() ==
              Errc::consent_invalid);
        CHECK(enrol_with(daemon, consent).has_value());
        CHECK(enrol_with(seal, consent).has_value());
    }

    TEST_CASE_FIXTURE(Consents, "a consent that does not fit lets nobody in") {
        const Certificate daemon = pki.daemon("police").certificate;
        const Certificate other = pki.daemon("police").certificate;
        const TestHolder stranger = pki.sign("police");
        const TestHolder end = pki.daemon("police");
        KeyConsent changed = said(daemon);
        SignedConsent consent = by_police(changed);
        SUBCASE("of another unit") {
            consent = pki.consent(hsa.key, daemon);
        }
        SUBCASE("of a seal that is not enrolled") {
            consent = pki.consent(stranger.key, daemon);
        }
        SUBCASE("of a key that is no seal") {
            REQUIRE(
                enrol_with(end.certificate, pki.consent(police.key, end.certificate)).has_value());
            consent = pki.consent(end.key, daemon);
        }
        SUBCASE("of a seal that was revoked") {
            REQUIRE(revoke_next(police.certificate).has_value());
        }
        SUBCASE("for another log") {
            changed.origin = LogOrigin("hub.other.example/log");
            consent = by_police(changed);
        }
        SUBCASE("to another key") {
            consent = pki.consent(police.key, other);
        }
        SUBCASE("to this key for another use") {
            changed.keys = {
                {encrypt_id(pki.trust_domain(), UnitId("police")), daemon.public_key_digest()}};
            consent = by_police(changed);
        }
        SUBCASE("to this key in another trust domain") {
            changed.keys = {{daemon_id(TrustDomain("other.example"), UnitId("police")),
                             daemon.public_key_digest()}};
            consent = by_police(changed);
        }
        SUBCASE("with a changed text") {
            consent.text.replace(consent.text.find("2026"), 4, "2025");
        }
        SUBCASE("with the signature of another one") {
            consent.signature = pki.consent(police.key, other).signature;
        }
        SUBCASE("with no text at all") {
            consent.text = "x";
        }
        const std::size_t before = keys.keys().size();
        const std::optional<Digest> head = keys.head();
        CHECK(enrol_with(daemon, consent).error() == Errc::consent_invalid);
        CHECK(keys.keys().size() == before);
        CHECK(keys.head() == head);
    }

    TEST_CASE_FIXTURE(Consents, "the hub and log auditors are no units and have no consent") {
        KeyConsent changed = said(pki.daemon("police").certificate);
        const Certificate auditor = pki.auditor("one").certificate;
        CHECK(enrol_with(auditor, by_police(changed)).error() == Errc::consent_invalid);
    }

    TEST_CASE("before the log's key is known no consent counts") {
        Register fresh;
        const TestHolder police = fresh.pki.sign("police");
        REQUIRE(fresh.enrol(0, police.certificate).has_value());
        const Certificate daemon = fresh.pki.daemon("police").certificate;
        CHECK(fresh
                  .add(1, KeyEnrolled{format_spiffe_id(*daemon.spiffe()), to_bytes(daemon.der()),
                                      fresh.pki.consent(police.key, daemon)})
                  .error() == Errc::consent_invalid);
    }

    TEST_CASE_FIXTURE(Consents,
                      "after every seal was revoked the next first one is confirmed anew") {
        REQUIRE(revoke_next(police.certificate).has_value());
        const Certificate daemon = pki.daemon("police").certificate;
        CHECK(enrol_without(daemon).error() == Errc::consent_missing);
        const TestHolder next_seal = pki.sign("police");
        REQUIRE(enrol_without(next_seal.certificate).has_value());
        CHECK(enrol_with(daemon, pki.consent(next_seal.key, daemon)).has_value());
    }

    TEST_CASE_FIXTURE(Consents,
                      "a renewed certificate needs no consent and brings no dead key back") {
        const TestHolder end = pki.daemon("police");
        REQUIRE(enrol_with(end.certificate, pki.consent(police.key, end.certificate)).has_value());
        const SpiffeId id = *end.certificate.spiffe();
        CHECK(enrol_without(same_key(end, id)).has_value());
        const Certificate third = same_key(end, id);
        REQUIRE(revoke_next(end.certificate).has_value());
        CHECK(enrol_without(third).error() == Errc::certificate_revoked);
        CHECK(enrol_with(third, pki.consent(police.key, third)).error() ==
              Errc::certificate_revoked);
        REQUIRE(revoke_next(police.certificate).has_value());
        CHECK(enrol_without(same_key(police, *police.certificate.spiffe())).error() ==
              Errc::certificate_revoked);
    }

    TEST_CASE_FIXTURE(Consents, "the earliest time of compromise that was named is kept") {
        const Digest digest = police.certificate.digest();
        const std::string name = format_spiffe_id(*police.certificate.spiffe());
        const UtcTime noon = pki.now();
        const auto hours = [](int count) { return std::chrono::hours(count); };
        REQUIRE(revoke_next(police.certificate).has_value());
        CHECK_FALSE(keys.find(digest)->compromised_since.has_value());
        REQUIRE(add(next++, KeyRevoked{name, digest, noon - hours(1)}).has_value());
        CHECK(keys.find(digest)->compromised_since == noon - hours(1));
        REQUIRE(add(next++, KeyRevoked{name, digest, noon - hours(2)}).has_value());
        CHECK(keys.find(digest)->compromised_since == noon - hours(2));
        REQUIRE(add(next++, KeyRevoked{name, digest, noon}).has_value());
        REQUIRE(add(next++, KeyRevoked{name, digest}).has_value());
        CHECK(keys.find(digest)->compromised_since == noon - hours(2));
        CHECK(keys.find(digest)->revoked == LogIndex(3));
    }
}
