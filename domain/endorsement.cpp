#include "domain/endorsement.hpp"

#include <algorithm>

namespace tongbao {

std::vector<Endorsement> needed_endorsements(const Charter& charter, const Kind& kind,
                                             const UnitId& from) {
    const TrustDomain domain(charter.parts().trust_domain);
    std::vector<Endorsement> needed;
    const auto by_post = [&](std::string_view role) {
        needed.push_back({std::string(role), post_id(domain, from, PostId(std::string(role)))});
    };
    if (kind.approver == Approver::two) by_post(kReviewerRole);
    if (kind.approver != Approver::none) by_post(kIssuerRole);
    if (kind.from_post) by_post(kind.from_post->value());
    const Unit* const unit = charter.find_unit(from);
    const bool office = unit != nullptr && unit->kind == UnitKind::office;
    if (kind.stamp == StampUse::on_behalf && office) {
        needed.push_back(
            {std::string(kStampRole), sign_id(domain, charter.parts().stamp.on_behalf)});
    }
    return needed;
}

Reasons check_endorsements(const Charter& charter, const Kind& kind, const UnitId& from,
                           std::span<const Endorsement> given) {
    const std::vector<Endorsement> needed = needed_endorsements(charter, kind, from);
    Reasons reasons;
    for (const Endorsement& each : needed) {
        const bool there = std::any_of(given.begin(), given.end(), [&each](const auto& endorsed) {
            return endorsed.role == each.role;
        });
        if (there) continue;
        reasons.push_back({Errc::endorsement_missing, "endorsements." + each.role,
                           "to be signed by " + format_spiffe_id(each.signer)});
    }
    for (std::size_t i = 0; i < given.size(); ++i) {
        const std::string place = "endorsements[" + std::to_string(i) + ']';
        const auto wanted = std::find_if(needed.begin(), needed.end(), [&](const auto& each) {
            return each.role == given[i].role;
        });
        if (wanted == needed.end()) {
            reasons.push_back({Errc::endorsement_invalid, place, "the kind asks for none such"});
        } else if (wanted->signer != given[i].signer) {
            reasons.push_back(
                {Errc::endorsement_invalid, place,
                 "as " + wanted->role + " signs " + format_spiffe_id(wanted->signer)});
        } else if (std::any_of(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(i),
                               [&](const auto& other) { return other.role == given[i].role; })) {
            reasons.push_back({Errc::endorsement_invalid, place, "is given twice"});
        }
    }
    return reasons;
}

}  // namespace tongbao
