#pragma once

#include "domain/digest.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// RFC 6962 section 2.1 word for word, to compare with: recursive, on whole entries, with OpenSSL's
/// one-shot SHA256 and nothing of crypto/. The letters are the RFC's.
namespace tongbao::crypto::test::rfc6962 {

using Entries = std::span<const std::string>;
using Path = std::vector<Digest>;

/// MTH(D[n]): the root.
[[nodiscard]] Digest mth(Entries d);

/// PATH(m, D[n]): the audit path of entry m.
[[nodiscard]] Path path(std::size_t m, Entries d);

/// SUBPROOF(m, D[n], b); PROOF(m, D[n]) is SUBPROOF(m, D[n], true).
[[nodiscard]] Path subproof(std::size_t m, Entries d, bool b);

/// Not of the RFC: the roots of the largest subtrees without an entry in [first, last), from left
/// to right, where `d` are the entries from `begin`.
[[nodiscard]] Path outside(std::size_t first, std::size_t last, std::size_t begin, Entries d);

}  // namespace tongbao::crypto::test::rfc6962
