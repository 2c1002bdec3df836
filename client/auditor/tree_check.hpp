#pragma once

#include "client/auditor/audit_report.hpp"
#include "client/auditor/log_source.hpp"
#include "crypto/merkle_tree.hpp"
#include "domain/checkpoint.hpp"
#include "domain/digest.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tongbao::client {

/// Builds the log's tree anew from the hashes of its entries, 256 at a time, and compares it with
/// what was published: the tiles, an earlier heads, the checkpoint. The tiles are used only to say
/// where a fault lies; what decides is the root.
///
/// Keeps one hash for 256 entries.
class TreeCheck {
public:
    /// `checkpoint` was verified; those `known`, of earlier times, too. Both outlive this.
    TreeCheck(const Checkpoint& checkpoint, const std::vector<Checkpoint>& known);

    /// Takes the hashes of the next entries, all of a tile or the last ones, and those that the
    /// hub's tile has for them: fewer if it is too short, none if it can't be had.
    void add(std::span<const Digest> leaf_hashes,
             const std::optional<std::vector<Digest>>& published, Findings& findings);

    /// When all entries were added: compares the tiles above and the root.
    ///
    /// Errors: those of LogSource::tile which are not answer_lacking().
    [[nodiscard]] Result<void> finish(LogSource& source, Findings& findings);

    /// When the rest of the entries can't be had: says which of those added were not the ones of
    /// their tiles.
    void give_up(Findings& findings) const;

    [[nodiscard]] TreeSize size() const noexcept { return entries_.size(); }

    /// After finish: the size of the largest known head, if there is one and the log extends them
    /// all and is the one that was signed.
    [[nodiscard]] std::optional<TreeSize> extended() const;

private:
    void check_known(Findings& findings);
    void say_differences(bool tiles_fit, Findings& findings) const;
    [[nodiscard]] Result<void> compare_level(LogSource& source, std::uint8_t level,
                                             std::span<const Digest> nodes, Findings& findings);
    void compare_tile(std::uint8_t level, std::uint64_t first, std::span<const Digest> nodes,
                      std::span<const Digest> published, Findings& findings);
    [[nodiscard]] bool named_before(LogIndex first, LogIndex last) const;

    const Checkpoint& checkpoint_;
    const std::vector<Checkpoint>& known_;
    /// Over the hashes of the entries as they came, and over those that the tiles have for them.
    crypto::CompactRange entries_;
    crypto::CompactRange tiles_;
    /// Roots of the full tiles of level 0: level 1.
    std::vector<Digest> nodes_;
    /// Where the tiles differ from the entries, first to last.
    struct Difference {
        LogIndex first;
        LogIndex last;
    };
    std::vector<Difference> differences_;
    bool root_fits_{false};
    /// How many of the known heads fit.
    std::size_t extended_{0};
};

}  // namespace tongbao::client
