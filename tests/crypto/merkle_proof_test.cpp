#include "crypto/merkle_proof.hpp"

#include "tests/crypto/numbered_log.hpp"
#include "tests/crypto/rfc6962.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <string>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace tongbao::crypto::test;
namespace rfc6962 = tongbao::crypto::test::rfc6962;

namespace {

const NodeReader kBroken = [](unsigned, std::uint64_t) -> Result<Digest> {
    return Errc::storage_failure;
};

}  // namespace

TEST_SUITE("inclusion proof") {
    TEST_CASE("every entry of every tree up to 40 has the path of RFC 6962 and it verifies") {
        const Log& log = log_of_forty();
        for (std::size_t size = 1; size <= kLargest; ++size) {
            for (std::size_t index = 0; index < size; ++index) {
                CAPTURE(size);
                CAPTURE(index);
                const auto proof =
                    inclusion_proof(LogIndex(index), TreeSize(size), log.reader(size));
                REQUIRE(proof.has_value());
                CHECK(*proof == rfc6962::path(index, log.first(size)));
                CHECK(tree_path(std::span(log.leaves).first(size), index) == *proof);
                CHECK(verify_inclusion(log.leaves[index], LogIndex(index), TreeSize(size), *proof,
                                       log.roots[size])
                          .has_value());
            }
        }
    }

    TEST_CASE("a proof changed in any way is refused") {
        const Log& log = log_of_forty();
        for (std::size_t size = 1; size <= kLargest; ++size) {
            for (std::size_t index = 0; index < size; ++index) {
                CAPTURE(size);
                CAPTURE(index);
                const std::vector<Digest> path = rfc6962::path(index, log.first(size));
                const Digest& leaf = log.leaves[index];
                const Digest& root = log.roots[size];
                const auto verify = [&](const Digest& claimed_leaf, std::size_t claimed_index,
                                        const std::vector<Digest>& claimed_path,
                                        const Digest& claimed_root) {
                    return verify_inclusion(claimed_leaf, LogIndex(claimed_index), TreeSize(size),
                                            claimed_path, claimed_root)
                        .error();
                };
                CHECK(verify(flipped(leaf), index, path, root) == Errc::proof_mismatch);
                CHECK(verify(leaf, index, path, flipped(root)) == Errc::proof_mismatch);
                for (std::size_t other = 0; other < size; ++other) {
                    if (other == index) continue;
                    CHECK(verify(leaf, other, path, root) == Errc::proof_mismatch);
                }
                for (std::size_t i = 0; i < path.size(); ++i) {
                    CHECK(verify(leaf, index, flipped_at(path, i), root) == Errc::proof_mismatch);
                }
                for (const std::vector<Digest>& wrong : wrong_lengths(path, leaf)) {
                    CHECK(verify(leaf, index, wrong, root) == Errc::proof_mismatch);
                }
                CHECK(verify(leaf, size, path, root) == Errc::not_in_tree);
            }
        }
    }

    TEST_CASE("a proof under another size of the log is refused") {
        const Log& log = log_of_forty();
        for (std::size_t size = 1; size <= kLargest; ++size) {
            for (std::size_t index = 0; index < size; ++index) {
                const std::vector<Digest> path = rfc6962::path(index, log.first(size));
                for (std::size_t other = index + 1; other <= kLargest; ++other) {
                    if (other == size) continue;
                    CHECK(verify_inclusion(log.leaves[index], LogIndex(index), TreeSize(other),
                                           path, log.roots[other])
                              .error() == Errc::proof_mismatch);
                }
            }
        }
    }

    TEST_CASE("an index at the size is outside the tree") {
        const Digest root = empty_root();
        CHECK(verify_inclusion(root, LogIndex(0), TreeSize(0), {}, root).error() ==
              Errc::not_in_tree);
        const NodeReader reader = log_of_forty().reader(kLargest);
        CHECK(inclusion_proof(LogIndex(5), TreeSize(5), reader).error() == Errc::not_in_tree);
        CHECK(inclusion_proof(LogIndex(0), TreeSize(0), reader).error() == Errc::not_in_tree);
    }

    TEST_CASE("the largest size needs 64 hashes and no more work than that") {
        constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
        const Digest leaf = leaf_hash({});
        // All perfect subtrees of equal leaves: the root of a level is the hash of two below it.
        std::vector<Digest> level_roots{leaf};
        for (unsigned level = 1; level < 64; ++level) {
            level_roots.push_back(node_hash(level_roots.back(), level_roots.back()));
        }
        const NodeReader reader = [&](unsigned level, std::uint64_t) -> Result<Digest> {
            return level_roots.at(level);
        };
        const auto range = read_compact_range(TreeSize(kMax), reader);
        REQUIRE(range.has_value());
        for (const std::uint64_t index : {std::uint64_t{0}, kMax / 2, kMax - 1}) {
            const auto proof = inclusion_proof(LogIndex(index), TreeSize(kMax), reader);
            REQUIRE(proof.has_value());
            CHECK(proof->size() <= 64);
            CHECK(verify_inclusion(leaf, LogIndex(index), TreeSize(kMax), *proof, range->root())
                      .has_value());
            const auto shared = range_proof(LogIndex(index), 1, TreeSize(kMax), reader);
            REQUIRE(shared.has_value());
            CHECK(verify_range(std::span(&leaf, 1), LogIndex(index), TreeSize(kMax), *shared,
                               range->root())
                      .has_value());
        }
        CHECK(range_proof(LogIndex(kMax - 1), 2, TreeSize(kMax), reader).error() ==
              Errc::not_in_tree);
    }

    TEST_CASE("what the reader can't read is not proven") {
        CHECK(inclusion_proof(LogIndex(1), TreeSize(5), kBroken).error() == Errc::storage_failure);
        CHECK(consistency_proof(TreeSize(3), TreeSize(5), kBroken).error() ==
              Errc::storage_failure);
        CHECK(range_proof(LogIndex(1), 2, TreeSize(5), kBroken).error() == Errc::storage_failure);
        CHECK(read_compact_range(TreeSize(5), kBroken).error() == Errc::storage_failure);
    }
}

