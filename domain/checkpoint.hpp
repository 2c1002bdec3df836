#pragma once

#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/log_position.hpp"
#include "domain/result.hpp"

#include <string>
#include <string_view>

namespace tongbao {

/// A state of the log: its name, how many entries it has, and the root over them.
struct Checkpoint {
    LogOrigin origin;
    TreeSize size;
    Digest root;

    friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

/// The three lines of a checkpoint, each ending in a newline; what the log's key signs.
/// Source: C2SP tlog-checkpoint 1.0.0.
[[nodiscard]] std::string format_checkpoint(const Checkpoint& checkpoint);

/// Reads the text of a checkpoint: exactly three lines, since extension lines are not used here.
///
/// Errors: Errc::bad_checkpoint for a missing or further line, an empty origin, a size with a
/// leading zero, a sign or more than 64 bits, a root that is not 32 bytes of base64.
[[nodiscard]] Result<Checkpoint> parse_checkpoint(std::string_view text);

}  // namespace tongbao
