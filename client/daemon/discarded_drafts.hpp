#pragma once

#include "domain/bytes.hpp"
#include "domain/log_position.hpp"
#include "domain/reason.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <utility>

namespace tongbao::client {

/// A draft of the office's tray that a person discarded.
struct DiscardedDraft {
    /// The entry of the step that laid it.
    LogIndex item;
    UtcTime at{};
    /// Who: the credentials of the process that asked, such as `unix:uid=1000`.
    std::string caller;
    std::string reason;
};

/// The longest reason, in characters.
inline constexpr std::size_t kMaxDiscardReason = 500;

/// Those that were discarded, in a file: docs/STORAGE_FORMAT.md. One thread at a time; blocks.
class DiscardedDrafts {
public:
    static constexpr std::size_t kMaxFileBytes = std::size_t{16} * 1024 * 1024;

    explicit DiscardedDrafts(std::filesystem::path file) : file_(std::move(file)) {}

    /// Reads the file, if that was not done yet; one that is not there is empty.
    /// Errors: Errc::storage_corrupt for what add did not write, Errc::storage_failure,
    /// Errc::too_large.
    [[nodiscard]] Result<void> open();

    /// Whether this one was. After open().
    [[nodiscard]] bool contains(LogIndex item) const { return items_.contains(item); }

    /// Adds one, durably. After open(). Errors: Errc::already_exists; Errc::too_large if the file
    /// would have more than kMaxFileBytes; Errc::storage_failure: it was not added.
    [[nodiscard]] Result<void> add(const DiscardedDraft& draft);

private:
    std::filesystem::path file_;
    bool open_{false};
    std::string text_;
    std::set<LogIndex> items_;
};

/// Reads the body of DELETE /v1/tray/{item}: `{"reason": …}`, 1 to kMaxDiscardReason characters.
///
/// Errors: those of read_json; missing_member, unknown_member, wrong_type; Errc::too_large at
/// `reason`.
[[nodiscard]] Checked<std::string> read_discard_reason(BytesView text);

}  // namespace tongbao::client
