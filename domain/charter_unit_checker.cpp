#include "domain/charter_findings.hpp"
#include "domain/endorsement.hpp"

#include <algorithm>

namespace tongbao::checking {
namespace {

template <typename T>
std::vector<std::string> ids_of(const std::vector<T>& items) {
    std::vector<std::string> ids;
    for (const T& item : items) {
        if constexpr (std::is_same_v<decltype(item.id), std::string>) {
            ids.push_back(item.id);
        } else {
            ids.push_back(item.id.value());
        }
    }
    return ids;
}

void check_unique_ids(Findings& findings) {
    const CharterParts& parts = findings.charter.parts();
    findings.expect_unique("units.", ids_of(parts.units));
    findings.expect_unique("posts.", ids_of(parts.posts));
    findings.expect_unique("kinds.", ids_of(parts.kinds));
    findings.expect_unique("reporting_cycles.", ids_of(parts.reporting_cycles));
    findings.expect_unique("ledger.tracks.", ids_of(parts.ledger.tracks));
    std::vector<std::string> systems;
    for (const LocalSystem& local : parts.local_systems) systems.push_back(local.system.value());
    findings.expect_unique("local_units.systems.", systems);
}

void check_local_systems(Findings& findings) {
    const std::vector<LocalSystem>& systems = findings.charter.parts().local_systems;
    for (std::size_t at = 0; at < systems.size(); ++at) {
        const std::string place = indexed("local_units.systems", at);
        findings.expect_member(place + ".system", systems[at].system);
        if (systems[at].address.value() != "local:" + systems[at].system.value()) {
            findings.broken(place + ".address", "is not local: and the system");
        }
    }
}

/// One unit leads, one member hosts the office, and there is one office.
void check_roles(Findings& findings) {
    const CharterParts& parts = findings.charter.parts();
    const auto count = [&](auto predicate) {
        return std::count_if(parts.units.begin(), parts.units.end(), predicate);
    };
    if (count([](const Unit& unit) { return unit.leads; }) != 1) {
        findings.broken("units", "exactly one member has the role lead");
    }
    if (count([](const Unit& unit) { return unit.kind == UnitKind::office; }) != 1) {
        findings.broken("units", "exactly one unit is the office");
    }
    const bool host_fits =
        std::all_of(parts.units.begin(), parts.units.end(), [&](const Unit& unit) {
            return unit.hosts_office == (unit.id == parts.office.host) &&
                   (!unit.host || *unit.host == parts.office.host);
        });
    if (!host_fits)
        findings.broken("office.host", "is not the one member with the role office_host");
}

}  // namespace

void check_units(Findings& findings) {
    const CharterParts& parts = findings.charter.parts();
    check_unique_ids(findings);
    check_local_systems(findings);
    check_roles(findings);
    for (const Unit& unit : parts.units) {
        if (unit.host) findings.expect_member("units." + unit.id.value() + ".host", *unit.host);
    }
    for (const auto& [id, units] : parts.groups) {
        for (std::size_t at = 0; at < units.size(); ++at) {
            const std::string place = indexed("groups." + id, at);
            findings.expect_unit(place, units[at]);
            if (findings.charter.find_unit(UnitId(id)) != nullptr) {
                findings.broken("groups." + id, "has the name of a unit");
            }
        }
    }
    for (const Post& post : parts.posts) {
        const std::string place = "posts." + post.id.value();
        findings.expect_unit_or_group(place + ".unit", post.unit_or_group);
        for (const std::string_view role : {kReviewerRole, kIssuerRole, kStampRole}) {
            if (post.id.value() == role) findings.broken(place, "is the name of an endorsement");
        }
    }
    for (std::size_t at = 0; at < parts.document.issuers.size(); ++at) {
        findings.expect_unit(indexed("document.issuers", at), parts.document.issuers[at]);
    }
    for (std::size_t at = 0; at < parts.document.cc.size(); ++at) {
        findings.expect_unit(indexed("document.cc", at), parts.document.cc[at]);
    }
}

}  // namespace tongbao::checking
