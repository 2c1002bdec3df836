#include "crypto/sha256.hpp"

#include "crypto/openssl_error.hpp"

namespace tongbao::crypto {
namespace {

/// Fetched once: a fetch searches the providers under a lock and costs more than a short hash.
const EVP_MD* algorithm() {
    static const MdHandle kFetched(EVP_MD_fetch(nullptr, "SHA2-256", nullptr));
    if (!kFetched) abort_with_openssl_errors("fetch SHA-256");
    return kFetched.get();
}

MdCtxHandle make_context() {
    MdCtxHandle context(EVP_MD_CTX_new());
    if (!context) abort_with_openssl_errors("make a digest context");
    return context;
}

void begin(EVP_MD_CTX* context) {
    if (EVP_DigestInit_ex2(context, algorithm(), nullptr) != 1) {
        abort_with_openssl_errors("begin SHA-256");
    }
}

void add(EVP_MD_CTX* context, BytesView bytes) {
    if (EVP_DigestUpdate(context, bytes.data(), bytes.size()) != 1) {
        abort_with_openssl_errors("continue SHA-256");
    }
}

Digest end(EVP_MD_CTX* context) {
    Digest::Array digest{};
    unsigned int size = 0;
    if (EVP_DigestFinal_ex(context, digest.data(), &size) != 1 || size != digest.size()) {
        abort_with_openssl_errors("finish SHA-256");
    }
    return Digest(digest);
}

}  // namespace

Digest sha256(BytesView bytes) {
    return sha256_of_parts({bytes});
}

Digest sha256_of_parts(std::initializer_list<BytesView> parts) {
    thread_local MdCtxHandle context = make_context();
    begin(context.get());
    for (const BytesView part : parts) add(context.get(), part);
    return end(context.get());
}

Sha256::Sha256() : context_(make_context()) {
    begin(context_.get());
}

void Sha256::update(BytesView bytes) {
    add(context_.get(), bytes);
}

Digest Sha256::finish() {
    const Digest digest = end(context_.get());
    begin(context_.get());
    return digest;
}

}  // namespace tongbao::crypto
