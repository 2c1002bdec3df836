#include "domain/endorsement.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tongbao {
namespace {

Unit unit_of(const char* id, UnitKind kind) {
    Unit unit;
    unit.id = UnitId(id);
    unit.kind = kind;
    return unit;
}

/// A meeting of two members and an office that writes on behalf of `lead`.
Charter charter_with_office() {
    CharterParts parts;
    parts.trust_domain = "meeting.example";
    parts.units = {unit_of("lead", UnitKind::member), unit_of("mill", UnitKind::member),
                   unit_of("office", UnitKind::office)};
    parts.stamp.on_behalf = UnitId("lead");
    return Charter(std::move(parts));
}

Kind kind_of(Approver approver, std::optional<const char*> from_post, StampUse stamp) {
    Kind kind;
    kind.id = KindId("report");
    kind.approver = approver;
    if (from_post) kind.from_post = PostId(*from_post);
    kind.stamp = stamp;
    return kind;
}

/// `role signer` of each, in order.
std::vector<std::string> words_of(const std::vector<Endorsement>& endorsements) {
    std::vector<std::string> words;
    for (const Endorsement& each : endorsements) {
        words.push_back(each.role + ' ' + format_spiffe_id(each.signer));
    }
    return words;
}

std::vector<std::string> needed(const Kind& kind, const char* from) {
    return words_of(needed_endorsements(charter_with_office(), kind, UnitId(from)));
}

SpiffeId post_of(const char* unit, const char* post) {
    return post_id(TrustDomain("meeting.example"), UnitId(unit), PostId(post));
}

Endorsement by_post(const char* unit, const char* role) {
    return {role, post_of(unit, role)};
}

/// `code place` of each fault of what mill hands in with a kind that asks for all that a member
/// can be asked for: reviewer, issuer and the convener.
std::vector<std::string> faults_of(const std::vector<Endorsement>& given) {
    const Kind kind = kind_of(Approver::two, "convener", StampUse::own);
    std::vector<std::string> faults;
    for (const Reason& each :
         check_endorsements(charter_with_office(), kind, UnitId("mill"), given)) {
        CHECK_FALSE(each.explanation.empty());
        faults.push_back(std::string(code(each.code)) + ' ' + each.place);
    }
    return faults;
}

using Texts = std::vector<std::string>;

const Endorsement kReviewed = by_post("mill", "reviewer");
const Endorsement kIssued = by_post("mill", "issuer");
const Endorsement kConvened = by_post("mill", "convener");

TEST_SUITE("endorsements that a kind asks for") {
    TEST_CASE("each combination of approvers and post and stamp asks for its own in order") {
        const std::string reviewer = "reviewer spiffe://meeting.example/unit/mill/post/reviewer";
        const std::string issuer = "issuer spiffe://meeting.example/unit/mill/post/issuer";
        const std::string convener = "convener spiffe://meeting.example/unit/mill/post/convener";
        for (const StampUse stamp : {StampUse::none, StampUse::own, StampUse::on_behalf}) {
            CAPTURE(static_cast<int>(stamp));
            // Mill is no office: a stamp on behalf is none of its.
            CHECK(needed(kind_of(Approver::none, std::nullopt, stamp), "mill") == Texts{});
            CHECK(needed(kind_of(Approver::one, std::nullopt, stamp), "mill") == Texts{issuer});
            CHECK(needed(kind_of(Approver::two, std::nullopt, stamp), "mill") ==
                  Texts{reviewer, issuer});
            CHECK(needed(kind_of(Approver::none, "convener", stamp), "mill") == Texts{convener});
            CHECK(needed(kind_of(Approver::one, "convener", stamp), "mill") ==
                  Texts{issuer, convener});
            CHECK(needed(kind_of(Approver::two, "convener", stamp), "mill") ==
                  Texts{reviewer, issuer, convener});
        }
    }

    TEST_CASE("the office's paper on behalf of another is stamped by that other last of all") {
        const std::string reviewer = "reviewer spiffe://meeting.example/unit/office/post/reviewer";
        const std::string issuer = "issuer spiffe://meeting.example/unit/office/post/issuer";
        const std::string convener = "convener spiffe://meeting.example/unit/office/post/convener";
        const std::string stamp = "stamp spiffe://meeting.example/unit/lead/sign";
        CHECK(needed(kind_of(Approver::none, std::nullopt, StampUse::on_behalf), "office") ==
              Texts{stamp});
        CHECK(needed(kind_of(Approver::one, std::nullopt, StampUse::on_behalf), "office") ==
              Texts{issuer, stamp});
        const Texts all = needed(kind_of(Approver::two, "convener", StampUse::on_behalf), "office");
        CHECK(all == Texts{reviewer, issuer, convener, stamp});
        CHECK(all.size() == kMaxEndorsements);
        for (const StampUse stamp_use : {StampUse::none, StampUse::own}) {
            CHECK(needed(kind_of(Approver::one, std::nullopt, stamp_use), "office") ==
                  Texts{issuer});
        }
    }

    TEST_CASE("the unit on whose behalf the office writes needs no stamp of its own") {
        CHECK(needed(kind_of(Approver::none, std::nullopt, StampUse::on_behalf), "lead") ==
              Texts{});
    }
}

TEST_SUITE("endorsements as given") {
    TEST_CASE("exactly what is asked for is right in any order") {
        CHECK(faults_of({kReviewed, kIssued, kConvened}).empty());
        CHECK(faults_of({kConvened, kIssued, kReviewed}).empty());
        CHECK(faults_of({kIssued, kConvened, kReviewed}).empty());
    }

    TEST_CASE("each that is missing is named by its role") {
        CHECK(faults_of({}) == Texts{"endorsement_missing endorsements.reviewer",
                                     "endorsement_missing endorsements.issuer",
                                     "endorsement_missing endorsements.convener"});
        CHECK(faults_of({kIssued, kConvened}) ==
              Texts{"endorsement_missing endorsements.reviewer"});
        CHECK(faults_of({kReviewed, kConvened}) ==
              Texts{"endorsement_missing endorsements.issuer"});
        CHECK(faults_of({kReviewed, kIssued}) ==
              Texts{"endorsement_missing endorsements.convener"});
    }

    TEST_CASE("one that nobody asks for is refused beside all that are asked for") {
        const Endorsement stamped{std::string(kStampRole),
                                  sign_id(TrustDomain("meeting.example"), UnitId("lead"))};
        CHECK(faults_of({kReviewed, kIssued, kConvened, stamped}) ==
              Texts{"endorsement_invalid endorsements[3]"});
        CHECK(faults_of({by_post("mill", "janitor"), kReviewed, kIssued, kConvened}) ==
              Texts{"endorsement_invalid endorsements[0]"});
    }

    TEST_CASE("one that is given twice is refused where it comes again") {
        CHECK(faults_of({kReviewed, kIssued, kReviewed, kConvened}) ==
              Texts{"endorsement_invalid endorsements[2]"});
        CHECK(faults_of({kReviewed, kReviewed, kReviewed}) ==
              Texts{"endorsement_missing endorsements.issuer",
                    "endorsement_missing endorsements.convener",
                    "endorsement_invalid endorsements[1]", "endorsement_invalid endorsements[2]"});
    }

    TEST_CASE("nobody signs in a role that is another's") {
        const SpiffeId reviewer = kReviewed.signer;
        const std::vector<SpiffeId> others{
            post_of("lead", "issuer"),  // the same post of another unit
            reviewer,                   // another post of the same unit
            sign_id(TrustDomain("meeting.example"), UnitId("mill")),
            post_id(TrustDomain("other.example"), UnitId("mill"), PostId("issuer")),
        };
        for (const SpiffeId& other : others) {
            CAPTURE(format_spiffe_id(other));
            CHECK(faults_of({kReviewed, {"issuer", other}, kConvened}) ==
                  Texts{"endorsement_invalid endorsements[1]"});
        }
    }

    TEST_CASE("a stamp by the office itself is not the one of the unit that it writes for") {
        const Charter charter = charter_with_office();
        const Kind kind = kind_of(Approver::none, std::nullopt, StampUse::on_behalf);
        const TrustDomain domain("meeting.example");
        const auto check = [&](const UnitId& by) {
            const std::vector<Endorsement> given{{"stamp", sign_id(domain, by)}};
            return check_endorsements(charter, kind, UnitId("office"), given);
        };
        CHECK(check(UnitId("lead")).empty());
        REQUIRE(check(UnitId("office")).size() == 1);
        CHECK(check(UnitId("office")).front().code == Errc::endorsement_invalid);
        REQUIRE(check(UnitId("mill")).size() == 1);
    }

    TEST_CASE("a kind that asks for none takes none") {
        const Kind kind = kind_of(Approver::none, std::nullopt, StampUse::none);
        const Charter charter = charter_with_office();
        CHECK(check_endorsements(charter, kind, UnitId("mill"), {}).empty());
        const std::vector<Endorsement> given{kIssued};
        const Reasons faults = check_endorsements(charter, kind, UnitId("mill"), given);
        REQUIRE(faults.size() == 1);
        CHECK(faults.front().code == Errc::endorsement_invalid);
        CHECK(faults.front().place == "endorsements[0]");
    }
}

}  // namespace
}  // namespace tongbao
