#pragma once

#include "crypto/merkle_proof.hpp"
#include "tests/crypto/rfc6962.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace tongbao::crypto::test {

inline constexpr std::size_t kLargest = 40;

/// Entries, their hashes and the root of each size up to kLargest.
struct Log {
    Log() {
        for (std::size_t i = 0; i < kLargest; ++i) {
            entries.push_back("entry " + std::to_string(i));
            leaves.push_back(leaf_hash(as_bytes(entries.back())));
        }
        for (std::size_t size = 0; size <= kLargest; ++size) {
            roots.push_back(rfc6962::mth(std::span(entries).first(size)));
        }
    }

    [[nodiscard]] rfc6962::Entries first(std::size_t size) const {
        return std::span(entries).first(size);
    }
    /// Reads nodes of the tree of `size` entries, and of no larger one.
    [[nodiscard]] NodeReader reader(std::size_t size) const {
        return [this, size](unsigned level, std::uint64_t index) -> Result<Digest> {
            const std::size_t width = std::size_t{1} << level;
            if ((index + 1) * width > size) return Errc::not_found;
            return rfc6962::mth(std::span(entries).subspan(index * width, width));
        };
    }

    std::vector<std::string> entries;
    std::vector<Digest> leaves;
    std::vector<Digest> roots;
};

[[nodiscard]] inline const Log& log_of_forty() {
    static const Log log;
    return log;
}

/// `digest` with one bit flipped.
[[nodiscard]] inline Digest flipped(const Digest& digest) {
    Digest::Array bytes = digest.array();
    bytes[17] ^= 0x10;
    return Digest(bytes);
}

[[nodiscard]] inline std::vector<Digest> flipped_at(std::vector<Digest> path, std::size_t place) {
    path[place] = flipped(path[place]);
    return path;
}

/// Every path that has one hash more or fewer than `path`, in any place.
[[nodiscard]] inline std::vector<std::vector<Digest>> wrong_lengths(const std::vector<Digest>& path,
                                                                    const Digest& extra) {
    std::vector<std::vector<Digest>> all;
    for (std::size_t i = 0; i < path.size(); ++i) {
        all.push_back(path);
        all.back().erase(all.back().begin() + static_cast<std::ptrdiff_t>(i));
    }
    for (std::size_t i = 0; i <= path.size(); ++i) {
        all.push_back(path);
        all.back().insert(all.back().begin() + static_cast<std::ptrdiff_t>(i), extra);
    }
    return all;
}

}  // namespace tongbao::crypto::test
