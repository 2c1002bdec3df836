#include "tests/support/odd_statement.hpp"

#include "crypto/sha256.hpp"
#include "crypto/statement_container.hpp"

#include <openssl/cms.h>
#include <openssl/ecdsa.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace tongbao::testing {
namespace {

using namespace crypto;
using Stage = StatementStage;

using SignatureHandle = Handle<ECDSA_SIG, &ECDSA_SIG_free>;

void require_statement(bool done) {
    if (!done) throw std::runtime_error("OpenSSL can't make this statement");
}

Bytes encode(CMS_ContentInfo* cms) {
    unsigned char* der = nullptr;
    const int size = i2d_CMS_ContentInfo(cms, &der);
    const OpensslBufferHandle owned(der);
    require_statement(size > 0);
    return to_bytes(BytesView(der, static_cast<std::size_t>(size)));
}

CmsHandle decode(BytesView der) {
    const unsigned char* position = der.data();
    CmsHandle cms(d2i_CMS_ContentInfo(nullptr, &position, static_cast<long>(der.size())));
    require_statement(cms != nullptr);
    return cms;
}

CMS_SignerInfo* signer_of(CMS_ContentInfo* cms) {
    return sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
}

Bytes sign_as(const TestHolder& holder, const Statement& said) {
    const std::array signers{&holder};
    return sign_text(format_statement(said), signers);
}

Bytes sign_with(const Stage& stage, unsigned flags, const EVP_MD* digest = EVP_sha256()) {
    const std::array signers{&stage.signer};
    return sign_text(format_statement(stage.said), signers, flags, digest);
}

Bytes sign_words(const Stage& stage, std::string_view text) {
    const std::array signers{&stage.signer};
    return sign_text(text, signers);
}

Bytes replaced(Bytes bytes, BytesView what, BytesView with) {
    const auto at = std::search(bytes.begin(), bytes.end(), what.begin(), what.end());
    require_statement(at != bytes.end() && what.size() == with.size());
    std::copy(with.begin(), with.end(), at);
    return bytes;
}

std::string good_text(const Stage& stage, std::string_view what, std::string_view with) {
    std::string text = format_statement(stage.said);
    return text.replace(text.find(what), what.size(), with);
}

Bytes with_outer_length(const Stage& stage, std::initializer_list<std::uint8_t> header,
                        std::initializer_list<std::uint8_t> end) {
    const Bytes der = stage.good();
    require_statement(der[1] ==
                      0x82);  // the outermost SEQUENCE has its length in two octets: 30 82 hh ll
    Bytes changed(header);
    changed.insert(changed.end(), der.begin() + 4, der.end());
    changed.insert(changed.end(), end);
    return changed;
}

/// A list of the signer's own that revokes nothing. Whose it is plays no part: none may be inside.
X509CrlHandle empty_list(const TestHolder& signer) {
    X509CrlHandle list(X509_CRL_new());
    const Asn1TimeHandle now(ASN1_TIME_adj(nullptr, 0, 0, 0));
    require_statement(list && now && X509_CRL_set_version(list.get(), 1) == 1 &&
                      X509_CRL_set_issuer_name(
                          list.get(), X509_get_subject_name(signer.certificate.native())) == 1 &&
                      X509_CRL_set1_lastUpdate(list.get(), now.get()) == 1 &&
                      X509_CRL_set1_nextUpdate(list.get(), now.get()) == 1 &&
                      X509_CRL_sign(list.get(), signer.key.native(), EVP_sha256()) > 0);
    return list;
}

// clang-format off
constexpr std::array kStatementRows{
    StatementRow{"for another log", Errc::statement_mismatch, [](const Stage& stage) {
        Statement other = stage.said;
        other.origin = LogOrigin("hub.other.example/log");
        return sign_as(stage.signer, other); }},
    StatementRow{"in another role", Errc::statement_mismatch, [](const Stage& stage) {
        Statement other = stage.said;
        other.role = "endorse:convener";
        return sign_as(stage.signer, other); }},
    StatementRow{"of one leaf more", Errc::statement_mismatch, [](const Stage& stage) {
        Statement other = stage.said;
        ++other.count;
        return sign_as(stage.signer, other); }},
    StatementRow{"of another root", Errc::statement_mismatch, [](const Stage& stage) {
        Statement other = stage.said;
        other.root = sha256(as_bytes(std::string_view("another")));
        return sign_as(stage.signer, other); }},
    StatementRow{"by another unit in its own name", Errc::sender_mismatch, [](const Stage& stage) {
        Statement other = stage.said;
        other.signer = format_spiffe_id(*stage.other_unit.certificate.spiffe());
        return sign_as(stage.other_unit, other); }},
    StatementRow{"by another unit in the sender's name", Errc::wrong_signer,
        [](const Stage& stage) { return sign_as(stage.other_unit, stage.said); }},
    StatementRow{"in another unit's name", Errc::wrong_signer, [](const Stage& stage) {
        Statement other = stage.said;
        other.signer = format_spiffe_id(*stage.other_unit.certificate.spiffe());
        return sign_as(stage.signer, other); }},
    StatementRow{"by a key that nobody enrolled", Errc::signer_not_enrolled,
        [](const Stage& stage) { return sign_as(stage.stranger, stage.said); }},

    StatementRow{"of another suite", Errc::bad_statement, [](const Stage& stage) {
        return sign_words(stage, good_text(stage, "p256-sha256", "sm2-sm3")); }},
    StatementRow{"of another version", Errc::bad_statement, [](const Stage& stage) {
        return sign_words(stage, good_text(stage, "statement/v1", "statement/v2")); }},
    StatementRow{"of no leaf", Errc::bad_statement, [](const Stage& stage) {
        return sign_words(stage, good_text(stage, "count 1", "count 0")); }},
    StatementRow{"with a line more", Errc::bad_statement, [](const Stage& stage) {
        return sign_words(stage, format_statement(stage.said) + "more\n"); }},
    StatementRow{"with the line ends of mail", Errc::bad_statement, [](const Stage& stage) {
        return sign_words(stage, good_text(stage, "\nlog", "\r\nlog")); }},
    StatementRow{"that says something else altogether", Errc::bad_statement,
        [](const Stage& stage) { return sign_words(stage, "I owe you\n"); }},

    StatementRow{"with a second signature", Errc::bad_statement, [](const Stage& stage) {
        const std::array signers{&stage.signer, &stage.other_unit};
        return sign_text(format_statement(stage.said), signers); }},
    StatementRow{"with an unsigned attribute", Errc::bad_statement, [](const Stage& stage) {
        const CmsHandle cms = decode(stage.good());
        require_statement(CMS_unsigned_add1_attr_by_txt(signer_of(cms.get()), "1.2.3.4",
                                              V_ASN1_OCTET_STRING, "x", 1) == 1);
        return encode(cms.get()); }},
    StatementRow{"with the signer's certificate inside", Errc::bad_statement,
        [](const Stage& stage) {
            return sign_with(stage, kStatementFlags & ~unsigned{CMS_NOCERTS}); }},
    StatementRow{"with another certificate inside", Errc::bad_statement, [](const Stage& stage) {
        const CmsHandle cms = decode(stage.good());
        require_statement(CMS_add1_cert(cms.get(), stage.stranger.certificate.native()) == 1);
        return encode(cms.get()); }},
    StatementRow{"with the issuing authority's certificate inside", Errc::bad_statement,
        [](const Stage& stage) {
            const CmsHandle cms = decode(stage.good());
            require_statement(CMS_add1_cert(cms.get(), stage.signer.chain.back().native()) == 1);
            return encode(cms.get()); }},
    StatementRow{"with a revocation list inside", Errc::bad_statement, [](const Stage& stage) {
        const CmsHandle cms = decode(stage.good());
        const X509CrlHandle list = empty_list(stage.signer);
        require_statement(CMS_add1_crl(cms.get(), list.get()) == 1);
        return encode(cms.get()); }},
    StatementRow{"with a certificate and a revocation list inside", Errc::bad_statement,
        [](const Stage& stage) {
            const CmsHandle cms = decode(stage.good());
            const X509CrlHandle list = empty_list(stage.signer);
            require_statement(CMS_add1_cert(cms.get(), stage.signer.certificate.native()) == 1 &&
                    CMS_add1_crl(cms.get(), list.get()) == 1);
            return encode(cms.get()); }},
    StatementRow{"detached from its text", Errc::bad_statement, [](const Stage& stage) {
        return sign_with(stage, kStatementFlags | CMS_DETACHED); }},
    StatementRow{"without signing-certificate-v2", Errc::bad_statement, [](const Stage& stage) {
        return sign_with(stage, kStatementFlags & ~unsigned{CMS_CADES}); }},
    StatementRow{"with another enrolled one's signing-certificate-v2", Errc::wrong_signer,
        [](const Stage& stage) {
            return replaced(stage.good(), stage.signer.certificate.digest().bytes(),
                            stage.other_unit.certificate.digest().bytes()); }},
    StatementRow{"with a stranger's signing-certificate-v2", Errc::signer_not_enrolled,
        [](const Stage& stage) {
            return replaced(stage.good(), stage.signer.certificate.digest().bytes(),
                            stage.stranger.certificate.digest().bytes()); }},
    StatementRow{"with a further signed attribute", Errc::bad_statement, [](const Stage& stage) {
        return sign_with(stage, kStatementFlags & ~unsigned{CMS_NOSMIMECAP}); }},
    StatementRow{"without signed attributes", Errc::bad_statement, [](const Stage& stage) {
        return sign_with(stage, kStatementFlags | CMS_NOATTR); }},
    StatementRow{"that names its signer by the issuer", Errc::bad_statement,
        [](const Stage& stage) {
            return sign_with(stage, kStatementFlags & ~unsigned{CMS_USE_KEYID}); }},
    StatementRow{"with SHA-512", Errc::bad_statement, [](const Stage& stage) {
        return sign_with(stage, kStatementFlags, EVP_sha512()); }},
    StatementRow{"with SHA-1", Errc::bad_statement, [](const Stage& stage) {
        return sign_with(stage, kStatementFlags, EVP_sha1()); }},

    StatementRow{"of indefinite length", Errc::bad_statement, [](const Stage& stage) {
        return with_outer_length(stage, {0x30, 0x80}, {0, 0}); }},
    StatementRow{"with a length in more octets than it takes", Errc::bad_statement,
        [](const Stage& stage) {
            const Bytes der = stage.good();
            return with_outer_length(stage, {0x30, 0x83, 0x00, der[2], der[3]}, {}); }},
    StatementRow{"with a byte after it", Errc::bad_statement, [](const Stage& stage) {
        Bytes der = stage.good();
        der.push_back(0);
        return der; }},
    StatementRow{"without its last byte", Errc::bad_statement, [](const Stage& stage) {
        Bytes der = stage.good();
        der.pop_back();
        return der; }},
    StatementRow{"without a byte", Errc::bad_statement, [](const Stage&) { return Bytes(); }},
    StatementRow{"longer than any statement", Errc::too_large,
        [](const Stage&) { return Bytes(kMaxStatementDer + 1); }},

    StatementRow{"whose text was changed afterwards", Errc::bad_signature,
        [](const Stage& stage) {
            return replaced(stage.good(), as_bytes(std::string_view("count 1\n")),
                            as_bytes(std::string_view("count 2\n"))); }},
    StatementRow{"whose signature has a flipped bit", Errc::bad_signature,
        [](const Stage& stage) {
            Bytes der = stage.good();
            der.back() ^= 1;
            return der; }},
};
// clang-format on

}  // namespace

