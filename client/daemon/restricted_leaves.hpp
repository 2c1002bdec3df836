#pragma once

#include "domain/charter.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "protocol/leaf_json.hpp"
#include "storage/daemon_store.hpp"

#include <optional>

namespace tongbao::client {

/// Whether only its parties may know of something; unknown: what it is about is not here.
enum class Restricted { no, yes, unknown };

/// Says of notices and acts whether only their parties may know that they exist: notices of a
/// restricted kind, what answers such a notice or takes it back, and acts on any of them. Reads the
/// store; thread-safe.
class RestrictedLeaves {
public:
    /// Both outlive the object.
    RestrictedLeaves(const Charter& charter, const storage::DaemonStore& store);

    /// Whether the leaf is one of them. Of acts on several notices none is: a restricted one is
    /// acted on alone.
    ///
    /// Errors: those of the store.
    [[nodiscard]] Result<Restricted> contains(const protocol::Leaf& leaf) const;

private:
    /// What says of a notice whether it is restricted: its kind, or what it answers.
    struct Asking {
        KindId kind;
        std::optional<Uuid> in_reply_to;
    };
    [[nodiscard]] static Asking asking_of(const Notice& notice);
    /// Errors: Errc::storage_corrupt.
    [[nodiscard]] static Result<std::optional<Asking>> asking_of(BytesView bytes);
    /// The notice of this identifier; none if it is not here, or several are.
    [[nodiscard]] Result<std::optional<Asking>> find(const Uuid& id) const;
    [[nodiscard]] Result<Restricted> is_restricted(Asking notice) const;
    [[nodiscard]] Result<Restricted> restricted_at(LogIndex index) const;
    [[nodiscard]] bool restricted(const KindId& kind) const;

    const Charter& charter_;
    const storage::DaemonStore& store_;
    /// Without any, nothing needs to be looked for.
    bool any_;
};

}  // namespace tongbao::client
