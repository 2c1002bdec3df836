#include "client/auditor/tree_check.hpp"

#include "client/auditor/hub_answers.hpp"
#include "protocol/tile_path.hpp"

#include <algorithm>

namespace tongbao::client {
namespace {

using protocol::kTileWidth;

/// How many entries one hash at `level` covers.
std::uint64_t covered(std::uint8_t level) {
    return std::uint64_t{1} << (8U * level);
}

std::vector<Digest> level_above(std::span<const Digest> nodes) {
    std::vector<Digest> above;
    for (; nodes.size() >= kTileWidth; nodes = nodes.subspan(kTileWidth)) {
        above.push_back(crypto::tile_root(nodes.first(kTileWidth)));
    }
    return above;
}

}  // namespace

TreeCheck::TreeCheck(const Checkpoint& checkpoint, const std::vector<Checkpoint>& known)
    : checkpoint_(checkpoint), known_(known) {}

void TreeCheck::add(std::span<const Digest> leaf_hashes,
                    const std::optional<std::vector<Digest>>& published, Findings& findings) {
    const LogIndex first = next_index(entries_.size());
    if (first.value() == 0) check_known(findings);
    for (std::size_t i = 0; i < leaf_hashes.size(); ++i) {
        entries_.append(leaf_hashes[i]);
        check_known(findings);
        const bool there = published && i < published->size();
        tiles_.append(there ? (*published)[i] : leaf_hashes[i]);
        const bool differs = published && (!there || (*published)[i] != leaf_hashes[i]);
        if (!differs || differences_.size() == Findings::kMaxFindings) continue;
        differences_.push_back({advanced(first, i), advanced(first, i)});
    }
    if (leaf_hashes.size() == kTileWidth) nodes_.push_back(crypto::tile_root(leaf_hashes));
    if (published || leaf_hashes.empty()) return;
    findings.add_range(Errc::tile_mismatch, first, advanced(first, leaf_hashes.size() - 1),
                       "the tile of level 0 for these entries can't be had");
}

void TreeCheck::check_known(Findings& findings) {
    for (const Checkpoint& known : known_) {
        if (known.size != entries_.size()) continue;
        if (known.root == entries_.root()) {
            ++extended_;
            continue;
        }
        findings.add(Errc::log_forked, "the first " + std::to_string(known.size.value()) +
                                           " entries are not those under a head that was known");
    }
}

std::optional<TreeSize> TreeCheck::extended() const {
    if (known_.empty() || extended_ < known_.size() || !root_fits_) return std::nullopt;
    TreeSize size = known_.front().size;
    for (const Checkpoint& known : known_) size = std::max(size, known.size);
    return size;
}

bool TreeCheck::named_before(LogIndex first, LogIndex last) const {
    return std::any_of(differences_.begin(), differences_.end(), [&](const Difference& each) {
        return first <= each.first && each.last <= last;
    });
}

void TreeCheck::compare_tile(std::uint8_t level, std::uint64_t first, std::span<const Digest> nodes,
                             std::span<const Digest> published, Findings& findings) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (i < published.size() && published[i] == nodes[i]) continue;
        const LogIndex begin((first + i) * covered(level));
        const LogIndex end(begin.value() + covered(level) - 1);
        // What a lower tile has named shows in those above it, too.
        if (!root_fits_ && named_before(begin, end)) continue;
        const std::string tile = "the tile of level " + std::to_string(level);
        if (root_fits_) {
            findings.add_range(Errc::tile_mismatch, begin, end,
                               tile + " has another hash for these entries, which are right");
        } else {
            findings.add_range(
                Errc::entry_mismatch, begin, end,
                tile + " has another hash for these entries: one of them was changed");
        }
        if (differences_.size() < Findings::kMaxFindings) differences_.push_back({begin, end});
    }
}

Result<void> TreeCheck::compare_level(LogSource& source, std::uint8_t level,
                                      std::span<const Digest> nodes, Findings& findings) {
    for (std::uint64_t number = 0; number * kTileWidth < nodes.size(); ++number) {
        const std::uint64_t first = number * kTileWidth;
        const std::span<const Digest> own =
            nodes.subspan(first, std::min<std::size_t>(kTileWidth, nodes.size() - first));
        const Result<Bytes> bytes =
            source.tile(level, number, static_cast<std::uint16_t>(own.size()));
        if (!bytes && !answer_lacking(to_errc(bytes.error()))) return bytes.error();
        const Result<std::vector<Digest>> published =
            bytes ? split_tile(*bytes) : Result<std::vector<Digest>>(bytes.error());
        if (published) {
            compare_tile(level, first, own, *published, findings);
        } else {
            findings.add_range(
                Errc::tile_mismatch, LogIndex(first * covered(level)),
                LogIndex((first + own.size()) * covered(level) - 1),
                "the tile of level " + std::to_string(level) + " for these entries can't be had");
        }
    }
    return {};
}

void TreeCheck::say_differences(bool tiles_fit, Findings& findings) const {
    for (const Difference& each : differences_) {
        if (root_fits_) {
            findings.add(Errc::tile_mismatch, each.first,
                         "the entry is right, but its tile has another hash for it, or none");
        } else if (tiles_fit) {
            findings.add(Errc::entry_mismatch, each.first,
                         "the entry was changed: the hash that its tile has for it leads to the "
                         "root that the log signed, its own does not");
        } else {
            findings.add(Errc::entry_mismatch, each.first,
                         "the entry does not have the hash that its tile has for it");
        }
    }
}

void TreeCheck::give_up(Findings& findings) const {
    say_differences(false, findings);
}

Result<void> TreeCheck::finish(LogSource& source, Findings& findings) {
    if (checkpoint_.size.value() == 0) check_known(findings);
    root_fits_ = entries_.root() == checkpoint_.root;
    const bool tiles_fit = tiles_.root() == checkpoint_.root;
    say_differences(tiles_fit, findings);
    std::vector<Digest> nodes = nodes_;
    for (std::uint8_t level = 1; !nodes.empty(); ++level) {
        const Result<void> compared = compare_level(source, level, nodes, findings);
        if (!compared) return compared.error();
        nodes = level_above(nodes);
    }
    // With the hashes of the tiles the root comes out: the entries named are all that is wrong.
    if (root_fits_ || tiles_fit) return {};
    constexpr auto kWords = "the root over all entries is not the one that the log signed";
    if (checkpoint_.size.value() == 0) {
        findings.add(Errc::proof_mismatch, kWords);
    } else {
        findings.add_range(Errc::proof_mismatch, LogIndex(0),
                           LogIndex(checkpoint_.size.value() - 1), kWords);
    }
    return {};
}

}  // namespace tongbao::client
