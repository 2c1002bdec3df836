#include "client/daemon/local_routes.hpp"

#include <array>

namespace tongbao::client {
namespace {

constexpr std::array kRows{
    LocalRouteRow{LocalRoute::openapi, "GET", "/openapi.json"},
    LocalRouteRow{LocalRoute::status, "GET", "/v1/status"},
    LocalRouteRow{LocalRoute::charter, "GET", "/v1/charter"},
    LocalRouteRow{LocalRoute::validate, "GET", "/v1/validate"},
    LocalRouteRow{LocalRoute::events, "GET", "/v1/events"},
    LocalRouteRow{LocalRoute::keep_attachment, "POST", "/v1/attachments"},
    LocalRouteRow{LocalRoute::accept_draft, "POST", "/v1/notices"},
    LocalRouteRow{LocalRoute::list_sent, "GET", "/v1/sent"},
    LocalRouteRow{LocalRoute::sent, "GET", "/v1/sent/{id}"},
    LocalRouteRow{LocalRoute::list_held, "GET", "/v1/held"},
    LocalRouteRow{LocalRoute::held, "GET", "/v1/held/{id}"},
    LocalRouteRow{LocalRoute::withdraw_held, "DELETE", "/v1/held/{id}"},
    LocalRouteRow{LocalRoute::accept_endorsement, "POST", "/v1/held/{id}/endorsements"},
    LocalRouteRow{LocalRoute::stamp, "POST", "/v1/stamps"},
    LocalRouteRow{LocalRoute::inbox, "GET", "/v1/inbox"},
    LocalRouteRow{LocalRoute::show, "GET", "/v1/notices/{id}"},
    LocalRouteRow{LocalRoute::attachment, "GET", "/v1/notices/{id}/attachments/{sha256}"},
    LocalRouteRow{LocalRoute::accept_act, "POST", "/v1/notices/{id}/acts"},
    LocalRouteRow{LocalRoute::trail, "GET", "/v1/notices/{id}/trail"},
    LocalRouteRow{LocalRoute::proof, "GET", "/v1/notices/{id}/proof"},
    LocalRouteRow{LocalRoute::case_trail, "GET", "/v1/cases/{case}/trail"},
    LocalRouteRow{LocalRoute::due, "GET", "/v1/due"},
    LocalRouteRow{LocalRoute::cycles, "GET", "/v1/cycles"},
    LocalRouteRow{LocalRoute::dispatches, "GET", "/v1/dispatches"},
    LocalRouteRow{LocalRoute::reminders, "GET", "/v1/reminders"},
    LocalRouteRow{LocalRoute::tray, "GET", "/v1/tray"},
    LocalRouteRow{LocalRoute::discard_draft, "DELETE", "/v1/tray/{item}"},
    LocalRouteRow{LocalRoute::cases, "GET", "/v1/cases"},
    LocalRouteRow{LocalRoute::case_file, "GET", "/v1/cases/{case}"},
    LocalRouteRow{LocalRoute::ledger, "GET", "/v1/ledger"},
    LocalRouteRow{LocalRoute::ledger_totals, "GET", "/v1/ledger/totals"},
    LocalRouteRow{LocalRoute::ledger_rebuild, "POST", "/v1/ledger/rebuild"},
    LocalRouteRow{LocalRoute::ledger_check, "GET", "/v1/ledger/check"},
    LocalRouteRow{LocalRoute::search, "GET", "/v1/search"},
};

/// Whether `path` has the form of `pattern`, which begins with a slash.
bool fits(std::string_view pattern, const std::vector<std::string>& path) noexcept {
    for (const std::string& segment : path) {
        if (pattern.empty()) return false;
        pattern.remove_prefix(1);
        const std::string_view wanted = pattern.substr(0, pattern.find('/'));
        if (!wanted.starts_with('{') && wanted != segment) return false;
        pattern.remove_prefix(wanted.size());
    }
    return pattern.empty();
}

}  // namespace

std::span<const LocalRouteRow> local_routes() noexcept {
    return kRows;
}

bool shows_personal_data(LocalRoute route) noexcept {
    return route == LocalRoute::show || route == LocalRoute::cases ||
           route == LocalRoute::case_file || route == LocalRoute::search;
}

Result<LocalRoute> find_route(std::string_view method,
                              const std::vector<std::string>& path) noexcept {
    Errc errc = Errc::not_found;
    for (const LocalRouteRow& row : kRows) {
        if (!fits(row.path, path)) continue;
        if (row.method == method) return row.route;
        errc = Errc::unsupported_method;
    }
    return errc;
}

}  // namespace tongbao::client
