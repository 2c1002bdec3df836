#include "crypto/signing_key.hpp"

#include "crypto/openssl_error.hpp"
#include "crypto/openssl_handle.hpp"
#include "crypto/sha256.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace tongbao::crypto {
namespace {

constexpr std::string_view kCurve = "prime256v1";
constexpr std::size_t kPublicDerSize = 91;

constexpr std::string_view kEncryptedLabel = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

constexpr int kSaltSize = 16;
constexpr std::uint64_t kScryptCost = 1 << 14;
constexpr std::uint64_t kScryptBlock = 8;
constexpr std::uint64_t kScryptLanes = 8;

using Pkcs8Handle = Handle<PKCS8_PRIV_KEY_INFO, &PKCS8_PRIV_KEY_INFO_free>;
using EncryptedHandle = Handle<X509_SIG, &X509_SIG_free>;
using AlgorithmHandle = Handle<X509_ALGOR, &X509_ALGOR_free>;

/// Answers OpenSSL's question for a password, lest it ask a terminal: with what `context` points
/// to, a SecretBytes, if anything.
int give_password(char* buffer, int size, int /*writing*/, void* context) {
    const auto* const passphrase = static_cast<const SecretBytes*>(context);
    if (passphrase == nullptr || passphrase->size() > static_cast<std::size_t>(size)) return -1;
    std::copy(passphrase->text().begin(), passphrase->text().end(), buffer);
    return static_cast<int>(passphrase->size());
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

bool is_encrypted_key(std::string_view pem) noexcept {
    return pem.find(kEncryptedLabel) != std::string_view::npos;
}

Result<SigningKey> SigningKey::from_pem(std::string_view pem, const SecretBytes* passphrase) {
    const bool encrypted = is_encrypted_key(pem);
    // Anything else would be an unencrypted key, or one in the older way of encryption.
    SecretBytes* const given = encrypted ? const_cast<SecretBytes*>(passphrase) : nullptr;
    if (pem.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
        return Errc::bad_key;
    const BioHandle bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!bio) return Errc::crypto_failure;
    KeyPointer key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &give_password, given));
    if (!key && encrypted) {
        clear_openssl_errors();
        return Errc::wrong_passphrase;
    }
    return adopt(std::move(key));
}

Result<SecretBytes> SigningKey::encrypted_pem(const SecretBytes& passphrase) const {
    if (passphrase.size() == 0 || passphrase.size() > kMaxPassphrase) return Errc::bad_value;
    const Pkcs8Handle plain(EVP_PKEY2PKCS8(key_.get()));
    // A new salt and initialisation vector each time: null stands for random.
    AlgorithmHandle algorithm(PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, kSaltSize, nullptr,
                                                    kScryptCost, kScryptBlock, kScryptLanes));
    const EncryptedHandle encrypted(plain && algorithm
                                        ? PKCS8_set0_pbe(passphrase.text().data(),
                                                         static_cast<int>(passphrase.size()),
                                                         plain.get(), algorithm.get())
                                        : nullptr);
    if (encrypted) static_cast<void>(algorithm.release());  // the encrypted key owns it now
    const BioHandle bio(BIO_new(BIO_s_mem()));
    const bool written = encrypted && bio && PEM_write_bio_PKCS8(bio.get(), encrypted.get()) == 1;
    char* text = nullptr;
    const long size = written ? BIO_get_mem_data(bio.get(), &text) : 0;
    clear_openssl_errors();
    if (size <= 0) return Errc::crypto_failure;
    return SecretBytes(as_bytes(std::string_view(text, static_cast<std::size_t>(size))));
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
