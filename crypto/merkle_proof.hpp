#pragma once

#include "crypto/merkle_tree.hpp"
#include "domain/digest.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace tongbao::crypto {

/// Gives the root of the perfect subtree over the entries [index * 2^level, (index + 1) * 2^level);
/// level 0 are the leaf hashes. Only subtrees that lie wholly inside the tree are asked for. Its
/// error becomes the error of the function that asked.
using NodeReader = std::function<Result<Digest>(unsigned level, std::uint64_t index)>;

/// Checks that the entry hashed to `leaf` stands at `index` in the tree of `size` entries whose
/// root is `root`.
///
/// `path` is ordered from the leaf's sibling up to the child of the root; its length is at most
/// ceil(log2(size)), so 64 digests suffice for any log.
///
/// Errors: Errc::not_in_tree if `index >= size`; Errc::proof_mismatch if the path is too short,
/// too long or leads elsewhere. Costs one SHA-256 a step.
///
/// Source: RFC 9162 section 2.1.3.2, "Verifying an Inclusion Proof".
[[nodiscard]] Result<void> verify_inclusion(const Digest& leaf, LogIndex index, TreeSize size,
                                            std::span<const Digest> path, const Digest& root);

/// Checks that the tree of `now` entries with `root` begins with the `old` entries whose root is
/// `old_root`: that nothing was changed, removed or put in between.
///
/// Equal sizes need equal roots and an empty path. From size 0 only the empty path and the empty
/// tree's root are accepted; any tree extends the empty one.
///
/// Errors: Errc::proof_mismatch, also if `old > now`. Costs two SHA-256 a step.
///
/// Source: RFC 9162 section 2.1.4.2, "Verifying Consistency between Two Tree Heads".
[[nodiscard]] Result<void> verify_consistency(TreeSize old, const Digest& old_root, TreeSize now,
                                              const Digest& root, std::span<const Digest> path);

/// Checks that `leaves` are the hashes of the consecutive entries `first`, `first + 1`, … in the
/// tree of `size` entries whose root is `root`: one proof for a whole batch.
///
/// The tree splits, as RFC 9162 section 2.1.1 has it, into subtrees. `proof` holds the roots of the
/// largest subtrees that have no entry of the range, ordered by the entries they cover, from left
/// to right: first those left of the range, then those right of it. (Only the last can cover a
/// number of entries that is not a power of two.) A range that is the whole tree has no proof
/// hashes; a range of one entry has exactly the hashes of its inclusion path, in this other order.
///
///     size 7, range 2..4               root
///                                    /      \.
///                                  .          .
///                                /   \      /   \.
///                               a     .    .     c
///                              0 1   2 3  4 b    6        proof = { a, b, c }
///
/// Errors: Errc::not_in_tree if `leaves` is empty or reaches beyond the tree; Errc::proof_mismatch
/// if the proof is too short, too long or leads elsewhere. One SHA-256 for each leaf and each hash.
[[nodiscard]] Result<void> verify_range(std::span<const Digest> leaves, LogIndex first,
                                        TreeSize size, std::span<const Digest> proof,
                                        const Digest& root);

/// Makes what verify_inclusion checks.
///
/// Errors: Errc::not_in_tree if `index >= size`; what `reader` answers. At most 64 hashes of
/// perfect subtrees are read for the right edge, and one for each step of the path.
///
/// Source: RFC 9162 section 2.1.3.1.
[[nodiscard]] Result<std::vector<Digest>> inclusion_proof(LogIndex index, TreeSize size,
                                                          const NodeReader& reader);

/// Makes what verify_consistency checks: empty if `old` is 0 or equal to `now`.
///
/// Errors: Errc::not_in_tree if `old > now`; what `reader` answers.
///
/// Source: RFC 9162 section 2.1.4.1.
[[nodiscard]] Result<std::vector<Digest>> consistency_proof(TreeSize old, TreeSize now,
                                                            const NodeReader& reader);

/// Makes what verify_range checks, for `count` entries from `first`.
///
/// Errors: Errc::not_in_tree if `count` is 0 or the range reaches beyond `size`; what `reader`
/// answers.
[[nodiscard]] Result<std::vector<Digest>> range_proof(LogIndex first, std::uint64_t count,
                                                      TreeSize size, const NodeReader& reader);

/// The right edge of the tree as it was, or is, at `size`: to append, or for that size's root.
///
/// Errors: what `reader` answers. Reads one hash for each one bit of `size`.
[[nodiscard]] Result<CompactRange> read_compact_range(TreeSize size, const NodeReader& reader);

}  // namespace tongbao::crypto
