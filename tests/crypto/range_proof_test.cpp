#include "crypto/merkle_proof.hpp"
#include "tests/crypto/log_vectors.hpp"
#include "tests/crypto/numbered_log.hpp"
#include "tests/crypto/rfc6962.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

using namespace tongbao;
using namespace tongbao::crypto;
using namespace tongbao::crypto::test;
namespace rfc6962 = tongbao::crypto::test::rfc6962;

TEST_SUITE("range proof") {
    TEST_CASE("every range of every tree up to 40 has one shared proof and it verifies") {
        const Log& log = log_of_forty();
        for (std::size_t size = 1; size <= kLargest; ++size) {
            const NodeReader reader = reader_of(log.leaves);
            for (std::size_t first = 0; first < size; ++first) {
                for (std::size_t count = 1; count <= size - first; ++count) {
                    const auto proof = range_proof(LogIndex(first), count, TreeSize(size), reader);
                    REQUIRE(proof.has_value());
                    const auto expected =
                        rfc6962::outside(first, first + count, 0, log.first(size));
                    const bool same = *proof == expected;
                    const auto verified =
                        verify_range(std::span(log.leaves).subspan(first, count), LogIndex(first),
                                     TreeSize(size), *proof, log.roots[size]);
                    // Captured only when needed: there are 11,480 ranges.
                    if (same && verified) continue;
                    CAPTURE(size);
                    CAPTURE(first);
                    CAPTURE(count);
                    CHECK(same);
                    CHECK(verified.has_value());
                }
            }
        }
    }

    TEST_CASE("a range proof changed in any way is refused") {
        const Log& log = log_of_forty();
        const NodeReader reader = reader_of(log.leaves);
        for (const std::size_t size : {1u, 2u, 3u, 7u, 8u, 13u, 21u, 40u}) {
            for (std::size_t first = 0; first < size; ++first) {
                for (std::size_t count = 1; count <= size - first; ++count) {
                    CAPTURE(size);
                    CAPTURE(first);
                    CAPTURE(count);
                    const std::vector<Digest> proof =
                        range_proof(LogIndex(first), count, TreeSize(size), reader).value();
                    const auto part = std::span(log.leaves).subspan(first, count);
                    const std::vector<Digest> leaves(part.begin(), part.end());
                    const auto verify =
                        [&](const std::vector<Digest>& claimed_leaves, std::size_t claimed_first,
                            const std::vector<Digest>& claimed_proof, const Digest& root) {
                            return verify_range(claimed_leaves, LogIndex(claimed_first),
                                                TreeSize(size), claimed_proof, root)
                                .has_value();
                        };
                    const Digest& root = log.roots[size];
                    bool passed = verify(leaves, first, proof, flipped(root));
                    for (std::size_t i = 0; i < count; ++i) {
                        passed = passed || verify(flipped_at(leaves, i), first, proof, root);
                    }
                    for (std::size_t i = 0; i < proof.size(); ++i) {
                        passed = passed || verify(leaves, first, flipped_at(proof, i), root);
                    }
                    for (std::size_t other = 0; other <= size; ++other) {
                        if (other != first) passed = passed || verify(leaves, other, proof, root);
                    }
                    for (const auto& wrong : wrong_lengths(proof, leaves.front())) {
                        passed = passed || verify(leaves, first, wrong, root);
                    }
                    for (const auto& wrong : wrong_lengths(leaves, leaves.front())) {
                        passed = passed || verify(wrong, first, proof, root);
                    }
                    CHECK_FALSE(passed);
                }
            }
        }
    }

    TEST_CASE("a range proof under another size of the log is refused") {
        const Log& log = log_of_forty();
        const NodeReader reader = reader_of(log.leaves);
        for (std::size_t size = 6; size <= kLargest; ++size) {
            const auto proof = range_proof(LogIndex(2), 3, TreeSize(size), reader);
            for (std::size_t other = 5; other <= kLargest; ++other) {
                const bool passed = verify_range(std::span(log.leaves).subspan(2, 3), LogIndex(2),
                                                 TreeSize(other), *proof, log.roots[other])
                                        .has_value();
                CHECK(passed == (other == size));
            }
        }
    }

    TEST_CASE("a range of one has the hashes of the inclusion path in the order of the entries") {
        const Log& log = log_of_forty();
        const NodeReader reader = reader_of(log.leaves);
        for (std::size_t index = 0; index < 37; ++index) {
            auto shared = range_proof(LogIndex(index), 1, TreeSize(37), reader).value();
            auto path = inclusion_proof(LogIndex(index), TreeSize(37), reader).value();
            std::sort(shared.begin(), shared.end());
            std::sort(path.begin(), path.end());
            CHECK(shared == path);
        }
    }

    TEST_CASE("an empty range and one beyond the tree are outside") {
        const Log& log = log_of_forty();
        const NodeReader reader = reader_of(log.leaves);
        const auto refused = [&](std::uint64_t first, std::uint64_t count) {
            return range_proof(LogIndex(first), count, TreeSize(7), reader).error();
        };
        CHECK(refused(0, 0) == Errc::not_in_tree);
        CHECK(refused(7, 0) == Errc::not_in_tree);
        CHECK(refused(7, 1) == Errc::not_in_tree);
        CHECK(refused(6, 2) == Errc::not_in_tree);
        CHECK(refused(1, std::numeric_limits<std::uint64_t>::max()) == Errc::not_in_tree);
        CHECK(verify_range({}, LogIndex(0), TreeSize(7), {}, log.roots[7]).error() ==
              Errc::not_in_tree);
        CHECK(
            verify_range(std::span(log.leaves).first(8), LogIndex(0), TreeSize(7), {}, log.roots[7])
                .error() == Errc::not_in_tree);
    }
}
