#pragma once

#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/log_position.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao {

/// What is done to a notice, and signed: by a recipient, the last two by the sender.
enum class ActKind {
    delivered,         ///< 送达: its daemon has it, whole and checked
    signed_for,        ///< 签收: a person took note of it
    opened,            ///< a person looked at its contents
    taken_up,          ///< 受理
    declined,          ///< 不予受理, with a reason
    dispatched,        ///< 登记: how it went to a recipient to whom the hub delivers nothing
    closed_by_sender,  ///< 关闭: nothing more is owed at a recipient, with a reason
};

/// Whether the notice's sender signs it, not a recipient.
[[nodiscard]] constexpr bool is_senders(ActKind kind) noexcept {
    return kind == ActKind::dispatched || kind == ActKind::closed_by_sender;
}

/// The word that stands for `kind` in acts and log entries, such as `signed_for`.
[[nodiscard]] std::string_view word(ActKind kind) noexcept;
[[nodiscard]] std::optional<ActKind> act_kind_from_word(std::string_view text) noexcept;

/// A notice as an act names it: by its bytes and its place, so that neither can be exchanged.
struct NoticeRef {
    Digest sha256;
    LogIndex index;

    friend bool operator==(const NoticeRef&, const NoticeRef&) = default;
};

/// How a notice went to a recipient to whom the hub delivers nothing, as the sender says.
struct Dispatch {
    UnitId to;
    /// In words: by hand, by post, by publication.
    std::string method;
    /// When, with its offset, as it was given (RFC 3339).
    std::string at;
    /// Of the letter, the posting or the publication.
    std::optional<std::string> number;
    /// SHA-256 of a file that shows it, which stays at the unit.
    std::optional<Digest> evidence;

    friend bool operator==(const Dispatch&, const Dispatch&) = default;
};

/// A signed step on notices, as parsed from its exact bytes. Untrusted. `delivered` names 1 to 256
/// notices, every other act exactly one.
struct Act {
    ActId id;
    ActKind kind{};
    UnitId from;
    /// The unit's clock: a claim.
    UtcTime issued_at{};
    std::vector<NoticeRef> notices;
    /// In words, for `declined` and `closed_by_sender` only.
    std::optional<std::string> reason{};
    /// Of `dispatched`, and only of it.
    std::optional<Dispatch> dispatch{};
    /// Of `closed_by_sender`, and only of it: the recipient at whom nothing more is owed.
    std::optional<UnitId> unit{};

    friend bool operator==(const Act&, const Act&) = default;
};

}  // namespace tongbao
