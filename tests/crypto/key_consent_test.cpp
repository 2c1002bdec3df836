#include "crypto/key_consent.hpp"

#include "tests/support/command.hpp"
#include "tests/support/test_pki.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace tongbao::testing;

namespace {

const TrustDomain kDomain("test.example");
const UnitId kPolice("police");

Digest digest_of(std::uint8_t byte) {
    Digest::Array bytes{};
    bytes.fill(byte);
    return Digest(bytes);
}

std::string hex_of(const std::string& byte) {
    std::string text;
    for (int i = 0; i < 32; ++i) text += byte;
    return text;
}

KeyConsent sample(const Digest& by) {
    // Not in the order of the lines.
    return {LogOrigin("hub.test.example/log"),
            kPolice,
            by,
            UtcTime(std::chrono::milliseconds(1'767'225'600'123)),
            {{sign_id(kDomain, kPolice), digest_of(0xbb)},
             {daemon_id(kDomain, kPolice), digest_of(0xaa)},
             {post_id(kDomain, kPolice, PostId("liaison")), digest_of(0xcc)}}};
}

std::string text_of(const std::string& by) {
    return "tongbao/key-consent/v1 p256-sha256\n"
           "log hub.test.example/log\n"
           "unit police\n"
           "by " +
           by +
           "\n"
           "time 2026-01-01T00:00:00.123Z\n"
           "key spiffe://test.example/unit/police/daemon " +
           hex_of("aa") +
           "\n"
           "key spiffe://test.example/unit/police/post/liaison " +
           hex_of("cc") +
           "\n"
           "key spiffe://test.example/unit/police/sign " +
           hex_of("bb") + "\n";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t place = text.find(from);
    REQUIRE(place != std::string::npos);
    return text.replace(place, from.size(), to);
}

}  // namespace

