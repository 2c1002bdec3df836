#pragma once

#include "client/sandbox/sandbox_config.hpp"
#include "client/sandbox/sandbox_file.hpp"
#include "domain/charter.hpp"
#include "domain/reason.hpp"
#include "domain/time.hpp"

#include <string>
#include <vector>

namespace tongbao::client {

/// The units that take part in a sandbox: the charter's members, its office, and the local units
/// that were asked for.
[[nodiscard]] std::vector<UnitId> sandbox_units(const Charter& charter,
                                                const std::vector<UnitId>& local = {});

/// The local units of these ids, each once.
///
/// Errors: Errc::bad_argument, which names the first that is no local unit of one of the charter's
/// systems.
[[nodiscard]] Checked<std::vector<UnitId>> sandbox_local_units(const Charter& charter,
                                                               const std::vector<std::string>& ids);

/// A post that one of the charter's kinds demands a signature of, in one unit.
struct HeldPost {
    UnitId unit;
    PostId post;

    friend auto operator<=>(const HeldPost&, const HeldPost&) = default;
};
/// Those that `units` must hold for what they may send.
[[nodiscard]] std::vector<HeldPost> sandbox_posts(const Charter& charter,
                                                  const std::vector<UnitId>& units);

/// Makes all that a sandbox keeps: folders, the charter's copy, the authority, and a certificate
/// with its key for the hub, for the daemon and seal of each of `units`, for each held post, and
/// for one log auditor. All but the hub's are put into the hub's folder of enrolled certificates.
///
/// The folder of `layout` must be there and empty. What is given back names no process, and the
/// hub's URL without its port. Some hundred milliseconds.
///
/// Errors: those of CaFolder; Errc::too_large if a socket's path would be too long (then nothing
/// was made); Errc::storage_failure.
[[nodiscard]] Checked<SandboxFile> make_sandbox_material(const SandboxLayout& layout,
                                                         const Charter& charter,
                                                         const std::string& charter_text,
                                                         const std::vector<UnitId>& units,
                                                         UtcTime now);

/// Renews the revocation lists of a sandbox that was made before, which last for 30 days.
///
/// Errors: those of CaFolder.
[[nodiscard]] Checked<void> renew_sandbox_lists(const SandboxLayout& layout, UtcTime now);

}  // namespace tongbao::client
