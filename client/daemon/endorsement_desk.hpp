#pragma once

#include "client/daemon/services.hpp"
#include "domain/bytes.hpp"
#include "domain/endorsement.hpp"
#include "domain/notice.hpp"
#include "domain/reason.hpp"
#include "storage/daemon_store.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tongbao::client {

/// Of what is asked of the desk; the largest is a notice in base64, or a statement and a
/// certificate.
inline constexpr std::size_t kMaxEndorsementBytes = 128 * 1024;

/// An endorsement as it is handed in: the container, and the certificate that it was made with.
struct HandedEndorsement {
    Bytes statement;     ///< DER
    std::string signer;  ///< PEM
};

/// Reads `{"statement": base64, "signer": PEM}`, at most kMaxEndorsementBytes.
///
/// Errors: those of read_json; missing_member, unknown_member, wrong_type, bad_value.
[[nodiscard]] Checked<HandedEndorsement> read_handed_endorsement(BytesView text);

/// Reads `{"notice": base64}`: what a unit is asked to stamp. Errors: as read_handed_endorsement.
[[nodiscard]] Checked<Bytes> read_stamp_request(BytesView text);

/// One of the endorsements that a notice needs, and whether it is there.
struct NeededEndorsement {
    Endorsement endorsement;
    bool given{false};
};

/// A notice that waits for endorsements, with what it says.
struct HeldView {
    storage::HeldNotice held;
    Notice notice;
    /// Those that its kind asks for; none while the charter does not know the kind.
    std::vector<NeededEndorsement> needed;
    /// Whether the last of them has put it into the outbox; until then it waits.
    bool queued{false};
};

/// Keeps the notices that wait for endorsements, takes endorsements, and gives this unit's stamp
/// where it writes on behalf of another. Blocks; thread-safe.
class EndorsementDesk {
public:
    /// `services` outlive the object.
    explicit EndorsementDesk(Services& services) : services_(services) {}

    /// Errors: Errc::not_found; Errc::storage_corrupt; those of the store.
    [[nodiscard]] Result<HeldView> find(const Uuid& id) const;
    /// All of them, the oldest first, at most `limit`. Errors: as find.
    [[nodiscard]] Result<std::vector<HeldView>> list(std::size_t limit) const;

    /// Takes an endorsement of the held notice; with the last one the notice goes into the outbox,
    /// in the same write, and the bell is the caller's to ring. What became of it.
    ///
    /// Checked as the hub will, but for the register, which counts when the notice is sent: the
    /// statement is over this notice for this log, in a role that is still open and by whom it
    /// must be, and the trust store takes the certificate.
    ///
    /// Errors: Errc::not_found; Errc::unknown_kind if the charter knows the notice's kind no more;
    /// Errc::endorsement_invalid; Errc::act_out_of_order for a role that was given;
    /// Errc::storage_full; those of the store.
    [[nodiscard]] Checked<HeldView> endorse(const Uuid& id, const HandedEndorsement& handed) const;

    /// Gives a held notice up. Errors: Errc::not_found; those of the store.
    [[nodiscard]] Result<void> withdraw(const Uuid& id) const;

    /// Signs another unit's notice with this unit's seal, as the stamp on behalf (代章), if its
    /// kind asks for just that and nothing else is wrong with it. Said in the running log.
    ///
    /// Errors: those of read_notice; Errc::not_permitted if it asks for no stamp of this unit;
    /// those of check_notice; Errc::crypto_failure.
    [[nodiscard]] Checked<HandedEndorsement> stamp(BytesView notice) const;

private:
    [[nodiscard]] Result<HeldView> view_of(storage::HeldNotice held) const;
    [[nodiscard]] Checked<Endorsement> check(const HeldView& view,
                                             const HandedEndorsement& handed) const;

    Services& services_;
};

/// `{"id", "state": "awaiting_endorsement" or "queued", "kind", "to": […], "title", "held_at",
/// "endorsements": [{"role", "signer", "given"}, …]}`
[[nodiscard]] std::string write_held(const HeldView& view);
/// The same with `log`, the log's origin, and `notice`: base64 of the exact bytes.
[[nodiscard]] std::string write_held_whole(const HeldView& view, const std::string& origin);
/// `{"notices": […]}`
[[nodiscard]] std::string write_held_list(const std::vector<HeldView>& views);
/// `{"statement": base64, "signer": PEM}`
[[nodiscard]] std::string write_handed_endorsement(const HandedEndorsement& handed);

}  // namespace tongbao::client