TEST_SUITE("consistency proof") {
    TEST_CASE("all pairs of sizes up to 40 have the proof of RFC 6962 and it verifies") {
        const Log& log = log_of_forty();
        for (std::size_t now = 1; now <= kLargest; ++now) {
            for (std::size_t old = 1; old <= now; ++old) {
                CAPTURE(old);
                CAPTURE(now);
                const auto proof = consistency_proof(TreeSize(old), TreeSize(now), log.reader(now));
                REQUIRE(proof.has_value());
                CHECK(*proof == rfc6962::subproof(old, log.first(now), true));
                CHECK(verify_consistency(TreeSize(old), log.roots[old], TreeSize(now),
                                         log.roots[now], *proof)
                          .has_value());
            }
        }
    }

    TEST_CASE("a proof changed in any way is refused") {
        const Log& log = log_of_forty();
        for (std::size_t now = 1; now <= kLargest; ++now) {
            for (std::size_t old = 1; old <= now; ++old) {
                CAPTURE(old);
                CAPTURE(now);
                const std::vector<Digest> path = rfc6962::subproof(old, log.first(now), true);
                const auto verify = [&](std::size_t old_size, const Digest& old_root,
                                        const std::vector<Digest>& steps, const Digest& root) {
                    return verify_consistency(TreeSize(old_size), old_root, TreeSize(now), root,
                                              steps)
                        .error();
                };
                const Digest& before = log.roots[old];
                const Digest& after = log.roots[now];
                CHECK(verify(old, flipped(before), path, after) == Errc::proof_mismatch);
                CHECK(verify(old, before, path, flipped(after)) == Errc::proof_mismatch);
                for (std::size_t other = 0; other <= kLargest; ++other) {
                    if (other == old) continue;
                    // The empty path is a good proof from no entries and from all of them.
                    const bool good = path.empty() && (other == 0 || other == now);
                    CHECK(verify(other, log.roots[other], path, after) ==
                          (good ? boost::system::error_code()
                                : make_error_code(Errc::proof_mismatch)));
                }
                for (std::size_t i = 0; i < path.size(); ++i) {
                    CHECK(verify(old, before, flipped_at(path, i), after) == Errc::proof_mismatch);
                }
                for (const std::vector<Digest>& wrong : wrong_lengths(path, before)) {
                    CHECK(verify(old, before, wrong, after) == Errc::proof_mismatch);
                }
            }
        }
    }

    TEST_CASE("a log that changed one old entry has no proof") {
        const Log& log = log_of_forty();
        for (std::size_t old = 1; old < kLargest; ++old) {
            std::vector<std::string> forked = log.entries;
            forked[old - 1] += " changed";
            const Digest root = rfc6962::mth(forked);
            CHECK(verify_consistency(TreeSize(old), log.roots[old], TreeSize(kLargest), root,
                                     rfc6962::subproof(old, forked, true))
                      .error() == Errc::proof_mismatch);
        }
    }

    TEST_CASE("the empty tree is extended by any and has no proof") {
        const Log& log = log_of_forty();
        const Digest& root = log.roots[7];
        CHECK(consistency_proof(TreeSize(0), TreeSize(7), kBroken)->empty());
        CHECK(verify_consistency(TreeSize(0), empty_root(), TreeSize(7), root, {}).has_value());
        CHECK(verify_consistency(TreeSize(0), empty_root(), TreeSize(0), empty_root(), {})
                  .has_value());
        CHECK(verify_consistency(TreeSize(0), Digest(), TreeSize(7), root, {}).error() ==
              Errc::proof_mismatch);
        CHECK(verify_consistency(TreeSize(0), empty_root(), TreeSize(7), root, std::array{root})
                  .error() == Errc::proof_mismatch);
        CHECK(verify_consistency(TreeSize(0), empty_root(), TreeSize(0), root, {}).error() ==
              Errc::proof_mismatch);
    }

    TEST_CASE("a smaller tree does not extend a larger one") {
        const Log& log = log_of_forty();
        CHECK(consistency_proof(TreeSize(8), TreeSize(7), log.reader(8)).error() ==
              Errc::not_in_tree);
        CHECK(verify_consistency(TreeSize(8), log.roots[8], TreeSize(7), log.roots[7],
                                 rfc6962::subproof(7, log.first(8), true))
                  .error() == Errc::proof_mismatch);
    }
}
