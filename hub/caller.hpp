#pragma once

#include "crypto/key_register.hpp"
#include "domain/case_events.hpp"
#include "domain/charter.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/spiffe_id.hpp"
#include "hub/notice_index.hpp"

#include <optional>

namespace tongbao::hub {

/// Who is at the other end of a connection, and what he may read: the one place that decides it.
struct Caller {
    /// The unit of a daemon's certificate; none for a log auditor.
    std::optional<UnitId> unit;

    [[nodiscard]] bool auditor() const noexcept { return !unit; }
    [[nodiscard]] bool office(const Charter& charter) const {
        return unit && *unit == charter.parts().office.unit;
    }

    /// Whether he may read all entries of the log: log auditors and the office.
    [[nodiscard]] bool may_read_log(const Charter& charter) const {
        return auditor() || office(charter);
    }

    /// Whether he may know that such notices were sent which he is no party of: the office may, but
    /// of restricted ones.
    [[nodiscard]] bool may_know_of(const LoggedKind& logged, const Charter& charter) const {
        const Kind* const known = charter.find_kind(logged.kind);
        return office(charter) && !logged.restricted && known != nullptr && !known->restricted();
    }

    /// Whether he may read the contents of a notice: its parties, the office where the charter says
    /// that it sees all of the kind, and the keeper of the case ledger, who gets every notice that
    /// may belong to a case and that the office sees. The one rule that says so.
    [[nodiscard]] bool may_read(const NoticeFacts& facts, const Charter& charter) const {
        if (auditor()) return false;
        if (facts.party(*unit)) return true;
        if (facts.restricted) return false;
        const Kind* const kind = charter.find_kind(facts.kind);
        if (kind == nullptr || kind->office_sees != OfficeSees::all) return false;
        return office(charter) || (*unit == charter.parts().ledger.kept_by && is_kept(*kind));
    }
};

/// Whether the holder of a certificate that the trust store has found good may connect: it must
/// stand in the register.
///
/// Errors: Errc::signer_not_enrolled; Errc::certificate_revoked.
[[nodiscard]] inline Result<void> may_connect(const crypto::KeyRegister& keys,
                                              const Digest& certificate) {
    const crypto::EnrolledKey* const key = keys.find(certificate);
    if (key == nullptr) return Errc::signer_not_enrolled;
    if (key->revoked) return Errc::certificate_revoked;
    return {};
}

/// The caller of a certificate; none for a use that makes no connections to the hub.
[[nodiscard]] inline std::optional<Caller> caller_of(const SpiffeId& id) {
    if (id.use == CertificateUse::daemon) return Caller{id.unit};
    if (id.use == CertificateUse::log_auditor) return Caller{std::nullopt};
    return std::nullopt;
}

}  // namespace tongbao::hub
