#include "tests/crypto/log_vectors.hpp"

#include "crypto/signed_note.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace tongbao::crypto::test;

namespace {

constexpr std::array<std::size_t, 4> kSizes{0, 1, 5, 257};

Checkpoint read_checkpoint(std::size_t size) {
    return verify_checkpoint(read_vector_file(size, "checkpoint"), read_vector_keys().log_key)
        .value();
}

/// The entries of the log of `size` entries.
std::vector<Bytes> read_entries(std::size_t size) {
    std::string bundles;
    if (size / kTileWidth == 1) bundles = read_vector_file(size, "tile/entries/000");
    if (size % kTileWidth != 0) {
        bundles += read_vector_file(size, "tile/entries/00" + std::to_string(size / kTileWidth) +
                                              ".p/" + std::to_string(size % kTileWidth));
    }
    return split_bundle(bundles);
}

}  // namespace

TEST_SUITE("logs made by another implementation") {
    TEST_CASE("their checkpoints verify with the log key and three witnesses") {
        const VectorKeys keys = read_vector_keys();
        std::vector<VerifierKey> all{keys.log_key};
        for (const VectorWitness& witness : keys.witnesses) all.push_back(witness.key);
        for (const std::size_t size : kSizes) {
            CAPTURE(size);
            const std::string note = read_vector_file(size, "checkpoint");
            const auto verified = verify_note(note, all);
            REQUIRE(verified.has_value());
            REQUIRE(verified->signatures.size() == 4);
            CHECK(verified->signatures[0] == VerifiedSignature{0, std::nullopt});
            for (std::size_t i = 1; i < 4; ++i) {
                CHECK(verified->signatures[i] == VerifiedSignature{i, keys.cosignature_time});
            }
            const auto checkpoint = verify_checkpoint(note, keys.log_key);
            REQUIRE(checkpoint.has_value());
            CHECK(checkpoint->origin.value() == keys.origin);
            CHECK(checkpoint->size == TreeSize(size));
        }
    }

    TEST_CASE("signing them again gives the same notes byte for byte") {
        const VectorKeys keys = read_vector_keys();
        Result<Ed25519SigningKey> log_key = Ed25519SigningKey::from_seed(keys.log_seed);
        const auto log = NoteSigner::make(keys.origin, std::move(*log_key));
        REQUIRE(log.has_value());
        CHECK(log->verifier_key() == keys.log_key);
        for (const std::size_t size : kSizes) {
            CAPTURE(size);
            const std::string expected = read_vector_file(size, "checkpoint");
            const std::string text = format_checkpoint(read_checkpoint(size));
            std::string note = sign_checkpoint(read_checkpoint(size), *log).value();
            for (const VectorWitness& witness : keys.witnesses) {
                Result<Ed25519SigningKey> key = Ed25519SigningKey::from_seed(witness.seed);
                const auto made = Cosigner::make(witness.key.name(), std::move(*key));
                REQUIRE(made.has_value());
                CHECK(made->verifier_key().text() == witness.key.text());
                note += made->cosign(text, keys.cosignature_time);
            }
            CHECK(note == expected);
        }
    }

    TEST_CASE("the hashes of their entries are their tiles and lead to their roots") {
        for (const std::size_t size : kSizes) {
            CAPTURE(size);
            std::vector<Digest> hashes;
            CompactRange range;
            for (const Bytes& entry : read_entries(size)) {
                hashes.push_back(leaf_hash(entry));
                range.append(hashes.back());
            }
            REQUIRE(hashes.size() == size);
            CHECK(hashes == read_vector_leaf_hashes(size));
            const Digest root = read_checkpoint(size).root;
            CHECK(range.root() == root);
            CHECK(tree_root(hashes) == root);
            CHECK(read_compact_range(TreeSize(size), reader_of(hashes))->root() == root);
        }
    }

    TEST_CASE("the tile of level 1 holds the root of the full tile below") {
        const std::vector<Digest> upper = split_tile(read_vector_file(257, "tile/1/000.p/1"));
        CHECK(upper == std::vector{tile_root(split_tile(read_vector_file(257, "tile/0/000")))});
    }

    TEST_CASE("the larger logs extend the smaller ones") {
        const std::vector<Digest> hashes = read_vector_leaf_hashes(257);
        const NodeReader reader = reader_of(hashes);
        for (const std::size_t old : kSizes) {
            for (const std::size_t now : kSizes) {
                CAPTURE(old);
                CAPTURE(now);
                const Digest old_root = read_checkpoint(old).root;
                const Digest root = read_checkpoint(now).root;
                const auto proof = consistency_proof(TreeSize(old), TreeSize(now), reader);
                CHECK(proof.has_value() == (old <= now));
                if (!proof) continue;
                CHECK(verify_consistency(TreeSize(old), old_root, TreeSize(now), root, *proof)
                          .has_value());
            }
        }
    }

    TEST_CASE("a fork at entry 200 passes from 5 to 257 and is caught by one who holds 256") {
        std::vector<Digest> forked = read_vector_leaf_hashes(257);
        const NodeReader honest_reader = reader_of(forked);
        const Digest root_of_256 = tree_root(std::span(forked).first(256));
        const Digest root_of_257 = read_checkpoint(257).root;
        forked[200] = leaf_hash(as_bytes("forked"));
        const NodeReader reader = reader_of(forked);
        const Digest root = tree_root(forked);
        CHECK(verify_consistency(TreeSize(5), read_checkpoint(5).root, TreeSize(257), root,
                                 consistency_proof(TreeSize(5), TreeSize(257), reader).value())
                  .has_value());
        CHECK(verify_consistency(TreeSize(256), root_of_256, TreeSize(257), root,
                                 consistency_proof(TreeSize(256), TreeSize(257), reader).value())
                  .error() == Errc::proof_mismatch);
        CHECK(verify_consistency(TreeSize(257), root_of_257, TreeSize(257), root, {}).error() ==
              Errc::proof_mismatch);
    }

    TEST_CASE("every entry of the log of 257 is proven by its path and every batch by its range") {
        const std::vector<Digest> hashes = read_vector_leaf_hashes(257);
        const NodeReader reader = reader_of(hashes);
        const Digest root = read_checkpoint(257).root;
        for (std::size_t index = 0; index < 257; ++index) {
            const auto path = inclusion_proof(LogIndex(index), TreeSize(257), reader);
            REQUIRE(path.has_value());
            CHECK(verify_inclusion(hashes[index], LogIndex(index), TreeSize(257), *path, root)
                      .has_value());
        }
        for (const std::size_t count : {1u, 2u, 16u, 100u, 256u, 257u}) {
            for (std::size_t first = 0; first + count <= 257; first += 13) {
                const auto proof = range_proof(LogIndex(first), count, TreeSize(257), reader);
                REQUIRE(proof.has_value());
                CHECK(verify_range(std::span(hashes).subspan(first, count), LogIndex(first),
                                   TreeSize(257), *proof, root)
                          .has_value());
            }
        }
    }
}