Bytes sign_text(std::string_view text, std::span<const TestHolder* const> signers, unsigned flags,
                const EVP_MD* digest) {
    const BioHandle bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    const unsigned all = flags | CMS_PARTIAL | CMS_BINARY;
    const CmsHandle cms(CMS_sign(nullptr, nullptr, nullptr, bio.get(), all));
    require_statement(cms != nullptr);
    for (const TestHolder* const each : signers) {
        require_statement(CMS_add1_signer(cms.get(), each->certificate.native(), each->key.native(),
                                          digest, all) != nullptr);
    }
    require_statement(CMS_final(cms.get(), bio.get(), nullptr, flags | CMS_BINARY) == 1);
    return encode(cms.get());
}

Bytes mirrored_signature(BytesView container) {
    const Result<StatementContainer> parts = read_statement_container(container);
    require_statement(parts.has_value());
    const unsigned char* position = parts->signature.data();
    const SignatureHandle signature(
        d2i_ECDSA_SIG(nullptr, &position, static_cast<long>(parts->signature.size())));
    require_statement(signature != nullptr);
    BIGNUM* order = nullptr;
    // FIPS 186-4 D.1.2.3: the order of P-256.
    require_statement(
        BN_hex2bn(&order, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551") > 0);
    const BignumHandle owned_order(order);
    const BignumHandle other_s(BN_new());
    require_statement(BN_sub(other_s.get(), order, ECDSA_SIG_get0_s(signature.get())) == 1);
    require_statement(ECDSA_SIG_set0(signature.get(), BN_dup(ECDSA_SIG_get0_r(signature.get())),
                                     BN_dup(other_s.get())) == 1);
    unsigned char* encoded = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &encoded);
    const OpensslBufferHandle owned(encoded);
    require_statement(size > 0);
    const CmsHandle cms = decode(container);
    require_statement(
        ASN1_STRING_set(CMS_SignerInfo_get0_signature(signer_of(cms.get())), encoded, size) == 1);
    return encode(cms.get());
}

Bytes StatementStage::good() const {
    return sign_as(signer, said);
}

std::span<const StatementRow> statement_matrix() {
    return kStatementRows;
}

}  // namespace tongbao::testing
