#include "crypto/ed25519_key.hpp"

#include "crypto/openssl_error.hpp"
#include "crypto/random.hpp"

#include <algorithm>
#include <utility>

namespace tongbao::crypto {
namespace {

PkeyHandle share(const PkeyHandle& key) {
    if (!key) return nullptr;  // a key that was moved from
    if (EVP_PKEY_up_ref(key.get()) != 1) abort_with_openssl_errors("share a key");
    return PkeyHandle(key.get());
}

}  // namespace

Result<Ed25519VerifyingKey> Ed25519VerifyingKey::from_bytes(BytesView bytes) {
    Ed25519PublicKey copy{};
    if (bytes.size() != copy.size()) return Errc::bad_key;
    std::copy(bytes.begin(), bytes.end(), copy.begin());
    PkeyHandle key(
        EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, copy.data(), copy.size()));
    if (!key) {
        clear_openssl_errors();
        return Errc::bad_key;
    }
    return Ed25519VerifyingKey(std::move(key), copy);
}

Ed25519VerifyingKey::Ed25519VerifyingKey(const Ed25519VerifyingKey& other)
    : key_(share(other.key_)), bytes_(other.bytes_) {}

Ed25519VerifyingKey& Ed25519VerifyingKey::operator=(const Ed25519VerifyingKey& other) {
    if (this == &other) return *this;
    key_ = share(other.key_);
    bytes_ = other.bytes_;
    return *this;
}

Result<void> Ed25519VerifyingKey::verify(BytesView message, BytesView signature) const {
    const MdCtxHandle context(EVP_MD_CTX_new());
    // EVP_DigestVerify answers 1 for a good signature and 0 or less for all else; only 1 may pass.
    const bool good =
        context &&
        EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
        EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                         message.size()) == 1;
    clear_openssl_errors();
    if (!good) return Errc::bad_signature;
    return {};
}

Result<Ed25519SigningKey> Ed25519SigningKey::from_seed(BytesView seed) {
    if (seed.size() != kSeedSize) return Errc::bad_key;
    PkeyHandle key(
        EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, seed.data(), seed.size()));
    if (!key) {
        clear_openssl_errors();
        return Errc::bad_key;
    }
    return Ed25519SigningKey(std::move(key));
}

Ed25519SigningKey Ed25519SigningKey::generate() {
    Result<Ed25519SigningKey> key = from_seed(random_secret(kSeedSize).bytes());
    if (!key) abort_with_openssl_errors("make an Ed25519 key");
    return std::move(*key);
}

Ed25519Signature Ed25519SigningKey::sign(BytesView message) const {
    const MdCtxHandle context(EVP_MD_CTX_new());
    Ed25519Signature signature{};
    std::size_t size = signature.size();
    const bool done =
        context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
        EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) ==
            1 &&
        size == signature.size();
    if (!done) abort_with_openssl_errors("sign with Ed25519");
    return signature;
}

Ed25519VerifyingKey Ed25519SigningKey::verifying_key() const {
    Ed25519PublicKey bytes{};
    std::size_t size = bytes.size();
    if (EVP_PKEY_get_raw_public_key(key_.get(), bytes.data(), &size) != 1) {
        abort_with_openssl_errors("read an Ed25519 public key");
    }
    Result<Ed25519VerifyingKey> key = Ed25519VerifyingKey::from_bytes(bytes);
    if (!key) abort_with_openssl_errors("make an Ed25519 public key");
    return std::move(*key);
}

SecretBytes Ed25519SigningKey::seed() const {
    SecretBytes seed(kSeedSize);
    std::size_t size = seed.size();
    if (EVP_PKEY_get_raw_private_key(key_.get(), seed.writable().data(), &size) != 1) {
        abort_with_openssl_errors("read an Ed25519 seed");
    }
    return seed;
}

}  // namespace tongbao::crypto
