#include "crypto/signed_note.hpp"

#include "tests/crypto/log_vectors.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace std::string_literals;

namespace {

// The example that C2SP signed-note publishes.
constexpr std::string_view kPublishedKey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr std::string_view kPublishedText = "This is an example message.\n";
constexpr std::string_view kPublishedLine =
    "— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    "\n";

std::string published_note() {
    return std::string(kPublishedText) + '\n' + std::string(kPublishedLine);
}

VerifierKey published_key() {
    return VerifierKey::parse(kPublishedKey).value();
}

Errc note_error(const std::string& note) {
    return to_errc(parse_note(note).error());
}

NoteSigner signer(std::string name, std::uint8_t seed) {
    Result<Ed25519SigningKey> key = Ed25519SigningKey::from_seed(Bytes(32, seed));
    return std::move(NoteSigner::make(std::move(name), std::move(*key)).value());
}

Cosigner cosigner(std::string name, std::uint8_t seed) {
    Result<Ed25519SigningKey> key = Ed25519SigningKey::from_seed(Bytes(32, seed));
    return std::move(Cosigner::make(std::move(name), std::move(*key)).value());
}

constexpr std::chrono::sys_seconds kNow(std::chrono::seconds(1'767'225'600));

}  // namespace

TEST_SUITE("verifier key") {
    TEST_CASE("the published key is read and written and has the published id") {
        const VerifierKey key = published_key();
        CHECK(key.name() == "example.com/foo");
        CHECK(key.type() == NoteKeyType::ed25519);
        CHECK(key.id() == NoteKeyId(0x530d903a));
        CHECK(key.text() == kPublishedKey);
    }

    TEST_CASE("a key text with another name or id or type is refused") {
        for (const std::string_view text :
             {"", "example.com/foo", "example.com/foo+530d903a", "example.com/foo+530d903a+",
              "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
              "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
              "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
              "example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
              "example.com/foo+530d903a+BukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
              "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2l",
              "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
              "example.com/foo+30d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
              "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
              "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n"}) {
            CAPTURE(text);
            CHECK(VerifierKey::parse(text).error() == Errc::bad_key);
        }
    }

    TEST_CASE("a key name has neither spaces nor plus signs nor control characters") {
        CHECK(is_note_key_name("hub.example.gov/audit"));
        CHECK(is_note_key_name("监管\xe3\x80\x81"));  // an ideographic comma is no space
        for (const std::string_view name :
             {"", "a b", "a+b", "a\tb", "a\nb", "a\xc2\xa0", "\xc2\x85", "\xe1\x9a\x80",
              "\xe2\x80\x80", "\xe2\x80\xa8", "\xe3\x80\x80", "\xff"}) {
            CAPTURE(name);
            CHECK_FALSE(is_note_key_name(name));
            const Ed25519SigningKey key = Ed25519SigningKey::generate();
            CHECK(VerifierKey::make(std::string(name), NoteKeyType::ed25519, key.verifying_key())
                      .error() == Errc::bad_key);
        }
    }

    TEST_CASE("one key under two types has two ids") {
        const auto key = published_key().key().bytes();
        CHECK(note_key_id("n", NoteKeyType::ed25519, key) !=
              note_key_id("n", NoteKeyType::cosignature_v1, key));
    }
}

TEST_SUITE("private note key") {
    TEST_CASE("a private key of another implementation is read and written") {
        const test::VectorKeys keys = test::read_vector_keys();
        const auto log = NoteSigner::parse_private_key(keys.log_private_key);
        REQUIRE(log.has_value());
        CHECK(log->verifier_key() == keys.log_key);
        CHECK(log->private_key_text().text() == keys.log_private_key);
    }

    TEST_CASE("a witness key survives being written and read") {
        const Cosigner witness = cosigner("w.example", 7);
        const SecretBytes text = witness.private_key_text();
        const auto again = Cosigner::parse_private_key(text.text());
        REQUIRE(again.has_value());
        CHECK(again->verifier_key() == witness.verifier_key());
        CHECK(NoteSigner::parse_private_key(text.text()).error() == Errc::bad_key);
    }

    TEST_CASE("a private key text with a change is refused") {
        const std::string good = test::read_vector_keys().log_private_key;
        const std::string shorter = good.substr(0, good.size() - 1);
        std::string other_name = good;
        other_name[12] = 'x';
        std::string other_id = good;
        other_id[good.find("d351c042")] = 'e';
        for (const std::string& text : {""s, "PRIVATE+KEY+"s, "private"s + good.substr(7), shorter,
                                        other_name, other_id, good + "A"}) {
            CAPTURE(text);
            CHECK(NoteSigner::parse_private_key(text).error() == Errc::bad_key);
        }
        CHECK(Cosigner::parse_private_key(good).error() == Errc::bad_key);
    }
}

TEST_SUITE("signed note") {
    TEST_CASE("the published note verifies and is written as it was read") {
        const auto parsed = parse_note(published_note());
        REQUIRE(parsed.has_value());
        CHECK(parsed->text == kPublishedText);
        REQUIRE(parsed->signatures.size() == 1);
        CHECK(parsed->signatures[0].key_id == NoteKeyId(0x530d903a));
        CHECK(format_note(*parsed) == published_note());
        const auto verified = verify_note(published_note(), std::array{published_key()});
        REQUIRE(verified.has_value());
        CHECK(verified->text == kPublishedText);
        CHECK(verified->signatures == std::vector{VerifiedSignature{0, std::nullopt}});
    }

    TEST_CASE("one flipped bit anywhere in the published note is refused") {
        const std::string good = published_note();
        const std::array keys{published_key()};
        for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
            std::string bad = good;
            bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
            CAPTURE(bit);
            CHECK(verify_note(bad, keys).has_error());
        }
    }

    TEST_CASE("signatures of unknown keys are ignored but never suffice") {
        const NoteSigner known = signer("known.example", 1);
        const NoteSigner stranger = signer("stranger.example", 2);
        const NoteSigner namesake = signer("known.example", 3);
        const std::string text = "text\n";
        const std::string note = text + '\n' + stranger.sign(text) + namesake.sign(text) +
                                 known.sign(text) + "— odd.example AAAAAAA=\n";
        const auto verified = verify_note(note, std::array{known.verifier_key()});
        REQUIRE(verified.has_value());
        CHECK(verified->signatures.size() == 1);
        CHECK(verify_note(sign_note(text, stranger), std::array{known.verifier_key()}).error() ==
              Errc::unknown_log_key);
        CHECK(verify_note(note, {}).error() == Errc::unknown_log_key);
    }

    TEST_CASE("one failing signature of a known key rejects the whole note") {
        const NoteSigner one = signer("one.example", 1);
        const NoteSigner two = signer("two.example", 2);
        const std::array keys{one.verifier_key(), two.verifier_key()};
        const std::string text = "text\n";
        CHECK(verify_note(text + '\n' + one.sign(text) + two.sign(text), keys).has_value());
        CHECK(verify_note(text + '\n' + one.sign(text) + two.sign("other\n"), keys).error() ==
              Errc::bad_note);
        // Even where the same key has signed rightly before.
        CHECK(verify_note(text + '\n' + one.sign(text) + one.sign("other\n"), keys).error() ==
              Errc::bad_note);
    }

    TEST_CASE("a key counts once however often it signed or was given") {
        const NoteSigner one = signer("one.example", 1);
        const Cosigner witness = cosigner("w.example", 2);
        const std::string text = "text\n";
        const std::string note = text + '\n' + one.sign(text) + one.sign(text) +
                                 witness.cosign(text, kNow) +
                                 witness.cosign(text, kNow + std::chrono::seconds(1));
        const auto verified =
            verify_note(note, std::array{witness.verifier_key(), one.verifier_key(),
                                         one.verifier_key(), witness.verifier_key()});
        REQUIRE(verified.has_value());
        CHECK(verified->signatures ==
              std::vector{VerifiedSignature{1, std::nullopt}, VerifiedSignature{0, kNow}});
    }

    TEST_CASE("the last empty line ends the text") {
        const NoteSigner one = signer("one.example", 1);
        const std::string text = "first\n\n— one.example AAAAAAAA\n\nlast\n";
        const auto verified = verify_note(sign_note(text, one), std::array{one.verifier_key()});
        REQUIRE(verified.has_value());
        CHECK(verified->text == text);
    }

    TEST_CASE("a hundred signatures are read and one more is not") {
        const std::string text = "text\n";
        std::string note = text + '\n';
        for (std::size_t i = 0; i < kMaxNoteSignatures; ++i) {
            note += "— " + std::to_string(i) + " AAAAAAA=\n";
        }
        CHECK(parse_note(note)->signatures.size() == kMaxNoteSignatures);
        CHECK(note_error(note + "— more AAAAAAA=\n") == Errc::bad_note);
    }

    TEST_CASE("what is no note is refused") {
        const std::string line(kPublishedLine);
        for (const std::string& note : {
                 ""s,
                 "\n"s,
                 "\n\n"s,
                 "text\n"s,
                 "text\n\n"s,
                 "text\n" + line,
                 line,
                 "text\n\n" + line.substr(0, line.size() - 1),
                 "text\n\n" + line + "trailing\n",
                 "text\n\n" + line + "\n",
                 "text\n\n- name AAAAAAA=\n"s,
                 "text\n\n— name\n"s,
                 "text\n\n— name \n"s,
                 "text\n\n— AAAAAAA=\n"s,
                 "text\n\n—  AAAAAAA=\n"s,
                 "text\n\n— na+me AAAAAAA=\n"s,
                 "text\n\n— name AAAAAAA\n"s,
                 "text\n\n— name AAAAAA==\n"s,  // four bytes: an id without a signature
                 "text\n\n— name AAAAAAA= \n"s,
                 "te\txt\n\n" + line,
                 "te\rxt\n\n" + line,
                 "te\0xt\n\n"s + line,
                 "te\xffxt\n\n" + line,
             }) {
            CAPTURE(note);
            CHECK(note_error(note) == Errc::bad_note);
        }
        CHECK(note_error(std::string(kMaxNoteBytes, 'a') + "\n\n" + line) == Errc::bad_note);
    }
}

TEST_SUITE("cosignature") {
    TEST_CASE("a cosignature says its time and the note's text") {
        const Cosigner witness = cosigner("w.example", 2);
        const std::string text = "text\n";
        const auto verified = verify_note(text + '\n' + witness.cosign(text, kNow),
                                          std::array{witness.verifier_key()});
        REQUIRE(verified.has_value());
        CHECK(verified->signatures == std::vector{VerifiedSignature{0, kNow}});
        CHECK(cosigned_message(text, kNow) == "cosignature/v1\ntime 1767225600\ntext\n");
    }

    TEST_CASE("a cosignature with another time or cut short is refused") {
        const Cosigner witness = cosigner("w.example", 2);
        const std::array keys{witness.verifier_key()};
        const std::string text = "text\n";
        const SignedNote good = parse_note(text + '\n' + witness.cosign(text, kNow)).value();
        REQUIRE(good.signatures[0].signature.size() == 72);
        for (std::size_t i = 0; i < 72; ++i) {
            SignedNote bad = good;
            bad.signatures[0].signature[i] ^= 0x80;
            CHECK(verify_note(bad, keys).error() == Errc::bad_note);
        }
        for (const std::size_t size : {1u, 7u, 8u, 64u, 71u, 73u}) {
            SignedNote bad = good;
            bad.signatures[0].signature.resize(size);
            CHECK(verify_note(bad, keys).error() == Errc::bad_note);
        }
    }

    TEST_CASE("a plain signature does not pass as a cosignature") {
        const NoteSigner plain = signer("w.example", 2);
        const Cosigner witness = cosigner("w.example", 2);
        const std::string text = "text\n";
        CHECK(verify_note(sign_note(text, plain), std::array{witness.verifier_key()}).error() ==
              Errc::unknown_log_key);
    }
}

TEST_SUITE("signed checkpoint") {
    const Digest kRoot = Digest::from_hex(std::string(64, 'a')).value();

    TEST_CASE("a checkpoint that the log signed is read") {
        const NoteSigner log = signer("hub.example/log", 1);
        const Checkpoint checkpoint{LogOrigin("hub.example/log"), TreeSize(7), kRoot};
        const auto note = sign_checkpoint(checkpoint, log);
        REQUIRE(note.has_value());
        const auto verified = verify_checkpoint(*note, log.verifier_key());
        REQUIRE(verified.has_value());
        CHECK(*verified == checkpoint);
    }

    TEST_CASE("a checkpoint of another log is refused") {
        const NoteSigner log = signer("hub.example/log", 1);
        const Checkpoint other{LogOrigin("other.example/log"), TreeSize(7), kRoot};
        CHECK(sign_checkpoint(other, log).error() == Errc::bad_checkpoint);
        CHECK(verify_checkpoint(sign_note(format_checkpoint(other), log), log.verifier_key())
                  .error() == Errc::bad_checkpoint);
    }

    TEST_CASE("a checkpoint without the log's own signature is refused") {
        const NoteSigner log = signer("hub.example/log", 1);
        const NoteSigner impostor = signer("hub.example/log", 2);
        const Cosigner witness = cosigner("hub.example/log", 1);
        const std::string text =
            format_checkpoint({LogOrigin("hub.example/log"), TreeSize(7), kRoot});
        CHECK(verify_checkpoint(sign_note(text, impostor), log.verifier_key()).error() ==
              Errc::unknown_log_key);
        const std::string cosigned = text + '\n' + witness.cosign(text, kNow);
        CHECK(verify_checkpoint(cosigned, log.verifier_key()).error() == Errc::unknown_log_key);
        CHECK(verify_checkpoint(cosigned, witness.verifier_key()).error() == Errc::unknown_log_key);
    }

    TEST_CASE("a signed text that is no checkpoint is refused") {
        const NoteSigner log = signer("hub.example/log", 1);
        for (const std::string& text : {"hub.example/log\n"s, "hub.example/log\n7\nroot\n"s,
                                        "hub.example/log\n07\n" + kRoot.base64() + '\n',
                                        "hub.example/log\n7\n" + kRoot.base64() + "\nmore\n"}) {
            CHECK(verify_checkpoint(sign_note(text, log), log.verifier_key()).error() ==
                  Errc::bad_checkpoint);
        }
        CHECK(verify_checkpoint("hub.example/log\n", log.verifier_key()).error() == Errc::bad_note);
    }
}
