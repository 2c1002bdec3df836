#pragma once

#include "client/sandbox/sandbox_config.hpp"
#include "client/sandbox/sandbox_file.hpp"
#include "domain/charter.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"

#include <string>
#include <vector>

namespace tongbao::client {

/// The units that take part in a sandbox: the charter's members and its office.
[[nodiscard]] std::vector<UnitId> sandbox_units(const Charter& charter);

/// A post that one of the charter's kinds demands a signature of, in one unit.
struct HeldPost {
    UnitId unit;
    PostId post;

    friend auto operator<=>(const HeldPost&, const HeldPost&) = default;
};
[[nodiscard]] std::vector<HeldPost> sandbox_posts(const Charter& charter);

/// Makes all that a sandbox keeps: folders, the charter's copy, the authority, and a certificate
/// with its key for the hub, for each unit's daemon and seal, for each held post, and for one log
/// auditor. All but the hub's are put into the hub's folder of enrolled certificates.
///
/// The folder of `layout` must be there and empty. What is given back names no process, and the
/// hub's URL without its port. Some hundred milliseconds.
///
/// Errors: those of CaFolder; Errc::too_large if a socket's path would be too long (then nothing
/// was made); Errc::storage_failure.
[[nodiscard]] Checked<SandboxFile> make_sandbox_material(const SandboxLayout& layout,
                                                         const Charter& charter,
                                                         const std::string& charter_text,
                                                         UtcTime now);

/// Renews the revocation lists of a sandbox that was made before, which last for 30 days.
///
/// Errors: those of CaFolder.
[[nodiscard]] Checked<void> renew_sandbox_lists(const SandboxLayout& layout, UtcTime now);

}  // namespace tongbao::client
