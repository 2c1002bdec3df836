#pragma once

#include "domain/result.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao::client {

/// What the daemon's local API can be asked for. docs/openapi.json describes each.
enum class LocalRoute {
    openapi,
    status,
    charter,
    validate,
    events,
    keep_attachment,
    accept_draft,
    list_sent,
    sent,
    inbox,
    show,
    attachment,
    accept_act,
    list_held,
    held,
    withdraw_held,
    accept_endorsement,
    stamp,
    trail,
    proof,
    case_trail,
    due,
    cycles,
    dispatches,
    cases,
    case_file,
    ledger,
    ledger_totals,
    ledger_rebuild,
    ledger_check,
    search,
    reminders,
    tray,
    discard_draft,
};

struct LocalRouteRow {
    LocalRoute route{};
    std::string_view method;
    /// As OpenAPI writes it: `/v1/notices/{id}/acts`; a segment in braces stands for any one.
    std::string_view path;
};

/// Every route there is; whatever is not in this table is not served.
[[nodiscard]] std::span<const LocalRouteRow> local_routes() noexcept;

/// Whether the route shows contents of notices, which may be personal data; those that mask take
/// `unmask`.
[[nodiscard]] bool shows_personal_data(LocalRoute route) noexcept;

/// The route of a method and a path, the latter cut and decoded by transport::path_segments.
///
/// Errors: Errc::not_found if no route has this path; Errc::unsupported_method if those that have
/// it take other methods.
[[nodiscard]] Result<LocalRoute> find_route(std::string_view method,
                                            const std::vector<std::string>& path) noexcept;

}  // namespace tongbao::client
