#pragma once

#include "domain/charter.hpp"
#include "domain/ids.hpp"
#include "domain/reason.hpp"
#include "domain/spiffe_id.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tongbao {

/// A further signature over a notice beside that of the unit that sends it: who signs, as what.
struct Endorsement {
    /// `reviewer`, `issuer`, `stamp`, or a post of the charter.
    std::string role;
    SpiffeId signer;

    friend bool operator==(const Endorsement&, const Endorsement&) = default;
};

// Roles that are no posts of a charter. Each is signed with a key of its own, and the register
// enrols a key for one identity only: so drafter, reviewer and issuer are three keys.

/// 核稿: looked through before it is issued.
inline constexpr std::string_view kReviewerRole = "reviewer";
/// 签发: issued.
inline constexpr std::string_view kIssuerRole = "issuer";
/// 代章: the seal of the unit on whose behalf the office writes.
inline constexpr std::string_view kStampRole = "stamp";

/// A notice has at most so many: reviewer, issuer, a post, a stamp.
inline constexpr std::size_t kMaxEndorsements = 4;

/// The endorsements that `kind` asks for when `from` sends it, in the order in which a paper gets
/// them: reviewer and issuer as `approver` says, the post that signs (`from_post`), the stamp on
/// behalf where the office sends. Empty for most. Reviewer, issuer and post are `from`'s own
/// (`/unit/<from>/post/…`), the stamp is the sign key of `stamp.on_behalf`.
[[nodiscard]] std::vector<Endorsement> needed_endorsements(const Charter& charter, const Kind& kind,
                                                           const UnitId& from);

/// What is wrong with `given` for a notice of this kind and sender; empty if it is exactly what is
/// needed, in any order.
///
///   endorsement_missing   endorsements.<role>
///   endorsement_invalid   endorsements[i]: not asked for, given twice, or by somebody else
[[nodiscard]] Reasons check_endorsements(const Charter& charter, const Kind& kind,
                                         const UnitId& from, std::span<const Endorsement> given);

}  // namespace tongbao
