#pragma once

#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {

/// What a hub says of a batch: its statement and leaves, and the run of entries that it caused.
struct BatchRecord {
    struct Leaf {
        Digest leaf_hash;
        /// Its entry; none if it got none (it had been accepted before, or the limit of refused
        /// entries was reached).
        std::optional<LogIndex> index;
        /// The containers of its endorsements, DER, as far as the caller may have them.
        std::vector<Bytes> endorsements{};

        friend bool operator==(const Leaf&, const Leaf&) = default;
    };

    LogIndex first;
    std::uint64_t entry_count{0};
    /// SHA-256 of the signer's certificate.
    Digest signer;
    /// The container, DER.
    Bytes statement;
    std::vector<Leaf> leaves;

    friend bool operator==(const BatchRecord&, const BatchRecord&) = default;
};

/// A register entry as a hub shows it to every unit.
struct RegisterRow {
    LogIndex index;
    Bytes entry;

    friend bool operator==(const RegisterRow&, const RegisterRow&) = default;
};

/// Where a log is read from: a hub, or a copy of what one served. Nothing that it answers is
/// believed. Used by one thread; every call waits for its answer.
///
/// Two sorts of errors: those which answer_lacking() knows say that what was asked for is not
/// there, or is not in its form, which says something about the log; all others say that nobody
/// could be asked.
class LogSource {
public:
    virtual ~LogSource() = default;

    /// The newest checkpoint, a signed note.
    [[nodiscard]] virtual Result<std::string> checkpoint() = 0;

    /// The first `width` (1 to 256) hashes of a tile; more may come, where a full tile has taken
    /// the place of a partial one.
    [[nodiscard]] virtual Result<Bytes> tile(std::uint8_t level, std::uint64_t number,
                                             std::uint16_t width) = 0;

    /// The first `width` (1 to 256) entries of a bundle, each after its length in two bytes; more
    /// may come, as for tile().
    [[nodiscard]] virtual Result<Bytes> entries(std::uint64_t number, std::uint16_t width) = 0;

    /// The batch that caused the entry at `index`.
    [[nodiscard]] virtual Result<BatchRecord> batch(LogIndex index) = 0;

    /// All register entries, in their order.
    [[nodiscard]] virtual Result<std::vector<RegisterRow>> register_entries() = 0;

    /// The exact bytes of the notice logged at `index`. Errors: Errc::not_found or
    /// Errc::not_permitted if the caller may not read it, which says nothing about the log.
    [[nodiscard]] virtual Result<Bytes> notice(LogIndex index) = 0;
};

/// Whether `errc` is an answer that lacks what was asked for: Errc::not_found,
/// Errc::protocol_violation (not in its form), Errc::storage_corrupt, Errc::not_in_tree.
[[nodiscard]] constexpr bool answer_lacking(Errc errc) noexcept {
    return errc == Errc::not_found || errc == Errc::protocol_violation ||
           errc == Errc::storage_corrupt || errc == Errc::not_in_tree;
}

}  // namespace tongbao::client
