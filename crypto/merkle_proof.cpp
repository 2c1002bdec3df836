#include "crypto/merkle_proof.hpp"

#include <algorithm>
#include <bit>
#include <optional>

namespace tongbao::crypto {
namespace {

/// The entries [begin, end).
struct Interval {
    std::uint64_t begin;
    std::uint64_t end;

    [[nodiscard]] std::uint64_t size() const { return end - begin; }
    [[nodiscard]] bool covers(const Interval& other) const {
        return begin <= other.begin && other.end <= end;
    }
    [[nodiscard]] bool disjoint(const Interval& other) const {
        return other.end <= begin || end <= other.begin;
    }
    /// Where a subtree of at least two entries splits: its left part is the largest power of two
    /// below its size (RFC 9162 section 2.1.1).
    [[nodiscard]] std::uint64_t middle() const { return begin + std::bit_floor(size() - 1); }
    [[nodiscard]] Interval left() const { return {begin, middle()}; }
    [[nodiscard]] Interval right() const { return {middle(), end}; }
};

bool range_in_tree(LogIndex first, std::uint64_t count, TreeSize size) {
    return count > 0 && contains(size, first) && count <= size.value() - first.value();
}

/// The right edge of `subtree`, one of those into which a tree splits: the perfect subtrees that it
/// consists of, largest first.
Result<CompactRange> read_edge(const Interval& subtree, const NodeReader& reader) {
    std::vector<Digest> edge;
    for (std::uint64_t begin = subtree.begin; begin < subtree.end;) {
        const auto level = static_cast<unsigned>(std::bit_width(subtree.end - begin) - 1);
        const Result<Digest> node = reader(level, begin >> level);
        if (!node) return node.error();
        edge.push_back(*node);
        begin += std::uint64_t{1} << level;
    }
    return CompactRange::from_edge(TreeSize(subtree.size()), std::move(edge));
}

Result<Digest> read_root(const Interval& subtree, const NodeReader& reader) {
    const Result<CompactRange> edge = read_edge(subtree, reader);
    if (!edge) return edge.error();
    return edge->root();
}

/// Reads the roots of `subtrees`, in the opposite order.
Result<std::vector<Digest>> read_roots_upward(std::span<const Interval> subtrees,
                                              const NodeReader& reader) {
    std::vector<Digest> roots;
    for (std::size_t i = subtrees.size(); i > 0; --i) {
        const Result<Digest> root = read_root(subtrees[i - 1], reader);
        if (!root) return root.error();
        roots.push_back(*root);
    }
    return roots;
}

/// Appends the largest parts of `subtree` that have nothing of `range`, from left to right.
void add_outside(const Interval& subtree, const Interval& range, std::vector<Interval>& outside) {
    if (range.covers(subtree)) return;
    if (range.disjoint(subtree)) {
        outside.push_back(subtree);
        return;
    }
    add_outside(subtree.left(), range, outside);
    add_outside(subtree.right(), range, outside);
}

/// Recomputes the root from the leaves of a range and the hashes around it.
class RangeRoot {
public:
    RangeRoot(std::span<const Digest> leaves, const Interval& range, std::span<const Digest> proof)
        : leaves_(leaves), range_(range), proof_(proof) {}

    /// The root of `subtree`; none if the proof is too short. As deep as the tree is high.
    std::optional<Digest> root_of(const Interval& subtree) {
        if (range_.disjoint(subtree)) return take();
        if (range_.covers(subtree)) {
            return tree_root(leaves_.subspan(subtree.begin - range_.begin, subtree.size()));
        }
        const std::optional<Digest> left = root_of(subtree.left());
        const std::optional<Digest> right = root_of(subtree.right());
        if (!left || !right) return std::nullopt;
        return node_hash(*left, *right);
    }

    [[nodiscard]] bool used_all() const { return proof_.empty(); }

private:
    std::optional<Digest> take() {
        if (proof_.empty()) return std::nullopt;
        const Digest next = proof_.front();
        proof_ = proof_.subspan(1);
        return next;
    }

    std::span<const Digest> leaves_;
    Interval range_;
    std::span<const Digest> proof_;
};

constexpr bool is_odd(std::uint64_t number) {
    return (number & 1) != 0;
}

/// The two numbers by which RFC 9162 walks up: `fn` and `sn` there, the positions of the node on
/// the path and of the last node, at the current level.
struct Climb {
    std::uint64_t node;
    std::uint64_t last;

