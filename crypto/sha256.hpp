#pragma once

#include "crypto/openssl_handle.hpp"
#include "domain/bytes.hpp"
#include "domain/digest.hpp"

#include <initializer_list>

namespace tongbao::crypto {

/// The SHA-256 of `bytes`. Any thread; each reuses a context of its own, which takes half the time
/// of OpenSSL's one-shot function for short inputs. Aborts if OpenSSL can't hash at all.
[[nodiscard]] Digest sha256(BytesView bytes);

/// The SHA-256 of `parts`, one after the other, without joining them in memory.
[[nodiscard]] Digest sha256_of_parts(std::initializer_list<BytesView> parts);

/// SHA-256 of bytes that come piece by piece. For one thread at a time.
class Sha256 {
public:
    Sha256();

    void update(BytesView bytes);

    /// The digest of all that was given since the last finish; begins anew.
    [[nodiscard]] Digest finish();

private:
    MdCtxHandle context_;
};

}  // namespace tongbao::crypto
