// What open_statement refuses: everything that is not the one container, byte for byte.

#include "crypto/statement_container.hpp"

#include "crypto/openssl_handle.hpp"
#include "crypto/statement.hpp"
#include "tests/crypto/statement_data.hpp"
#include "tests/support/test_pki.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace tongbao::testing;

namespace {

Bytes encode(CMS_ContentInfo* cms) {
    unsigned char* der = nullptr;
    const int size = i2d_CMS_ContentInfo(cms, &der);
    const OpensslBufferHandle owned(der);
    REQUIRE(size > 0);
    return to_bytes(BytesView(der, static_cast<std::size_t>(size)));
}

CmsHandle decode(BytesView der) {
    const unsigned char* position = der.data();
    CmsHandle cms(d2i_CMS_ContentInfo(nullptr, &position, static_cast<long>(der.size())));
    REQUIRE(cms);
    return cms;
}

CMS_SignerInfo* signer_of(CMS_ContentInfo* cms) {
    return sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
}

}  // namespace

TEST_SUITE("statement container") {
    struct Signed {
        TestPki pki{};
        TestHolder holder = pki.sign("hsa");
        Statement statement{LogOrigin("hub.test.example/log"),
                            "spiffe://test.example/unit/hsa/sign", "submit", 3, Digest()};
        Bytes der =
            *StatementSigner::make(*SigningKey::from_pem(holder.key_pem()), holder.certificate)
                 ->sign(statement, TestPki::kNow);

        Result<OpenedStatement> open(BytesView bytes) const {
            return open_statement(bytes, only(holder.certificate));
        }

        /// Signs the statement's text as the OpenSSL command line would with these flags.
        Bytes sign_with(unsigned flags, const EVP_MD* digest = EVP_sha256(),
                        std::string_view text = {}) const {
            const std::string content =
                text.empty() ? format_statement(statement) : std::string(text);
            const BioHandle bio(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
            const CmsHandle cms(
                CMS_sign(nullptr, nullptr, nullptr, bio.get(), flags | CMS_PARTIAL | CMS_BINARY));
            REQUIRE(CMS_add1_signer(cms.get(), holder.certificate.native(), holder.key.native(),
                                    digest, flags | CMS_PARTIAL | CMS_BINARY) != nullptr);
            REQUIRE(CMS_final(cms.get(), bio.get(), nullptr, flags | CMS_BINARY) == 1);
            return encode(cms.get());
        }
    };

    constexpr unsigned kGood = CMS_NOCERTS | CMS_NOSMIMECAP | CMS_USE_KEYID | CMS_CADES;

    TEST_CASE_FIXTURE(Signed,
                      "a good container opens and so does one of the command line's flags") {
        CHECK(open(der)->statement == statement);
        CHECK(open(sign_with(kGood))->statement == statement);
    }

    TEST_CASE_FIXTURE(Signed,
                      "no changed byte anywhere gives another statement or time or signer") {
        const OpenedStatement original = *open(der);
        for (std::size_t i = 0; i < der.size(); ++i) {
            for (const int mask : {0x01, 0x02, 0x10, 0x20, 0x80, 0xff}) {
                CAPTURE(i);
                Bytes changed = der;
                changed[i] = static_cast<std::uint8_t>(changed[i] ^ mask);
                REQUIRE(open(changed).has_error());
            }
        }
        CHECK(original.statement == statement);
    }

    TEST_CASE_FIXTURE(Signed, "a container that is cut or has something after it is refused") {
        for (std::size_t size = 0; size < der.size(); ++size) {
            REQUIRE(open(BytesView(der).first(size)).error() == Errc::bad_statement);
        }
        Bytes longer = der;
        longer.push_back(0);
        CHECK(open(longer).error() == Errc::bad_statement);
        Bytes twice = der;
        twice.insert(twice.end(), der.begin(), der.end());
        CHECK(open(twice).error() == Errc::bad_statement);
        CHECK(open(Bytes(kMaxStatementDer + 1)).error() == Errc::bad_statement);
    }

    TEST_CASE_FIXTURE(Signed, "BER with an indefinite or a longer length than needed is refused") {
        // The outermost SEQUENCE has its length in two octets: 30 82 hh ll.
        REQUIRE(der[1] == 0x82);
        Bytes indefinite{0x30, 0x80};
        indefinite.insert(indefinite.end(), der.begin() + 4, der.end());
        indefinite.insert(indefinite.end(), {0, 0});
        CHECK(decode(indefinite) != nullptr);  // OpenSSL's parser takes it
        CHECK(open(indefinite).error() == Errc::bad_statement);
        Bytes longer{0x30, 0x83, 0x00};
        longer.insert(longer.end(), der.begin() + 2, der.end());
        CHECK(decode(longer) != nullptr);
        CHECK(open(longer).error() == Errc::bad_statement);
    }

    TEST_CASE_FIXTURE(Signed, "certificates or revocation lists inside are refused") {
        const CmsHandle with_certificate = decode(der);
        REQUIRE(CMS_add1_cert(with_certificate.get(), holder.certificate.native()) == 1);
        CHECK(open(encode(with_certificate.get())).error() == Errc::bad_statement);
        CHECK(open(sign_with(kGood & ~unsigned{CMS_NOCERTS})).error() == Errc::bad_statement);
    }

    TEST_CASE_FIXTURE(Signed, "unsigned attributes are refused") {
        const CmsHandle cms = decode(der);
        REQUIRE(CMS_unsigned_add1_attr_by_txt(signer_of(cms.get()), "1.2.3.4", V_ASN1_OCTET_STRING,
                                              "x", 1) == 1);
        CHECK(open(encode(cms.get())).error() == Errc::bad_statement);
    }

    TEST_CASE_FIXTURE(Signed, "a second signature is refused") {
        const std::string text = format_statement(statement);
        const BioHandle bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
        const unsigned flags = kGood | CMS_PARTIAL | CMS_BINARY;
        const CmsHandle cms(CMS_sign(nullptr, nullptr, nullptr, bio.get(), flags));
        const TestHolder other = pki.sign("hsa");
        for (const TestHolder* each : {&std::as_const(holder), &other}) {
            REQUIRE(CMS_add1_signer(cms.get(), each->certificate.native(), each->key.native(),
                                    EVP_sha256(), flags) != nullptr);
        }
        REQUIRE(CMS_final(cms.get(), bio.get(), nullptr, CMS_BINARY) == 1);
        CHECK(open(encode(cms.get())).error() == Errc::bad_statement);
    }

    TEST_CASE_FIXTURE(Signed, "missing or further signed attributes are refused") {
        CHECK(open(sign_with(kGood & ~unsigned{CMS_CADES})).error() == Errc::bad_statement);
        CHECK(open(sign_with(kGood & ~unsigned{CMS_NOSMIMECAP})).error() == Errc::bad_statement);
        CHECK(open(sign_with(kGood | CMS_NOATTR)).error() == Errc::bad_statement);
    }

    TEST_CASE_FIXTURE(Signed,
                      "another digest or a detached content or a signer by issuer is refused") {
        CHECK(open(sign_with(kGood, EVP_sha512())).error() == Errc::bad_statement);
        CHECK(open(sign_with(kGood | CMS_DETACHED)).error() == Errc::bad_statement);
        CHECK(open(sign_with(kGood & ~unsigned{CMS_USE_KEYID})).error() == Errc::bad_statement);
    }

    TEST_CASE_FIXTURE(Signed, "a rightly signed text that is no statement is refused") {
        CHECK(open(sign_with(kGood, EVP_sha256(), "I owe you")).error() == Errc::bad_statement);
        const std::string mail = format_statement(statement) + "\r\n";
        CHECK(open(sign_with(kGood, EVP_sha256(), mail)).error() == Errc::bad_statement);
    }

    TEST_CASE_FIXTURE(Signed, "a statement in another signer's name is refused") {
        Statement other = statement;
        other.signer = "spiffe://test.example/unit/psd/sign";
        CHECK(open(sign_with(kGood, EVP_sha256(), format_statement(other))).error() ==
              Errc::wrong_signer);
    }

    TEST_CASE_FIXTURE(Signed, "a certificate that is not known or not the named one is refused") {
        const TestHolder other = pki.sign("hsa");
        CHECK(open_statement(der, only(other.certificate)).error() == Errc::signer_not_enrolled);
        const auto wrong = [&](const Digest&) { return std::optional(other.certificate); };
        CHECK(open_statement(der, wrong).error() == Errc::wrong_signer);
    }

    TEST_CASE_FIXTURE(Signed, "a signature moved to another statement is refused") {
        const Bytes other = sign_with(kGood);
        const StatementContainer from = *read_statement_container(other);
        const StatementContainer to = *read_statement_container(der);
        Bytes moved(der.begin(), der.end() - static_cast<std::ptrdiff_t>(to.signature.size()));
        moved.insert(moved.end(), from.signature.begin(), from.signature.end());
        // Signatures differ in length by a byte or two; where they do, the lengths no longer fit.
        CHECK(open(moved).has_error());
    }

    TEST_CASE_FIXTURE(Signed, "the other signature of an ECDSA pair opens to the same statement") {
        // (r, n - s) is as good as (r, s). So nothing may be identified by its signature's bytes.
        const StatementContainer container = *read_statement_container(der);
        const unsigned char* position = container.signature.data();
        ECDSA_SIG* const signature =
            d2i_ECDSA_SIG(nullptr, &position, static_cast<long>(container.signature.size()));
        REQUIRE(signature != nullptr);
        const BIGNUM* r = nullptr;
        const BIGNUM* s = nullptr;
        ECDSA_SIG_get0(signature, &r, &s);
        BIGNUM* order = nullptr;
        // FIPS 186-4 D.1.2.3: the order of P-256.
        REQUIRE(BN_hex2bn(&order,
                          "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551") > 0);
        const BignumHandle other_s(BN_new());
        REQUIRE(BN_sub(other_s.get(), order, s) == 1);
        REQUIRE(ECDSA_SIG_set0(signature, BN_dup(r), BN_dup(other_s.get())) == 1);
        unsigned char* encoded = nullptr;
        const int size = i2d_ECDSA_SIG(signature, &encoded);
        const OpensslBufferHandle owned(encoded);
        ECDSA_SIG_free(signature);
        BN_free(order);
        REQUIRE(size > 0);

        const CmsHandle cms = decode(der);
        REQUIRE(ASN1_STRING_set(CMS_SignerInfo_get0_signature(signer_of(cms.get())), encoded,
                                size) == 1);
        const Bytes turned = encode(cms.get());
        CHECK(turned != der);
        CHECK(open(turned)->statement == statement);
    }
}