TEST_SUITE("key consent") {
    TEST_CASE("a consent has one text with its keys in byte order") {
        CHECK(format_key_consent(sample(digest_of(0x11))) == text_of(hex_of("11")));
        const Result<KeyConsent> said = parse_key_consent(text_of(hex_of("11")));
        REQUIRE(said.has_value());
        CHECK(format_key_consent(*said) == text_of(hex_of("11")));
        CHECK(said->unit == kPolice);
        CHECK(said->keys.size() == 3);
        CHECK(said->keys.back() == ConsentedKey{sign_id(kDomain, kPolice), digest_of(0xbb)});
    }

    TEST_CASE("any other text is refused") {
        const std::string good = text_of(hex_of("11"));
        const std::string daemon_line =
            "key spiffe://test.example/unit/police/daemon " + hex_of("aa") + "\n";
        std::vector<std::string> bad{
            "",
            good + "\n",
            good + "more\n",
            good.substr(0, good.size() - 1),
            good.substr(1),
            replaced(good, "/v1", "/v2"),
            replaced(good, "p256-sha256", "rsa-sha1"),
            replaced(good, "p256-sha256\n", "p256-sha256\r\n"),
            replaced(good, "log hub.test.example/log", "log "),
            replaced(good, "log hub.test.example/log", "log hub.test example/log"),
            replaced(good, "unit police\n", ""),
            replaced(good, "unit police", "unit Police"),
            replaced(good, "unit police", "unit hsa"),
            replaced(good, "by " + hex_of("11"), "by " + hex_of("1F")),
            replaced(good, "by " + hex_of("11"), "by " + hex_of("11") + "11"),
            replaced(good, "00.123Z", "00Z"),
            replaced(good, "2026-01-01", "2026-02-30"),
            replaced(good, daemon_line, daemon_line + daemon_line),
            replaced(good, daemon_line, "") + daemon_line,
            replaced(good, "key spiffe", "Key spiffe"),
            replaced(good, "/unit/police/daemon", "/unit/hsa/daemon"),
            replaced(good, "/unit/police/daemon", "/hub"),
            replaced(good, "/unit/police/daemon", "/log-auditor/one"),
            replaced(good, "/daemon ", "/daemon  "),
            replaced(good, "/daemon ", "/daemon"),
            good.substr(0, good.find("key ")),
        };
        for (const std::string& text : bad) {
            CAPTURE(text);
            CHECK(parse_key_consent(text).error() == Errc::consent_invalid);
        }
        for (std::size_t size = 0; size < good.size(); ++size) {
            const Result<KeyConsent> cut = parse_key_consent(good.substr(0, size));
            // A line less is another consent, which its signature tells apart.
            if (cut) CHECK(good[size - 1] == '\n');
        }
    }

    TEST_CASE("a consent names at most 32 keys") {
        KeyConsent consent = sample(digest_of(0x11));
        consent.keys.clear();
        for (std::uint8_t i = 0; i < 32; ++i) {
            consent.keys.push_back({sign_id(kDomain, kPolice), digest_of(i)});
        }
        CHECK(parse_key_consent(format_key_consent(consent)).has_value());
        consent.keys.push_back({sign_id(kDomain, kPolice), digest_of(32)});
        CHECK(parse_key_consent(format_key_consent(consent)).error() == Errc::consent_invalid);
    }

    TEST_CASE("the openssl command verifies what we sign") {
        const TestDirectory directory("consent-ours");
        const SigningKey key = *SigningKey::generate();
        const Result<SignedConsent> made = sign_key_consent(sample(key.public_digest()), key);
        REQUIRE(made.has_value());
        CHECK(made->text == text_of(key.public_digest().hex()));
        directory.write("text", made->text);
        directory.write("signature", as_text(made->signature));
        directory.write("public.der", as_text(key.public_der()));
        const std::string verify =
            "openssl pkey -pubin -inform DER -in public.der -out public.pem && "
            "openssl dgst -sha256 -verify public.pem -signature signature text";
        const CommandResult verified = directory.run(verify);
        CHECK_MESSAGE(verified.exit_code == 0, verified.output);
        directory.write("text", replaced(made->text, "police", "polizei"));
        CHECK(directory.run(verify).exit_code != 0);
    }

    TEST_CASE("we open what the openssl command signed") {
        const TestDirectory directory("consent-theirs");
        REQUIRE(directory
                    .run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key "
                         "&& openssl pkey -in key -pubout -outform DER -out public.der")
                    .exit_code == 0);
        const std::string by =
            directory.run("openssl dgst -sha256 -r public.der | cut -c1-64 | tr -d '\\n'").output;
        directory.write("text", text_of(by));
        REQUIRE(directory.run("openssl dgst -sha256 -sign key -out signature text").exit_code == 0);
        const SignedConsent consent{directory.read("text"), to_bytes(directory.read("signature"))};
        const Bytes public_key = to_bytes(directory.read("public.der"));
        const Result<KeyConsent> opened = open_key_consent(consent, public_key);
        REQUIRE(opened.has_value());
        CHECK(opened->by.hex() == by);

        SignedConsent changed = consent;
        changed.text = replaced(changed.text, hex_of("aa"), hex_of("ab"));
        CHECK(open_key_consent(changed, public_key).error() == Errc::consent_invalid);
        const SigningKey other = *SigningKey::generate();
        CHECK(open_key_consent(consent, other.public_der()).error() == Errc::consent_invalid);
        for (std::size_t i = 0; i < consent.signature.size(); ++i) {
            changed = consent;
            changed.signature[i] ^= 1;
            CHECK(open_key_consent(changed, public_key).error() == Errc::consent_invalid);
        }
        changed = consent;
        changed.signature.push_back(0);
        CHECK(open_key_consent(changed, public_key).error() == Errc::consent_invalid);
        changed.signature.clear();
        CHECK(open_key_consent(changed, public_key).error() == Errc::consent_invalid);
    }

    TEST_CASE("a key signs only what names it and what can be read again") {
        const SigningKey key = *SigningKey::generate();
        CHECK(sign_key_consent(sample(digest_of(0x11)), key).error() == Errc::wrong_signer);
        KeyConsent consent = sample(key.public_digest());
        consent.keys.push_back(consent.keys.front());
        CHECK(sign_key_consent(consent, key).error() == Errc::consent_invalid);
        consent.keys.clear();
        CHECK(sign_key_consent(consent, key).error() == Errc::consent_invalid);
    }

    TEST_CASE("a key of another kind or encoding verifies nothing") {
        const TestDirectory directory("consent-kinds");
        for (const std::string make : {"-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
                                       "-algorithm EC -pkeyopt ec_paramgen_curve:P-384"}) {
            CAPTURE(make);
            REQUIRE(directory
                        .run("openssl genpkey " + make +
                             " -out key && openssl pkey -in key -pubout -outform DER -out der")
                        .exit_code == 0);
            const std::string by =
                directory.run("openssl dgst -sha256 -r der | cut -c1-64 | tr -d '\\n'").output;
            directory.write("text", text_of(by));
            REQUIRE(directory.run("openssl dgst -sha256 -sign key -out signature text").exit_code ==
                    0);
            const SignedConsent consent{directory.read("text"),
                                        to_bytes(directory.read("signature"))};
            CHECK(open_key_consent(consent, to_bytes(directory.read("der"))).error() ==
                  Errc::consent_invalid);
        }
    }

    TEST_CASE("a consent's file is read as it was written and not otherwise") {
        const SigningKey key = *SigningKey::generate();
        const SignedConsent made = *sign_key_consent(sample(key.public_digest()), key);
        const std::string file = format_consent_file(made);
        CHECK(file == made.text + "\n" + to_base64(made.signature) + "\n");
        const Result<SignedConsent> read = parse_consent_file(file);
        REQUIRE(read.has_value());
        CHECK(*read == made);
        for (const std::string& bad :
             {std::string(), made.text, made.text + "\n", made.text + "\n\n",
              file.substr(0, file.size() - 1), file + "\n", file + "x\n", "\n" + file,
              replaced(file, "\n\n", "\n \n"), replaced(file, "police", "hsa")}) {
            CAPTURE(bad);
            CHECK(parse_consent_file(bad).error() == Errc::consent_invalid);
        }
    }
}
