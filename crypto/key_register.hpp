#pragma once

#include "crypto/certificate.hpp"
#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/log_entry.hpp"
#include "domain/log_position.hpp"
#include "domain/reach.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tongbao::crypto {

/// A certificate and the part of the log in which it counts.
struct EnrolledKey {
    Certificate certificate;
    SpiffeId id;
    LogIndex enrolled;
    std::optional<LogIndex> revoked;
    /// From when on others may have had the key: the earliest time that a revocation named.
    std::optional<UtcTime> compromised_since{};

    /// Whether an entry at `index` may rest on this key: after its enrolment, before its
    /// revocation.
    [[nodiscard]] bool in_force_at(LogIndex index) const noexcept {
        return enrolled < index && (!revoked || index < *revoked);
    }
};

/// The register, as the log's register entries give it when they are applied in order: the charter,
/// the log key, the keys.
///
/// Whose key may be enrolled is decided here, so that hub, daemons and log auditors decide alike.
/// A certificate of a unit needs the consent of a sign key of that unit which is in force (enrolled
/// and not revoked) at that place of the log: see crypto/key_consent.hpp. Without it go only
///  - a `sign` certificate while no sign key of the unit is in force: the first one, or the first
///    after all were revoked. People compare its fingerprint by another way;
///  - a further certificate for a key that is in force for the same identity;
///  - those of the hub and of log auditors, who are no units and have no consent.
/// Copied and replaced as a whole by whoever shares it between threads.
class KeyRegister {
public:
    /// Applies the register entry at `index`, whose bytes hashed to `leaf`.
    ///
    /// Errors, after which nothing has changed: Errc::log_forked if its predecessor is not the
    /// entry applied last, or it does not stand behind that one; Errc::bad_certificate for a
    /// certificate that can't be read or does not bear the name beside it; Errc::already_exists for
    /// a certificate that is enrolled, or a public key that is enrolled for another use or unit;
    /// Errc::certificate_revoked for a public key of which a certificate was revoked;
    /// Errc::consent_missing, Errc::consent_invalid (also for another log, or before the entry that
    /// names the log's key); Errc::not_found for a revocation of a certificate that is not
    /// enrolled.
    [[nodiscard]] Result<void> apply(LogIndex index, const Digest& leaf,
                                     const RegisterEvent& event);

    /// The enrolled certificate of this digest, revoked or not; nullptr if there is none.
    [[nodiscard]] const EnrolledKey* find(const Digest& certificate) const;

    /// The keys of one identity that are not revoked, the newest last.
    [[nodiscard]] std::vector<const EnrolledKey*> current(const SpiffeId& id) const;

    /// Every key, in log order.
    [[nodiscard]] const std::vector<EnrolledKey>& keys() const noexcept { return keys_; }

    /// The local units that have a sign key which is not revoked, each once, in the order of their
    /// ids; never null.
    [[nodiscard]] const std::shared_ptr<const EnrolledUnits>& local_units() const noexcept {
        return local_units_;
    }

    /// Leaf hash of the newest entry applied; none before the first.
    [[nodiscard]] const std::optional<Digest>& head() const noexcept { return head_; }

    /// Whether `leaf` is the hash of a register entry that was applied, and at which index.
    [[nodiscard]] std::optional<LogIndex> index_of(const Digest& leaf) const;

    /// Leaf hash of the newest entry applied that stands before `index`: the register that a log
    /// entry there must name as the one in force, lest it pass over a revocation. None if all stand
    /// at `index` or behind it.
    [[nodiscard]] std::optional<Digest> head_before(LogIndex index) const;

    [[nodiscard]] const std::optional<CharterAdopted>& charter() const noexcept { return charter_; }
    /// Whether this version of a charter was adopted before the entry at `index`: earlier ones
    /// stand under other rules. The first time counts: who adopts another and comes back does not
    /// get rid of its rules.
    [[nodiscard]] bool adopted_before(LogIndex index, const CharterId& charter,
                                      CharterVersion version) const;
    [[nodiscard]] const std::optional<std::string>& log_key() const noexcept { return log_key_; }

private:
    [[nodiscard]] Result<void> enrol(LogIndex index, const KeyEnrolled& data);
    [[nodiscard]] Result<void> revoke(LogIndex index, const KeyRevoked& data);
    [[nodiscard]] Result<void> check_public_key(const Certificate& certificate,
                                                const SpiffeId& id) const;
    [[nodiscard]] Result<void> check_consent(const Certificate& certificate, const SpiffeId& id,
                                             const SignedConsent& consent) const;
    [[nodiscard]] bool needs_consent(const Certificate& certificate, const SpiffeId& id) const;
    [[nodiscard]] const Certificate* sign_key_in_force(const SpiffeId& id,
                                                       const Digest& public_key) const;

    void note_local_unit(const SpiffeId& changed);

    std::vector<EnrolledKey> keys_;
    std::shared_ptr<const EnrolledUnits> local_units_{std::make_shared<const EnrolledUnits>()};
    std::unordered_map<Digest, std::size_t> by_certificate_;
    std::unordered_map<Digest, std::size_t> by_public_key_;
    std::unordered_map<Digest, LogIndex> entries_;
    /// Index and leaf hash of each entry applied, in log order.
    std::vector<std::pair<LogIndex, Digest>> order_;
    std::optional<Digest> head_;
    std::optional<CharterAdopted> charter_;
    std::map<std::pair<CharterId, CharterVersion>, LogIndex> adopted_;
    std::optional<std::string> log_key_;
};

}  // namespace tongbao::crypto
