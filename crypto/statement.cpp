#include "crypto/statement.hpp"

#include "crypto/asn1_time.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/openssl_handle.hpp"
#include "crypto/sha256.hpp"
#include "crypto/statement_container.hpp"

#include <algorithm>
#include <utility>

namespace tongbao::crypto {
namespace {

constexpr std::uint8_t kSetTag = 0x31;

constexpr unsigned kSignFlags =
    CMS_BINARY | CMS_NOCERTS | CMS_NOSMIMECAP | CMS_USE_KEYID | CMS_CADES | CMS_PARTIAL;

bool equal(BytesView left, BytesView right) {
    return as_text(left) == as_text(right);
}

bool may_sign(CertificateUse use) {
    return use == CertificateUse::sign || use == CertificateUse::post;
}

/// Whether the issuer and serial number that stand beside the digest are the certificate's, too.
bool names_issuer(const StatementContainer& container, const X509* x509) {
    if (container.issuer.empty()) return true;
    const unsigned char* issuer = nullptr;
    std::size_t issuer_size = 0;
    if (X509_NAME_get0_der(X509_get_issuer_name(x509), &issuer, &issuer_size) != 1) return false;
    // The contents of a DER integer: a zero stands before a first octet of 0x80 or more.
    const BytesView magnitude = bytes_of(X509_get0_serialNumber(x509));
    const bool padded = !magnitude.empty() && magnitude.front() >= 0x80;
    BytesView serial = container.serial;
    if (padded && !serial.empty() && serial.front() == 0) serial = serial.subspan(1);
    return equal(container.issuer, BytesView(issuer, issuer_size)) && equal(serial, magnitude);
}

Result<void> verify_signature(const StatementContainer& container, EVP_PKEY* key) {
    if (!equal(container.message_digest, sha256(container.content).bytes())) {
        return Errc::bad_signature;
    }
    // RFC 5652 section 5.4: what is signed is the attributes with the tag of a SET OF.
    Bytes attributes = to_bytes(container.signed_attributes);
    attributes.front() = kSetTag;
    const MdCtxHandle context(EVP_MD_CTX_new());
    // 1 for a good signature, 0 for a bad one, less than 0 for trouble: only 1 may pass.
    const bool good =
        context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
        EVP_DigestVerify(context.get(), container.signature.data(), container.signature.size(),
                         attributes.data(), attributes.size()) == 1;
    clear_openssl_errors();
    if (!good) return Errc::bad_signature;
    return {};
}

/// The container, complete but for its signature; null if anything fails.
CmsHandle make_container(const Certificate& certificate, EVP_PKEY* key, UtcTime claimed) {
    CmsHandle cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, kSignFlags));
    const Asn1TimeHandle time = make_asn1_time(claimed);
    if (!cms || !time) return nullptr;
    CMS_SignerInfo* const signer =
        CMS_add1_signer(cms.get(), certificate.native(), key, EVP_sha256(), kSignFlags);
    // OpenSSL adds the computer's time only where there is none.
    if (signer == nullptr ||
        CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, ASN1_STRING_type(time.get()),
                                    time.get(), -1) != 1) {
        return nullptr;
    }
    return cms;
}

}  // namespace

Result<StatementSigner> StatementSigner::make(SigningKey key, Certificate certificate) {
    const Result<SpiffeId>& id = certificate.spiffe();
    if (!id) return id.error();
    if (!may_sign(id->use)) return Errc::certificate_wrong_use;
    if (certificate.public_key_digest() != key.public_digest()) return Errc::bad_key;
    if (certificate.subject_key_id().empty()) return Errc::bad_certificate;
    std::string signer = format_spiffe_id(*id);
    return StatementSigner(std::move(key), std::move(certificate), std::move(signer));
}

Result<Bytes> StatementSigner::sign(const Statement& statement, UtcTime claimed) const {
    if (statement.signer != signer_) return Errc::wrong_signer;
    const std::string text = format_statement(statement);
    const Result<Statement> read_again = parse_statement(text);
    if (!read_again) return read_again.error();

    const BioHandle content(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    const CmsHandle cms = make_container(certificate_, key_.native(), claimed);
    unsigned char* der = nullptr;
    const bool done =
        content && cms && CMS_final(cms.get(), content.get(), nullptr, CMS_BINARY) == 1;
    const int size = done ? i2d_CMS_ContentInfo(cms.get(), &der) : 0;
    const OpensslBufferHandle owned(der);
    clear_openssl_errors();
    if (size <= 0) return Errc::crypto_failure;
    return to_bytes(BytesView(der, static_cast<std::size_t>(size)));
}

Result<OpenedStatement> open_statement(BytesView der, const CertificateFinder& find) {
    if (der.size() > kMaxStatementDer) return Errc::bad_statement;
    const Result<StatementContainer> container = read_statement_container(der);
    if (!container) return container.error();
    Result<Statement> statement = parse_statement(as_text(container->content));
    if (!statement) return statement.error();

    const std::optional<Certificate> certificate = find(container->certificate);
    if (!certificate) return Errc::signer_not_enrolled;
    const Result<SpiffeId>& id = certificate->spiffe();
    const bool is_the_named_one = certificate->digest() == container->certificate &&
                                  equal(container->key_id, certificate->subject_key_id()) &&
                                  names_issuer(*container, certificate->native());
    if (!is_the_named_one || !id || !may_sign(id->use) ||
        format_spiffe_id(*id) != statement->signer) {
        return Errc::wrong_signer;
    }
    const Result<void> verified = verify_signature(*container, certificate->native_key());
    if (!verified) return verified.error();
    return OpenedStatement{*std::move(statement), *id, container->certificate,
                           container->signing_time};
}

}  // namespace tongbao::crypto
