#pragma once

#include "crypto/merkle_proof.hpp"
#include "crypto/verifier_key.hpp"
#include "domain/bytes.hpp"
#include "domain/digest.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::crypto::test {

/// A witness of the vectors in tests/data/tlog.
struct VectorWitness {
    Bytes seed;
    VerifierKey key;
};

/// The keys of the vectors in tests/data/tlog.
struct VectorKeys {
    std::string origin;
    Bytes log_seed;
    std::string log_private_key;
    VerifierKey log_key;
    std::vector<VectorWitness> witnesses;
    std::chrono::sys_seconds cosignature_time;
};

[[nodiscard]] VectorKeys read_vector_keys();

/// A file of the log of `size` entries, such as "checkpoint" or "tile/0/000".
[[nodiscard]] std::string read_vector_file(std::size_t size, std::string_view name);

/// The entries of a bundle, each after its length in two bytes.
[[nodiscard]] std::vector<Bytes> split_bundle(std::string_view bundle);

/// The hashes of a tile, one after the other.
[[nodiscard]] std::vector<Digest> split_tile(std::string_view tile);

/// The level 0 tiles of the log of `size` entries, joined.
[[nodiscard]] std::vector<Digest> read_vector_leaf_hashes(std::size_t size);

/// Reads nodes out of `leaf_hashes`, which must outlive it; fails for any that is not inside.
[[nodiscard]] NodeReader reader_of(const std::vector<Digest>& leaf_hashes);

}  // namespace tongbao::crypto::test
