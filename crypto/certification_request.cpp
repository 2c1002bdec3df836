#include "crypto/certification_request.hpp"

#include "crypto/certificate_builder.hpp"
#include "crypto/openssl_error.hpp"
#include "crypto/openssl_handle.hpp"
#include "crypto/pem.hpp"
#include "crypto/public_key.hpp"
#include "crypto/sha256.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace tongbao::crypto {
namespace {

constexpr std::string_view kRequestLabel = "CERTIFICATE REQUEST";
/// The same thing in files of old software.
constexpr std::string_view kOldRequestLabel = "NEW CERTIFICATE REQUEST";
constexpr std::size_t kMaxRequestDer = 64 * 1024;

using X509ReqHandle = Handle<X509_REQ, &X509_REQ_free>;

struct FreeExtensions {
    void operator()(STACK_OF(X509_EXTENSION) * extensions) const noexcept {
        sk_X509_EXTENSION_pop_free(extensions, &X509_EXTENSION_free);
    }
};
using ExtensionsHandle = std::unique_ptr<STACK_OF(X509_EXTENSION), FreeExtensions>;

bool add_names(X509_REQ* request, const GENERAL_NAMES* names) {
    STACK_OF(X509_EXTENSION)* extensions = nullptr;
    const bool added =
        X509V3_add1_i2d(&extensions, NID_subject_alt_name, const_cast<GENERAL_NAMES*>(names), 0,
                        X509V3_ADD_APPEND) == 1;
    const ExtensionsHandle owned(extensions);
    return added && X509_REQ_add_extensions(request, owned.get()) == 1;
}

Bytes public_key_of(X509_REQ* request) {
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_REQ_get_X509_PUBKEY(request), &der);
    const OpensslBufferHandle owned(der);
    if (size <= 0) return {};
    return to_bytes(BytesView(der, static_cast<std::size_t>(size)));
}

/// Errors: Errc::certificate_wrong_name.
Result<SpiffeId> name_of(X509_REQ* request) {
    const ExtensionsHandle extensions(X509_REQ_get_extensions(request));
    if (!extensions) return Errc::certificate_wrong_name;
    const GeneralNamesHandle names(static_cast<GENERAL_NAMES*>(
        X509V3_get_d2i(extensions.get(), NID_subject_alt_name, nullptr, nullptr)));
    if (!names || sk_GENERAL_NAME_num(names.get()) != 1) return Errc::certificate_wrong_name;
    int type = 0;
    const void* const value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), 0), &type);
    if (type != GEN_URI) return Errc::certificate_wrong_name;
    return parse_spiffe_id(as_text(bytes_of(static_cast<const ASN1_STRING*>(value))));
}

Result<CertificationRequest> read(X509_REQ* request) {
    Bytes public_key = public_key_of(request);
    const PkeyHandle key = read_p256_public_key(public_key);
    if (!key) return Errc::bad_key;
    if (X509_REQ_get_signature_nid(request) != NID_ecdsa_with_SHA256 ||
        X509_REQ_verify(request, key.get()) != 1) {
        return Errc::bad_signature;
    }
    Result<SpiffeId> id = name_of(request);
    if (!id) return id.error();
    const Digest digest = sha256(public_key);
    return CertificationRequest{*std::move(id), std::move(public_key), digest};
}

}  // namespace

Result<std::string> make_certification_request(const SigningKey& key, const SpiffeId& id) {
    const X509ReqHandle request(X509_REQ_new());
    const X509NameHandle subject = make_subject(id.trust_domain.value(), readable_name(id));
    const GeneralNamesHandle names = make_names(format_spiffe_id(id), {}, {});
    unsigned char* der = nullptr;
    const bool made = request && subject && names &&
                      X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
                      X509_REQ_set_subject_name(request.get(), subject.get()) == 1 &&
                      X509_REQ_set_pubkey(request.get(), key.native()) == 1 &&
                      add_names(request.get(), names.get()) &&
                      X509_REQ_sign(request.get(), key.native(), EVP_sha256()) > 0;
    const int size = made ? i2d_X509_REQ(request.get(), &der) : 0;
    const OpensslBufferHandle owned(der);
    clear_openssl_errors();
    if (size <= 0) return Errc::crypto_failure;
    return write_pem(kRequestLabel, BytesView(der, static_cast<std::size_t>(size)));
}

Result<CertificationRequest> read_certification_request(std::string_view pem) {
    const Result<std::vector<PemBlock>> blocks = read_pem(pem);
    if (!blocks || blocks->size() != 1) return Errc::bad_request;
    const PemBlock& block = blocks->front();
    if ((block.label != kRequestLabel && block.label != kOldRequestLabel) ||
        block.data.size() > kMaxRequestDer) {
        return Errc::bad_request;
    }
    const unsigned char* position = block.data.data();
    const X509ReqHandle request(
        d2i_X509_REQ(nullptr, &position, static_cast<long>(block.data.size())));
    if (!request || position != block.data.data() + block.data.size()) {
        clear_openssl_errors();
        return Errc::bad_request;
    }
    Result<CertificationRequest> asked = read(request.get());
    clear_openssl_errors();
    return asked;
}

}  // namespace tongbao::crypto