    void up() {
        node >>= 1;
        last >>= 1;
    }
    /// "until either LSB(fn) is set or fn is 0": over the levels where the node has no sibling.
    void skip_lonely_levels() {
        while (!is_odd(node) && node != 0) up();
    }
};

}  // namespace

Result<void> verify_inclusion(const Digest& leaf, LogIndex index, TreeSize size,
                              std::span<const Digest> path, const Digest& root) {
    if (!contains(size, index)) return Errc::not_in_tree;
    Climb climb{index.value(), size.value() - 1};
    Digest hash = leaf;
    for (const Digest& step : path) {
        if (climb.last == 0) return Errc::proof_mismatch;
        if (is_odd(climb.node) || climb.node == climb.last) {
            hash = node_hash(step, hash);
            climb.skip_lonely_levels();
        } else {
            hash = node_hash(hash, step);
        }
        climb.up();
    }
    if (climb.last != 0 || hash != root) return Errc::proof_mismatch;
    return {};
}

Result<void> verify_consistency(TreeSize old, const Digest& old_root, TreeSize now,
                                const Digest& root, std::span<const Digest> path) {
    if (old > now) return Errc::proof_mismatch;
    if (old.value() == 0 && old_root != empty_root()) return Errc::proof_mismatch;
    if (old == now && old_root != root) return Errc::proof_mismatch;
    if (old.value() == 0 || old == now) {
        if (!path.empty()) return Errc::proof_mismatch;
        return {};
    }
    Climb climb{old.value() - 1, now.value() - 1};
    while (is_odd(climb.node)) climb.up();
    // "If first is an exact power of 2, then prepend first_hash to the consistency_path array."
    Digest start = old_root;
    if (!std::has_single_bit(old.value())) {
        if (path.empty()) return Errc::proof_mismatch;
        start = path.front();
        path = path.subspan(1);
    }
    Digest old_hash = start;
    Digest hash = start;
    for (const Digest& step : path) {
        if (climb.last == 0) return Errc::proof_mismatch;
        if (is_odd(climb.node) || climb.node == climb.last) {
            old_hash = node_hash(step, old_hash);
            hash = node_hash(step, hash);
            climb.skip_lonely_levels();
        } else {
            hash = node_hash(hash, step);
        }
        climb.up();
    }
    if (climb.last != 0 || old_hash != old_root || hash != root) return Errc::proof_mismatch;
    return {};
}

Result<void> verify_range(std::span<const Digest> leaves, LogIndex first, TreeSize size,
                          std::span<const Digest> proof, const Digest& root) {
    if (!range_in_tree(first, leaves.size(), size)) return Errc::not_in_tree;
    RangeRoot range(leaves, {first.value(), first.value() + leaves.size()}, proof);
    const std::optional<Digest> computed = range.root_of({0, size.value()});
    if (!computed || !range.used_all() || *computed != root) return Errc::proof_mismatch;
    return {};
}

Result<std::vector<Digest>> inclusion_proof(LogIndex index, TreeSize size,
                                            const NodeReader& reader) {
    if (!contains(size, index)) return Errc::not_in_tree;
    Interval subtree{0, size.value()};
    std::vector<Interval> siblings;
    while (subtree.size() > 1) {
        const bool go_left = index.value() < subtree.middle();
        siblings.push_back(go_left ? subtree.right() : subtree.left());
        subtree = go_left ? subtree.left() : subtree.right();
    }
    return read_roots_upward(siblings, reader);
}

Result<std::vector<Digest>> consistency_proof(TreeSize old, TreeSize now,
                                              const NodeReader& reader) {
    if (old > now) return Errc::not_in_tree;
    if (old.value() == 0 || old == now) return std::vector<Digest>();
    Interval subtree{0, now.value()};
    std::vector<Interval> parts;
    // SUBPROOF of RFC 9162 section 2.1.4.1, from the root down, until the old tree ends where the
    // subtree does.
    while (subtree.end != old.value()) {
        const bool go_left = old.value() <= subtree.middle();
        parts.push_back(go_left ? subtree.right() : subtree.left());
        subtree = go_left ? subtree.left() : subtree.right();
    }
    // The subtree that is the whole old tree is known to the verifier: its root is the old root.
    if (subtree.begin != 0) parts.push_back(subtree);
    return read_roots_upward(parts, reader);
}

Result<std::vector<Digest>> range_proof(LogIndex first, std::uint64_t count, TreeSize size,
                                        const NodeReader& reader) {
    if (!range_in_tree(first, count, size)) return Errc::not_in_tree;
    std::vector<Interval> outside;
    add_outside({0, size.value()}, {first.value(), first.value() + count}, outside);
    std::vector<Digest> proof;
    for (const Interval& subtree : outside) {
        const Result<Digest> root = read_root(subtree, reader);
        if (!root) return root.error();
        proof.push_back(*root);
    }
    return proof;
}

Result<CompactRange> read_compact_range(TreeSize size, const NodeReader& reader) {
    return read_edge({0, size.value()}, reader);
}

}  // namespace tongbao::crypto
