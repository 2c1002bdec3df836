#include "crypto/ed25519_key.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string_view>

using namespace tongbao;
using namespace tongbao::crypto;

namespace {

struct Vector {
    std::string_view seed;
    std::string_view public_key;
    std::string_view message;
    std::string_view signature;
};

// RFC 8032 section 7.1, TEST 1 to TEST 3.
constexpr std::array<Vector, 3> kVectors{{
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"},
}};

Bytes hex(std::string_view text) {
    return from_hex(text).value();
}

Ed25519SigningKey first_key() {
    return std::move(Ed25519SigningKey::from_seed(hex(kVectors[0].seed)).value());
}

}  // namespace

TEST_SUITE("Ed25519 keys") {
    TEST_CASE("signatures are those of RFC 8032") {
        for (const Vector& vector : kVectors) {
            CAPTURE(vector.seed);
            const Result<Ed25519SigningKey> key = Ed25519SigningKey::from_seed(hex(vector.seed));
            REQUIRE(key.has_value());
            CHECK(to_hex(key->verifying_key().bytes()) == vector.public_key);
            CHECK(to_hex(key->sign(hex(vector.message))) == vector.signature);
            const auto verifying = Ed25519VerifyingKey::from_bytes(hex(vector.public_key));
            REQUIRE(verifying.has_value());
            CHECK(verifying->verify(hex(vector.message), hex(vector.signature)).has_value());
            CHECK(to_hex(key->seed().bytes()) == vector.seed);
        }
    }

    TEST_CASE("a signature with any bit flipped is refused") {
        const Ed25519VerifyingKey key = first_key().verifying_key();
        const Bytes good = hex(kVectors[0].signature);
        for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
            Bytes bad = good;
            bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1u << (bit % 8)));
            CHECK(key.verify({}, bad).error() == Errc::bad_signature);
        }
    }

    TEST_CASE("another message or another key is refused") {
        const Bytes signature = hex(kVectors[0].signature);
        CHECK(first_key().verifying_key().verify(as_bytes("x"), signature).error() ==
              Errc::bad_signature);
        const auto other = Ed25519VerifyingKey::from_bytes(hex(kVectors[1].public_key));
        CHECK(other->verify({}, signature).error() == Errc::bad_signature);
    }

    TEST_CASE("a signature one byte too short or too long is refused") {
        const Ed25519VerifyingKey key = first_key().verifying_key();
        Bytes signature = hex(kVectors[0].signature);
        CHECK(key.verify({}, BytesView(signature).first(63)).error() == Errc::bad_signature);
        CHECK(key.verify({}, {}).error() == Errc::bad_signature);
        signature.push_back(0);
        CHECK(key.verify({}, signature).error() == Errc::bad_signature);
    }

    TEST_CASE("keys of another length are refused") {
        for (const std::size_t size : {0u, 31u, 33u, 64u}) {
            const Bytes bytes(size, 1);
            CHECK(Ed25519SigningKey::from_seed(bytes).error() == Errc::bad_key);
            CHECK(Ed25519VerifyingKey::from_bytes(bytes).error() == Errc::bad_key);
        }
    }

    TEST_CASE("generated keys differ and their signatures verify") {
        const Ed25519SigningKey one = Ed25519SigningKey::generate();
        const Ed25519SigningKey other = Ed25519SigningKey::generate();
        CHECK(one.verifying_key().bytes() != other.verifying_key().bytes());
        const Ed25519Signature signature = one.sign(as_bytes("text"));
        CHECK(one.verifying_key().verify(as_bytes("text"), signature).has_value());
        CHECK(other.verifying_key().verify(as_bytes("text"), signature).has_error());
    }

    TEST_CASE("a copied key outlives the one it was copied from") {
        auto original = Ed25519VerifyingKey::from_bytes(hex(kVectors[0].public_key));
        Ed25519VerifyingKey copy = *original;
        original = Ed25519VerifyingKey::from_bytes(hex(kVectors[1].public_key));
        CHECK(copy.verify({}, hex(kVectors[0].signature)).has_value());
        copy = *original;
        CHECK(copy.verify(hex("72"), hex(kVectors[1].signature)).has_value());
    }
}
