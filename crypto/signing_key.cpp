#include "crypto/signing_key.hpp"

#include "crypto/openssl_error.hpp"
#include "crypto/openssl_handle.hpp"
#include "crypto/sha256.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>

#include <array>
#include <limits>
#include <string>
#include <utility>

namespace tongbao::crypto {
namespace {

constexpr std::string_view kCurve = "prime256v1";
constexpr std::size_t kPublicDerSize = 91;

/// Answers OpenSSL's question for a password: there is none, and no terminal is to be asked.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*context*/) {
    return -1;
}

bool is_p256(const EVP_PKEY* key) {
    std::array<char, 32> name{};
    std::size_t size = 0;
    return EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) == 1 &&
           std::string_view(name.data(), size) == kCurve;
}

/// Whether the private and the public half belong together.
bool is_consistent(EVP_PKEY* key) {
    const PkeyCtxHandle context(EVP_PKEY_CTX_new(key, nullptr));
    return context && EVP_PKEY_check(context.get()) == 1;
}

}  // namespace

void SigningKey::FreeKey::operator()(EVP_PKEY* key) const noexcept {
    EVP_PKEY_free(key);
}

SigningKey::SigningKey(KeyPointer key, Bytes public_der, const Digest& public_digest)
    : key_(std::move(key)), public_der_(std::move(public_der)), public_digest_(public_digest) {}

Result<SigningKey> SigningKey::adopt(KeyPointer key) {
    // A file may hold the point compressed; what is written from here on has the one usual form.
    const bool usual_form =
        key && is_p256(key.get()) && is_consistent(key.get()) &&
        EVP_PKEY_set_utf8_string_param(key.get(), OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                       OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_UNCOMPRESSED) == 1;
    unsigned char* der = nullptr;
    const int size = usual_form ? i2d_PUBKEY(key.get(), &der) : 0;
    const OpensslBufferHandle owned(der);
    clear_openssl_errors();
    if (size != static_cast<int>(kPublicDerSize)) return Errc::bad_key;
    const BytesView view(der, kPublicDerSize);
    return SigningKey(std::move(key), to_bytes(view), sha256(view));
}

Result<SigningKey> SigningKey::generate() {
    KeyPointer key(EVP_EC_gen(std::string(kCurve).c_str()));
    if (!key) {
        clear_openssl_errors();
        return Errc::crypto_failure;
    }
    return adopt(std::move(key));
}

Result<SigningKey> SigningKey::from_pem(std::string_view pem) {
    if (pem.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
        return Errc::bad_key;
    const BioHandle bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!bio) return Errc::crypto_failure;
    KeyPointer key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_password, nullptr));
    return adopt(std::move(key));
}

Result<SecretBytes> SigningKey::private_pem() const {
    // Secure memory where it is set up; else an ordinary buffer that OpenSSL wipes when it frees
    // it.
    const BioHandle bio(BIO_new(BIO_s_secmem()));
    const bool written = bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr,
                                                              nullptr, 0, nullptr, nullptr) == 1;
    char* text = nullptr;
    const long size = written ? BIO_get_mem_data(bio.get(), &text) : 0;
    clear_openssl_errors();
    if (size <= 0) return Errc::crypto_failure;
    return SecretBytes(as_bytes(std::string_view(text, static_cast<std::size_t>(size))));
}

}  // namespace tongbao::crypto
