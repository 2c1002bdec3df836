#include "tests/crypto/rfc6962.hpp"

#include <openssl/sha.h>

namespace tongbao::crypto::test::rfc6962 {
namespace {

Digest hash(const std::string& input) {
    Digest::Array digest{};
    SHA256(as_bytes(input).data(), input.size(), digest.data());
    return Digest(digest);
}

Digest parent(const Digest& left, const Digest& right) {
    return hash('\x01' + std::string(as_text(left.bytes())) + std::string(as_text(right.bytes())));
}

/// "the largest power of two smaller than n (i.e., k < n <= 2k)"
std::size_t split(std::size_t n) {
    std::size_t k = 1;
    while (2 * k < n) k *= 2;
    return k;
}

}  // namespace

Digest mth(Entries d) {
    if (d.empty()) return hash("");
    if (d.size() == 1) return hash('\0' + d[0]);
    const std::size_t k = split(d.size());
    return parent(mth(d.first(k)), mth(d.subspan(k)));
}

Path path(std::size_t m, Entries d) {
    if (d.size() == 1) return {};
    const std::size_t k = split(d.size());
    Path result = m < k ? path(m, d.first(k)) : path(m - k, d.subspan(k));
    result.push_back(m < k ? mth(d.subspan(k)) : mth(d.first(k)));
    return result;
}

Path subproof(std::size_t m, Entries d, bool b) {
    if (m == d.size()) return b ? Path{} : Path{mth(d)};
    const std::size_t k = split(d.size());
    Path result = m <= k ? subproof(m, d.first(k), b) : subproof(m - k, d.subspan(k), false);
    result.push_back(m <= k ? mth(d.subspan(k)) : mth(d.first(k)));
    return result;
}

Path outside(std::size_t first, std::size_t last, std::size_t begin, Entries d) {
    const std::size_t end = begin + d.size();
    if (last <= begin || end <= first) return {mth(d)};
    if (first <= begin && end <= last) return {};
    const std::size_t k = split(d.size());
    Path result = outside(first, last, begin, d.first(k));
    const Path right = outside(first, last, begin + k, d.subspan(k));
    result.insert(result.end(), right.begin(), right.end());
    return result;
}

}  // namespace tongbao::crypto::test::rfc6962
